// probant bench crypto: what the proof library adds to the raw cost of the same primitives, warm, each run of it beside one of them.

import { createHash } from 'node:crypto';
import { fileOf } from '#crypto/pades/prepare.ts';
import { validate } from '#crypto/pades/validate.ts';
import type { Primitives } from '#crypto/primitives.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { archived, createBenchPki, fileOfSize, now, signField } from './bench-files.ts';
import { quantile } from './measure.ts';

/** Either so many times the raw cost, or milliseconds on the machine the design was measured on: a slower one gets more, by what P-256 over 100 KB costs it. */
export type Bar = { readonly times: number } | { readonly ms: number };

export interface Measure {
	readonly what: string;
	/** Medians, milliseconds of processor time. */
	readonly took: number;
	readonly raw: number;
	/** Null: told, not asked. */
	readonly bar: Bar | null;
	/** What P-256 over 100 KB costs here, in the same rounds, milliseconds. */
	readonly unit: number;
}

/** The same on the machine of the bars: "10× of raw, about 1.5 ms". */
const usualUnit = 0.15;

/** The most it may take here, milliseconds. */
const most = ({ bar, raw, unit }: Measure): number => (!bar ? Infinity : 'times' in bar ? bar.times * raw : bar.ms * Math.max(1, unit / usualUnit));

export const missed = (measure: Measure): boolean => !(measure.took <= most(measure));

/** As printed. */
export function lineOf(measure: Measure): string {
	const { what, took, raw, bar } = measure;
	const asked = !bar ? 'none' : 'times' in bar ? `${bar.times}×` : `${bar.ms} ms, here ${most(measure).toFixed(0)} ms`;
	return `${what}: ${took.toFixed(2)} ms, ${(took / raw).toFixed(1)}× of raw (${raw.toFixed(2)} ms); bar ${asked}${missed(measure) ? ': MISSED' : ''}`;
}

type Act = () => Promise<unknown>;

/** Milliseconds of processor time an act took, of every thread: what waits for other processes costs nothing. */
async function cost(act: Act): Promise<number> {
	const before = process.cpuUsage();
	await act();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** Until V8 has made what it makes of code that runs often: so many rounds, and so many milliseconds. */
async function warm(act: Act): Promise<void> {
	const from = performance.now();
	for (let round = 0; round < 20 || performance.now() - from < 1500; round++) await act();
}

/** Medians of each over so many rounds of all in turn, all warm: whatever else the machine does meets them all. */
async function inTurn(rounds: number, acts: readonly Act[]): Promise<number[]> {
	const times: number[][] = acts.map(() => []);
	for (const act of acts) await warm(act);
	for (let round = 0; round < rounds; round++) for (const [i, act] of acts.entries()) times[i]!.push(await cost(act));
	return times.map((t) => quantile(t, 0.5));
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The raw cost of a validation: every signature it checks, each once, and the file's hash. */
async function rawOf(act: (primitives: Primitives) => Promise<unknown>, bytes: Uint8Array): Promise<Act> {
	const checked: Parameters<Primitives['verify']>[] = [];
	await act({ ...p, verify: (...asked) => (checked.push(asked), p.verify(...asked)) });
	return async () => {
		sha256(bytes);
		for (const asked of checked) await p.verify(...asked);
	};
}

/** Everything the issue sets a bar for. `runs`: of the shortest; the long ones get fewer. */
export async function benchCrypto(runs = 100): Promise<Measure[]> {
	const pki = await createBenchPki();
	const trust = { anchors: [pki.root.certificate.der] };
	const [small, large] = [await fileOfSize(100_000, 1), await fileOfSize(20_000_000, 1)];
	const some = (share: number) => Math.max(3, Math.ceil(runs * share));
	const seal = await pki.issue('ecdsa-p256', 'Bench');
	const unitAct = async () => seal.signer.sign(sha256(small));
	const out: Measure[] = [];
	const measure = async (what: string, bar: Bar | null, rounds: number, act: Act, rawAct: Act) => {
		const many = bar && 'ms' in bar ? Math.round(bar.ms / usualUnit) : 1; // as long as what it stands beside: who is interrupted half as long is interrupted half as often
		const units = async () => {
			for (let i = 0; i < many; i++) await unitAct();
		};
		const [took, raw, all] = (await inTurn(rounds, [act, rawAct, units])) as [number, number, number];
		out.push({ what, bar, took, raw, unit: all / many });
	};
	await measure('B-B of 100 KB, ecdsa-p256', { times: 10 }, runs, () => signField(small, seal), unitAct);
	const rsa = await pki.issue('rsa-2048', 'Bench RSA');
	await measure('B-B of 100 KB, rsa-2048', { times: 3 }, runs, () => signField(small, rsa), async () => rsa.signer.sign(sha256(small)));
	const hashing = async () => sha256(large);
	await measure('B-B of 20 MB, ecdsa-p256, beside hashing it', { times: 2 }, some(0.1), () => signField(large, seal), hashing);
	await measure('the same, and the file put together in memory', null, some(0.1), async () => fileOf(await signField(large, seal)), hashing);

	const signed = fileOf(await signField(small, seal));
	const one = (primitives: Primitives) => validate(primitives, signed, { trust, at: now + 1000 });
	if ((await one(p)).signatures[0]?.subIndication !== 'TRY_LATER') throw new Error('the benched B-B is not good but for its revocation data');
	await measure('validation of a B-B of 100 KB', { ms: 5 }, runs, () => one(p), await rawOf(one, signed));
	const lta = await archived(pki, 10);
	const ten = (primitives: Primitives) => validate(primitives, lta, { trust, at: now + 86_400_000 });
	const { indication, signatures } = await ten(p);
	if (indication !== 'TOTAL-PASSED' || signatures.filter((s) => s.kind === 'signature' && s.level === 'B-LTA').length !== 10) throw new Error(`the benched file is ${indication}`);
	await measure(`validation of a B-LTA of ten signers under an intermediate CA, ${(lta.length / 1000).toFixed(0)} KB`, { ms: 150 }, some(0.2), () => ten(p), await rawOf(ten, lta));
	return out;
}
