// The page's side of verification: one worker, made at once so that the network can be cut afterwards.

import { pem as writePem, pemBodies } from '#crypto/x509/pem.ts';
import type { Answer, Request, Verdict } from './verify-worker.ts';

export interface Verifier {
	/** Rejects with the reader's message when the file made it fail. */
	verify(request: Omit<Request, 'id'>): Promise<Verdict>;
	end(): void;
}

export function startVerifier(): Verifier {
	const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' });
	const waiting = new Map<number, { resolve: (v: Verdict) => void; reject: (e: Error) => void }>();
	let next = 1;
	worker.onmessage = ({ data }: MessageEvent<Answer>) => {
		const one = waiting.get(data.id);
		waiting.delete(data.id);
		if ('verdict' in data) one?.resolve(data.verdict);
		else one?.reject(new Error(data.failure));
	};
	worker.onerror = (event) => {
		for (const { reject } of waiting.values()) reject(new Error(event.message));
		waiting.clear();
	};
	return {
		verify: (request) =>
			new Promise((resolve, reject) => {
				const id = next++;
				waiting.set(id, { resolve, reject });
				worker.postMessage({ ...request, id } satisfies Request);
			}),
		end: () => worker.terminate()
	};
}

/** The certificates of a PEM text, DER in base64. Throws when there is none. */
export function readPem(text: string): string[] {
	const blocks = pemBodies(text, 'CERTIFICATE');
	if (!blocks.length) throw new Error('no certificate');
	return blocks;
}

/** PEM of a DER certificate in base64. */
export const pem = (der: string): string => writePem('CERTIFICATE', der);

/** What a file seems to be: a PDF by its header in the first kilobyte (ISO 32000-1 annex H.3.4.1), a receipt by its kind, else just bytes (a deposited JSON file too). */
export function kindOf(bytes: Uint8Array): 'pdf' | 'receipt' | 'other' {
	const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
	if (head.includes('%PDF-')) return 'pdf';
	return head.startsWith('{') && new TextDecoder().decode(bytes).includes('"kind":"probant/deposit-receipt/') ? 'receipt' : 'other';
}
