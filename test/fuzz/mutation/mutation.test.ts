// What the mutation run found is checked in, file by file; a slice of it runs here, so that the run itself is known to work.

import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { campaign, equivalents, type Judged } from './campaign.ts';
import { blobOf, readTable, share } from './table.ts';
import { others, verifying } from './verifying.ts';

const table = readTable();

test('every file of crypto/ is measured, or there is a reason why not', () => {
	const sources = globSync('crypto/**/*.ts').filter((file) => !file.endsWith('.test.ts')).sort();
	const measured = verifying.filter((file) => file.startsWith('crypto/'));
	expect([...measured, ...Object.values(others).flat()].sort()).toEqual(sources);
});

test('the table has every verifying file and no other, each with 90 % of its mutants killed or more', () => {
	expect(table.map((row) => row.file)).toEqual([...verifying].sort());
	expect(table.filter((row) => row.killed + row.survived && !(share(row) >= 90))).toEqual([]);
	expect(table.filter((row) => row.mutants !== row.killed + row.equivalent + row.survived || !/^[0-9a-f]{12}$/.test(row.blob))).toEqual([]);
	const changed = table.filter((row) => blobOf(row.file) !== row.blob).map((row) => row.file);
	if (changed.length) console.log(`changed since they were measured (npm run mutate -- --changed): ${changed.join(', ')}`);
});

test('a mutant is listed as equivalent once, in a file that is measured, with its reason', () => {
	expect([...equivalents].filter(([row, reason]) => !verifying.includes(row.split('\t')[0]!) || !reason)).toEqual([]);
});

/** Files of which every few mutants are tried, with the tests that are theirs. */
const slices: readonly { readonly targets: readonly string[]; readonly tests: readonly string[]; readonly every: number }[] = [
	{ targets: ['crypto/asn1/der.ts', 'crypto/asn1/values.ts'], tests: ['crypto/asn1/asn1.test.ts', 'crypto/asn1/edges.test.ts'], every: 5 },
	{ targets: ['crypto/tlog/merkle.ts'], tests: ['crypto/tlog/merkle.test.ts'], every: 5 },
	{ targets: ['crypto/pdf/stray.ts'], tests: ['crypto/pdf/stray.test.ts'], every: 3 }
];

test.each(slices)('a slice of the mutation run: tests of their own kill what is tried of $targets', { timeout: 120_000 }, async (slice) => {
	const { faults, judged } = await campaign(slice);
	expect(faults).toEqual([]);
	const tried: Judged[] = await Array.fromAsync(judged);
	expect(tried.length).toBeGreaterThan(8);
	expect(tried.filter((m) => m.fate === 'survived').map((m) => `${m.file}:${m.line} ${m.change}`)).toEqual([]);
	expect(tried.filter((m) => m.fate === 'killed').length).toBeGreaterThan(8);
});

test('the run tells what no test notices: with the tests of something else, every mutant survives', { timeout: 60_000 }, async () => {
	const { judged } = await campaign({ targets: ['crypto/tlog/merkle.ts'], tests: ['crypto/pdf/stray.test.ts'], every: 20 });
	const fates = (await Array.fromAsync(judged)).map(({ fate, tests }) => [fate, tests]);
	expect(fates.length).toBeGreaterThan(3);
	expect(fates.every(([fate, tests]) => fate === 'survived' && tests === 0)).toBe(true);
});
