// Compressed JavaScript of the signing page's first load, from the build's own manifest: before the PDF viewer, and with it.

import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

interface Chunk {
	readonly file: string;
	readonly imports?: readonly string[];
	readonly dynamicImports?: readonly string[];
}

const output = '.svelte-kit/output/client';

/** Chunks that loading these loads with them. */
function closure(manifest: Readonly<Record<string, Chunk>>, entries: readonly string[]): Set<string> {
	const files = new Set<string>();
	const seen = new Set<string>();
	const walk = (key: string): void => {
		const chunk = manifest[key];
		if (!chunk || seen.has(key)) return;
		seen.add(key);
		if (/\.m?js$/.test(chunk.file)) files.add(chunk.file);
		chunk.imports?.forEach(walk);
	};
	entries.forEach(walk);
	return files;
}

const compressed = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + brotliCompressSync(readFileSync(`${output}/${file}`)).length, 0);

/** Lines for people; says so when there is no build. */
export async function firstLoad(): Promise<string[]> {
	const path = `${output}/.vite/manifest.json`;
	if (!existsSync(path)) return ['first load of the signing page: no build (npm run build)'];
	const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>;
	const generated = '.svelte-kit/generated/client-optimized';
	const nodes = readFileSync(`${generated}/app.js`, 'utf8');
	const route = /"\/\(public\)\/signing\/\[signer\]":\s*\[~?(\d+)/.exec(nodes)?.[1];
	const entries = Object.keys(manifest).filter((key) => key.endsWith('client/entry.js') || key === `${generated}/app.js` || key === `${generated}/nodes/0.js` || key === `${generated}/nodes/1.js` || key === `${generated}/nodes/${route}.js`);
	const first = closure(manifest, entries);
	const viewer = closure(manifest, Object.keys(manifest).filter((key) => key.includes('pdfjs-dist') || key.endsWith('Reader.svelte') || key.endsWith('Drawing.svelte')));
	const kilobytes = (n: number) => `${(n / 1000).toFixed(1)} KB`;
	return [`first load of the signing page, JavaScript in brotli: ${kilobytes(compressed(first))} before the PDF viewer, ${kilobytes(compressed(new Set([...first, ...viewer])))} with it (${first.size} files, node ${route ?? '?'})`];
}
