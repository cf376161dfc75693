// One campaign in a thread of its own, so that a case that never ends can be named by whoever started it.

import { parentPort, workerData } from 'node:worker_threads';
import { kindOf, mutant, type KindName } from './kinds.ts';

export interface Orders {
	readonly kind: KindName;
	readonly seed: number;
	readonly count: number;
	/** Milliseconds since 1970 to stop at. */
	readonly until: number;
	/** The seed at work, and how many were done, for the other side to see. */
	readonly progress: SharedArrayBuffer;
}

export interface Failure {
	readonly seed: number;
	readonly problem: string;
	readonly bytes: Uint8Array;
}

/** Longer than any mutant may take, milliseconds. */
export const slow = 2000;

async function campaign({ kind, seed, count, until, progress }: Orders): Promise<void> {
	const at = new Int32Array(progress);
	const fuzzed = kindOf(kind);
	for (let i = 0; i < count && Date.now() < until; i++) {
		at[0] = seed + i;
		const bytes = mutant(fuzzed, seed + i);
		const began = performance.now();
		let problem: string | null;
		try {
			problem = await fuzzed.check(bytes);
		} catch (error) {
			problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
		}
		const took = performance.now() - began;
		if (took > slow) problem ??= `took ${Math.round(took)} ms`;
		if (problem) parentPort!.postMessage({ seed: seed + i, problem, bytes } satisfies Failure);
		at[1] = i + 1;
	}
}

await campaign(workerData as Orders);
