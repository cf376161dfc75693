// The short form of npm run fuzz: the same mutants at every run. A failure is repeated by its kind, its seed and --count 1.

import { describe, expect, test } from 'vitest';
import { concat, equal, utf8 } from '#crypto/bytes.ts';
import { campaign } from './campaign.ts';
import { kindNames, kindOf, mutant, type Kind } from './kinds.ts';
import { byteMutators } from './mutate-bytes.ts';
import { random } from './random.ts';
import { corpora } from './seeds.ts';

const count = 20_000;
const without = corpora ? '' : ' (no corpora folder: seeds of ours alone)';

describe.each(kindNames)('fuzz %s', (kind) => {
	test(`LOG-5 ${count} mutants: no crash, no hang, nothing passes that was not signed${without}`, { timeout: 300_000 }, async () => {
		const { done, failures } = await campaign(kind, { seed: 1, count });
		expect(failures.map(({ seed, problem }) => `npm run fuzz -- ${kind} --seed ${seed} --count 1: ${problem}`)).toEqual([]);
		expect(done).toBe(count);
	});
});

test('a seed repeats its mutant, and another seed makes another', () => {
	const kind: Kind = { ...kindOf('receipt'), check: async () => null };
	expect(mutant(kind, 77)).toEqual(mutant(kind, 77));
	expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => mutant(kind, seed).join())).size).toBeGreaterThan(5);
});

test('unmutated material is accepted by every check: what a mutant fails by is its mutation', async () => {
	for (const name of kindNames) {
		const kind = kindOf(name);
		for (const seed of kind.seeds[0]!) expect(await kind.check(seed), name).toBeNull();
	}
});

test('no mutation breaks on nothing at all, and each changes something sooner or later', () => {
	for (const mutators of [byteMutators, ...kindNames.map((name) => kindOf(name).mutators)]) {
		for (const mutate of mutators) expect(mutate(random(1), new Uint8Array(), new Uint8Array()).length).toBeLessThan(500);
	}
	for (const name of kindNames) {
		const { seeds, mutators } = kindOf(name);
		const [original] = seeds[0]!;
		const shifted = name === 'pdf' ? concat(original!.subarray(0, 9), utf8('%\n'), original!.subarray(9)) : original!; // a true startxref needs no aim
		for (const mutate of mutators) expect(Array.from({ length: 50 }, (_, i) => mutate(random(i), shifted, shifted)).some((bytes) => !equal(bytes, shifted)), `${name} ${mutators.indexOf(mutate)}`).toBe(true);
	}
});
