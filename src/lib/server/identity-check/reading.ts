// Reading photographs of an identity document. Decoded in the sandbox (third-party code); the zone is looked for and read here, in bounded grey pixels.
// Says what is written there. Not whether the document is genuine, whose it is, or that anyone was in front of the camera.

import type { WorkerContext } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Limits } from '../sandbox/sandbox.ts';
import { agrees, type Mrz } from './mrz.ts';
import { parsePgm, type Raster } from './raster.ts';
import { look } from './reading-thread.ts';

export interface Reading {
	/** Believed only with every check ok; null when none was found, or a character of it was in doubt. */
	readonly mrz: Mrz | null;
	/** One for each image, `image` its place from 0. An image that cannot be decoded throws. */
	readonly quality: readonly { readonly image: number; readonly sharpness: number; readonly glare: number; readonly ok: boolean; readonly reason: null | 'blurred' | 'glare' | 'dark' | 'small' }[];
}

/** Pixels of the longer side that reading needs at most. */
const side = 1800;
const limits: Limits = { memory: 2 ** 31, cpu: 20, wall: 120, output: side * side + 100, scratch: 64 << 20, processes: 8 };

/** Whether this host can read documents: a sandbox, and GraphicsMagick in it. */
export const canRead = ({ sandbox }: Pick<WorkerContext, 'sandbox'>): boolean => sandbox?.has('gm') === true;

function coder(bytes: Uint8Array): 'jpeg' | 'png' {
	if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'jpeg';
	if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'png';
	throw new DomainError('invalid', 'image-type');
}

/** The grey image, upright as its camera says, no longer than `side`. */
async function decode({ sandbox }: WorkerContext, bytes: Uint8Array): Promise<Raster> {
	if (!sandbox?.has('gm')) throw new DomainError('unavailable', 'reading-off');
	const image = 'image';
	// The coder is named: what the bytes are must not choose among the hundred that gm has.
	const how = ['-auto-orient', '-background', 'white', '-flatten', '-resize', `${side}x${side}>`, '-colorspace', 'Gray', '-depth', '8', 'pgm:-'];
	const { status, stopped, output } = await sandbox.run({ program: 'gm', arguments: ['convert', `${coder(bytes)}:${image}`, ...how], files: { [image]: bytes }, limits });
	if (stopped === 'wall') throw new DomainError('unavailable', 'reading-slow'); // a busy machine: the image may be sound
	const raster = status === 0 ? parsePgm(output) : null;
	if (!raster) throw new DomainError('invalid', 'image-damaged');
	return raster;
}

/**
 * Reads photographs of one document, of its sides in any order.
 * Throws DomainError: `reading-off` (unavailable) where the host has no sandbox, `reading-slow` (unavailable) where it is too busy, `image-type`, `image-damaged` (invalid).
 * @param images JPEG or PNG
 */
export async function readDocument(ctx: WorkerContext, images: readonly Uint8Array[]): Promise<Reading> {
	const [{ today }] = await ctx.tx((tx) => tx<[{ today: string }]>`select to_char(app.now(), 'YYYY-MM-DD') as today`);
	const quality: Reading['quality'][number][] = [];
	let mrz: Mrz | null = null;
	for (const [image, bytes] of images.entries()) {
		const seen = await look(await decode(ctx, bytes), today);
		quality.push({ image, ...seen.quality });
		if (seen.mrz && (!mrz || (!agrees(mrz) && agrees(seen.mrz)))) mrz = seen.mrz;
	}
	return { mrz, quality };
}
