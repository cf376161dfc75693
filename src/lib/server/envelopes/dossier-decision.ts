// For the evidence file: what was decided on acceptance minutes, as V of the signature says.

import type { WorkerContext } from '../context.ts';
import type { Sheet } from '../evidence/author.ts';
import { decisionFor, decisionOf, type Decision } from './decision.ts';
import { readValues } from './sign-here.ts';

/** Null: none was asked of them, or nothing was signed. */
export async function signedDecision(ctx: WorkerContext, signer: string): Promise<Decision | null> {
	return ctx.tx(async (tx) => {
		const fields = await decisionFor(tx, signer);
		const [row] = fields ? await tx<{ values: Uint8Array }[]>`select "values" from signing_intent where signer = ${signer} and state = 'released'` : [];
		return fields && row ? decisionOf(fields, readValues(row.values).fields ?? {}) : null;
	});
}

const label = 'Décision sur la réception / decision on the acceptance (C. civ. 1792-6)';

export function decisionRows(d: Decision | null): Sheet['rows'] {
	switch (d?.choice) {
		case undefined:
			return [];
		case 'accept':
			return [[label, 'accepte, sans réserve / accepts, without reservations']];
		case 'reserve':
			return [[label, `accepte avec réserves, à lever avant le / accepts with reservations, to be lifted by ${d.deadline}`], ...d.reservations.map((r, i) => [`Réserve ${i + 1} / reservation`, r] as const)];
		case 'postpone':
			return [[label, `reporte au / postpones to ${d.until}`]];
		case 'refuse':
			return [[label, `refuse / refuses : ${d.reason}`]];
	}
}
