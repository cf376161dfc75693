// PDFs of our own making: receipts and the visible marks of signatures. New files only; nothing deposited ever passes through here.

import { createRequire } from 'node:module';
import { AFRelationship, PDFDocument, rgb, type PDFFont } from 'pdf-lib';
import { drawLine, embedFonts, widthOf, wrap } from './text.ts';

const here = createRequire(import.meta.url);
export const fontFile = (name: string) => here.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

export const ink = rgb(0.1, 0.13, 0.18);
const faint = rgb(0.42, 0.45, 0.5);

export interface Sheet {
	readonly title: string;
	readonly lead: string;
	/** Label and value, in order. */
	readonly rows: readonly (readonly [label: string, value: string])[];
	/** More of them under headings. */
	readonly sections?: readonly { readonly heading: string; readonly rows: Sheet['rows'] }[];
	/** Much to say in few pages: each label runs into its value. */
	readonly dense?: boolean;
	/** A file inside the PDF that holds the same as data (ISO 32000-2 §7.11.4, §14.13: /Data). */
	readonly attachment?: { readonly name: string; readonly type: string; readonly content: Uint8Array; readonly about: string };
	readonly foot: string;
	readonly language: 'fr' | 'en';
	readonly at: Date;
}

/** A document whose lines follow each other over as many A4 pages as they need. `words`: all that it will say. `fonts`: files for letters that DejaVu lacks. */
export async function begin(head: Pick<Sheet, 'title' | 'language' | 'at' | 'dense'>, words: string, fonts: readonly string[]) {
	const pdf = await PDFDocument.create();
	const [text, strong] = [await embedFonts(pdf, [fontFile('DejaVuSans'), ...fonts], words), await embedFonts(pdf, [fontFile('DejaVuSans-Bold'), ...fonts], words)];
	pdf.setTitle(head.title);
	pdf.setLanguage(head.language);
	pdf.setProducer('Probant');
	pdf.setCreator('Probant');
	pdf.setCreationDate(head.at);
	pdf.setModificationDate(head.at);
	let page = pdf.addPage([595, 842]);
	let y = 780;
	const foot = head.dense ? 100 : 130; // room for the seal
	const next = () => {
		if (y >= foot) return;
		page = pdf.addPage([595, 842]);
		y = 780;
	};
	return {
		text,
		strong,
		space: (height: number) => void (y -= height),
		/** Words broken into lines, on the next page when this one is full. */
		write(words: string, size: number, fonts: readonly PDFFont[], color = ink): void {
			for (const line of wrap(words, fonts, size, 480)) {
				next();
				drawLine(page, line, fonts, { x: 56, y, size, color, direction: 'ltr' });
				y -= size * 1.5;
			}
		},
		/** Another page, and its 0-based index. */
		turn(): number {
			page = pdf.addPage([595, 842]);
			y = 780;
			return pdf.getPageCount() - 1;
		},
		/** One line whose base is `down` points from the top of this page. */
		put: (words: string, x: number, down: number, size: number, fonts: readonly PDFFont[]) => drawLine(page, words, fonts, { x, y: 842 - down, size, color: ink, direction: 'ltr' }),
		/** The same, its first words fainter. */
		runIn(label: string, words: string, size: number): void {
			let left = label.split(/\s+/).join(' ').length;
			for (const line of wrap(`${label} ${words}`, text, size, 484)) {
				next();
				const [first, rest] = [line.slice(0, Math.max(0, left)), line.slice(Math.max(0, left))];
				if (first) drawLine(page, first, text, { x: 56, y, size, color: faint, direction: 'ltr' });
				if (rest) drawLine(page, rest, text, { x: 56 + widthOf(first, text, size), y, size, color: ink, direction: 'ltr' });
				left -= line.length + 1;
				y -= size * 1.45;
			}
		},
		attach: ({ name, type, content, about }: NonNullable<Sheet['attachment']>) => pdf.attach(content, name, { mimeType: type, description: about, creationDate: head.at, modificationDate: head.at, afRelationship: AFRelationship.Data }),
		save: () => pdf.save({ useObjectStreams: false })
	};
}

/** Labelled values. `fonts`: files for letters that DejaVu lacks. */
export async function authorSheet(sheet: Sheet, fonts: readonly string[] = []): Promise<Uint8Array> {
	const sections = sheet.sections ?? [];
	const all = [sheet.title, sheet.lead, sheet.foot, ...sheet.rows.flat(), ...sections.flatMap(({ heading, rows }) => [heading, ...rows.flat()])];
	const { text, strong, space, write, runIn, attach, save } = await begin(sheet, all.join(' '), fonts);
	const list = (rows: Sheet['rows']) => {
		for (const [label, value] of rows) {
			if (sheet.dense) {
				runIn(`${label} :`, value, 8.5);
				space(2);
				continue;
			}
			write(label, 8, text, faint);
			write(value, 9.5, text);
			space(4);
		}
	};
	write(sheet.title, 18, strong);
	space(6);
	write(sheet.lead, 10, text);
	space(10);
	list(sheet.rows);
	for (const { heading, rows } of sections) {
		space(sheet.dense ? 6 : 10);
		write(heading, 12, strong);
		space(sheet.dense ? 1 : 4);
		list(rows);
	}
	space(8);
	write(sheet.foot, 8, text, faint);
	if (sheet.attachment) await attach(sheet.attachment);
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

/** A contract in articles. `fonts` as above. */
export async function authorDeed(deed: Deed, fonts: readonly string[] = []): Promise<Uint8Array> {
	const { text, strong, space, write, save } = await begin(deed, [deed.title, deed.lead, ...deed.articles.flat()].join(' '), fonts);
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

/** The visible mark of one signature, as a page of its size. `fonts`: files for letters that DejaVu lacks; what none has is named by its code point. */
export async function authorMark(mark: Mark, fonts: readonly string[] = []): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	const font = await embedFonts(pdf, [fontFile('DejaVuSans'), ...fonts], [mark.name, ...mark.lines].join(' '));
	const { width, height } = mark;
	const page = pdf.addPage([width, height]);
	page.drawRectangle({ x: 0.5, y: 0.5, width: width - 1, height: height - 1, borderColor: faint, borderWidth: 0.6, color: rgb(1, 1, 1) });
	const small = Math.max(4, Math.min(6.5, height / 10));
	let y = small * 0.8;
	const lines = mark.lines.flatMap((l) => wrap(l, font, small, width - 10)).slice(0, 5);
	for (const l of [...lines].reverse()) {
		drawLine(page, l, font, { x: 5, y, size: small, color: faint, direction: 'ltr' });
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
		while (size > 5 && widthOf(mark.name, font, size) > width - 10) size -= 0.5;
		drawLine(page, wrap(mark.name, font, size, width - 10)[0] ?? '', font, { x: 5, y: y + (room - size) / 2, size, color: ink });
	}
	return pdf.save({ useObjectStreams: false });
}
