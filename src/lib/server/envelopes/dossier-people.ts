// What the evidence file says of what signers asked of the sender, and of contacts that two people share (SIGN-21).

import type { WorkerContext } from '../context.ts';

export interface SharedContact {
	readonly kind: 'email' | 'number';
	/** All of it: an address or a number that serves two is what this is about. */
	readonly value: string;
	/** Ids of the signers, as elsewhere in the file. */
	readonly signers: readonly string[];
	readonly sender: boolean;
	/** On which occasion it was confirmed, and by whom: a person of the client, or the signer (null). */
	readonly noted: 'send' | 'correct' | 'delegate' | 'number';
	readonly by: string | null;
	readonly at: string;
}

export interface AskedOfSender {
	/** Who asked: the place may have been handed over since. */
	readonly name: string;
	readonly kind: 'paper' | 'question';
	readonly words: string;
	readonly at: string;
	/** The sender's; null: none was given here. */
	readonly answer: string | null;
	readonly settledAt: string | null;
}

/** Oldest first. */
export async function sharedContacts(ctx: WorkerContext, envelope: string): Promise<SharedContact[]> {
	const rows = await ctx.tx((tx) => tx<(Omit<SharedContact, 'at'> & { at: Date })[]>`
		select h.kind, h.value, h.signers, h.sender, h.noted, p.name as by, h.at from contact_sharing h left join person p on p.id = h.person where h.envelope = ${envelope} order by h.at, h.id`);
	return rows.map(({ at, ...shared }) => ({ ...shared, at: at.toISOString() }));
}

/** Of one signer, oldest first. */
export async function askedOfSender(ctx: WorkerContext, signer: string): Promise<AskedOfSender[]> {
	const rows = await ctx.tx((tx) => tx<(Omit<AskedOfSender, 'at' | 'settledAt'> & { at: Date; settledAt: Date | null })[]>`
		select name, kind, words, asked_at as at, answer, settled_at as "settledAt" from signer_request where signer = ${signer} order by asked_at, id`);
	return rows.map(({ at, settledAt, ...asked }) => ({ ...asked, at: at.toISOString(), settledAt: settledAt && settledAt.toISOString() }));
}

type Row = readonly [string, string];
const time = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`;
const kinds = { email: 'Adresse e-mail partagée / shared e-mail address', number: 'Mobile partagé / shared mobile' } as const;
const occasions = { send: 'à l’envoi / on sending', correct: 'à une correction / on a correction', delegate: 'à une délégation / on a delegation', number: 'quand le signataire a donné son numéro / when the signer gave their number' } as const;

/** What two people share: each could have received what was meant for the other. */
export function sharingRows(shared: readonly SharedContact[], nameOf: (signer: string) => string, sender: string): Row[] {
	return shared.map((s) => [kinds[s.kind], `${s.value} : ${[...s.signers.map(nameOf), ...(s.sender ? [`${sender} (expéditeur / sender)`] : [])].join(', ')} ; confirmé / confirmed ${occasions[s.noted]}, ${s.by ?? 'par le signataire / by the signer'}, ${time(s.at)}`]);
}

export function askedRows(asked: readonly AskedOfSender[]): Row[] {
	return asked.map((a) => [
		a.kind === 'paper' ? 'Version papier demandée / paper version asked for' : 'Question à l’expéditeur / question to the sender',
		`${a.name}, ${time(a.at)}${a.words ? `, « ${a.words} »` : ''} ; ${a.answer ? `réponse / answer : « ${a.answer} », ${time(a.settledAt ?? a.at)}` : a.settledAt ? `classée sans réponse ici / settled without an answer here, ${time(a.settledAt)}` : 'sans réponse ici / no answer here'}`
	]);
}
