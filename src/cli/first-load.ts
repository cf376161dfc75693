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

export interface FirstLoad {
	/** Bytes of JavaScript in brotli before the PDF viewer. */
	readonly before: number;
	/** With the viewer, its worker and the drawing. */
	readonly whole: number;
	readonly files: number;
}

/** Of the build that is there; null when there is none. Throws when the build is not laid out as expected. */
export function measureFirstLoad(): FirstLoad | null {
	const path = `${output}/.vite/manifest.json`;
	if (!existsSync(path)) return null;
	const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>;
	const generated = '.svelte-kit/generated/client-optimized';
	const nodes = readFileSync(`${generated}/app.js`, 'utf8');
	const route = /"\/\(public\)\/signing\/\[signer\]":\s*\[~?(\d+)/.exec(nodes)?.[1];
	const wanted = [`${generated}/app.js`, ...['0', '1', route].map((node) => `${generated}/nodes/${node}.js`)];
	const entries = Object.keys(manifest).filter((key) => key.endsWith('client/entry.js') || wanted.includes(key));
	const late = Object.keys(manifest).filter((key) => key.includes('pdfjs-dist') || key.endsWith('Reader.svelte') || key.endsWith('Drawing.svelte'));
	if (!route || entries.length !== 5 || late.length < 4) throw new Error(`the signing page is not where it was in the build: ${[...entries, ...late].join(', ')}`);
	const first = closure(manifest, entries);
	return { before: compressed(first), whole: compressed(new Set([...first, ...closure(manifest, late)])), files: first.size };
}

/** Lines for people; says so when there is no build. */
export function firstLoad(): string[] {
	const measured = measureFirstLoad();
	if (!measured) return ['first load of the signing page: no build (npm run build)'];
	const kilobytes = (n: number) => `${(n / 1000).toFixed(1)} KB`;
	return [`first load of the signing page, JavaScript in brotli: ${kilobytes(measured.before)} before the PDF viewer, ${kilobytes(measured.whole)} with it (${measured.files} files)`];
}
