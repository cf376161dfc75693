// For the evidence file: the legal texts a signer accepted or was shown (SIGN-16), as V of the code they asked for says, each word of them, and when.

import type { WorkerContext } from '../context.ts';
import type { Sheet } from '../evidence/author.ts';
import { isAccepted, kinds, type Kind } from '../legal/kinds.ts';
import { sentenceOf, textOf } from '../legal/texts.ts';
import { readValues } from './sign-here.ts';

export interface AgreedText {
	readonly kind: Kind;
	readonly version: string;
	/** Of the words in the signer's language, UTF-8, as they were on the page; hexadecimal. */
	readonly sha256: string;
	/** Accepted with a box of its own; false: shown. */
	readonly accepted: boolean;
	readonly at: string;
	readonly words: string;
}

/** Those of the signature, or of the last code asked for while there is none. */
export async function agreedTexts(ctx: WorkerContext, signer: string, locale: 'fr' | 'en'): Promise<AgreedText[]> {
	return ctx.tx(async (tx) => {
		const [asked] = await tx<{ values: Uint8Array; at: Date }[]>`
			select c."values", c.created_at as at from challenge c join signer s on s.id = c.signer and s.consented_at is not null left join signing_intent i on i.challenge = c.id and i.state = 'released' where c.signer = ${signer} order by i.id is null, c.created_at desc limit 1`;
		const said = asked ? (readValues(asked.values).texts ?? {}) : {};
		const found: AgreedText[] = [];
		for (const kind of kinds) {
			const [version, sha256] = said[kind]?.split(' ') ?? [];
			if (!asked || !version || !sha256) continue;
			const text = await textOf(tx, kind, version);
			if (!text) throw new Error(`no ${kind} of version ${version}`);
			found.push({ kind, version, sha256, accepted: isAccepted(kind), at: asked.at.toISOString(), words: text[locale] });
		}
		return found;
	});
}

const names: Readonly<Record<Kind, string>> = {
	'proof-convention': 'Convention de preuve / proof convention',
	'consumer-proof-convention': 'Convention de preuve, consommateur / consumer proof convention',
	'electronic-form': 'Forme électronique / electronic form',
	'ca-terms': 'Conditions de l’autorité de certification / CA terms',
	'privacy-notice': 'Notice sur les données personnelles / privacy notice',
	'identification-procedure': 'Procédure d’identification / identification procedure'
};

/** A row for each; the whole words are in the data. */
export const agreedRows = (texts: readonly AgreedText[]): Sheet['rows'] =>
	texts.map((text) => [
		`${names[text.kind]}, version ${text.version}`,
		`${text.accepted ? 'acceptée avec sa propre case / accepted with its own box' : 'montrée / shown'}, ${text.at.slice(0, 19).replace('T', ' ')} UTC, SHA-256 ${text.sha256} : « ${sentenceOf(text.words)} »`
	]);
