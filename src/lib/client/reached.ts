// Which pages were really before the reader's eyes: half of the page, or half of the window full of it, for a moment, in a window that is shown.

/** How long a page stays in view to count, in milliseconds. */
const moment = 400;
const steps = Array.from({ length: 21 }, (_, i) => i / 20);

/** Whether what is in view of a page is enough to read from it. */
export const inView = ({ isIntersecting, intersectionRatio, intersectionRect, rootBounds }: Pick<IntersectionObserverEntry, 'isIntersecting' | 'intersectionRatio' | 'intersectionRect' | 'rootBounds'>): boolean =>
	isIntersecting && (intersectionRatio >= 0.5 || (rootBounds !== null && intersectionRect.height >= rootBounds.height / 2));

export interface Watch {
	/** Watches a page's element; the page counts only after `drawn` was said of it. */
	page(element: Element, number: number): () => void;
	/** The page's content is on screen. */
	drawn(number: number): void;
}

/** Tells each page once, when it has been reached, and at each change the page that fills most of the window. */
export function watchPages(onReached: (number: number) => void, onCurrent: (number: number) => void): Watch {
	const there = new Set<number>();
	const shown = new Set<number>();
	const heights = new Map<number, number>();
	const waiting = new Map<number, ReturnType<typeof setTimeout>>();

	function weigh(number: number): void {
		clearTimeout(waiting.get(number));
		if (!there.has(number) || !shown.has(number)) return;
		const settle = () => (document.visibilityState === 'visible' ? onReached(number) : weigh(number));
		waiting.set(number, setTimeout(settle, moment));
	}
	return {
		page(element, number) {
			const observer = new IntersectionObserver(
				(entries) => {
					const entry = entries.at(-1)!;
					heights.set(number, entry.isIntersecting ? entry.intersectionRect.height : 0);
					const [most] = [...heights].reduce((a, b) => (b[1] > a[1] ? b : a));
					onCurrent(most);
					const now = inView(entry);
					if (now === there.has(number)) return;
					if (now) there.add(number);
					else there.delete(number);
					weigh(number);
				},
				{ threshold: steps }
			);
			observer.observe(element);
			return () => {
				observer.disconnect();
				clearTimeout(waiting.get(number));
			};
		},
		drawn(number) {
			shown.add(number);
			weigh(number);
		}
	};
}
