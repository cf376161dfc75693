// Two fingers, or the wheel with Ctrl held (a trackpad's pinch), as a factor of zoom.

/** Tells `zoom` the factor since the last call, while the gesture goes on. Returns how to stop listening. */
export function pinch(element: HTMLElement, zoom: (factor: number) => void): () => void {
	let apart: number | null = null;
	const distance = ({ touches: [a, b] }: TouchEvent) => (a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : null);
	const start = (event: TouchEvent) => {
		apart = event.touches.length === 2 ? distance(event) : null;
	};
	const move = (event: TouchEvent) => {
		const now = event.touches.length === 2 ? distance(event) : null;
		if (!now || !apart) return;
		event.preventDefault();
		zoom(now / apart);
		apart = now;
	};
	const wheel = (event: WheelEvent) => {
		if (!event.ctrlKey) return;
		event.preventDefault();
		zoom(Math.exp(-event.deltaY / 200));
	};
	element.addEventListener('touchstart', start, { passive: true });
	element.addEventListener('touchmove', move, { passive: false });
	element.addEventListener('wheel', wheel, { passive: false });
	return () => {
		element.removeEventListener('touchstart', start);
		element.removeEventListener('touchmove', move);
		element.removeEventListener('wheel', wheel);
	};
}
