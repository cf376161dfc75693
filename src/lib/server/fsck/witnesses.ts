// Cosignatures computed anew, and what the configured witnesses say of the log. One that is down is no finding: it is told apart.

import { CryptoError } from '#crypto/errors.ts';
import { openCosignature } from '#crypto/tlog/cosignature.ts';
import { parseNote } from '#crypto/tlog/note.ts';
import { stateOf } from '../audit/witness.ts';
import type { WorkerContext } from '../context.ts';
import { found, type Finding } from './finding.ts';

export interface WitnessLine {
	readonly name: string;
	/** Of the last checkpoint it cosigned. */
	readonly size: number;
	readonly problem: string | null;
}

/** A cosignature of a witness that is configured no more cannot be checked, and is not. */
async function* cosignatures(ctx: WorkerContext): AsyncGenerator<Finding> {
	const rows = await ctx.tx((tx) => tx<{ size: string; note: string }[]>`select size, note || cosignatures as note from checkpoint where cosignatures <> '' order by size`);
	for (const { size, note } of rows) {
		for (const { verifier } of ctx.witnesses) {
			try {
				if (parseNote(note).signatures.some(({ name }) => name === verifier.name)) await openCosignature(ctx.primitives, note, verifier);
			} catch (error) {
				if (!(error instanceof CryptoError)) throw error;
				yield found('cosignature-differs', size, error.message);
			}
		}
	}
}

/** Findings; `lines` gets one of each configured witness. */
export async function* witnesses(ctx: WorkerContext, lines: WitnessLine[]): AsyncGenerator<Finding> {
	yield* cosignatures(ctx);
	for (const witness of ctx.witnesses) {
		const { name } = witness.verifier;
		const { size, problem, contradiction } = await stateOf(ctx, witness);
		lines.push({ name, size, problem });
		if (contradiction) yield found('witness-contradicts', name, contradiction);
	}
}
