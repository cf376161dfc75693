// The legal texts of a signature (SIGN-16): which ones this signer meets, each accepted or shown by itself, and that all of them were, in the versions of now.

import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { isAccepted, kindsFor, type Kind } from '../legal/kinds.ts';
import { currentTexts, sentenceOf, textDigest, type LegalText } from '../legal/texts.ts';
import type { SignerContext } from './door.ts';

export interface TextShown {
	readonly kind: Kind;
	readonly version: string;
	/** SHA-256 of the whole text in the signer's language, hexadecimal. */
	readonly sha256: string;
	/** What stands beside the box, or in its place. */
	readonly sentence: string;
	/** With a box of its own; otherwise it is shown and asks for nothing. */
	readonly accept: boolean;
}

type Agreed = Readonly<Partial<Record<Kind, string>>>;

async function found(ctx: SignerContext, tx: Tx): Promise<{ readonly locale: 'fr' | 'en'; readonly texts: readonly LegalText[] }> {
	const [row] = await tx<{ role: string; coded: boolean; certified: boolean; consumer: boolean; locale: 'fr' | 'en' }[]>`
		select role, level > 0 as coded, level = 2 or advanced as certified, consumer, locale from signer where id = ${ctx.signer}`;
	if (!row || row.role !== 'signer') return { locale: 'fr', texts: [] };
	return { locale: row.locale, texts: await currentTexts(tx, kindsFor(row, row.consumer)) };
}

const shown = (ctx: SignerContext, text: LegalText, words: string): TextShown => ({ kind: text.kind, version: text.version, sha256: textDigest(ctx.primitives, words), sentence: sentenceOf(words), accept: isAccepted(text.kind) });

/** What this signer meets before signing, in order. */
export async function textsFor(ctx: SignerContext, tx: Tx): Promise<TextShown[]> {
	const { locale, texts } = await found(ctx, tx);
	return texts.map((text) => shown(ctx, text, text[locale]));
}

/** The same with every word. */
export async function wholeTexts(ctx: SignerContext): Promise<(TextShown & { readonly words: string })[]> {
	const { locale, texts } = await ctx.tx((tx) => found(ctx, tx));
	return texts.map((text) => ({ ...shown(ctx, text, text[locale]), words: text[locale] }));
}

/** What V says of a text that was met. */
export const agreedTo = ({ version, sha256 }: Pick<TextShown, 'version' | 'sha256'>): string => `${version} ${sha256}`;

/** `invalid` / `text-needed` with its kind while one was not met; `conflict` / `text-changed` for other words than those of now, which must be read first. */
export function requireAgreed(texts: readonly TextShown[], agreed: Agreed): void {
	for (const text of texts) {
		const said = agreed[text.kind];
		if (said === undefined) throw new DomainError('invalid', 'text-needed', { text: text.kind });
		if (said !== agreedTo(text)) throw new DomainError('conflict', 'text-changed', { text: text.kind });
	}
	if (Object.keys(agreed).length !== texts.length) throw new DomainError('conflict', 'text-changed');
}

/** For the event of the consent: each text with its version, the digest of its words, and whether it was accepted or shown. */
export const agreedValues = (agreed: Agreed): Record<string, string> => Object.fromEntries(Object.entries(agreed).map(([kind, said]) => [`text-${kind}`, `${isAccepted(kind as Kind) ? 'accepted' : 'shown'} ${said}`]));
