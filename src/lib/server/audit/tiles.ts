// The public log (C2SP tlog-tiles): the checkpoint, its keys and hash tiles. A tile is a pure function of leaves; entry bundles are not public.

import { base64, concat, fromUtf8, hex } from '#crypto/bytes.ts';
import { canonical } from '#crypto/tlog/entry.ts';
import { writeSuccessions } from '#crypto/tlog/succession.ts';
import { leavesNeeded, parseTile, tileWidth } from '#crypto/tlog/tile.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { keyAt, knownKeys, successions } from './log-keys.ts';
import { entryOf, proofOf } from './proof.ts';

/** The latest published checkpoint, with the cosignatures of witnesses it has got; null before the first. */
export async function latestCheckpoint(ctx: Context): Promise<string | null> {
	const [row] = await ctx.tx((tx) => tx<{ note: string }[]>`select note || cosignatures as note from checkpoint order by size desc limit 1`);
	return row?.note ?? null;
}

/** The latest checkpoint that a witness has cosigned. `not-found` before the first. */
export async function witnessed(ctx: Context): Promise<string> {
	const [row] = await ctx.tx((tx) => tx<{ note: string }[]>`select note || cosignatures as note from checkpoint where cosignatures <> '' order by size desc limit 1`);
	if (!row) throw new DomainError('not-found', 'page');
	return row.note;
}

/** The hashes of a tile, 32 bytes each. `not-found` beyond the published checkpoint. */
export async function tile(ctx: Context, path: string): Promise<Uint8Array> {
	const at = parseTile(path);
	if (!at) throw new DomainError('not-found', 'page');
	const rows = await ctx.tx((tx) => tx<{ hash: Uint8Array }[]>`select hash from app.log_hashes(${at.level * 8}, ${at.index * tileWidth}, ${at.width})`);
	const [{ size }] = await ctx.tx((tx) => tx<[{ size: string | null }]>`select max(size) as size from checkpoint`);
	if (rows.length !== at.width || leavesNeeded(at) > Number(size ?? 0)) throw new DomainError('not-found', 'page');
	return new Uint8Array(Buffer.concat(rows.map((r) => r.hash)));
}

/** The latest checkpoint, the key it opens under and how that came to follow those before it (crypto/tlog/succession.ts), as JSON. `not-found` before the first. */
export async function keys(ctx: Context): Promise<string> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<{ size: string; note: string }[]>`select size, note from checkpoint order by size desc limit 1`;
		if (!row) throw new DomainError('not-found', 'page');
		const size = Number(row.size);
		const known = (await knownKeys(tx)).keys;
		const shown = await successions(tx, known, size, (event) => entryOf(tx, event));
		return canonical({ kind: 'probant/log-keys/v1', checkpoint: row.note, verifier: keyAt(known, size).line, keys: writeSuccessions(shown) });
	});
}

/** The last checkpoint with a timestamp, its token (RFC 3161, DER), and what the entry `log.heads` under it opens to, with its inclusion. `not-found` before the first. */
export async function stamped(ctx: Context): Promise<{ note: string; token: Uint8Array; heads: string }> {
	const [row] = await ctx.tx(
		(tx) => tx<{ size: string; note: string; token: Uint8Array; event: string }[]>`
			select c.size, c.note, c.token, h.event from log_heads h join checkpoint c on c.size = h.checkpoint where c.token is not null order by h.hour desc limit 1`
	);
	const proof = row && (await proofOf(ctx, row.event, Number(row.size)));
	if (!row || !proof) throw new DomainError('not-found', 'page');
	const openings = Object.fromEntries(Object.entries(proof.openings).map(([name, { key, value }]) => [name, { key: hex(key), value }]));
	const heads = canonical({ kind: 'probant/log-heads/v1', checkpoint: row.note, entry: fromUtf8(proof.entry), index: proof.index, inclusion: base64(concat(...proof.inclusion)), openings });
	return { note: row.note, token: row.token, heads };
}
