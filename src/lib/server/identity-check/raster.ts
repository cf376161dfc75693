// Grey images in memory: what gm writes (PGM, netpbm), turned, and parted into ink and paper.

export interface Raster {
	readonly width: number;
	readonly height: number;
	/** One byte per pixel, row by row; 0 is black. */
	readonly pixels: Uint8Array;
}

/** A binary PGM of 8 bits; null when it is none. */
export function parsePgm(bytes: Uint8Array): Raster | null {
	const head = /^P5\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(Buffer.from(bytes.subarray(0, 40)).toString('latin1'));
	if (!head) return null;
	const [width, height] = [Number(head[1]), Number(head[2])];
	const pixels = bytes.subarray(head[0].length);
	return width > 0 && height > 0 && pixels.length === width * height ? { width, height, pixels } : null;
}

/** The grey value at a point between pixels, bilinear; outside, that of the nearest edge. */
export function sample({ width, height, pixels }: Raster, x: number, y: number): number {
	const cx = Math.min(Math.max(x, 0), width - 1.001);
	const cy = Math.min(Math.max(y, 0), height - 1.001);
	const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
	const [fx, fy] = [cx - x0, cy - y0];
	const i = y0 * width + x0;
	const below = y0 + 1 < height ? width : 0;
	const right = x0 + 1 < width ? 1 : 0;
	return (pixels[i]! * (1 - fx) + pixels[i + right]! * fx) * (1 - fy) + (pixels[i + below]! * (1 - fx) + pixels[i + below + right]! * fx) * fy;
}

/** Turned about its middle, clockwise as seen, the canvas grown to hold it all; its edges run on into the corners. */
export function turned(raster: Raster, degrees: number): Raster {
	if (degrees === 0) return raster;
	const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
	const width = Math.ceil(Math.abs(raster.width * cos) + Math.abs(raster.height * sin) - 1e-6);
	const height = Math.ceil(Math.abs(raster.width * sin) + Math.abs(raster.height * cos) - 1e-6);
	const pixels = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const [dx, dy] = [x - (width - 1) / 2, y - (height - 1) / 2];
			pixels[y * width + x] = sample(raster, cos * dx + sin * dy + (raster.width - 1) / 2, -sin * dx + cos * dy + (raster.height - 1) / 2);
		}
	}
	return { width, height, pixels };
}

/** 1 where a pixel and its neighbours are darker than their surroundings (a square of `reach` to each side) by more than `by`; single specks of noise are not. */
export function ink({ width, height, pixels }: Raster, reach: number, by: number): Uint8Array {
	const stride = width + 1;
	const sums = new Float64Array(stride * (height + 1)); // of everything above and to the left
	for (let y = 0; y < height; y++) {
		let row = 0;
		for (let x = 0; x < width; x++) {
			row += pixels[y * width + x]!;
			sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
		}
	}
	const dark = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) {
		const [top, bottom] = [Math.max(0, y - reach) * stride, Math.min(height, y + reach + 1) * stride];
		const [above, below] = [Math.max(0, y - 1) * stride, Math.min(height, y + 2) * stride];
		for (let x = 0; x < width; x++) {
			const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
			const [before, after] = [Math.max(0, x - 1), Math.min(width, x + 2)];
			const around = (sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!) / (((bottom - top) / stride) * (right - left));
			const here = (sums[below + after]! - sums[above + after]! - sums[below + before]! + sums[above + before]!) / (((below - above) / stride) * (after - before));
			if (here < around - by) dark[y * width + x] = 1;
		}
	}
	return dark;
}

/** Larger or smaller by a factor. */
export function scaled(raster: Raster, by: number): Raster {
	if (by === 1) return raster;
	const [width, height] = [Math.max(1, Math.round(raster.width * by)), Math.max(1, Math.round(raster.height * by))];
	const pixels = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = sample(raster, (x + 0.5) / by - 0.5, (y + 0.5) / by - 0.5);
	return { width, height, pixels };
}
