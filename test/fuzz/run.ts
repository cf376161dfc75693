// npm run fuzz -- [pdf|cms|tsp|der|receipt …] [--seed N] [--count N] [--minutes N] [--out FOLDER]
// Without --seed a campaign begins at the clock. Failing inputs go to FOLDER; each is repeated by its seed and --count 1.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { kindNames, type KindName } from './kinds.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' }, count: { type: 'string' }, minutes: { type: 'string' }, out: { type: 'string', default: 'test-results/fuzz' } } });
const whole = (name: 'seed' | 'count' | 'minutes', otherwise: number): number => {
	const n = Number(values[name] ?? otherwise);
	if (Number.isNaN(n) || n < 0) throw new Error(`--${name} ${values[name]}`);
	return n;
};
const unknown = positionals.find((name) => !(kindNames as string[]).includes(name));
if (unknown) throw new Error(`${unknown}: one of ${kindNames.join(', ')} expected`);

const chosen = positionals.length ? (positionals as KindName[]) : kindNames;
const seed = whole('seed', Math.floor(Date.now() / 1000));
const minutes = whole('minutes', values.count ? Infinity : 1);
const count = whole('count', Infinity);
let failed = 0;
for (const kind of chosen) {
	const began = Date.now();
	const { done, failures } = await campaign(kind, { seed, count, until: began + (minutes * 60_000) / chosen.length });
	failed += failures.length;
	for (const { seed, problem, bytes } of failures) {
		mkdirSync(values.out, { recursive: true });
		const file = join(values.out, `${kind}-${seed}`);
		writeFileSync(file, bytes);
		console.error(`${problem}\n  ${file}\n  npm run fuzz -- ${kind} --seed ${seed} --count 1\n`);
	}
	console.log(`${kind}: ${done} mutants from seed ${seed} in ${((Date.now() - began) / 1000).toFixed(1)} s, ${failures.length} failed`);
}
process.exitCode = failed ? 1 : 0;
