// The machine readable zone of one image: found at any tilt up to 15° and any quarter turn, read, and given only if every character was plain.

import { blobs, tilt } from './blobs.ts';
import { characters, type Glyph } from './glyphs.ts';
import { agrees, readMrz, type Mrz } from './mrz.ts';
import { ink, scaled, turned, type Raster } from './raster.ts';
import { zones } from './zone-lines.ts';

/** Below, a character is not told from another, or is none: measured on blurred specimens, where wrong ones led by up to 0.005 and right ones by 0.02 and more. */
const plain = { score: 0.7, lead: 0.02 };
/** Long side below which characters are made larger before they are looked for. */
const comfortable = 1500;

/** Of one turn; a page full of even lines must not take for ever. */
const mostZones = 4;

const pieces = (raster: Raster) => blobs(ink(raster, Math.round(raster.width / 60), 10), raster.width, { lowest: 8, highest: raster.height / 8, widest: raster.width / 12 });
const letter = (seen: Glyph | null) => (seen && seen.score >= plain.score && seen.lead >= plain.lead ? seen.character : '?');

/** The zone, where one can be read: the first whose checks agree, else the first with the shape of one. Null when there is none, or a character is in doubt. */
export function zoneOf(image: Raster, today: string): Mrz | null {
	const raster = scaled(image, Math.min(4, Math.max(1, comfortable / Math.max(image.width, image.height))));
	let doubtful: Mrz | null = null;
	for (const quarter of [0, 180, 90, 270]) {
		const upright = turned(raster, quarter);
		const level = turned(upright, tilt(pieces(upright), upright.width, upright.height));
		for (const lines of zones(pieces(level)).slice(0, mostZones)) {
			const read = readMrz(characters(level, lines).map((line) => line.map(letter).join('')), today);
			if (read && agrees(read)) return read;
			doubtful ??= read;
		}
	}
	return doubtful;
}
