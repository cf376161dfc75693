// probant bench: what one machine does, beside the machine's own limit taken in the same run. An instance of its own, gone afterwards.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { files, large, webProcess } from './bench-deposits.ts';
import { events } from './bench-events.ts';
import { instance } from './bench-instance.ts';
import { benchCrypto, lineOf, missed as missedBy } from './bench-crypto.ts';
import { benchPage } from './bench-page.ts';
import { benchSign, limit as signatureLimit } from './bench-sign.ts';
import { secondStart } from './bench-start.ts';
import { signatures } from './bench-signatures.ts';
import { firstLoad } from './first-load.ts';
import { quantile } from './measure.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant bench [crypto | sign | start | page] [--files N] [--large MEGABYTES] [--events N] [--signatures N]';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** 0; 1 when a bar is missed: of the proof library, or of the web process's memory at the large deposit. */
export async function run(argv: readonly string[]): Promise<number> {
	const number = { type: 'string' } as const;
	let values: Record<string, string | boolean | undefined>;
	if (argv.length === 1 && argv[0] === 'crypto') {
		const measures = await benchCrypto();
		for (const measure of measures) say(lineOf(measure));
		return measures.some(missedBy) ? 1 : 0;
	}
	if (argv.length === 1 && argv[0] === 'start') {
		say(await secondStart());
		return 0;
	}
	const page = argv.length === 1 && argv[0] === 'page';
	const signing = argv[0] === 'sign';
	try {
		values = parseArgs({ args: argv.slice(signing || page ? 1 : 0), options: { files: number, large: number, events: number, signatures: number } }).values;
	} catch {
		throw new Misuse(usage);
	}
	const of = (name: string, standard: number) => Math.max(0, Number(values[name] ?? standard) || 0);
	let failed = 0;
	const root = process.getuid?.() === 0 && tmpdir() === '/tmp' ? '/var/tmp' : tmpdir();
	const directory = mkdtempSync(join(root, 'probant-bench-'));
	try {
		const bench = await instance(directory);
		try {
			if (page) {
				const { lines, missed } = await benchPage(bench);
				for (const line of lines) say(line);
				return missed ? 1 : 0;
			}
			if (signing) {
				for (const line of await benchSign(bench, of('signatures', 200))) say(line);
				return 0;
			}
			const web = await webProcess(bench);
			if (of('files', 50)) say(await files(bench, web, of('files', 50)));
			if (of('large', 5120)) {
				const { line, flat } = await large(bench, web, of('large', 5120));
				say(line);
				if (!flat) failed = 1;
			}
			await web.stop();
			const made = await signatures(bench, of('signatures', 20));
			const least = await signatureLimit(directory, of('signatures', 20));
			say(`signature, from code accepted to signed version stored: p50 ${quantile(made, 0.5).toFixed(0)} ms, p95 ${quantile(made, 0.95).toFixed(0)} ms (${made.length} signatures, internal timestamp authority); the machine's own limit (hash, seal, token, two synced files): ${least.toFixed(1)} ms`);
			if (of('events', 10_000)) say(await events(bench, of('events', 10_000)));
		} finally {
			await bench.stop();
		}
		for (const line of firstLoad()) say(line);
		say(await secondStart());
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
	return failed;
}
