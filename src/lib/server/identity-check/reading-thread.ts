// A thread of its own for one image: a second or two of arithmetic during which the worker goes on sequencing and signing.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Mrz } from './mrz.ts';
import { qualityOf, type Quality } from './quality.ts';
import type { Raster } from './raster.ts';
import { zoneOf } from './zone.ts';

export interface Seen {
	readonly quality: Quality;
	readonly mrz: Mrz | null;
}

/** Longer than any image takes on a busy machine. */
const patience = 120_000;

/** What can be told of the image. Throws when the thread fails or takes longer than two minutes. */
export async function look(raster: Raster, today: string): Promise<Seen> {
	const thread = new Worker(new URL(import.meta.url), { workerData: { raster, today }, env: {} });
	let clock: NodeJS.Timeout | undefined;
	try {
		return await new Promise<Seen>((resolve, reject) => {
			clock = setTimeout(() => reject(new Error('reading an image took too long')), patience);
			thread.once('message', resolve).once('error', reject);
		});
	} finally {
		clearTimeout(clock);
		await thread.terminate();
	}
}

if (!isMainThread && workerData && 'raster' in workerData) {
	const { raster, today } = workerData as { raster: Raster; today: string };
	parentPort!.postMessage({ quality: qualityOf(raster), mrz: zoneOf(raster, today) } satisfies Seen);
}
