// For the evidence file: the contract a consumer was told of, the recap they confirmed, as V of the code they asked for says, and their withdrawal when there was one before it was made (SIGN-18).

import { hex } from '#crypto/bytes.ts';
import { contractOf, type Contract } from '../consumer/contract.ts';
import { priceWords } from '../consumer/recap.ts';
import type { WorkerContext } from '../context.ts';
import type { Sheet } from '../evidence/author.ts';
import { readValues } from './sign-here.ts';

/** As it was frozen with the envelope. */
export type DossierContract = Omit<Contract, 'concludedAt'> | null;

export async function contractTold(ctx: WorkerContext, envelope: string): Promise<DossierContract> {
	const contract = await ctx.tx((tx) => contractOf(tx, envelope));
	if (!contract) return null;
	const { concludedAt: _, ...told } = contract;
	return told;
}

/** Null: not a consumer. */
export type DossierConsumer = {
	/** Null: no code was asked for. `sha256` of the words, UTF-8, hexadecimal. */
	readonly recap: { readonly version: string; readonly sha256: string; readonly words: string; readonly confirmedAt: string } | null;
	readonly withdrawal: { readonly name: string; readonly email: string; readonly statement: string; readonly lastDay: string | null; readonly at: string } | null;
} | null;

/** Of the signature, or of the last code asked for while there is none. */
export async function consumerTold(ctx: WorkerContext, signer: string): Promise<DossierConsumer> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<{ consumer: boolean }[]>`select s.consumer from signer s where s.id = ${signer}`;
		if (!row?.consumer) return null;
		const [asked] = await tx<{ id: string; values: Uint8Array }[]>`
			select c.id, c."values" from challenge c join signer s on s.id = c.signer and s.consented_at is not null left join signing_intent i on i.challenge = c.id and i.state = 'released' where c.signer = ${signer} order by i.id is null, c.created_at desc limit 1`;
		const [version, sha256] = (asked && readValues(asked.values).recap?.split(' ')) ?? [];
		const [confirmed] = asked && version && sha256
			? await tx<{ words: string; sha256: Uint8Array; at: Date }[]>`
				select words, sha256, at from recap_confirmation where signer = ${signer} and version = ${version} and sha256 = ${Buffer.from(sha256, 'hex')} and at <= (select created_at from challenge where id = ${asked.id}) order by at desc limit 1`
			: [];
		if (version && !confirmed) throw new Error(`no confirmation of the recap that ${signer} signed`);
		const [withdrawal] = await tx<{ name: string; email: string; statement: string; lastDay: string | null; at: Date }[]>`select name, email, statement, last_day::text as "lastDay", at from withdrawal where signer = ${signer}`;
		return {
			recap: confirmed && version ? { version, sha256: hex(confirmed.sha256), words: confirmed.words, confirmedAt: confirmed.at.toISOString() } : null,
			withdrawal: withdrawal ? { ...withdrawal, at: withdrawal.at.toISOString() } : null
		};
	});
}

const time = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`;
const from = { conclusion: 'de la conclusion / from the conclusion', delivery: 'de la livraison / from the delivery' } as const;

/** Rows of the whole envelope. */
export const contractRows = (c: DossierContract): Sheet['rows'] =>
	c
		? [
				['Contrat avec un consommateur / consumer contract', `${c.subject} ; ${priceWords(c, 'fr')}`],
				['Rétractation / withdrawal', c.withdrawalDays === null ? `aucune, motif déclaré / none, as declared: C. conso. L221-28, ${c.exception}°` : `${c.withdrawalDays} jours / days, ${from[c.runsFrom]}`],
				['120 € et plus / €120 or more', c.longArchive ? 'oui : conservé dix ans à partir de la livraison / yes: kept ten years from delivery' : 'non / no']
			]
		: [];

/** Rows of a signer; the whole words are in the data. */
export const consumerRows = (c: DossierConsumer): Sheet['rows'] =>
	c
		? [
				...(c.recap ? [['Récapitulatif confirmé / recap confirmed', `version ${c.recap.version}, ${time(c.recap.confirmedAt)}, SHA-256 ${c.recap.sha256}`] as const] : []),
				...(c.withdrawal ? [['Rétractation / withdrawal', `${time(c.withdrawal.at)} : « ${c.withdrawal.statement} »`] as const] : [])
			]
		: [];
