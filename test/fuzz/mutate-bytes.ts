// Mutations that know nothing of the format.

import { concat } from '#crypto/bytes.ts';
import type { Random } from './random.ts';

/** One change of some bytes; `other` is another seed to take parts from. May return the same bytes. */
export type Mutator = (r: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

/** A stretch [start, end), short ones far more often than long ones; empty in an empty file. */
function stretch(r: Random, bytes: Uint8Array): [number, number] {
	const start = r.below(bytes.length + 1);
	return [start, Math.min(bytes.length, start + 1 + r.below(1 << r.below(9)))];
}

/** The bytes with [start, end) replaced. */
export const replaced = (bytes: Uint8Array, start: number, end: number, ...by: readonly Uint8Array[]): Uint8Array => concat(bytes.subarray(0, start), ...by, bytes.subarray(end));

const interesting = [0, 1, 0x0a, 0x20, 0x7f, 0x80, 0x81, 0x84, 0xff];

/** One byte changed by `change`; nothing to change in an empty file. */
function atOne(r: Random, bytes: Uint8Array, change: (b: number) => number): Uint8Array {
	const out = bytes.slice();
	const at = r.below(out.length);
	if (out.length) out[at] = change(out[at]!);
	return out;
}

export const byteMutators: readonly Mutator[] = [
	(r, b) => atOne(r, b, (x) => x ^ (1 << r.below(8))),
	(r, b) => atOne(r, b, () => r.pick(interesting)),
	(r, b) => atOne(r, b, () => r.below(256)),
	(r, b) => atOne(r, b, (x) => x + r.pick([-1, 1])),
	(r, b) => replaced(b, ...stretch(r, b)),
	(r, b) => {
		const [start, end] = stretch(r, b);
		return replaced(b, end, end, b.subarray(start, end));
	},
	(r, b) => {
		const at = r.below(b.length + 1);
		return replaced(b, at, at, r.bytes(1 + r.below(8)));
	},
	(r, b) => {
		const [x, y] = [stretch(r, b), stretch(r, b)].sort((p, q) => p[0] - q[0]) as [[number, number], [number, number]];
		const middle = Math.max(x[1], y[0]);
		return concat(b.subarray(0, x[0]), b.subarray(y[0], y[1]), b.subarray(x[1], middle), b.subarray(x[0], x[1]), b.subarray(Math.max(middle, y[1])));
	},
	(r, b, other) => replaced(b, ...stretch(r, b), other.subarray(...stretch(r, other))),
	(r, b, other) => concat(b.subarray(0, r.below(b.length + 1)), other.subarray(r.below(other.length + 1))),
	(r, b) => b.slice(0, r.below(b.length + 1)),
	(r, b) => concat(b, r.pick([new Uint8Array(1 + r.below(64)), r.bytes(1 + r.below(64)), b.subarray(0, 256)]))
];
