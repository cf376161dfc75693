// npm run mutate -- [part of a path … | --changed]: changes the code that verifies, one place at a time, and asks whether a test of crypto/ notices.
// Each file's figures go to mutation/table.tsv; --changed: the files that are not what was measured. Exit code 1 where a file has under 90 % killed.

import { globSync } from 'node:fs';
import { campaign } from './mutation/campaign.ts';
import { blobOf, readTable, record, share } from './mutation/table.ts';
import { verifying } from './mutation/verifying.ts';

/** Minutes each, for questions that shorter tests ask too: of size and memory, and the campaigns over other people's checkers. */
const slow = ['crypto/pades/interop.test.ts', 'crypto/pades/large.test.ts', 'crypto/pades/memory.test.ts', 'crypto/pdf/large.test.ts', 'crypto/pdf/corpus.test.ts'];
const tests = [...globSync('crypto/**/*.test.ts'), ...globSync('src/lib/client/{primitives,rsa}.test.ts'), 'test/fuzz/properties.test.ts'].filter((file) => !slow.includes(file)).sort();
const chosen = process.argv.slice(2);
const measured = new Map(readTable().map((row) => [row.file, row.blob]));
const targets = verifying.filter((file) => !chosen.length || (chosen.includes('--changed') && measured.get(file) !== blobOf(file)) || chosen.some((part) => file.includes(part)));

const { sound, faults, stale, judged } = await campaign({ targets, tests });
for (const { name, fault } of faults) console.error(`fails without a mutant, left out: ${name}\n${fault}`);
for (const row of stale) console.error(`listed as equivalent, but no mutant: ${row}`);

const counts = new Map(targets.map((file) => [file, { killed: 0, survived: 0, equivalent: 0 }]));
const low: string[] = [];
const told = new Set<string>();
function tell(file: string): void {
	const { killed, survived, equivalent } = counts.get(file)!;
	const row = { file, mutants: killed + survived + equivalent, killed, equivalent, survived, blob: blobOf(file) };
	record(row);
	told.add(file);
	if (share(row) < 90) low.push(file);
	console.log([...Object.values(row), `${share(row).toFixed(1)} %`].join('\t'));
}

console.log('file\tmutants\tkilled\tequivalent\tsurvived\tblob\tshare');
let current: string | null = null;
for await (const { file, line, change, fate, tests } of judged) {
	if (current !== null && current !== file) tell(current);
	current = file;
	if (fate === 'late') console.error(`late, taken for killed: ${file}:${line}\t${change}`);
	if (fate === 'survived') console.log(`${file}:${line}\t${change}\t${tests ? `${tests} tests` : 'no test comes here'}`);
	counts.get(file)![fate === 'late' ? 'killed' : fate]++;
}
for (const file of targets) if (!told.has(file)) tell(file);
const sum = (of: 'killed' | 'survived' | 'equivalent') => [...counts.values()].reduce((n, c) => n + c[of], 0);
console.log(`${sound} tests: ${sum('killed')} killed, ${sum('survived')} survived, ${sum('equivalent')} equivalent`);
process.exitCode = low.length || faults.length || stale.length ? 1 : 0;
