// Connected pieces of ink, and the tilt of the lines they stand on.

export interface Blob {
	readonly left: number;
	readonly right: number;
	readonly top: number;
	readonly bottom: number;
}

/** The boxes (inclusive) of the 8-connected pieces of ink whose height is within bounds, and which are no wider than `widest`. */
export function blobs(dark: Uint8Array, width: number, bounds: { readonly lowest: number; readonly highest: number; readonly widest: number }): Blob[] {
	const height = dark.length / width;
	const seen = new Uint8Array(dark.length);
	const stack: number[] = [];
	const found: Blob[] = [];
	for (let start = 0; start < dark.length; start++) {
		if (!dark[start] || seen[start]) continue;
		let [left, right, top, bottom] = [width, 0, height, 0];
		seen[start] = 1;
		stack.push(start);
		while (stack.length > 0) {
			const at = stack.pop()!;
			const [x, y] = [at % width, Math.floor(at / width)];
			[left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
			for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
				for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
					const next = ny * width + nx;
					if (dark[next] && !seen[next]) {
						seen[next] = 1;
						stack.push(next);
					}
				}
			}
		}
		const tall = bottom - top + 1;
		if (tall >= bounds.lowest && tall <= bounds.highest && right - left + 1 <= bounds.widest) found.push({ left, right, top, bottom });
	}
	return found;
}

/** The tilt of lines of text in degrees (what to turn by to level them), within ±16: there the profile of their rows is most uneven. */
export function tilt(found: readonly Blob[], width: number, height: number): number {
	const points = found.map(({ left, right, top, bottom }) => [(left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2] as const);
	const bins = new Float64Array(2 * Math.ceil(Math.hypot(width, height)));
	const unevenness = (degrees: number): number => {
		const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
		bins.fill(0);
		for (const [x, y] of points) {
			const at = sin * x + cos * y + bins.length / 2;
			const low = Math.floor(at / 2);
			bins[low]! += 1 - (at / 2 - low);
			bins[low + 1]! += at / 2 - low;
		}
		return bins.reduce((sum, n) => sum + n * n, 0);
	};
	const best = (from: number, to: number, step: number): number => {
		let [top, at] = [-1, 0];
		for (let degrees = from; degrees <= to + 1e-9; degrees += step) {
			const value = unevenness(degrees);
			if (value > top) [top, at] = [value, degrees];
		}
		return at;
	};
	const rough = best(-16, 16, 0.5);
	return best(rough - 0.5, rough + 0.5, 0.05);
}
