// The thread that runs tests against mutants: loads everything once, then switches one mutant on at a time.

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { registered, settled, type RegisteredTest } from './expect.ts';
import { instrument, type Mutant } from './instrument.ts';

export interface Loaded {
	readonly mutants: readonly Mutant[];
	readonly tests: readonly { readonly name: string; readonly ms: number; /** Mutants whose place it comes by. */ readonly reached: readonly number[]; /** How often it comes by any. */ readonly passes: number; /** Why it fails without any mutant. */ readonly fault: string | null }[];
}
/** `by` is null when every test passed. */
export interface Tried {
	readonly id: number;
	readonly by: string | null;
}
export interface Job {
	readonly id: number;
	/** Tests in the order to run them: their index, and after how many mutated places passed they are taken never to end. */
	readonly tests: readonly { readonly index: number; readonly endless: number }[];
}

const { targets, tests } = workerData as { targets: readonly string[]; tests: readonly string[] };
const root = new URL('../../../', import.meta.url);
const mutants: Mutant[] = [];
const sources = new Map<string, string>();
for (const file of targets) {
	const url = new URL(file, root);
	const made = instrument(file, readFileSync(url, 'utf8'), mutants.length);
	mutants.push(...made.mutants);
	sources.set(url.href, made.code);
}

let active = -1;
let passes = 0;
let endless = Infinity;
const reached = new Set<number>();
Object.assign(globalThis, {
	$mutant(id: number): boolean {
		if (++passes > endless) throw new Error('endless');
		if (active < 0) reached.add(id);
		return id === active;
	}
});

const shim = new URL('./expect.ts', import.meta.url).href;
registerHooks({
	resolve: (specifier, context, next) => (specifier === 'vitest' ? { url: shim, shortCircuit: true } : next(specifier, context)),
	load: (url, context, next) => (sources.has(url) ? { format: 'module-typescript', source: sources.get(url)!, shortCircuit: true } : next(url, context))
});

async function faultOf(test: RegisteredTest): Promise<string | null> {
	try {
		await test.run();
		return null;
	} catch (error) {
		return error instanceof Error ? (error.stack ?? error.message) : String(error);
	}
}

for (const file of tests) {
	await import(pathToFileURL(fileURLToPath(new URL(file, root))).href);
	await settled();
}

const measured: Loaded['tests'][number][] = [];
if ((workerData as { measure: boolean }).measure) {
	for (const test of registered) {
		reached.clear();
		passes = 0;
		const began = performance.now();
		const fault = await faultOf(test);
		measured.push({ name: test.name, ms: performance.now() - began, reached: [...reached], passes, fault });
	}
}
parentPort!.postMessage({ mutants, tests: measured } satisfies Loaded);

parentPort!.on('message', async ({ id, tests }: Job) => {
	active = id;
	let by: string | null = null;
	for (const { index, endless: most } of tests) {
		[passes, endless] = [0, most];
		if ((await faultOf(registered[index]!)) === null) continue;
		by = registered[index]!.name;
		break;
	}
	[active, endless] = [-1, Infinity];
	parentPort!.postMessage({ id, by } satisfies Tried);
});
