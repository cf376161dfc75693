// For whom a signer signs (SIGN-13): themselves, or an organisation in some capacity, as the sender declares or asks them to say. It is part of V, so the code is bound to it.

import { z } from 'zod';
import { hex } from '#crypto/bytes.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { line } from './line.ts';

/** What a sender says of it, of one who signs. */
export const capacityWish = {
	/** Both or none: for an organisation, as what. */
	organisation: line(200).optional(),
	capacity: line(120).optional(),
	/** The signer says it. */
	capacityAsked: z.boolean().optional(),
	/** A mandate is asked for, unless they sign for themselves. */
	mandateAsked: z.boolean().optional()
};

/** What V says of it; absent: they sign for themselves. */
export const capacityShape = z.strictObject({
	organisation: line(200),
	capacity: line(120),
	/** SHA-256 of the mandate, hexadecimal. */
	mandate: z.string().regex(/^[0-9a-f]{64}$/).optional()
});
export type Capacity = z.infer<typeof capacityShape>;

interface Wish {
	readonly organisation?: string | undefined;
	readonly capacity?: string | undefined;
	readonly capacityAsked?: boolean | undefined;
	readonly mandateAsked?: boolean | undefined;
}

/** The row's part of it. `invalid`: `capacity-half` for an organisation without a capacity or the other way round; `capacity-both` when it is said and asked for; `capacity-no-mandate` for a mandate of one who signs for themselves. */
export function capacityOf({ organisation, capacity, capacityAsked = false, mandateAsked = false }: Wish) {
	if ((organisation === undefined) !== (capacity === undefined)) throw new DomainError('invalid', 'capacity-half');
	if (organisation !== undefined && capacityAsked) throw new DomainError('invalid', 'capacity-both');
	if (mandateAsked && organisation === undefined && !capacityAsked) throw new DomainError('invalid', 'capacity-no-mandate');
	return { organisation: organisation ?? null, capacity: capacity ?? null, capacity_asked: capacityAsked, mandate_asked: mandateAsked };
}

export interface CapacityTask {
	/** As the sender said; null: for themselves, or they say it. */
	readonly given: { readonly organisation: string; readonly capacity: string } | null;
	readonly asked: boolean;
	readonly mandateAsked: boolean;
	/** The one that is there. */
	readonly mandate: { readonly document: string; readonly name: string; readonly sha256: string } | null;
}

/** What a signer's page asks of it, and what is there. */
export async function capacityTask(tx: Tx, signer: string): Promise<CapacityTask> {
	const [row] = await tx<{ organisation: string | null; capacity: string | null; asked: boolean; mandateAsked: boolean; document: string | null; name: string | null; sha256: Uint8Array | null }[]>`
		select s.organisation, s.capacity, s.capacity_asked as asked, s.mandate_asked as "mandateAsked", d.id as document, d.name, (select v.sha256 from version v where v.document = d.id order by v.number limit 1) as sha256
		from signer s left join document d on d.id = s.mandate where s.id = ${signer}`;
	if (!row) throw new DomainError('not-found', 'signer');
	const { organisation, capacity, asked, mandateAsked, document, name, sha256 } = row;
	return {
		given: organisation !== null && capacity !== null ? { organisation, capacity } : null,
		asked,
		mandateAsked,
		mandate: document && name && sha256 ? { document, name, sha256: hex(sha256) } : null
	};
}

/** That V says of it what it may. `conflict` / `capacity-changed`: not what the sender said, or another mandate; `invalid` / `mandate-needed`. */
export function requireCapacity({ given, asked, mandateAsked, mandate }: CapacityTask, said: Capacity | undefined): void {
	if (!asked && (said?.organisation !== given?.organisation || said?.capacity !== given?.capacity)) throw new DomainError('conflict', 'capacity-changed');
	if (said && mandateAsked && !mandate) throw new DomainError('invalid', 'mandate-needed');
	if (said?.mandate !== (said && mandateAsked ? mandate?.sha256 : undefined)) throw new DomainError('conflict', 'capacity-changed');
}

/** As marks and evidence say it: « pour X, en qualité de gérant ». */
export const inFrench = ({ organisation, capacity }: Pick<Capacity, 'organisation' | 'capacity'>): string => `pour ${organisation}, en qualité de ${capacity}`;
