// Photographs for tests: real PNG files of noise, and the parts of a JPEG file.

import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	const check = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	check.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, check]);
}

/** A grey PNG with whatever other chunks are named before its data. `seed` makes two of them differ. */
export function pngOf(width: number, height: number, seed = 1, more: Readonly<Record<string, string>> = {}): Uint8Array {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 0, 0, 0, 0], 8);
	const rows = Buffer.alloc((width + 1) * height);
	let state = seed;
	for (let i = 0; i < rows.length; i++) rows[i] = i % (width + 1) === 0 ? 0 : (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16;
	const extra = Object.entries(more).map(([type, text]) => chunk(type, Buffer.from(text)));
	return new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...extra, chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array())]));
}

const segment = (marker: number, data: string): Buffer => Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), Buffer.from(data, 'latin1')]);

/** A JPEG's outline: what may identify (EXIF, comment, what follows the end) around what is the picture. */
export function jpegOf(width: number, height: number): Uint8Array {
	const frame = String.fromCharCode(8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0);
	return new Uint8Array(
		Buffer.concat([
			Buffer.from([0xff, 0xd8]),
			segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0'),
			segment(0xe1, 'Exif\0\0GPS 48.8566 2.3522'),
			segment(0xfe, 'taken by Zoe'),
			segment(0xdb, `\0${'\x10'.repeat(64)}`),
			segment(0xc0, frame),
			segment(0xc4, `\0${'\0'.repeat(16)}`),
			segment(0xda, '\x01\x01\0\0\x3f\0'),
			Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9]),
			Buffer.from('a second picture behind the first')
		])
	);
}
