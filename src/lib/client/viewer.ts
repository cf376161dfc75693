// pdf.js in the browser, loaded when it is needed: no scripts, no XFA (and no eval: the CSP forbids it); pages are drawn as they come into view.

import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import type { Piece } from './anchors.ts';

export interface Viewed {
	readonly pages: number;
	/** Width of a page divided by its height. */
	ratio(page: number): Promise<number>;
	/** Of a page as seen, in points of 1/72 inch. */
	size(page: number): Promise<{ readonly width: number; readonly height: number }>;
	/** The page's text in its pieces, each where it is seen. */
	pieces(page: number): Promise<Piece[]>;
	/** Draws a page into a canvas as wide as `width` CSS pixels; a drawing of the same canvas under way is given up. */
	draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>;
	/** The page's text, for those who do not see the canvas, or would rather read. */
	text(page: number): Promise<string>;
	close(): Promise<void>;
}

/** How much of a line's height stands above its base, about, in any font. */
const ascent = 0.8;

/** The most pixels of one canvas: phones draw nothing above about 16 million. */
const mostPixels = 12_000_000;

/** White paper: by default of one pixel, which gives the memory of what was drawn back. A canvas without transparency, as pdf.js asks for it, is black of itself. */
export function blank(canvas: HTMLCanvasElement, width = 1, height = 1): void {
	canvas.width = width;
	canvas.height = height;
	const paper = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
	paper.fillStyle = 'white';
	paper.fillRect(0, 0, width, height);
}

/** The viewer's own code did not arrive: that says nothing of the document. */
export class ViewerMissing extends Error {
	override name = 'ViewerMissing';
}

/** pdf.js, and its worker in the browser's cache. */
async function load(): Promise<typeof import('pdfjs-dist')> {
	try {
		const [pdfjs, worker] = await Promise.all([import('pdfjs-dist'), fetch(workerUrl)]);
		if (!worker.ok) throw new Error(`worker: ${worker.status}`);
		await worker.arrayBuffer();
		return pdfjs;
	} catch (cause) {
		throw new ViewerMissing('pdf.js did not arrive', { cause });
	}
}

/** Opens a PDF from bytes already here and checked. The bytes are handed over. Throws ViewerMissing when our own code did not arrive, anything else when the document cannot be opened. */
export async function view(bytes: Uint8Array): Promise<Viewed> {
	const pdfjs = await load();
	pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
	const loading = pdfjs.getDocument({ data: bytes, enableXfa: false, useSystemFonts: true, disableAutoFetch: true, stopAtErrors: false });
	const document: PDFDocumentProxy = await loading.promise;
	const underWay = new WeakMap<HTMLCanvasElement, RenderTask>();
	return {
		pages: document.numPages,
		async ratio(number) {
			const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
			return width / height;
		},
		async size(number) {
			const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
			return { width, height };
		},
		async pieces(number) {
			const page = await document.getPage(number);
			const { transform, scale } = page.getViewport({ scale: 1 });
			return (await page.getTextContent()).items.flatMap((item) => {
				if (!('str' in item) || !item.str) return [];
				const [, , c, d, x, y] = pdfjs.Util.transform(transform, item.transform) as [number, number, number, number, number, number];
				const height = Math.hypot(c, d);
				return [{ text: item.str, x, y: y - height * ascent, width: item.width * scale, height }];
			});
		},
		async draw(number, canvas, width) {
			const page = await document.getPage(number);
			const base = page.getViewport({ scale: 1 });
			const wanted = (width / base.width) * Math.min(2, window.devicePixelRatio || 1);
			const viewport = page.getViewport({ scale: Math.min(wanted, Math.sqrt(mostPixels / (base.width * base.height))) });
			const before = underWay.get(canvas);
			before?.cancel();
			await before?.promise.catch(() => {}); // cancelled: the new drawing takes its place
			blank(canvas, Math.round(viewport.width), Math.round(viewport.height));
			const task = page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.ENABLE });
			underWay.set(canvas, task);
			await task.promise;
		},
		async text(number) {
			const content = await (await document.getPage(number)).getTextContent();
			return content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : ' ') : '')).join('');
		},
		close: () => loading.destroy()
	};
}
