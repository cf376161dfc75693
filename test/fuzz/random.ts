// A small generator whose numbers depend on its seed alone: what it made once it makes again.

/** Draws from a seeded sequence. Not for secrets. */
export interface Random {
	/** An integer in [0, below). */
	below(n: number): number;
	/** One of the items; the list is not empty. */
	pick<T>(items: readonly T[]): T;
	bytes(length: number): Uint8Array;
}

/** splitmix32 (public domain, after Steele, Lea and Flood 2014): any seed, neighbours unrelated. */
export function random(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x9e3779b9) >>> 0;
		let z = state ^ (state >>> 16);
		z = Math.imul(z, 0x21f0aaad);
		z ^= z >>> 15;
		z = Math.imul(z, 0x735a2d97);
		return (z ^ (z >>> 15)) >>> 0;
	};
	next();
	const below = (n: number) => Math.floor((next() / 0x1_0000_0000) * n);
	return { below, pick: (items) => items[below(items.length)]!, bytes: (length) => Uint8Array.from({ length }, () => below(256)) };
}
