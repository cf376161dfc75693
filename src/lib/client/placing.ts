// Where a field may stand on its page, and how it moves there. Points, from the top left corner of the page as seen.

export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

const least = 8;
const clamp = (n: number, from: number, to: number) => Math.max(from, Math.min(to, n));
const hundredths = (n: number) => Math.round(n * 100) / 100;

/** The box wholly on its page, no smaller than 8 points. */
export function within<B extends Box>(box: B, page: Size): B {
	const [width, height] = [clamp(box.width, least, page.width), clamp(box.height, least, page.height)];
	// rounded down, or the far edge would pass the page's by a hundredth
	const to = (n: number, of: number) => Math.floor(clamp(n, 0, of) * 100) / 100;
	return { ...box, x: to(box.x, page.width - width), y: to(box.y, page.height - height), width: hundredths(width), height: hundredths(height) };
}

/** Of 4 points: close enough to stand in line with another. */
const near = 4;

/** The box moved into line with an edge of another, when it is close to one. */
export function snapped<B extends Box>(box: B, others: readonly Box[]): B {
	const nearest = (edges: readonly (readonly [own: number, other: number])[]) => edges.map(([own, other]) => other - own).filter((d) => Math.abs(d) <= near).sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
	const dx = nearest(others.flatMap((o) => [[box.x, o.x], [box.x + box.width, o.x + o.width], [box.x, o.x + o.width]] as const));
	const dy = nearest(others.flatMap((o) => [[box.y, o.y], [box.y + box.height, o.y + o.height], [box.y, o.y + o.height]] as const));
	return { ...box, x: box.x + dx, y: box.y + dy };
}

const arrows: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What an arrow key does: moves by 1 point, by 10 with Shift; with Alt it makes larger or smaller. Null for another key. */
export function nudged<B extends Box>(box: B, { key, shiftKey, altKey }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey'>): B | null {
	const way = arrows[key];
	if (!way) return null;
	const [dx, dy] = way.map((n) => n * (shiftKey ? 10 : 1)) as [number, number];
	return altKey ? { ...box, width: box.width + dx, height: box.height + dy } : { ...box, x: box.x + dx, y: box.y + dy };
}
