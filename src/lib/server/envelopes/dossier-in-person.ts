// For the evidence file: how a signer who signed in person held the sender's device (SIGN-14), from when to when, from whose hands.

import type { WorkerContext } from '../context.ts';
import type { Sheet } from '../evidence/author.ts';

export interface HandOver {
	readonly at: string;
	/** Who handed over, as a member of the client. */
	readonly by: string;
	/** Taken back, or handed over anew; null: it was not. */
	readonly endedAt: string | null;
	/** The device, as its requests said. */
	readonly address: string;
	readonly agent: string;
}

interface Said {
	readonly op: string;
	readonly obj: string;
	readonly openings: Readonly<Record<string, string>>;
}

/** Oldest first. `events`: those of the envelope, in order. */
export async function handOversOf(ctx: WorkerContext, signer: string, events: readonly Said[]): Promise<HandOver[]> {
	const rows = await ctx.tx((tx) => tx<{ at: Date; by: string; endedAt: Date | null }[]>`select h.began_at as at, p.name as by, h.ended_at as "endedAt" from hand_over h join person p on p.id = h.person where h.signer = ${signer} order by h.began_at`);
	const said = events.filter((e) => e.op === 'signer.hand-over' && e.obj === signer && e.openings.address);
	return rows.map(({ at, by, endedAt }, i) => ({ at: at.toISOString(), by, endedAt: endedAt && endedAt.toISOString(), address: said[i]?.openings.address ?? '', agent: said[i]?.openings.agent ?? '' }));
}

const time = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/** A row for the class, and one for each. */
export const handOverRows = (s: { readonly level: 0 | 1 | 2; readonly inPerson: boolean; readonly handOvers: readonly HandOver[] }): Sheet['rows'] =>
	s.inPerson
		? [
				['Manière / manner', s.level === 0 ? 'signature manuscrite numérisée, sans code, en personne sur l’appareil du demandeur : classe inférieure au niveau 1 / digitised handwritten signature, no code, in person on the sender’s device: a class below level 1' : 'en personne, sur l’appareil du demandeur, avec un code / in person, on the sender’s device, with a code'],
				...s.handOvers.map((h) => ['Appareil remis, session du demandeur verrouillée / device handed over, sender’s session locked', `${time(h.at)}, par / by ${h.by}, ${h.address}, ${h.agent}${h.endedAt ? ` ; repris / taken back ${time(h.endedAt)}` : ''}`] as const)
			]
		: [];
