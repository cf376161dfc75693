// A photograph of an identity document, reduced to its picture: where it was taken, by which telephone, and whatever stands behind the picture goes.
// JPEG: ITU-T T.81 Annex B. PNG: ISO/IEC 15948 §5. Nothing is decoded here.

import { concat } from '#crypto/bytes.ts';
import { mediaType } from '../documents/media-type.ts';
import { DomainError } from '../errors.ts';

/** Bytes of one image. */
export const maximumImage = 10 * 1024 * 1024;
const leastSide = 200;
const mostPixels = 50_000_000;

export interface Picture {
	readonly mediaType: 'image/jpeg' | 'image/png';
	readonly bytes: Uint8Array;
	readonly width: number;
	readonly height: number;
}

const damaged = () => new DomainError('invalid', 'image-damaged');

/** Of any size, the picture alone. `invalid`: `image-type` for anything but JPEG and PNG by their bytes, `image-damaged`. */
export function bare(bytes: Uint8Array): Picture {
	const type = mediaType(bytes.subarray(0, 512));
	if (type !== 'image/jpeg' && type !== 'image/png') throw new DomainError('invalid', 'image-type');
	const { parts, width, height } = (type === 'image/jpeg' ? jpeg : png)(bytes);
	return { mediaType: type, bytes: concat(...parts), width, height };
}

/** The photograph, alone. `invalid`: as above, `image-small`, `image-large` (pixels); `too-large` / `image-too-large` (bytes). */
export function picture(bytes: Uint8Array): Picture {
	if (bytes.length > maximumImage) throw new DomainError('too-large', 'image-too-large', { maximum: maximumImage });
	const found = bare(bytes);
	if (Math.min(found.width, found.height) < leastSide) throw new DomainError('invalid', 'image-small');
	if (found.width * found.height > mostPixels) throw new DomainError('invalid', 'image-large');
	return found;
}

interface Kept {
	readonly parts: readonly Uint8Array[];
	readonly width: number;
	readonly height: number;
}

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Tables, frames, scans and the restart interval; JFIF (APP0) and Adobe (APP14) say how colours are coded. */
const isPicture = (marker: number) => (marker >= 0xc0 && marker <= 0xcf) || [0xda, 0xdb, 0xdd, 0xe0, 0xee].includes(marker);

/** Where the next marker stands after entropy-coded data: stuffed zeroes and restarts belong to the data. */
function afterScan(bytes: Uint8Array, from: number): number {
	for (let at = from; at + 1 < bytes.length; at++) if (bytes[at] === 0xff && bytes[at + 1] !== 0 && !(bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7) && bytes[at + 1] !== 0xff) return at;
	throw damaged();
}

function jpeg(bytes: Uint8Array): Kept {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const parts = [bytes.subarray(0, 2)];
	let size: { width: number; height: number } | null = null;
	for (let at = 2; at + 4 <= bytes.length; ) {
		if (bytes[at] !== 0xff) throw damaged();
		const marker = bytes[at + 1]!;
		if (marker === 0xff) {
			at++; // fill
			continue;
		}
		let end = at + 2 + view.getUint16(at + 2);
		if (end > bytes.length || end < at + 4) throw damaged();
		if (isFrame(marker)) {
			if (end < at + 10) throw damaged();
			size ??= { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
		}
		if (marker === 0xda) end = afterScan(bytes, end);
		if (isPicture(marker)) parts.push(bytes.subarray(at, end));
		if (bytes[end] === 0xff && bytes[end + 1] === 0xd9 && size) return { parts: [...parts, bytes.subarray(end, end + 2)], ...size };
		at = end;
	}
	throw damaged();
}

const pngKept = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

function png(bytes: Uint8Array): Kept {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const parts = [bytes.subarray(0, 8)];
	for (let at = 8; at + 12 <= bytes.length; ) {
		const end = at + 12 + view.getUint32(at);
		const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
		if (end > bytes.length || (at === 8 && (type !== 'IHDR' || end < at + 25))) throw damaged();
		if (pngKept.has(type)) parts.push(bytes.subarray(at, end));
		if (type === 'IEND') return { parts, width: view.getUint32(16), height: view.getUint32(20) };
		at = end;
	}
	throw damaged();
}
