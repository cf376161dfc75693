// Witnesses (C2SP tlog-witness): others who cosign a checkpoint if it goes on from the last one they have seen. One that is down stops nothing;
// one that says our log does not go on from what it has cosigned, or that it has cosigned more than we have signed, is believed: nothing is signed until someone looks.

import { base64, hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { openCosignature, witnessId } from '#crypto/tlog/cosignature.ts';
import { consistencyProof } from '#crypto/tlog/merkle.ts';
import type { WorkerContext } from '../context.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { WitnessUnavailable, type Witness } from '../witness/witness.ts';
import { LogSplit } from './anchor.ts';
import { append } from './append.ts';
import { reader } from './tree.ts';

interface Signed {
	readonly size: number;
	readonly note: string;
}

/** What we know of a configured witness. */
export interface WitnessState {
	/** Of the last checkpoint it cosigned; 0 before the first. */
	readonly size: number;
	/** When we last got a cosignature of it. */
	readonly at: Date | null;
	/** Why its last answer was no cosignature; null after one. */
	readonly problem: string | null;
	/** Why it contradicts this log; null while it does not. */
	readonly contradiction: string | null;
}

const idOf = ({ verifier }: Witness): string => hex(witnessId(nodePrimitives, verifier));

export async function stateOf(ctx: WorkerContext, { line }: Witness): Promise<WitnessState> {
	const [row] = await ctx.tx((tx) => tx<{ size: string; at: Date | null; problem: string | null; contradiction: string | null }[]>`select size, at, problem, contradiction from witness where verifier = ${line}`);
	return row ? { ...row, size: Number(row.size) } : { size: 0, at: null, problem: null, contradiction: null };
}

/** Throws LogSplit while a configured witness contradicts this log. */
export async function refuseContradicted(ctx: WorkerContext): Promise<void> {
	for (const witness of ctx.witnesses) {
		const { contradiction } = await stateOf(ctx, witness);
		if (contradiction) throw new LogSplit('fork', contradiction);
	}
}

/** Ids of witnesses that have not cosigned the last checkpoint and were not asked for a minute. */
export async function witnessesDue(ctx: WorkerContext): Promise<string[]> {
	const due = await ctx.tx(
		(tx) => tx<{ verifier: string }[]>`
			select v.verifier from unnest(${ctx.witnesses.map(({ line }) => line)}::text[]) v (verifier) left join witness w using (verifier)
			where coalesce(w.size, 0) < (select max(size) from checkpoint) and w.contradiction is null and (w.asked_at is null or w.asked_at < app.now() - interval '1 minute')`
	);
	return ctx.witnesses.filter(({ line }) => due.some(({ verifier }) => verifier === line)).map(idOf);
}

async function last(ctx: WorkerContext): Promise<Signed | null> {
	const [row] = await ctx.tx((tx) => tx<{ size: string; note: string }[]>`select size, note from checkpoint order by size desc limit 1`);
	return row ? { size: Number(row.size), note: row.note } : null;
}

async function ask(ctx: WorkerContext, witness: Witness, old: number, { size, note }: Signed) {
	const proof = await ctx.tx((tx) => consistencyProof(nodePrimitives, reader(tx), old, size));
	return witness.addCheckpoint([`old ${old}`, ...proof.map(base64), '', note].join('\n'));
}

class Contradiction extends Error {}

/** The cosignature line. WitnessUnavailable, CryptoError for one that is wrong, Contradiction. */
async function cosigned(ctx: WorkerContext, witness: Witness, signed: Signed): Promise<string> {
	const { name } = witness.verifier;
	let old = Math.min((await stateOf(ctx, witness)).size, signed.size);
	let answer = await ask(ctx, witness, old, signed);
	if (answer.kind === 'at' && answer.size <= signed.size && answer.size !== old) answer = await ask(ctx, witness, (old = answer.size), signed); // it knows better what it cosigned last
	if (answer.kind === 'cosigned') return (await openCosignature(nodePrimitives, signed.note + answer.lines, witness.verifier)).line;
	if (answer.kind === 'inconsistent') throw new Contradiction(`${name} says that the log of ${signed.size} entries does not go on from the ${old} it has cosigned`);
	if (answer.size > ((await last(ctx))?.size ?? 0)) throw new Contradiction(`${name} has cosigned ${answer.size} entries, more than this log has signed`);
	if (answer.size === signed.size && old === signed.size) throw new Contradiction(`${name} has cosigned another log of ${signed.size} entries`);
	throw new WitnessUnavailable(`${name} is at ${answer.size}, not ${old}`);
}

/** The job of one witness: asks it to cosign the last checkpoint, and keeps what it says. A failure is kept and comes back. Nothing when it is no longer configured. */
export async function askWitness(ctx: WorkerContext, payload: { readonly witness: string }): Promise<void> {
	const witness = ctx.witnesses.find((w) => idOf(w) === payload.witness);
	const signed = await last(ctx);
	if (!witness || !signed) return;
	await ctx.tx((tx) => tx`insert into witness (verifier, asked_at) values (${witness.line}, app.now()) on conflict (verifier) do update set asked_at = app.now()`);
	try {
		await keep(ctx, witness, signed, await cosigned(ctx, witness, signed));
	} catch (error) {
		if (error instanceof Contradiction) return contradicted(ctx, witness, error.message);
		if (!(error instanceof WitnessUnavailable || error instanceof CryptoError)) throw error;
		await ctx.tx((tx) => tx`update witness set problem = ${error.message.slice(0, 500)} where verifier = ${witness.line}`);
	}
}

async function keep(ctx: WorkerContext, witness: Witness, { size }: Signed, line: string): Promise<void> {
	await ctx.tx(async (tx) => {
		await tx`update checkpoint set cosignatures = cosignatures || ${line} where size = ${size} and position(${line.slice(0, line.lastIndexOf(' '))} in cosignatures) = 0`;
		await tx`update witness set size = greatest(size, ${size}), at = app.now(), problem = null where verifier = ${witness.line}`;
	});
}

async function contradicted(ctx: WorkerContext, witness: Witness, why: string): Promise<void> {
	await ctx.tx(async (tx) => {
		const { count } = await tx`update witness set contradiction = ${why} where verifier = ${witness.line} and contradiction is null`;
		if (count) await append(tx, { op: 'log.witness', safe: null, obj: witness.verifier.name, res: 'error', values: { why } });
	});
}
