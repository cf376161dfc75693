// A page as a reader shows it: cropped, turned and scaled (ISO 32000-2 §7.7.3.3, §14.11.2), and where its points are in user space.

import type { PdfDocument, View } from './document.ts';
import { dictOf, isArray, isNumber, isRef, type Dict, type PdfObject, type Ref } from './objects.ts';

/** Left, bottom, right, top in user space. */
export type Rect = readonly [number, number, number, number];

export interface PageView {
	/** What is shown of the page, in user space. */
	readonly box: Rect;
	/** Degrees clockwise that the reader turns it. */
	readonly rotate: 0 | 90 | 180 | 270;
	/** Points to one unit of user space. */
	readonly userUnit: number;
	/** As seen, in points of 1/72 inch. */
	readonly width: number;
	readonly height: number;
}

/** A place on the page as seen: from its top left corner to the right and down, in points of 1/72 inch. */
export interface Place {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** An entry of the page, or what it inherits (§7.7.3.4). */
export function inherited<T>(document: View, page: Dict, key: string, read: (value: PdfObject) => T | null): T | null {
	let node: Dict | null = page;
	for (let i = 0; node && i < 32; i++) {
		const found = read(document.resolve(node.map.get(key)));
		if (found !== null) return found;
		node = dictOf(document.resolve(node.map.get('Parent')));
	}
	return null;
}

/** A rectangle of numbers, whichever two corners it names. */
export function rectOf(document: View, value: PdfObject): Rect | null {
	if (!isArray(value) || value.items.length !== 4) return null;
	const [a, b, c, d] = value.items.map((v) => document.resolve(v)).map((v) => (isNumber(v) ? v.value : Number.NaN)) as [number, number, number, number];
	return [a, b, c, d].every(Number.isFinite) ? [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)] : null;
}

const a4: Rect = [0, 0, 595, 842];

/** How the page is shown. A crop box is cut to the media box; A4 upright when neither is there. */
export function pageView(document: View, page: Dict): PageView {
	const media = inherited(document, page, 'MediaBox', (v) => rectOf(document, v)) ?? a4;
	const crop = inherited(document, page, 'CropBox', (v) => rectOf(document, v)) ?? media;
	const cut: Rect = [Math.max(media[0], crop[0]), Math.max(media[1], crop[1]), Math.min(media[2], crop[2]), Math.min(media[3], crop[3])];
	const box = cut[0] < cut[2] && cut[1] < cut[3] ? cut : media;
	const turn = inherited(document, page, 'Rotate', (v) => (isNumber(v) && Number.isInteger(v.value / 90) ? v.value : null)) ?? 0;
	const rotate = (((turn % 360) + 360) % 360) as PageView['rotate'];
	const unit = document.resolve(page.map.get('UserUnit'));
	const userUnit = isNumber(unit) && unit.value > 0 ? unit.value : 1;
	const [across, up] = [(box[2] - box[0]) * userUnit, (box[3] - box[1]) * userUnit];
	const turned = rotate === 90 || rotate === 270;
	return { box, rotate, userUnit, width: turned ? up : across, height: turned ? across : up };
}

/** The user-space rectangle of what is seen at `place`. */
export function toUserSpace({ box: [left, bottom, right, top], rotate, userUnit }: PageView, place: Place): Rect {
	const at = (x: number, y: number): [number, number] => {
		const [across, down] = [x / userUnit, y / userUnit];
		if (rotate === 90) return [left + down, bottom + across];
		if (rotate === 180) return [right - across, bottom + down];
		if (rotate === 270) return [right - down, top - across];
		return [left + across, top - down];
	};
	const [[ax, ay], [bx, by]] = [at(place.x, place.y), at(place.x + place.width, place.y + place.height)];
	return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

/** What a user-space rectangle measures as seen, in points. */
export function seenSize({ rotate, userUnit }: PageView, [left, bottom, right, top]: Rect): { width: number; height: number } {
	const [across, up] = [(right - left) * userUnit, (top - bottom) * userUnit];
	return rotate === 90 || rotate === 270 ? { width: up, height: across } : { width: across, height: up };
}

/** The page that shows an annotation: the one its /P names, else the one whose /Annots holds it. */
export function pageOf(document: PdfDocument, annotation: Ref, dict: Dict): Dict | null {
	const pages = document.pages();
	const named = dict.map.get('P');
	const holds = (page: Dict): boolean => {
		const annots = document.resolve(page.map.get('Annots'));
		return isArray(annots) && annots.items.some((a) => isRef(a) && a.num === annotation.num);
	};
	return (pages.find(({ ref }) => isRef(named) && ref.num === named.num) ?? pages.find(({ page }) => holds(page)))?.page ?? null;
}
