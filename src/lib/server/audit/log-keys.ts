// The keys of the log, and how one follows another: an entry `log.key` opens to a note both have signed, and the checkpoint that covers it is signed by both.

import { equal } from '#crypto/bytes.ts';
import { inclusionProof } from '#crypto/tlog/merkle.ts';
import { formatVerifier, parseVerifier, type NoteVerifier } from '#crypto/tlog/note.ts';
import { noteCommitment, signSuccession, type LogKey, type Succession } from '#crypto/tlog/succession.ts';
import type { Context, WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { append } from './append.ts';
import { reader } from './tree.ts';

/** A key of the log as its rows say. */
export interface KnownKey {
	readonly verifier: NoteVerifier;
	readonly line: string;
	/** Event by which it follows; null for the first. */
	readonly event: string | null;
	/** Of that event's leaf: the key signs greater sizes. -1 for the first, Infinity while there is no leaf. */
	readonly index: number;
}

/** The key that should sign is not among those this process holds: it was rotated since the start, or lost. */
export class LogKeyMissing extends Error {
	override name = 'LogKeyMissing';
}

/** The keys of the log that is written, oldest first; none before its first checkpoint. `ordinal` counts logs from 1, as their names do: `host/log`, `host/log-2`. */
export async function knownKeys(tx: Tx): Promise<{ readonly ordinal: number; readonly keys: readonly KnownKey[] }> {
	const rows = await tx<{ line: string; event: string | null; index: string | null }[]>`
		select k.verifier as line, k.event, l.index from log_key k left join log_leaf l on l.event = k.event order by k.number`;
	const first = rows.findLastIndex(({ event }) => event === null);
	const keys = rows.slice(Math.max(first, 0)).map(({ line, event, index }) => ({ line, event, verifier: parseVerifier(nodePrimitives, line), index: event === null ? -1 : index === null ? Infinity : Number(index) }));
	return { ordinal: Number(/-(\d+)$/.exec(keys[0]?.verifier.name ?? '')?.[1] ?? 1), keys };
}

/** Every verifier line, of former logs too, the newest last: what a page that trusts this instance trusts. */
export async function verifierLines(ctx: Context): Promise<string[]> {
	const rows = await ctx.tx((tx) => tx<{ verifier: string }[]>`select verifier from log_key order by number`);
	return rows.map(({ verifier }) => verifier);
}

/** knownKeys of a worker, which writes down its own key as the first when there is none. */
export async function lineage(ctx: WorkerContext): Promise<{ readonly ordinal: number; readonly keys: readonly KnownKey[] }> {
	const known = await ctx.tx(knownKeys);
	if (known.keys.length) return known;
	const { name, publicKey: key } = ctx.signing.log;
	await ctx.tx((tx) => tx`insert into log_key (number, verifier) values (1, ${formatVerifier(nodePrimitives, { name, key })}) on conflict do nothing`);
	return ctx.tx(knownKeys);
}

/** The key that signs a tree of `size`. */
const active = (keys: readonly KnownKey[], size: number): number => keys.findLastIndex(({ index }) => index < size);

/** The key under which a checkpoint of `size` opens. */
export const keyAt = (keys: readonly KnownKey[], size: number): KnownKey => keys[active(keys, size)]!;

/** Who signs a checkpoint of `size` after one of `before`: the key of then and each that followed since. LogKeyMissing when this process lacks one. */
export function signersFor(ctx: WorkerContext, keys: readonly KnownKey[], before: number, size: number): LogKey[] {
	return keys.slice(active(keys, before), active(keys, size) + 1).map(({ verifier, line }) => ({ verifier, signer: held(ctx, verifier, line) }));
}

function held(ctx: WorkerContext, verifier: NoteVerifier, line: string) {
	const { log } = ctx.signing;
	const key = [log, ...log.earlier].find(({ publicKey }) => equal(publicKey, verifier.key));
	if (!key) throw new LogKeyMissing(`this process does not hold ${line}, which signs the log`);
	return key.signer;
}

/** What an entry `log.key` opens to. */
export async function openingOf(tx: Tx, event: string): Promise<{ readonly note: string; readonly opening: Uint8Array }> {
	const [row] = await tx<[{ note: string; opening: Uint8Array }]>`select value as note, key as opening from event_opening where event = ${event} and name = ${noteCommitment}`;
	return row;
}

/** Shows in the tree of `size` how its key came to follow those before. */
export async function successions(tx: Tx, keys: readonly KnownKey[], size: number, entryOf: (event: string) => Promise<Uint8Array>): Promise<Succession[]> {
	const shown: Succession[] = [];
	const read = reader(tx);
	for (const { event, index } of keys) {
		if (event === null || index >= size) continue;
		shown.push({ ...(await openingOf(tx, event)), entry: await entryOf(event), index, inclusion: await inclusionProof(nodePrimitives, read, index, size) });
	}
	return shown;
}

/** True once a checkpoint covers the last key's entry: those before it are needed no more. */
export async function settled(ctx: WorkerContext): Promise<boolean> {
	const { keys } = await lineage(ctx);
	const [{ size }] = await ctx.tx((tx) => tx<[{ size: string | null }]>`select max(size) as size from checkpoint`);
	return keys.at(-1)!.index < Number(size ?? 0);
}

/** Makes the process's newest key follow the log's last: the entry, and the row that names it. Does nothing when it is the last already. */
export async function follow(ctx: WorkerContext): Promise<void> {
	const { keys } = await lineage(ctx);
	const last = keys.at(-1)!;
	const verifier = { name: last.verifier.name, key: ctx.signing.log.publicKey };
	const line = formatVerifier(nodePrimitives, verifier);
	if (line === last.line) return;
	const note = await signSuccession(nodePrimitives, { verifier: last.verifier, signer: held(ctx, last.verifier, last.line) }, { verifier, signer: ctx.signing.log.signer });
	await ctx.tx(async (tx) => {
		const event = await append(tx, { op: 'log.key', safe: null, obj: verifier.name, values: { [noteCommitment]: note } });
		await tx`insert into log_key (number, verifier, event) select max(number) + 1, ${line}, ${event.id} from log_key`;
	});
}
