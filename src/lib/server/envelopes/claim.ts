// The claim of a signing intent: whoever holds it signs; a lease that lapses and an epoch keep two workers from doing so.

import { requireRightClock } from '../clock.ts';
import type { WorkerContext } from '../context.ts';
import { actsFor, type Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import { healthOf } from '../health.ts';

export interface Claim {
	readonly id: string;
	readonly client: string;
	readonly envelope: string;
	readonly signer: string;
	readonly challenge: string;
	readonly values: Uint8Array;
	readonly state: 'ready' | 'signed';
	readonly epoch: number;
	readonly parent: string | null;
	/** The stored B-B, of one that is signed. */
	readonly sealed: Uint8Array | null;
	readonly wrappedKey: Uint8Array | null;
	readonly safe: string;
	readonly document: string;
	readonly reference: string;
	readonly base: Uint8Array;
	readonly baseSize: number;
	/** What the signer had before their eyes. */
	readonly shown: Uint8Array;
	readonly shownSize: number;
	readonly current: string;
	readonly field: string;
	/** Who holds what belongs to their group, its field and its credit: themselves, for one who is in none. */
	readonly head: string;
	readonly grouped: boolean;
	readonly name: string;
	/** Null: no code was sent, at level 0. */
	readonly number: string | null;
	/** On the sender's device. */
	readonly inPerson: boolean;
	readonly position: number;
	readonly level: 0 | 1 | 2;
	/** Level 1 in the signer's own name (SIGN-2). */
	readonly advanced: boolean;
	/** Version of the words they agreed to; null: before it was kept. */
	readonly consent: string | null;
	/** Version of the client's identification procedure that the envelope recorded. */
	readonly procedure: string | null;
	readonly email: string;
	readonly sender: string;
	readonly now: Date;
}

/** Our own validation refused what we made: nothing is released. */
export class SelfCheckFailed extends Error {
	override name = 'SelfCheckFailed';
}

/** Another worker is at it, or was killed at it less than a lease ago, or it rests after a failure: the job comes back. */
export class SignatureHeld extends Error {
	override name = 'SignatureHeld';
}

/** How long a claim lives without a sign of its holder: about as long as a dead worker keeps its jobs (jobs/runner.ts); longer each time it is taken over, lest two workers that stall do so for ever. */
const lease = (tx: Tx) => tx`app.now() + least(greatest(5 * epoch, 5), 30) * interval '1 second'`;

/**
 * Takes the intent; null when it is done, or one before it is not: the release of that one enqueues it. Throws SignatureHeld while another holds it, ClockOff while the clock is wrong.
 * @param read what its holder needs, in the same transaction. What this throws undoes the claim.
 */
export async function claim<T>(ctx: WorkerContext, intent: string, read: (tx: Tx, c: Claim) => Promise<T>): Promise<{ readonly claim: Claim; readonly with: T } | null> {
	return ctx.tx(async (tx) => {
		const [health, [known]] = await together([healthOf(tx), tx`select ${actsFor(tx, 'client')} from signing_intent where id = ${intent}`]);
		requireRightClock(health);
		if (!known) return null;
		const [row] = await tx<Claim[]>`
			with mine as (
				update signing_intent set epoch = epoch + 1, lease_until = ${lease(tx)}
				where id = ${intent} and state in ('ready', 'signed') and (lease_until is null or lease_until < app.now())
				and not exists (select from signing_intent b where b.envelope = signing_intent.envelope and b.state in ('ready', 'signed') and b.place < signing_intent.place) returning *
			)
			select m.id, m.client, m.envelope, m.signer, m.challenge, m."values", m.state, m.epoch, m.parent_version as parent, m.sealed, m.wrapped_key as "wrappedKey",
				e.safe, e.document, e.reference, e.base_digest as base, b.size::int as "baseSize", h.document_hash as shown, x.size::int as "shownSize", e.current_version as current, coalesce(s.field, (select h.field from signer h where h.id = s.group_of)) as field, coalesce(s.group_of, s.id) as head, s.group_of is not null as grouped, s.name, h.number, s.in_person as "inPerson", s.position, s.level, s.advanced, s.email, s.consent_version as consent, e.procedure_version as procedure, c.name as sender, app.now() as now
			from mine m join envelope e on e.id = m.envelope join version b on b.id = e.base_version join challenge h on h.id = m.challenge join version x on x.id = h.shown_version join signer s on s.id = m.signer join client c on c.id = m.client`;
		if (row) return { claim: row, with: await read(tx, row) };
		const { count } = await tx`select from signing_intent i where id = ${intent} and state in ('ready', 'signed') and not exists (select from signing_intent b where b.envelope = i.envelope and b.state in ('ready', 'signed') and b.place < i.place)`;
		if (count) throw new SignatureHeld(intent);
		return null;
	});
}

/** Renews the claim until told to stop. One that cannot be renewed lapses; the epoch then keeps its holder from storing or releasing anything. */
export function holding(own: WorkerContext, { id, epoch }: Claim): () => void {
	const renew = () => own.tx((tx) => tx`update signing_intent set lease_until = ${lease(tx)} where id = ${id} and epoch = ${epoch} and lease_until is not null`);
	const beat = setInterval(() => void renew().catch(() => {}), 1000);
	return () => clearInterval(beat);
}
