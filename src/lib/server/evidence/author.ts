// PDFs of our own making: receipts and the visible marks of signatures. New files only; nothing deposited ever passes through here.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import { PDFDocument, rgb, type PDFFont } from 'pdf-lib';

const here = createRequire(import.meta.url);
const fontFile = (name: string) => here.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
let fonts: Promise<{ regular: Buffer; bold: Buffer }> | null = null;
const loadFonts = () => (fonts ??= Promise.all([readFile(fontFile('DejaVuSans')), readFile(fontFile('DejaVuSans-Bold'))]).then(([regular, bold]) => ({ regular, bold })));

const ink = rgb(0.1, 0.13, 0.18);
const faint = rgb(0.42, 0.45, 0.5);

/** The text in lines no wider than `width`, broken at spaces, or inside a word that is wider by itself. */
export function wrap(text: string, font: PDFFont, size: number, width: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(/\s+/).flatMap((w) => (font.widthOfTextAtSize(w, size) <= width ? [w] : chop(w, font, size, width)))) {
		const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
		if (lines.length && font.widthOfTextAtSize(longer, size) <= width) lines[lines.length - 1] = longer;
		else lines.push(word);
	}
	return lines;
}

function chop(word: string, font: PDFFont, size: number, width: number): string[] {
	const out = [''];
	for (const c of word) {
		if (font.widthOfTextAtSize(out.at(-1)! + c, size) > width) out.push('');
		out[out.length - 1] += c;
	}
	return out;
}

export interface Sheet {
	readonly title: string;
	readonly lead: string;
	/** Label and value, in order. */
	readonly rows: readonly (readonly [label: string, value: string])[];
	readonly foot: string;
	readonly language: 'fr' | 'en';
	readonly at: Date;
}

/** A document whose lines follow each other over as many A4 pages as they need. */
async function begin(head: Pick<Sheet, 'title' | 'language' | 'at'>) {
	const pdf = await PDFDocument.create();
	pdf.registerFontkit(fontkit);
	const { regular, bold } = await loadFonts();
	const [text, strong] = [await pdf.embedFont(regular, { subset: true }), await pdf.embedFont(bold, { subset: true })];
	pdf.setTitle(head.title);
	pdf.setLanguage(head.language);
	pdf.setProducer('Probant');
	pdf.setCreator('Probant');
	pdf.setCreationDate(head.at);
	pdf.setModificationDate(head.at);
	let page = pdf.addPage([595, 842]);
	let y = 780;
	return {
		text,
		strong,
		space: (height: number) => void (y -= height),
		/** Words broken into lines, on the next page when this one is full. */
		write(words: string, size: number, font: PDFFont, color = ink): void {
			for (const line of wrap(words, font, size, 480)) {
				if (y < 130) {
					page = pdf.addPage([595, 842]);
					y = 780;
				}
				page.drawText(line, { x: 56, y, size, font, color });
				y -= size * 1.5;
			}
		},
		save: () => pdf.save({ useObjectStreams: false })
	};
}

/** Labelled values. */
export async function authorSheet(sheet: Sheet): Promise<Uint8Array> {
	const { text, strong, space, write, save } = await begin(sheet);
	write(sheet.title, 18, strong);
	space(6);
	write(sheet.lead, 10, text);
	space(10);
	for (const [label, value] of sheet.rows) {
		write(label, 8, text, faint);
		write(value, 9.5, text);
		space(4);
	}
	space(8);
	write(sheet.foot, 8, text, faint);
	return save();
}

export interface Deed {
	readonly title: string;
	readonly lead: string;
	/** Heading and words of each, in order. */
	readonly articles: readonly (readonly [heading: string, words: string])[];
	readonly language: 'fr' | 'en';
	readonly at: Date;
}

/** A contract in articles. */
export async function authorDeed(deed: Deed): Promise<Uint8Array> {
	const { text, strong, space, write, save } = await begin(deed);
	write(deed.title, 18, strong);
	space(6);
	write(deed.lead, 10, text);
	for (const [heading, words] of deed.articles) {
		space(12);
		write(heading, 11, strong);
		space(2);
		write(words, 10, text);
	}
	return save();
}

export interface Mark {
	readonly width: number;
	readonly height: number;
	/** The signer's name, large. */
	readonly name: string;
	/** Small lines below it. */
	readonly lines: readonly string[];
	/** Strokes in thousandths of a drawing as wide as three times its height, y down; null: the name stands for it. */
	readonly drawing: readonly (readonly (readonly [number, number])[])[] | null;
}

/** The visible mark of one signature, as a page of its size. */
export async function authorMark(mark: Mark): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.registerFontkit(fontkit);
	const font = await pdf.embedFont((await loadFonts()).regular, { subset: true });
	const { width, height } = mark;
	const page = pdf.addPage([width, height]);
	page.drawRectangle({ x: 0.5, y: 0.5, width: width - 1, height: height - 1, borderColor: faint, borderWidth: 0.6, color: rgb(1, 1, 1) });
	const small = Math.max(4, Math.min(6.5, height / 10));
	let y = small * 0.8;
	const lines = mark.lines.flatMap((l) => wrap(l, font, small, width - 10)).slice(0, 5);
	for (const l of [...lines].reverse()) {
		page.drawText(l, { x: 5, y, size: small, font, color: faint });
		y += small * 1.25;
	}
	const room = height - y - 3;
	if (mark.drawing) {
		const scale = Math.min(width - 10, room * 3) / 1000;
		for (const stroke of mark.drawing) {
			const path = stroke.map(([x, py], i) => `${i ? 'L' : 'M'} ${(x * scale).toFixed(2)} ${((py * scale) / 3).toFixed(2)}`).join(' ');
			page.drawSvgPath(stroke.length > 1 ? path : `${path} l 0.6 0`, { x: 5, y: height - 2, borderColor: ink, borderWidth: 1.1 });
		}
	} else {
		let size = Math.min(16, room * 0.75);
		while (size > 5 && font.widthOfTextAtSize(mark.name, size) > width - 10) size -= 0.5;
		page.drawText(wrap(mark.name, font, size, width - 10)[0] ?? '', { x: 5, y: y + (room - size) / 2, size, font, color: ink });
	}
	return pdf.save({ useObjectStreams: false });
}
