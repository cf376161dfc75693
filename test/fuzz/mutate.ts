// npm run mutate -- [part of a path …]: changes the code that verifies, one place at a time, and asks whether a test of crypto/ notices.
// Those that cannot matter are listed, with the reason, in mutation/equivalent.tsv. Exit code 1 under 90 % killed.

import { globSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Job, Loaded, Tried } from './mutation/worker.ts';

const verifying = [
	'crypto/bundle/receipt.ts',
	'crypto/cms/verify.ts',
	...['chain', 'judging', 'level', 'report', 'signature', 'timestamp', 'validate'].map((name) => `crypto/pades/${name}.ts`),
	...['byte-range', 'changes', 'revision'].map((name) => `crypto/pdf/${name}.ts`),
	...['checkpoint', 'entry', 'merkle', 'note'].map((name) => `crypto/tlog/${name}.ts`),
	'crypto/tsp/token.ts',
	...['lifetimes', 'name-constraints', 'path', 'revocation'].map((name) => `crypto/x509/${name}.ts`)
];
const chosen = process.argv.slice(2);
const targets = chosen.length ? verifying.filter((file) => chosen.some((part) => file.includes(part))) : verifying;
const tests = [...globSync('crypto/**/*.test.ts'), 'test/fuzz/properties.test.ts'].sort();
const known = new Map(
	readFileSync(new URL('mutation/equivalent.tsv', import.meta.url), 'utf8')
		.split('\n')
		.filter((line) => line && !line.startsWith('#'))
		.map((line) => line.split('\t') as [string, string, string])
		.map(([file, change, reason]) => [`${file}\t${change}`, reason])
);

const answered = <T>(worker: Worker, within: number): Promise<T | 'late'> =>
	new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve('late'), within);
		worker.once('error', reject);
		worker.once('message', (message: T) => {
			clearTimeout(timer);
			worker.off('error', reject);
			resolve(message);
		});
	});

async function start(measure: boolean): Promise<{ worker: Worker; loaded: Loaded }> {
	const worker = new Worker(new URL('mutation/worker.ts', import.meta.url), { workerData: { targets, tests, measure } });
	const loaded = await answered<Loaded>(worker, 600_000);
	if (loaded === 'late') throw new Error('the tests do not end without any mutant');
	return { worker, loaded };
}

const first = await start(true);
const { loaded } = first;
let { worker } = first;
const faults = loaded.tests.filter((t) => t.fault);
for (const { name, fault } of faults) console.error(`fails without a mutant, left out: ${name}\n${fault}`);
const sound = loaded.tests.map((t, index) => ({ ...t, index })).filter((t) => !t.fault);

const count = { killed: 0, survived: 0, equivalent: 0 };
for (const [id, { file, line, change }] of loaded.mutants.entries()) {
	if (known.has(`${file}\t${change}`)) {
		count.equivalent++;
		continue;
	}
	const reaching = sound.filter((t) => t.reached.includes(id)).sort((a, b) => a.ms - b.ms);
	const usual = reaching.reduce((ms, t) => ms + t.ms, 0);
	worker.postMessage({ id, tests: reaching.map((t) => t.index) } satisfies Job);
	const tried = await answered<Tried>(worker, 5000 + usual * 5);
	if (tried === 'late') {
		// A mutant that never ends is noticed by whoever waits.
		await worker.terminate();
		({ worker } = await start(false));
	}
	const killed = tried === 'late' || tried.by !== null;
	count[killed ? 'killed' : 'survived']++;
	if (!killed) console.log(`${file}:${line}\t${change}\t${reaching.length ? `${reaching.length} tests` : 'no test comes here'}`);
}
await worker.terminate();
const share = (100 * count.killed) / (count.killed + count.survived);
console.log(`${loaded.mutants.length} mutants: ${count.killed} killed (${share.toFixed(1)} %), ${count.survived} survived, ${count.equivalent} equivalent; ${sound.length} tests`);
process.exitCode = share >= 90 && !faults.length ? 0 : 1;
