// pdf.js in the browser, loaded when it is needed: no scripts, no XFA (and no eval: the CSP forbids it); pages are drawn as they come into view.

import type { PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

export interface Viewed {
	readonly pages: number;
	/** Draws a page into a canvas as wide as `width` CSS pixels. */
	draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>;
	/** The page's text, for those who do not see the canvas. */
	text(page: number): Promise<string>;
	close(): Promise<void>;
}

/** Opens a PDF from bytes already here and checked. The bytes are handed over. */
export async function view(bytes: Uint8Array): Promise<Viewed> {
	const pdfjs = await import('pdfjs-dist');
	pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
	const loading = pdfjs.getDocument({ data: bytes, enableXfa: false, useSystemFonts: true, disableAutoFetch: true, stopAtErrors: false });
	const document: PDFDocumentProxy = await loading.promise;
	return {
		pages: document.numPages,
		async draw(number, canvas, width) {
			const page = await document.getPage(number);
			const base = page.getViewport({ scale: 1 });
			const density = Math.min(2, window.devicePixelRatio || 1);
			const viewport = page.getViewport({ scale: (width / base.width) * density });
			canvas.width = Math.round(viewport.width);
			canvas.height = Math.round(viewport.height);
			await page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.ENABLE }).promise;
		},
		async text(number) {
			const content = await (await document.getPage(number)).getTextContent();
			return content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : ' ') : '')).join('');
		},
		close: () => loading.destroy()
	};
}
