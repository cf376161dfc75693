// An event is written in the transaction of what it records: no transaction, no event. What it says of people is blinded.
// Who asks, for whom and by which way comes from the transaction itself (db/pool.ts), so no caller can forget or vary it.

import { hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { commitment, writeBody } from '#crypto/tlog/entry.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import type { Operation } from './operations.ts';

export interface Event {
	readonly op: Operation;
	/** Whose chain it joins; null: no safe's. */
	readonly safe: string | null;
	/** Id of what it is about. */
	readonly obj: string;
	/** Default `ok`. */
	readonly res?: 'ok' | 'denied' | 'error';
	/** What happened, in words that may be personal: each is committed to and opened only in a bundle. */
	readonly values?: Readonly<Record<string, string>>;
	/** A random id used nowhere else, for one who is no person here (a signer). Default: the asker's pseudonym. */
	readonly actor?: string;
}

export interface Appended {
	readonly id: string;
	/** SHA-256 of the body, 32 bytes: what a deposit answers with. */
	readonly digest: Uint8Array;
}

/** Who asks, for whom and by which way, and what our clock says. */
export interface Asking {
	readonly now: Date;
	readonly client: string | null;
	readonly actor: string | null;
	readonly via: string | null;
}

/** As the transaction has it. */
export async function askingOf(tx: Tx): Promise<Asking> {
	const [asking] = await tx<[Asking]>`select now, client, app.pseudonym(person) as actor, via from app.asking()`;
	return asking;
}

/** Writes an event in this transaction. The log's order is the sequencer's; `t` is what our clock says now. `asked`: where the caller has just read it in this transaction, for its client. */
export async function append(tx: Tx, event: Event, asked?: Asking): Promise<Appended> {
	const asking = asked ?? (await askingOf(tx));
	if (!asking.via) throw new Error('an event outside a transaction of ours');
	const openings = Object.entries(event.values ?? {}).map(([name, value]) => ({ name, value, key: nodePrimitives.random(32) }));
	const body = writeBody({
		v: 1,
		t: asking.now.toISOString(),
		op: event.op,
		safe: event.safe,
		actor: event.actor ?? asking.actor ?? 'system',
		via: asking.via,
		obj: event.obj,
		res: event.res ?? 'ok',
		c: Object.fromEntries(openings.map((o) => [o.name, hex(commitment(nodePrimitives, o))]))
	});
	const [row] = await tx<[{ id: string }]>`
		select app.append_event(${body}, ${asking.client}::uuid, ${event.safe}::uuid, ${openings.map((o) => o.name)}::text[],
			${openings.map((o) => `\\x${hex(o.key)}`)}::text[]::bytea[], ${openings.map((o) => o.value)}::text[]) as id`;
	return { id: row.id, digest: digest(nodePrimitives, 'SHA-256', body) };
}

/** Refusals of one source and kind written one by one in a minute; above, they are counted (refusals.ts). Of requests that any page can make a browser send, none is. */
export const writtenPerMinute = (op: string): number => (op === 'request.refuse' ? 0 : 20);

/**
 * Writes a refusal or a failed try in a transaction of its own, before the error leaves.
 * `source` is a keyed hash of an address where nobody is known; default: the person.
 */
export async function appendRefusal(ctx: Context, event: Event, source = ctx.actor.person ?? ctx.actor.client ?? 'unknown'): Promise<void> {
	await ctx.tx(async (tx) => {
		const [row] = await tx<[{ count: number }]>`select app.count_refusal(${source}, ${event.op}) as count`;
		if (row.count <= writtenPerMinute(event.op)) await append(tx, { res: 'denied', ...event });
	});
}
