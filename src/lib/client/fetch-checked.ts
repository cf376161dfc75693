// Bytes from the server that are used only when they are exactly the announced ones. A connection that breaks loses nothing: what arrived is kept, and the rest is asked for.

export interface Watch {
	/** From 0 to 1. */
	readonly onProgress?: (share: number) => void;
	/** The connection broke, or is back. */
	readonly onLost?: (lost: boolean) => void;
	/** Whoever waited is gone. */
	readonly signal?: AbortSignal;
}

/** The bytes, or what was wrong: `load` when they did not arrive whole, `hash` when they are others. */
export type Got = Uint8Array | 'load' | 'hash';

/** Tries in a row that bring nothing, while the browser believes it is online. */
const mostTries = 8;
/** Without a byte for so long, a connection is dead, whatever it says. */
const silence = 20_000;

/** Until so many milliseconds are over, sooner when the network is back; while the browser knows it is offline, until then. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = navigator.onLine ? setTimeout(done, milliseconds) : undefined;
		function done() {
			clearTimeout(timer);
			removeEventListener('online', done);
			signal?.removeEventListener('abort', done);
			resolve();
		}
		addEventListener('online', done);
		signal?.addEventListener('abort', done);
	});
}

/** A download of announced bytes. `fetch` again after `load` goes on where it stood. */
export function announced(address: string, size: number, sha256: string): { fetch(watch?: Watch): Promise<Got> } {
	let bytes = new Uint8Array(); // until it is wanted: a page that is only rendered holds none
	let at = 0;

	/** One connection: `lost` when it broke, or the server is not itself. */
	async function once({ onProgress, onLost, signal }: Watch): Promise<'whole' | 'lost' | 'load' | 'hash'> {
		const giveUp = new AbortController();
		const stop = () => giveUp.abort();
		signal?.addEventListener('abort', stop);
		let timer = setTimeout(stop, silence);
		try {
			const response = await fetch(address, { signal: giveUp.signal, ...(at ? { headers: { range: `bytes=${at}-`, 'if-range': `"${sha256}"` } } : {}) });
			if (response.status >= 500 || response.status === 429) return 'lost';
			if (!response.ok || !response.body) return 'load';
			if (response.status !== 206) at = 0;
			else if (!response.headers.get('content-range')?.startsWith(`bytes ${at}-`)) return 'load';
			for (let reader = response.body.getReader(), part = await reader.read(); !part.done; part = await reader.read()) {
				clearTimeout(timer);
				timer = setTimeout(stop, silence);
				if (at + part.value.length > size) return 'hash';
				bytes.set(part.value, at);
				at += part.value.length;
				onLost?.(false);
				onProgress?.(at / size);
			}
			return at === size ? 'whole' : 'lost';
		} catch {
			return 'lost';
		} finally {
			clearTimeout(timer);
			signal?.removeEventListener('abort', stop);
		}
	}

	return {
		async fetch(watch = {}) {
			if (bytes.length !== size) bytes = new Uint8Array(size);
			for (let tries = 0; ; ) {
				const before = at;
				const end = at === size && size ? 'whole' : await once(watch);
				if (end === 'whole') break;
				if (end !== 'lost') {
					at = 0;
					return end;
				}
				tries = at > before || !navigator.onLine ? 0 : tries + 1;
				if (watch.signal?.aborted || tries >= mostTries) return 'load';
				watch.onLost?.(true);
				await pause(Math.min(10_000, 500 * 2 ** tries), watch.signal);
			}
			const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
			const hex = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
			if (hex === sha256) return bytes;
			at = 0;
			return 'hash';
		}
	};
}
