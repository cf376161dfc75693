// Waiting for the server without asking again and again: one stream of events, closed while nobody looks, opened again at the present state.

/** Tells each state of an event stream (`src/lib/server/follow.ts`), the present one first. Returns how to stop; `onEnd` gets the reason when the server ended it. */
export function follow<T>(address: string, tell: (state: T) => void, onEnd: (reason: string) => void = () => {}): () => void {
	let source: EventSource | null = null;
	function close(): void {
		source?.close();
		source = null;
	}
	function open(): void {
		if (source || document.visibilityState === 'hidden') return;
		source = new EventSource(address);
		source.onmessage = ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as T);
		source.addEventListener('end', ({ data }: MessageEvent<string>) => {
			stop();
			onEnd((JSON.parse(data) as { reason: string }).reason);
		});
	}
	const look = () => (document.visibilityState === 'hidden' ? close() : open());
	function stop(): void {
		document.removeEventListener('visibilitychange', look);
		close();
	}
	document.addEventListener('visibilitychange', look);
	open();
	return stop;
}
