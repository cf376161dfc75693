// npm run mutate -- [part of a path …]: changes the code that verifies, one place at a time, and asks whether a test of crypto/ notices.
// Those that cannot matter are listed, with the reason, in mutation/equivalent.tsv. Exit code 1 where a file has under 90 % killed.

import { globSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Job, Loaded, Tried } from './mutation/worker.ts';

const of = (folder: string, names: string): string[] => names.split(' ').map((name) => `crypto/${folder}/${name}.ts`);
// What decides a verdict. Not: lexing and inflating (fuzz.test.ts), DER (properties.test.ts), what only writes, and pades/fields.ts, most of which places fields.
const verifying = [
	...of('bundle', 'receipt'),
	...of('cms', 'attributes signed-data verify'),
	...of('pades', 'chain evidence integrity judging level renewal report signature timestamp validate'),
	...of('pdf', 'byte-range changes decrypt document form form-changes permissions revision step xref'),
	...of('seal', 'format wrap'),
	...of('tlog', 'checkpoint cosignature entry heads merkle note succession'),
	...of('tsp', 'response token tst-info'),
	...of('x509', 'algorithm certificate crl crl-answer crl-scope embedded extensions lifetimes name name-constraints ocsp path policy revocation revocation-verdict')
];
/** Minutes each, for questions that shorter tests ask too: of size and memory, and the campaigns over other people's checkers. */
const slow = ['crypto/pades/interop.test.ts', 'crypto/pades/large.test.ts', 'crypto/pdf/large.test.ts', 'crypto/pdf/corpus.test.ts'];
const chosen = process.argv.slice(2);
const targets = chosen.length ? verifying.filter((file) => chosen.some((part) => file.includes(part))) : verifying;
const tests = [...globSync('crypto/**/*.test.ts'), 'test/fuzz/properties.test.ts'].filter((file) => !slow.includes(file)).sort();
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
const made = new Set(loaded.mutants.map(({ file, change }) => `${file}\t${change}`));
const stale = [...known.keys()].filter((row) => targets.includes(row.split('\t')[0]!) && !made.has(row));
for (const row of stale) console.error(`listed as equivalent, but no mutant: ${row}`);
const sound = loaded.tests.map((t, index) => ({ ...t, index })).filter((t) => !t.fault);

const counts = targets.map((file) => ({ file, killed: 0, survived: 0, equivalent: 0 }));
for (const [id, { file, line, change }] of loaded.mutants.entries()) {
	const count = counts.find((c) => c.file === file)!;
	if (known.has(`${file}\t${change}`)) {
		count.equivalent++;
		continue;
	}
	const reaching = sound.filter((t) => t.reached.includes(id)).sort((a, b) => a.ms - b.ms);
	const usual = reaching.reduce((ms, t) => ms + t.ms, 0);
	worker.postMessage({ id, tests: reaching.map((t) => ({ index: t.index, endless: 10_000 + t.passes * 20 })) } satisfies Job);
	const tried = await answered<Tried>(worker, 10_000 + usual * 10);
	if (tried === 'late') {
		// A mutant that never ends is noticed by whoever waits; told, since a machine that is busy looks the same.
		console.error(`late, taken for killed: ${file}:${line}\t${change}`);
		await worker.terminate();
		({ worker } = await start(false));
	}
	const killed = tried === 'late' || tried.by !== null;
	count[killed ? 'killed' : 'survived']++;
	if (!killed) console.log(`${file}:${line}\t${change}\t${reaching.length ? `${reaching.length} tests` : 'no test comes here'}`);
}
await worker.terminate();

const share = (c: { killed: number; survived: number }) => (100 * c.killed) / (c.killed + c.survived);
const sum = (of: 'killed' | 'survived' | 'equivalent') => counts.reduce((n, c) => n + c[of], 0);
const total = { file: `${sound.length} tests`, killed: sum('killed'), survived: sum('survived'), equivalent: sum('equivalent') };
console.log('file\tmutants\tkilled\tsurvived\tequivalent\tshare');
for (const c of [...counts, total]) console.log([c.file, c.killed + c.survived + c.equivalent, c.killed, c.survived, c.equivalent, `${share(c).toFixed(1)} %`].join('\t'));
process.exitCode = counts.every((c) => !(share(c) < 90)) && !faults.length && !stale.length ? 0 : 1;
