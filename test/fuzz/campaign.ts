// Running cases of one kind and collecting what failed; a case that hangs is killed and named.

import { Worker } from 'node:worker_threads';
import type { KindName } from './kinds.ts';
import type { Failure, Orders } from './worker.ts';

export interface Campaign {
	readonly done: number;
	readonly failures: readonly Failure[];
}

const hang = 20_000;

/** Cases `seed` to `seed + count - 1`, as many as fit until `until` (milliseconds since 1970). */
export function campaign(kind: KindName, { seed, count, until = Infinity }: { seed: number; count: number; until?: number }): Promise<Campaign> {
	const progress = new SharedArrayBuffer(8);
	const at = new Int32Array(progress);
	const failures: Failure[] = [];
	const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { kind, seed, count, until, progress } satisfies Orders });
	return new Promise((resolve, reject) => {
		let last = -1;
		let since = Date.now();
		const watch = setInterval(() => {
			if (at[1] !== last) [last, since] = [at[1]!, Date.now()];
			else if (Date.now() - since > hang) {
				failures.push({ seed: at[0]!, problem: `still not done after ${hang} ms`, bytes: new Uint8Array() });
				void worker.terminate();
			}
		}, 500);
		worker.on('message', (failure: Failure) => failures.push(failure));
		worker.on('error', reject);
		worker.on('exit', () => {
			clearInterval(watch);
			resolve({ done: at[1]!, failures });
		});
	});
}
