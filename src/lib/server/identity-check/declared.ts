// The identity a sender declares for a signer of level 2: what the document shown is compared with.

import { z } from 'zod';
import { line } from '../envelopes/line.ts';
import { DomainError } from '../errors.ts';

/** Fields of a signer's form. At level 1 the names are not asked for. */
export const declaration = {
	level: z.coerce.number().pipe(z.union([z.literal(1), z.literal(2)])).optional(),
	surname: line(100).optional(),
	givenNames: line(100).optional(),
	/** `2001-12-31`; without it the date read is shown and compared with nothing. */
	birthDate: z.iso.date().optional()
};

export interface Declared {
	readonly surname: string;
	readonly givenNames: string;
	readonly birthDate: string | null;
}

/** What is to be checked of a signer; null at level 1. `invalid` / `identity-undeclared` at level 2 without both names. */
export function declaredOf(signer: { readonly level?: 0 | 1 | 2 | undefined; readonly surname?: string | undefined; readonly givenNames?: string | undefined; readonly birthDate?: string | undefined }): Declared | null {
	if (signer.level !== 2) return null;
	const { surname, givenNames, birthDate = null } = signer;
	if (!surname || !givenNames) throw new DomainError('invalid', 'identity-undeclared');
	return { surname, givenNames, birthDate };
}
