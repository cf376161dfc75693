// What someone typed, as a page of its field's size: the appearance of a filled form field, in any script.

import { PDFDocument } from 'pdf-lib';
import { fontFile, ink } from './author.ts';
import { drawLine, embedFonts, wrap } from './text.ts';

/** In points. */
const [largest, least] = [11, 4];

/** The text, as large as fits up to 11 points, from the top of its lines; at 4 points what does not fit is cut by the field's edge. `fonts`: files for letters that DejaVu lacks. */
export async function authorText({ width, height, text }: { readonly width: number; readonly height: number; readonly text: string }, fonts: readonly string[] = []): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	const font = await embedFonts(pdf, [fontFile('DejaVuSans'), ...fonts], text);
	const page = pdf.addPage([width, height]);
	const linesAt = (size: number) => text.split('\n').flatMap((line) => (line.trim() ? wrap(line, font, size, width - 4) : ['']));
	let size = Math.min(largest, (height - 2) / 1.2);
	while (size > least && linesAt(size).length * size * 1.2 > height - 2) size -= 0.5;
	size = Math.max(size, least);
	const lines = linesAt(size);
	const spare = Math.max(0, height - lines.length * size * 1.2);
	let y = height - spare / 2 - size * 0.95;
	for (const line of lines) {
		if (line) drawLine(page, line, font, { x: 2, y, size, color: ink });
		y -= size * 1.2;
	}
	return pdf.save({ useObjectStreams: false });
}
