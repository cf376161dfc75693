// Photographs of identity documents that nobody has: the zone in OCR-B (fonts-ocr-b) and some lines for people to read, drawn by GraphicsMagick, then spoilt.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const fonts = { zone: '/usr/share/fonts/opentype/ocr-b/OCRB.otf', words: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' };

/** What is missing to draw them; empty when nothing is. */
export const missing = ['/usr/bin/gm', ...Object.values(fonts)].filter((file) => !existsSync(file));

/** The zones of the specimens of ICAO 9303-4, -6 and -5, and of the French card. */
export const specimens = {
	TD3: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
	TD2: ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'],
	TD1: ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
	'FR-ID': ['IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<', '8806923102858CORINNE<<<<<<<6512068F6']
} as const satisfies Record<string, readonly string[]>;

const desk = '#6b5a48';

/** What is done to a photograph of 1560 × 1110 pixels, in the words of `gm convert`. */
export const spoilt = {
	straight: [],
	'tilted by 5°': ['-background', desk, '-rotate', '5'],
	'tilted by -10°': ['-background', desk, '-rotate', '-10'],
	'upside down': ['-rotate', '180'],
	sideways: ['-rotate', '90'],
	'slightly blurred': ['-blur', '0x1.5'],
	blurred: ['-blur', '0x9'],
	'with glare beside the zone': ['-fill', 'white', '-draw', 'circle 1250,300 1250,370', '-blur', '0x1'],
	'with glare over the zone': ['-fill', 'white', '-draw', 'circle 900,930 900,1010', '-blur', '0x1'],
	dark: ['-modulate', '25'],
	small: ['-resize', '420x420']
} as const satisfies Record<string, readonly string[]>;

/** A photograph of a document on a desk, as JPEG. */
export function photograph(zone: readonly string[], how: readonly string[] = []): Uint8Array {
	const [width, height] = [1400, 950];
	const size = Math.floor((width * 0.88) / zone[0]!.length / 0.72); // a pitch of OCR-B is 0.72 of its size
	const lines = zone.map((line, i) => `text 84,${height - 60 - (zone.length - 1 - i) * Math.round(size * 1.75)} '${line}'`).join(' ');
	const words = ['REPUBLIC OF UTOPIA', 'Surname / Nom', 'ERIKSSON', 'Given names / Prénoms', 'ANNA MARIA', '12 AUG 1974'].map((line, i) => `text 450,${90 + i * 55} '${line}'`).join(' ');
	const paper = ['-size', `${width}x${height}`, 'xc:#e6e0d2', '-fill', '#aaaaaa', '-draw', 'rectangle 60,90 380,500', '-fill', '#333333', '-font', fonts.words, '-pointsize', '30', '-draw', words];
	return execFileSync('gm', ['convert', ...paper, '-fill', '#282828', '-font', fonts.zone, '-pointsize', String(size), '-draw', lines, '-bordercolor', desk, '-border', '80', ...how, '-quality', '80', 'jpeg:-'], { maxBuffer: 1 << 26 });
}
