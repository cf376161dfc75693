// A client's legal texts: append-only versions in French and English, over default words that are in the code. The first paragraph is what stands beside the box.

import { z } from 'zod';
import { hex, utf8 } from '#crypto/bytes.ts';
import { digest, type Primitives } from '#crypto/primitives.ts';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { defaults } from './defaults.ts';
import { kinds, type Kind } from './kinds.ts';

export interface LegalText {
	readonly kind: Kind;
	/** Its number, or `default-` and the day of words that come with the product. */
	readonly version: string;
	/** Paragraphs, an empty line between two. */
	readonly fr: string;
	readonly en: string;
	/** Null: it came with the product. */
	readonly writtenAt: Date | null;
	readonly author: string | null;
}

/** SHA-256 of the words in one language, UTF-8, hexadecimal. */
export const textDigest = (primitives: Primitives, words: string): string => hex(digest(primitives, 'SHA-256', utf8(words)));

/** What stands beside the box, and what is behind it. */
export const sentenceOf = (words: string): string => words.split('\n\n')[0]!;

type Row = Omit<LegalText, 'version'> & { readonly number: number };
const written = ({ number, ...row }: Row): LegalText => ({ ...row, version: String(number) });
const shipped = (kind: Kind): LegalText[] => defaults[kind].map((words) => ({ kind, ...words, writtenAt: null, author: null }));

/** The newest version of each kind, in the order asked for. */
export async function currentTexts(tx: Tx, wanted: readonly Kind[]): Promise<LegalText[]> {
	const rows = await tx<Row[]>`
		select distinct on (kind) kind, number, fr, en, created_at as "writtenAt", null as author from legal_text where client = app.client() and kind = any (${wanted as string[]}) order by kind, number desc`;
	return wanted.map((kind) => {
		const own = rows.find((row) => row.kind === kind);
		return own ? written(own) : shipped(kind).at(-1)!;
	});
}

/** A version that was current once; null when there never was one. */
export async function textOf(tx: Tx, kind: Kind, version: string): Promise<LegalText | null> {
	const came = shipped(kind).find((text) => text.version === version);
	if (came || !/^[1-9]\d{0,8}$/.test(version)) return came ?? null;
	const [row] = await tx<Row[]>`select kind, number, fr, en, created_at as "writtenAt", null as author from legal_text where client = app.client() and kind = ${kind} and number = ${Number(version)}`;
	return row ? written(row) : null;
}

/** Throws `forbidden` / `administrators-only`, logged, unless the asker administers the client. */
async function administer(ctx: Context, kind: string): Promise<string> {
	const [row] = await ctx.tx((tx) => tx<[{ may: boolean }]>`select app.is_administrator() as may`);
	if (row.may && ctx.actor.person) return ctx.actor.person;
	await appendRefusal(ctx, { op: 'client.text', safe: null, obj: ctx.actor.client ?? 'none', values: { kind } });
	throw new DomainError('forbidden', 'administrators-only');
}

/** What is current of every kind. Needs to administer the client. */
export async function overview(ctx: Context): Promise<LegalText[]> {
	await administer(ctx, 'all');
	return ctx.tx((tx) => currentTexts(tx, kinds));
}

/** Every version of a kind, the newest first; those that came with the product are last. Needs to administer the client; `not-found` / `legal-text`. */
export async function history(ctx: Context, kind: string): Promise<LegalText[]> {
	await administer(ctx, kind.slice(0, 64));
	const known = kinds.find((k) => k === kind);
	if (!known) throw new DomainError('not-found', 'legal-text');
	const rows = await ctx.tx((tx) => tx<Row[]>`
		select t.kind, t.number, t.fr, t.en, t.created_at as "writtenAt", p.name as author from legal_text t left join person p on p.id = t.created_by where t.client = app.client() and t.kind = ${known} order by t.number desc`);
	return [...rows.map(written), ...shipped(known).reverse()];
}

/** Paragraphs as they are kept: no stray spaces at their ends, one empty line between two; nothing a reader would see in another order. */
const paragraphs = z
	.string()
	.max(20_000)
	.regex(/^(?:[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\r\n\t])*$/u)
	.transform((words) => words.replaceAll('\r', '').split(/\n\s*\n/).map((paragraph) => paragraph.trim()).filter(Boolean).join('\n\n'))
	.refine((words) => words !== '' && sentenceOf(words).length <= 400);

export const writing = z.object({ fr: paragraphs, en: paragraphs, /** The version it was written over. */ over: z.string().max(40) });

/**
 * Adds a version; answers its number. The one before stays as it was, and so does what was accepted of it. Needs to administer the client.
 * `not-found` / `legal-text`; `conflict` / `text-moved` when another was added meanwhile, `text-same` when nothing was changed.
 */
export async function writeText(ctx: Context, kind: string, { fr, en, over }: z.output<typeof writing>): Promise<number> {
	const [newest] = await history(ctx, kind);
	const person = await administer(ctx, kind);
	if (!newest || newest.version !== over) throw new DomainError('conflict', 'text-moved');
	if (newest.fr === fr && newest.en === en) throw new DomainError('conflict', 'text-same');
	return ctx.tx(async (tx) => {
		const number = (Number(newest.version) || 0) + 1;
		const { count } = await tx`insert into legal_text (client, kind, number, fr, en, created_by) values (${ctx.actor.client}, ${kind}, ${number}, ${fr}, ${en}, ${person}) on conflict do nothing`;
		if (!count) throw new DomainError('conflict', 'text-moved');
		const digests = { 'sha256-fr': textDigest(ctx.primitives, fr), 'sha256-en': textDigest(ctx.primitives, en) };
		await append(tx, { op: 'client.text', safe: null, obj: ctx.actor.client!, values: { kind, version: String(number), ...digests } });
		return number;
	});
}
