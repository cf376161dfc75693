// Whether a photograph can be read at all, told before anyone waits for a reviewer: blur, glare, darkness, size.
// The sharpness measure is that of Crété, Dolmière, Ladret and Nicolas, "The blur effect" (2007), turned over.

import { blobs } from './blobs.ts';
import type { Raster } from './raster.ts';

export interface Quality {
	/** 0 to 1: how much of the variation between neighbours a blur would take away. */
	readonly sharpness: number;
	/** Share of the image that is blown out in spots within it. */
	readonly glare: number;
	readonly ok: boolean;
	readonly reason: null | 'blurred' | 'glare' | 'dark' | 'small';
}

/** Measured on the drawn specimens (reading.test.ts): what is blurrier is not read, what is sharper is. */
const leastSharpness = 0.2;
const mostGlare = 0.003;
const leastSide = 600;

/** The grey value that a share of the pixels does not exceed. */
function quantile({ pixels }: Raster, share: number): number {
	const counts = new Uint32Array(256);
	for (const value of pixels) counts[value]!++;
	let left = pixels.length * share;
	return counts.findIndex((count) => (left -= count) <= 0);
}

function sharpnessOf({ width, height, pixels }: Raster): number {
	let [variation, lost] = [0, 0];
	const smooth = new Float32Array(width); // over three, against noise
	const sums = new Float32Array(width + 1);
	for (let y = 0; y < height; y += 2) {
		for (let x = 0; x < width; x++) smooth[x] = (pixels[y * width + Math.max(0, x - 1)]! + pixels[y * width + x]! + pixels[y * width + Math.min(width - 1, x + 1)]!) / 3;
		for (let x = 0; x < width; x++) sums[x + 1] = sums[x]! + smooth[x]!;
		for (let x = 5; x + 5 < width; x++) {
			const here = Math.abs(smooth[x]! - smooth[x - 1]!);
			if (here < 3) continue;
			const blurred = Math.abs(sums[x + 5]! - sums[x - 4]! - (sums[x + 4]! - sums[x - 5]!)) / 9;
			variation += here;
			lost += Math.max(0, here - blurred);
		}
	}
	return variation === 0 ? 0 : lost / variation;
}

/** Blown-out spots, unless the paper itself is as bright (a scan), or they are the background at the edge. */
function glareOf(raster: Raster): number {
	if (quantile(raster, 0.5) >= 240) return 0;
	const { width, height, pixels } = raster;
	const spots = blobs(pixels.map((value) => (value >= 252 ? 1 : 0)), width, { lowest: width / 60, highest: height, widest: width });
	const within = spots.filter(({ left, right, top, bottom }) => left > 0 && top > 0 && right < width - 1 && bottom < height - 1);
	return within.reduce((sum, { left, right, top, bottom }) => sum + (Math.PI / 4) * (right - left + 1) * (bottom - top + 1), 0) / (width * height);
}

/** What is wrong with an image first; the measures in any case. */
export function qualityOf(raster: Raster): Quality {
	const [sharpness, glare] = [sharpnessOf(raster), glareOf(raster)];
	const reason = Math.max(raster.width, raster.height) < leastSide ? 'small' : quantile(raster, 0.9) < 80 ? 'dark' : sharpness < leastSharpness ? 'blurred' : glare > mostGlare ? 'glare' : null;
	return { sharpness, glare, ok: reason === null, reason };
}
