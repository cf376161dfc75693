// Several documents of a safe signed as one (SIGN-5): put together in an order of precedence, under a list that names each with its digest. The documents themselves stay as they are.

import { z } from 'zod';
import { hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { assemble } from '#crypto/pdf/assemble.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { addDocument } from '../documents/deposit.ts';
import { bytesOf, metadata } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import { authorSheet } from '../evidence/author.ts';
import * as safes from '../safes.ts';
import { line } from './line.ts';
import { partsSheet } from './parts-sheet.ts';
import { inspect, maximumSigned } from './prepare.ts';

export const mostParts = 20;
export const newAssembly = z.object({
	/** In their order of precedence. */
	documents: z.array(z.uuid()).min(2).max(mostParts).refine((all) => new Set(all).size === all.length),
	title: line(200),
	locale: z.enum(['fr', 'en'])
});
export type NewAssembly = z.input<typeof newAssembly>;

export interface Part {
	readonly position: number;
	/** The document, and the version of it whose pages these are. */
	readonly document: string;
	readonly name: string;
	/** Of that version, hexadecimal. */
	readonly sha256: string;
	/** 1-based, in the whole. */
	readonly firstPage: number;
	readonly pages: number;
}

interface Source {
	readonly document: string;
	readonly version: string;
	readonly name: string;
	readonly sha256: string;
	readonly bytes: Uint8Array;
}

/** Documents of one safe, each fit to be signed. */
async function sourcesOf(ctx: Context, documents: readonly string[]): Promise<{ safe: string; client: string; sources: Source[] }> {
	const found = [];
	for (const id of documents) found.push(await metadata(ctx, id));
	const [{ safe, client }] = found as [(typeof found)[number]];
	if (found.some((d) => d.safe !== safe)) throw new DomainError('invalid', 'parts-safe');
	if (found.reduce((sum, d) => sum + d.versions[0]!.size, 0) > maximumSigned) throw new DomainError('invalid', 'parts-large');
	const sources: Source[] = [];
	for (const { id, name, versions } of found) {
		const [refusal] = (await inspect(ctx, id)).refusals;
		if (refusal) throw new DomainError('invalid', `pdf-${refusal.reason}`, { document: name });
		const [last] = versions as [(typeof versions)[number]];
		sources.push({ document: id, version: last.id, name, sha256: last.sha256, bytes: await bytesOf(ctx, last.id) });
	}
	return { safe, client, sources };
}

/** What becomes of the sources, with their list at the end; the first page of each and how many. */
async function together(ctx: Context, sources: readonly Source[], { title, locale }: z.output<typeof newAssembly>): Promise<{ bytes: Uint8Array; places: { firstPage: number; pages: number }[] }> {
	const counts = sources.map(({ bytes }) => openDocument(bytes).pages().length);
	const places = counts.map((pages, i) => ({ firstPage: 1 + counts.slice(0, i).reduce((sum, n) => sum + n, 0), pages }));
	const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
	const list = await authorSheet(partsSheet(locale, title, sources.map((s, i) => ({ ...s, ...places[i]! })), now), ctx.settings.fonts);
	const [first, ...others] = sources.map((s) => s.bytes);
	try {
		return { bytes: assemble(first!, [...others, list], ctx.primitives.random(16)).bytes, places };
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		const which = Number(/^document (\d+)/.exec(error.message)?.[1] ?? 1);
		const reason = error.reason === 'annotations' || error.reason === 'layers' ? `parts-${error.reason}` : 'pdf-damaged';
		throw new DomainError('invalid', reason, { document: sources[which - 1]?.name ?? '' }, { cause: error });
	}
}

/**
 * Puts documents together as a new one, ready for an envelope; answers its id. Needs `send` and `deposit` in their safe.
 * `invalid`: `parts-safe` (of several safes), `parts-large`, `pdf-…` when one cannot be signed, `parts-annotations` or `parts-layers` when something on its pages would be lost; `details.document` names it.
 */
export async function assembleDocuments(ctx: Context, asked: NewAssembly): Promise<string> {
	const input = newAssembly.parse(asked);
	const { safe, client, sources } = await sourcesOf(ctx, input.documents);
	await safes.require(ctx, safe, 'send');
	await safes.require(ctx, safe, 'deposit');
	try {
		const { bytes, places } = await together(ctx, sources, input);
		return await addDocument(ctx, { client, safe, name: `${input.title.replaceAll(/[/\\]/g, '-')}.pdf`, kind: 'document', bytes }, async (tx, document) => {
			await tx`insert into part ${tx(sources.map((s, i) => ({ document, safe, client, position: i + 1, source: s.version, name: s.name, first_page: places[i]!.firstPage, pages: places[i]!.pages })))}`;
			await append(tx, { op: 'document.assemble', safe, obj: document, values: Object.fromEntries(sources.map((s, i) => [`part-${i + 1}`, s.sha256])) });
			return document;
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'document.assemble', safe, obj: sources[0]!.document, values: { reason: error.reason } });
		throw error;
	}
}

/** What a document was put together from, in order; empty when it was not. Rights are the caller's business. */
export async function partsOf(ctx: Context, document: string): Promise<Part[]> {
	const rows = await ctx.tx(
		(tx) => tx<(Omit<Part, 'sha256'> & { sha256: Uint8Array })[]>`
			select p.position, v.document, p.name, v.sha256, p.first_page as "firstPage", p.pages from part p join version v on v.id = p.source where p.document = ${document} order by p.position`
	);
	return rows.map((row) => ({ ...row, sha256: hex(row.sha256) }));
}
