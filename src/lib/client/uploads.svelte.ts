// Deposits from the browser: each file is hashed here, sent resumably (tus), then deposited with its hash.

import { Upload } from 'tus-js-client';

export interface Item {
	readonly key: number;
	readonly safe: string;
	readonly name: string;
	readonly size: number;
	state: 'hashing' | 'sending' | 'depositing' | 'done' | 'failed';
	/** 0 to 1 of the step. */
	progress: number;
	/** Estimated seconds until all is sent; null before there is an estimate. */
	secondsLeft: number | null;
	paused: boolean;
	/** The domain's reason, when it failed. */
	reason: string | null;
}

const hex = (bytes: ArrayBuffer | Uint8Array): string => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');

/** SHA-256 of a file in a worker, a piece at a time. */
function hashFile(file: File, onProgress: (share: number) => void): Promise<string> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
		worker.onmessage = ({ data }: MessageEvent<{ progress?: number; digest?: Uint8Array }>) => {
			if (data.digest) {
				worker.terminate();
				resolve(hex(data.digest));
			} else onProgress(data.progress ?? 0);
		};
		worker.onerror = (event) => {
			worker.terminate();
			reject(new Error(event.message));
		};
		worker.postMessage(file);
	});
}

/** A reason out of whatever a request failed with. */
function reasonOf(text: string | undefined): string {
	try {
		return (JSON.parse(text ?? '') as { reason?: string }).reason ?? 'other';
	} catch {
		return /"?reason"?\W+([a-z-]+)/.exec(text ?? '')?.[1] ?? 'other';
	}
}

/** The uploads of a page, one after the other. */
export class Uploads {
	items = $state<Item[]>([]);
	private readonly files = new Map<number, File>();
	private readonly running = new Map<number, Upload>();
	private readonly onDone: () => unknown;
	private queue: Promise<void> = Promise.resolve();
	private next = 1;

	constructor(onDone: () => unknown) {
		this.onDone = onDone;
	}

	add(safe: string, files: readonly File[]): void {
		for (const file of files) {
			const key = this.next++;
			this.files.set(key, file);
			this.items.push({ key, safe, name: file.name, size: file.size, state: 'hashing', progress: 0, secondsLeft: null, paused: false, reason: null });
			this.enqueue(key);
		}
	}

	/** Something is under way that a closed tab would stop (what was sent stays, and is resumed). */
	get busy(): boolean {
		return this.items.some((i) => i.state === 'hashing' || i.state === 'sending' || i.state === 'depositing');
	}

	retry(item: Item): void {
		item.state = 'hashing';
		item.reason = null;
		this.enqueue(item.key);
	}

	/** Pauses, or goes on where it stood. */
	toggle(item: Item): void {
		const upload = this.running.get(item.key);
		if (!upload) return;
		item.paused = !item.paused;
		if (item.paused) void upload.abort();
		else upload.start();
	}

	private enqueue(key: number): void {
		this.queue = this.queue.then(() => this.run(key));
	}

	private async run(key: number): Promise<void> {
		const item = this.items.find((i) => i.key === key)!;
		const file = this.files.get(key)!;
		try {
			const sha256 = await hashFile(file, (share) => (item.progress = share));
			item.state = 'sending';
			item.progress = 0;
			const address = await this.send(item, file, sha256);
			item.state = 'depositing';
			const stage = address.split('/').at(-1) ?? '';
			const response = await fetch('/deposits', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stage }) });
			if (!response.ok) throw new Error(reasonOf(await response.text()));
			item.state = 'done';
			this.files.delete(key);
			this.onDone();
		} catch (error) {
			item.state = 'failed';
			item.reason = (error as Error).message;
		} finally {
			this.running.delete(key);
		}
	}

	private send(item: Item, file: File, sha256: string): Promise<string> {
		let first: { at: number; sent: number } | null = null;
		const moved = (sent: number, total: number): void => {
			item.progress = total ? sent / total : 1;
			first ??= { at: performance.now(), sent };
			const seconds = (performance.now() - first.at) / 1000;
			item.secondsLeft = seconds > 1 && sent > first.sent ? Math.ceil(((total - sent) * seconds) / (sent - first.sent)) : null;
		};
		return new Promise((resolve, reject) => {
			const upload = new Upload(file, {
				endpoint: '/upload',
				metadata: { safe: item.safe, name: item.name, sha256 },
				chunkSize: 64 * 1024 * 1024,
				retryDelays: [0, 1000, 3000, 8000, 15_000],
				removeFingerprintOnSuccess: true,
				onProgress: moved,
				onError: (error) => reject(new Error(reasonOf((error as { originalResponse?: { getBody(): string } }).originalResponse?.getBody()))),
				onSuccess: () => resolve(upload.url ?? '')
			});
			this.running.set(item.key, upload);
			void upload.findPreviousUploads().then((before) => {
				if (before[0]) upload.resumeFromPreviousUpload(before[0]);
				upload.start();
			});
		});
	}
}
