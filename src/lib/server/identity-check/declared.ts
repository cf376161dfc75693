// The identity a sender declares: what the document shown at level 2 is compared with, and the names in a certificate in the signer's own name.

import { z } from 'zod';
import { line } from '../envelopes/line.ts';
import { DomainError } from '../errors.ts';

/** Fields of a signer's form. At level 1 the names are asked for only with `advanced`. */
export const declaration = {
	level: z.coerce.number().pipe(z.union([z.literal(1), z.literal(2)])).optional(),
	/** Level 1 in the signer's own name, which the client identifies after its recorded procedure; beside level 2 it says nothing (SIGN-2). */
	advanced: z.boolean().optional(),
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

/** Level 1 in the signer's own name. */
export const isAdvanced = (signer: { readonly level?: 0 | 1 | 2 | undefined; readonly advanced?: boolean | undefined }): boolean => signer.level !== 0 && signer.level !== 2 && signer.advanced === true;

/** Who a signer is declared to be; null where nobody is asked. `invalid` / `identity-undeclared` without both names. */
export function declaredOf(signer: { readonly level?: 0 | 1 | 2 | undefined; readonly advanced?: boolean | undefined; readonly surname?: string | undefined; readonly givenNames?: string | undefined; readonly birthDate?: string | undefined }): Declared | null {
	const advanced = isAdvanced(signer);
	if (signer.level !== 2 && !advanced) return null;
	const { surname, givenNames, birthDate = null } = signer;
	if (!surname || !givenNames) throw new DomainError('invalid', 'identity-undeclared');
	return { surname, givenNames, birthDate: advanced ? null : birthDate };
}
