// For the evidence file: for whom a signer signed (SIGN-13), as V of the signature says, who said it, and the mandate's digest.

import type { WorkerContext } from '../context.ts';
import type { Sheet } from '../evidence/author.ts';
import { inFrench, type Capacity } from './capacity.ts';
import { readValues } from './sign-here.ts';

/** Null: for themselves, or nothing was signed. */
export type SignedCapacity = (Capacity & { readonly source: 'client' | 'signer' }) | null;

export async function signedCapacity(ctx: WorkerContext, signer: string): Promise<SignedCapacity> {
	const [row] = await ctx.tx((tx) => tx<{ values: Uint8Array; asked: boolean }[]>`select i."values", s.capacity_asked as asked from signing_intent i join signer s on s.id = i.signer where i.signer = ${signer} and i.state = 'released'`);
	const said = row && readValues(row.values).capacity;
	return said ? { ...said, source: row.asked ? 'signer' : 'client' } : null;
}

export const capacityRows = (said: SignedCapacity, sender: string): Sheet['rows'] =>
	said
		? [
				['Qualité / capacity', `${inFrench(said)}, ${said.source === 'client' ? `déclarée par / declared by ${sender}` : 'dite par le signataire, non contrôlée / said by the signer, not checked'}`],
				...(said.mandate ? [['Mandat fourni / mandate shown, SHA-256', said.mandate] as const] : [])
			]
		: [];
