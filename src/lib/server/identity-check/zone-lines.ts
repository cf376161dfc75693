// Lines of a machine readable zone in a level image: 30, 36 or 44 characters at one pitch (ICAO 9303-3 §4.2), two or three lines of them.

import type { Blob } from './blobs.ts';

/** Where the characters of a line stand: the middle of the first, the pitch, and how far the line still falls per pixel. */
export interface Line {
	readonly first: number;
	readonly pitch: number;
	readonly count: number;
	/** The middle of the line at x = 0, and its fall. */
	readonly middle: number;
	readonly fall: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const middleX = ({ left, right }: Blob) => (left + right) / 2;
const middleY = ({ top, bottom }: Blob) => (top + bottom) / 2;

/** Least squares: y = a + b·x. */
function fit(points: readonly (readonly [number, number])[]): { a: number; b: number } {
	const [mx, my] = [points.reduce((s, [x]) => s + x, 0) / points.length, points.reduce((s, [, y]) => s + y, 0) / points.length];
	const over = points.reduce((s, [x]) => s + (x - mx) ** 2, 0);
	const b = over === 0 ? 0 : points.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) / over;
	return { a: my - b * mx, b };
}

/** Pieces of ink that stand at one height, from top to bottom. */
function rows(found: readonly Blob[]): Blob[][] {
	const all: { blobs: Blob[]; at: number }[] = [];
	for (const blob of [...found].sort((a, b) => middleY(a) - middleY(b))) {
		const last = all.at(-1);
		if (last && middleY(blob) - last.at < 0.35 * (blob.bottom - blob.top + 1)) {
			last.blobs.push(blob);
			last.at += (middleY(blob) - last.at) / Math.min(last.blobs.length, 12);
		} else all.push({ blobs: [blob], at: middleY(blob) });
	}
	return all.map(({ blobs }) => blobs);
}

/** Pieces above each other are one character. */
function characters(row: readonly Blob[]): Blob[] {
	const merged: Blob[] = [];
	for (const blob of [...row].sort((a, b) => a.left - b.left)) {
		const last = merged.at(-1);
		if (last && blob.left <= last.right - 1) merged[merged.length - 1] = { left: last.left, right: Math.max(last.right, blob.right), top: Math.min(last.top, blob.top), bottom: Math.max(last.bottom, blob.bottom) };
		else merged.push(blob);
	}
	return merged;
}

/** The lines that a row can be: parted where more than two characters are missing. */
function linesOf(row: readonly Blob[]): Line[] {
	if (row.length < 20) return [];
	const whole = characters(row);
	const pitch = median(whole.slice(1).map((blob, i) => middleX(blob) - middleX(whole[i]!)));
	const runs: Blob[][] = [];
	for (const blob of whole) {
		const last = runs.at(-1);
		if (last && middleX(blob) - middleX(last.at(-1)!) < 3.5 * pitch) last.push(blob);
		else runs.push([blob]);
	}
	return runs.filter((run) => run.length >= 20).map((run) => lineOf(run, pitch));
}

function lineOf(run: readonly Blob[], rough: number): Line {
	let at = 0;
	const placed = run.map((blob, i) => {
		if (i > 0) at += Math.max(1, Math.round((middleX(blob) - middleX(run[i - 1]!)) / rough));
		return [at, middleX(blob)] as const;
	});
	// Once more from the first fit: wide and narrow letters mislead single gaps.
	const { a, b } = fit(placed);
	const again = run.map((blob) => [Math.round((middleX(blob) - a) / b), middleX(blob)] as const);
	const { a: first, b: pitch } = fit(again);
	const { a: middle, b: fall } = fit(run.map((blob) => [middleX(blob), middleY(blob)] as const));
	return { first: first + again[0]![0] * pitch, pitch, count: again.at(-1)![0] - again[0]![0] + 1, middle, fall };
}

const shapes: Readonly<Record<number, number>> = { 44: 2, 36: 2, 30: 3 };

/** Groups of lines that can be a zone, likeliest first (the lowest: zones are at the foot of a document). */
export function zones(found: readonly Blob[]): Line[][] {
	const lines = rows(found).flatMap(linesOf);
	const groups = new Map<Line, Line[]>(); // by their first line
	for (const sure of lines) {
		const height = shapes[sure.count];
		if (!height) continue;
		const near = lines.filter((line) => Math.abs(line.first - sure.first) < 3 * sure.pitch && Math.abs(line.count - sure.count) <= 6 && Math.abs(line.pitch / sure.pitch - 1) < 0.04);
		for (let from = near.indexOf(sure) - height + 1; from <= near.indexOf(sure); from++) {
			const group = near.slice(Math.max(0, from), from + height);
			const apart = group.slice(1).map((line, i) => (line.middle - group[i]!.middle) / sure.pitch);
			if (from < 0 || group.length < height || apart.some((each) => each < 1 || each > 3.5)) continue;
			// Lines of a zone begin below each other at one pitch: one that was not seen whole stands as the whole one does.
			if (!groups.has(group[0]!)) groups.set(group[0]!, group.map((line) => (line.count === sure.count ? line : { ...line, first: sure.first, pitch: sure.pitch, count: sure.count })));
		}
	}
	return [...groups.values()].sort((a, b) => b[0]!.middle - a[0]!.middle);
}
