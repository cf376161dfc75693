// The public log (C2SP tlog-tiles): the checkpoint and hash tiles. A tile is a pure function of leaves; entry bundles are not public.

import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/** `tile/<L>/<N>[.p/<W>]` taken apart; N in groups of three digits, all but the last with an x. */
export function parseTile(path: string): { level: number; index: number; width: number } | null {
	const m = /^tile\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
	if (!m) return null;
	const width = m[3] === undefined ? 256 : Number(m[3]);
	const level = Number(m[1]);
	if (level > 7 || width < 1 || width > 256 || (m[3] !== undefined && width === 256)) return null;
	return { level, index: Number(m[2]!.replaceAll(/[x/]/g, '')), width };
}

/** The latest published checkpoint; null before the first. */
export async function latestCheckpoint(ctx: Context): Promise<string | null> {
	const [row] = await ctx.tx((tx) => tx<{ note: string }[]>`select note from checkpoint order by size desc limit 1`);
	return row?.note ?? null;
}

/** The hashes of a tile, 32 bytes each. `not-found` beyond the published checkpoint. */
export async function tile(ctx: Context, path: string): Promise<Uint8Array> {
	const at = parseTile(path);
	if (!at) throw new DomainError('not-found', 'page');
	const first = at.index * 256;
	const rows = await ctx.tx((tx) => tx<{ hash: Uint8Array }[]>`select hash from app.log_hashes(${at.level * 8}, ${first}, ${at.width})`);
	const span = 256 ** at.level;
	const [{ size }] = await ctx.tx((tx) => tx<[{ size: string | null }]>`select max(size) as size from checkpoint`);
	if (rows.length !== at.width || (first + at.width) * span > Number(size ?? 0)) throw new DomainError('not-found', 'page');
	return new Uint8Array(Buffer.concat(rows.map((r) => r.hash)));
}
