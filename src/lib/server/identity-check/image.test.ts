import { expect, test } from 'vitest';
import { jpegOf, pngOf } from '../../../../test/support/pictures.ts';
import { maximumImage, picture } from './image.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

test('SIGN-20 a photograph keeps its picture and loses where, when, by whom and with what it was taken', () => {
	const jpeg = picture(jpegOf(1200, 800));
	expect(jpeg).toMatchObject({ mediaType: 'image/jpeg', width: 1200, height: 800 });
	for (const gone of ['GPS', 'Exif', 'Zoe', 'second']) expect(text(jpeg.bytes)).not.toContain(gone);
	expect(text(jpeg.bytes)).toContain('JFIF');
	expect(text(jpeg.bytes).endsWith('\x12\xff\0\x34\xff\xd0\x56\xff\xd9')).toBe(true);
	expect(picture(jpeg.bytes).bytes).toEqual(jpeg.bytes);
	const png = picture(Buffer.concat([pngOf(640, 400, 1, { tEXt: 'Author\0Zoe', eXIf: 'GPS' }), Buffer.from('behind')]));
	expect(png).toMatchObject({ mediaType: 'image/png', width: 640, height: 400 });
	for (const gone of ['GPS', 'Zoe', 'behind']) expect(text(png.bytes)).not.toContain(gone);
	expect(png.bytes).toEqual(pngOf(640, 400));
});

test('SIGN-3 what is no photograph is refused by its bytes, each for its own reason', () => {
	const why = (bytes: Uint8Array) => {
		try {
			picture(bytes);
		} catch (error) {
			return (error as { reason: string }).reason;
		}
		return 'taken';
	};
	expect(why(new TextEncoder().encode('%PDF-1.7 hello'))).toBe('image-type');
	expect(why(new TextEncoder().encode('<svg onload=alert(1)>'))).toBe('image-type');
	expect(why(pngOf(640, 199))).toBe('image-small');
	expect(why(jpegOf(60_000, 60_000))).toBe('image-large');
	expect(why(new Uint8Array(maximumImage + 1))).toBe('image-too-large');
	for (const whole of [jpegOf(800, 600), pngOf(640, 400)]) {
		const ends = Array.from({ length: Math.min(whole.length, 300) }, (_, i) => i + 12).filter((end) => end < whole.length - 40);
		for (const end of ends) expect(['image-damaged', 'image-type']).toContain(why(whole.subarray(0, end)));
	}
});
