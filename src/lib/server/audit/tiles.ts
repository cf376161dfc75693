// The public log (C2SP tlog-tiles): the checkpoint and hash tiles. A tile is a pure function of leaves; entry bundles are not public.

import { leavesNeeded, parseTile, tileWidth } from '#crypto/tlog/tile.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/** The latest published checkpoint; null before the first. */
export async function latestCheckpoint(ctx: Context): Promise<string | null> {
	const [row] = await ctx.tx((tx) => tx<{ note: string }[]>`select note from checkpoint order by size desc limit 1`);
	return row?.note ?? null;
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
