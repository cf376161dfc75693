// The weight of the verification path: the worker that judges files in the browser, as the build would make it.

import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

const budget = 60_000; // bytes in brotli

test('LOG-5 what a browser loads to verify a file is at most 60 KB compressed', async () => {
	const built = await build({ configFile: false, logLevel: 'error', build: { write: false, target: 'esnext', rollupOptions: { input: 'src/lib/client/verify-worker.ts' } } });
	if (!('output' in built)) throw new Error('no single build');
	const [worker, ...more] = built.output;
	expect(more).toEqual([]);
	expect(worker.code).toContain('TOTAL-FAILED');
	expect(brotliCompressSync(worker.code).length).toBeLessThanOrEqual(budget);
});
