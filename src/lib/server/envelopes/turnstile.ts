// One act at a time per envelope: whoever holds its row decides, everyone else then finds what was decided.

import type { Tx } from '../db/pool.ts';

export const envelopeStates = ['draft', 'waiting', 'completed', 'declined', 'cancelled', 'expired'] as const;
export type EnvelopeState = (typeof envelopeStates)[number];

export interface Held {
	readonly state: EnvelopeState;
	/** Past its term. */
	readonly expired: boolean;
	/** A code was accepted and its signature is not released yet: that person has signed, nothing may close the envelope over it. */
	readonly signing: boolean;
}

/** The lock alone. */
export const lockEnvelope = (tx: Tx, envelope: string) => tx<Omit<Held, 'signing'>[]>`select state, expires_at <= app.now() as expired from envelope where id = ${envelope} for no key update`;

/**
 * Locks the envelope's row until the transaction ends; null when there is none. Taken first by every act that ends a code, a link or the envelope,
 * and by the acceptance of a code; after it the signer's row, then the challenge's: always in this order.
 */
export async function holdEnvelope(tx: Tx, envelope: string): Promise<Held | null> {
	const [row] = await lockEnvelope(tx, envelope);
	if (!row) return null;
	// A statement of its own: it must see what was committed while the lock was waited for.
	const { count } = await tx`select from signing_intent where envelope = ${envelope} and state in ('ready', 'signed')`;
	return { ...row, signing: count > 0 };
}
