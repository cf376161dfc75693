// A database restored to an earlier state: what the anchor has beyond it comes back into the log, entry for entry, and `log.recovered` names the gap.
// What entries committed to stays closed: openings were in the database alone. Rows of documents, safes and people are not the log's to bring back.

import { equal } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { opens, readEntry, writeBody, type Body } from '#crypto/tlog/entry.ts';
import { leafHash, treeHash } from '#crypto/tlog/merkle.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { noteCommitment, openSuccession } from '#crypto/tlog/succession.ts';
import { digest } from '#crypto/primitives.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { ObjectStoreError } from '../objects/store.ts';
import * as anchor from './anchor.ts';
import { append } from './append.ts';
import { anchored } from './checkpoint.ts';
import { storeLeaves, type Leaf } from './sequence.ts';
import { reader } from './tree.ts';

/** Entries [from, to) that came back. */
export interface Gap {
	readonly from: number;
	readonly to: number;
}

/** How many leaves the database has. */
export async function sizeOf(ctx: WorkerContext): Promise<number> {
	const [row] = await ctx.tx((tx) => tx<[{ size: string }]>`select size from log_head`);
	return Number(row.size);
}

/**
 * Brings the database up to the anchor; null when it is not behind. All of it in one transaction, and only if it makes the tree the anchored checkpoint signs.
 * LogSplit when entries are missing in the anchor, or lead elsewhere: nothing is changed, and nothing is to be signed.
 */
export async function recover(ctx: WorkerContext): Promise<Gap | null> {
	const { at, keys, latest } = await anchored(ctx);
	const from = await sizeOf(ctx);
	if (!latest || latest.size <= from) return null;
	const to = latest.size;
	const entries = await anchor.readEntries(at, from, to);
	const successors = await successionsIn(at, from, entries);
	return ctx.tx(async (tx) => {
		const moved = await tx`update log_head set size = ${to} where size = ${from}`;
		if (!moved.count) return null; // another worker was faster
		await storeLeaves(tx, from, await events(tx, from, entries, successors)).catch(contradiction);
		if (!equal(await treeHash(nodePrimitives, reader(tx), to), latest.root)) throw new anchor.LogSplit('fork', `the database with the anchored entries from ${from} on is not the anchored tree of ${to}`);
		await tx`insert into checkpoint (size, root, note) values (${to}, ${latest.root}, ${latest.note})`;
		await append(tx, { op: 'log.recovered', safe: null, obj: keys[0]!.verifier.name, values: { from: String(from), to: String(to) } });
		return { from, to };
	});
}

/** A link that is there already: these entries are of another history. */
function contradiction(error: unknown): never {
	if ((error as { code?: string }).code !== '23505') throw error;
	throw new anchor.LogSplit('fork', 'the anchored entries do not go on from the database’s', { cause: error });
}

interface Successor extends anchor.KeyOpening {
	/** Verifier line. */
	readonly line: string;
}

/** What is anchored of the entries `log.key` among these, by index. One that opens to no note both keys have signed made no key follow. */
async function successionsIn(at: anchor.Anchor, from: number, entries: readonly Uint8Array[]): Promise<ReadonlyMap<number, Successor>> {
	const found = new Map<number, Successor>();
	for (const [i, entry] of entries.entries()) {
		const { body } = readEntry(entry);
		const shown = body.op === 'log.key' ? await successor(at, from + i, body) : null;
		if (shown) found.set(from + i, shown);
	}
	return found;
}

async function successor(at: anchor.Anchor, index: number, body: Body): Promise<Successor | null> {
	try {
		const { note, opening } = await anchor.readKey(at, index);
		const { to } = await openSuccession(nodePrimitives, note);
		return opens(nodePrimitives, body, { name: noteCommitment, key: opening, value: note }) ? { note, opening, line: formatVerifier(nodePrimitives, to) } : null;
	} catch (error) {
		if (error instanceof CryptoError || (error instanceof ObjectStoreError && error.code === 'not-found')) return null;
		throw error;
	}
}

/** Leaves of these entries: of events that had none yet where one says the same, else of events written anew. */
async function events(tx: Tx, from: number, entries: readonly Uint8Array[], successors: ReadonlyMap<number, Successor>): Promise<Leaf[]> {
	const waiting = new Map<string, string[]>();
	for (const { id, body } of await tx<{ id: string; body: string }[]>`select id, encode(digest, 'hex') as body from event e where not exists (select from log_leaf l where l.event = e.id) order by id`) waiting.set(body, [...(waiting.get(body) ?? []), id]);
	const leaves: Leaf[] = [];
	for (const [i, entry] of entries.entries()) {
		const { body, seq, prev } = readEntry(entry);
		const bytes = writeBody(body);
		const known = waiting.get(Buffer.from(digest(nodePrimitives, 'SHA-256', bytes)).toString('hex'))?.shift();
		const shown = successors.get(from + i);
		const event = known ?? (await write(tx, bytes, body.safe, shown));
		if (shown) await tx`insert into log_key (number, verifier, event) select max(number) + 1, ${shown.line}, ${event} from log_key on conflict do nothing`;
		leaves.push({ index: from + i, event, safe: body.safe, seq, prev, leaf: leafHash(nodePrimitives, entry) });
	}
	return leaves;
}

async function write(tx: Tx, body: Uint8Array, safe: string | null, shown: Successor | undefined): Promise<string> {
	const [names, keys, values] = shown ? [[noteCommitment], [`\\x${Buffer.from(shown.opening).toString('hex')}`], [shown.note]] : [[], [], []];
	const [row] = await tx<[{ id: string }]>`
		select app.append_event(${body}, (select client from safe where id = ${safe}), ${safe}::uuid, ${names}::text[], ${keys}::text[]::bytea[], ${values}::text[]) as id`;
	return row.id;
}
