// The weight of the verification path, as the build would make it: the page's side of the verifier and the worker that judges.

import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

const budget = 60_000; // bytes in brotli

test('LOG-5 what a browser loads to verify a file, from handing it over to the verdict, is at most 60 KB compressed', async () => {
	const built = await build({ configFile: false, logLevel: 'error', worker: { format: 'es' }, build: { write: false, target: 'esnext', rollupOptions: { input: 'src/lib/client/verifier.ts', preserveEntrySignatures: 'strict' } } });
	if (!('output' in built)) throw new Error('no single build');
	const sources = built.output.map((part) => (part.type === 'chunk' ? part.code : part.source));
	expect(built.output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\.js$/, '')).sort()).toEqual(['assets/verifier', 'assets/verify-worker']);
	expect(sources.join('')).toContain('TOTAL-FAILED');
	expect(sources.reduce((sum, source) => sum + brotliCompressSync(source).length, 0)).toBeLessThanOrEqual(budget);
});
