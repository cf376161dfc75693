// What the client decides on acceptance minutes (C. civ. 1792-6): accept, accept with reservations, postpone, refuse. It is filled into fields of the page they sign, and so part of V.

import { z } from 'zod';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';

/** Which field is what, by id. */
export const decisionFields = z.strictObject({
	accept: z.uuid(),
	reserve: z.uuid(),
	reservations: z.array(z.uuid()).min(1).max(20),
	deadline: z.uuid(),
	postpone: z.uuid(),
	until: z.uuid(),
	refuse: z.uuid(),
	reason: z.uuid()
});
export type DecisionFields = z.infer<typeof decisionFields>;

export type Decision =
	| { readonly choice: 'accept' }
	| { readonly choice: 'reserve'; readonly reservations: readonly string[]; readonly deadline: string }
	| { readonly choice: 'postpone'; readonly until: string }
	| { readonly choice: 'refuse'; readonly reason: string };

/** The fields of a decision asked of this signer; null: none is. */
export async function decisionFor(tx: Tx, signer: string): Promise<DecisionFields | null> {
	const [row] = await tx<{ fields: unknown }[]>`select fields from minutes where decider = ${signer}`;
	return row ? decisionFields.parse(row.fields) : null;
}

/** What the values say. `invalid`: `decision-one` unless it is exactly one; `decision-reservations`, `decision-until`, `decision-reason` for what it lacks; `decision-stray` for words of another choice. */
export function decisionOf(f: DecisionFields, values: Readonly<Record<string, string>>): Decision {
	const said = (id: string) => (values[id] ?? '').trim();
	const chosen = (['accept', 'reserve', 'postpone', 'refuse'] as const).filter((choice) => said(f[choice]) === 'Yes');
	const [choice] = chosen;
	if (!choice || chosen.length > 1) throw new DomainError('invalid', 'decision-one');
	const reservations = f.reservations.map(said).filter(Boolean);
	const words = { accept: '', reserve: said(f.deadline) + reservations.join(''), postpone: said(f.until), refuse: said(f.reason) };
	if (Object.entries(words).some(([of, typed]) => of !== choice && typed)) throw new DomainError('invalid', 'decision-stray');
	switch (choice) {
		case 'accept':
			return { choice };
		case 'reserve':
			if (!reservations.length || !said(f.deadline)) throw new DomainError('invalid', 'decision-reservations');
			return { choice, reservations, deadline: said(f.deadline) };
		case 'postpone':
			if (!said(f.until)) throw new DomainError('invalid', 'decision-until');
			return { choice, until: said(f.until) };
		case 'refuse':
			if (!said(f.reason)) throw new DomainError('invalid', 'decision-reason');
			return { choice, reason: said(f.reason) };
	}
}
