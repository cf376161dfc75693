// Reading (NF Z42-020): list, count, technical metadata, the bytes. An opening is logged before its first byte is served, every refusal before it leaves.
// Lists, counts and metadata that are granted leave no event: they show what the log itself holds of a document and none of its content, each page of the application asks
// for them many times over, and as many events would bury the openings, of which there is one each (ARCHITECTURE §5).

import { hex } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';
import { readContent, readWhole, type Kind, type Located } from './content.ts';
import { rightFor } from './right.ts';

export interface Listed {
	readonly id: string;
	readonly name: string;
	readonly mediaType: string;
	readonly state: 'kept' | 'disposed';
	readonly createdAt: Date;
	readonly size: number;
	readonly versions: number;
	/** The latest version's token is there. */
	readonly stamped: boolean;
	readonly receipt: boolean;
}

export interface Filter {
	/** Part of the name. */
	readonly text?: string;
	readonly state?: 'kept' | 'disposed';
	/** Deposited from this instant on. */
	readonly from?: Date;
	/** Deposited before this instant. */
	readonly until?: Date;
	/** Newest first unless told. */
	readonly sort?: Sort;
	readonly descending?: boolean;
	/** 1-based. */
	readonly page?: number;
}

export const sorts = ['date', 'name', 'size'] as const;
export type Sort = (typeof sorts)[number];

export const pageSize = 50;

const like = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
const where = (tx: Tx, { id, rights }: safes.Safe, f: Filter) => tx`
	d.safe = ${id} and (d.kind = 'document' or ${rights.includes('audit')}) and (${f.text ? like(f.text) : null}::text is null or d.name ilike ${f.text ? like(f.text) : null}) and (${f.state ?? null}::text is null or d.state = ${f.state ?? null})
	and (${f.from ?? null}::timestamptz is null or d.created_at >= ${f.from ?? null}) and (${f.until ?? null}::timestamptz is null or d.created_at < ${f.until ?? null})`;

function ordered(tx: Tx, { sort = 'date', descending = sort === 'date' }: Filter) {
	const by = { date: tx`d.created_at`, name: tx`lower(d.name)`, size: tx`v.size` }[sort];
	return tx`${by} ${descending ? tx`desc` : tx`asc`}, d.id`;
}

/** One page of a safe's documents. Needs `read`. */
export async function list(ctx: Context, safe: string, filter: Filter = {}): Promise<Listed[]> {
	const seen = await safes.require(ctx, safe, 'read');
	return ctx.tx(async (tx) => {
		const rows = await tx<(Omit<Listed, 'size'> & { size: string })[]>`
			select d.id, d.name, d.media_type as "mediaType", d.state, d.created_at as "createdAt", v.size, v.number as versions,
				exists (select from timestamp_token t where t.version = v.id) as stamped, exists (select from receipt r where r.version = v.id) as receipt
			from document d cross join lateral (select id, size, number from version where document = d.id order by number desc limit 1) v
			where ${where(tx, seen, filter)} order by ${ordered(tx, filter)} limit ${pageSize} offset ${((filter.page ?? 1) - 1) * pageSize}`;
		return rows.map((r) => ({ ...r, size: Number(r.size) }));
	});
}

/** How many documents the filter finds. Needs `read`. */
export async function count(ctx: Context, safe: string, filter: Filter = {}): Promise<number> {
	const seen = await safes.require(ctx, safe, 'read');
	const [row] = await ctx.tx((tx) => tx<[{ n: number }]>`select count(*)::int as n from document d where ${where(tx, seen, filter)}`);
	return row.n;
}

export interface VersionMetadata {
	readonly id: string;
	readonly number: number;
	/** Hexadecimal. */
	readonly sha256: string;
	readonly size: number;
	readonly mediaType: string;
	readonly createdAt: Date;
	readonly destroyedAt: Date | null;
	/** SHA-256 of the event's body, hexadecimal. */
	readonly event: string;
	/** Place in the log; null until the sequencer gave it one. */
	readonly leaf: { readonly index: number; readonly seq: number } | null;
	readonly timestamp: { readonly genTime: Date; readonly quality: { readonly kind: 'internal' | 'third-party' | 'qualified' }; readonly authority: string } | null;
	/** Why the authority's last answer left no token: no usable answer, or one that did not verify. Null before the first, and once there is a token. */
	readonly stampFailure: 'unavailable' | 'refused' | null;
	readonly receipt: boolean;
}

export interface Metadata {
	readonly id: string;
	readonly client: string;
	readonly safe: string;
	readonly name: string;
	readonly mediaType: string;
	readonly kind: Kind;
	readonly state: 'kept' | 'disposed';
	readonly createdAt: Date;
	/** Latest first. */
	readonly versions: readonly VersionMetadata[];
}

type Row = Omit<VersionMetadata, 'sha256' | 'event' | 'size' | 'leaf' | 'timestamp'> & { sha256: Uint8Array; digest: Uint8Array; size: string; index: string | null; seq: string | null; genTime: Date | null; quality: { kind: 'internal' } | null; authority: string | null };

async function find(ctx: Context, document: string): Promise<Omit<Metadata, 'versions'>> {
	const [found] = safes.isId(document)
		? await ctx.tx((tx) => tx<Omit<Metadata, 'versions'>[]>`select id, client, safe, name, media_type as "mediaType", kind, state, created_at as "createdAt" from document where id = ${document}`)
		: [];
	if (!found) throw await safes.missing(ctx, 'document', document, 'read');
	return found;
}

/** Technical metadata of a document and its versions. Needs `read`; of an evidence file `audit`. */
export async function metadata(ctx: Context, document: string): Promise<Metadata> {
	const found = await find(ctx, document);
	await safes.require(ctx, found.safe, rightFor(found.kind));
	const rows = await ctx.tx(
		(tx) => tx<Row[]>`
			select v.id, v.number, v.sha256, v.size, v.media_type as "mediaType", v.created_at as "createdAt", v.destroyed_at as "destroyedAt", e.digest,
				case when t.version is null then v.stamp_failure end as "stampFailure", l.index, l.seq, t.gen_time as "genTime", t.quality, t.authority, r.version is not null as receipt
			from version v join event e on e.id = v.event left join log_leaf l on l.event = e.id
			left join timestamp_token t on t.version = v.id left join receipt r on r.version = v.id
			where v.document = ${document} order by v.number desc`
	);
	const versions = rows.map(({ sha256, digest, size, index, seq, genTime, quality, authority, ...v }) => ({
		...v,
		sha256: hex(sha256),
		event: hex(digest),
		size: Number(size),
		leaf: index === null ? null : { index: Number(index), seq: Number(seq) },
		timestamp: genTime && quality && authority !== null ? { genTime, quality, authority } : null
	}));
	return { ...found, versions };
}

export type LocatedVersion = Located & { readonly document: string; readonly name: string; readonly kind: Kind; readonly mediaType: string; readonly sha256: Uint8Array };

async function located(tx: Tx, version: string): Promise<LocatedVersion | { readonly safe: string; readonly kind: Kind; readonly wrappedKey: null } | null> {
	const [row] = await tx<(Omit<LocatedVersion, 'size' | 'wrappedKey'> & { size: number | string; wrappedKey: Uint8Array | null })[]>`
		select v.client, v.safe, v.id as owner, v.object_key as "objectKey", v.store_version as "storeVersion", v.wrapped_key as "wrappedKey", v.size, v.document, d.name, d.kind, v.media_type as "mediaType", v.sha256
		from version v join document d on d.id = v.document where v.id = ${version}`;
	if (!row) return null;
	const { wrappedKey, size, ...rest } = row;
	return wrappedKey ? { ...rest, wrappedKey, size: Number(size) } : { safe: rest.safe, kind: rest.kind, wrappedKey };
}

const destroyed = () => new DomainError('gone', 'destroyed');

/** Where a version's bytes are. `gone` / `destroyed` after disposal. No right is asked: the caller has. */
export async function locate(tx: Tx, version: string): Promise<LocatedVersion> {
	const at = await located(tx, version);
	if (!at) throw new DomainError('not-found', 'version');
	if (!at.wrappedKey) throw destroyed();
	return at;
}

/** Logs that this version is opened, unless the same person opened it within the last minutes (range requests share it). */
export async function logOpening(tx: Tx, at: { readonly client: string; readonly safe: string; readonly owner: string }, person: string | null, actor?: string): Promise<void> {
	if (person) {
		const [open] = await tx`select from opening where version = ${at.owner} and person = ${person} and expires > app.now()`;
		if (open) return;
	}
	const event = await append(tx, { op: 'document.open', safe: at.safe, obj: at.owner, ...(actor ? { actor } : {}) });
	if (person) await tx`insert into opening (client, safe, version, person, event, expires) values (${at.client}, ${at.safe}, ${at.owner}, ${person}, ${event.id}, app.now() + interval '5 minutes')`;
}

export interface Opened {
	readonly name: string;
	readonly mediaType: string;
	readonly size: number;
	readonly sha256: Uint8Array;
	readonly bytes: AsyncIterable<Uint8Array>;
}

/** The bytes of a version, the opening logged first. Needs `read`; of an evidence file `audit`. */
export async function open(ctx: Context, version: string, range?: { readonly start: number; readonly end: number }): Promise<Opened> {
	const at = safes.isId(version) ? await ctx.tx((tx) => located(tx, version)) : null;
	if (!at) throw await safes.missing(ctx, 'version', version, 'read');
	await safes.require(ctx, at.safe, rightFor(at.kind));
	if (!at.wrappedKey) return guarded(ctx, { op: 'document.open', safe: at.safe, obj: version }, () => Promise.reject(destroyed()));
	await ctx.tx((tx) => logOpening(tx, at, ctx.actor.person));
	return { name: at.name, mediaType: at.mediaType, size: at.size, sha256: at.sha256, bytes: readContent(ctx, at, range) };
}

/** The whole of a version, for the domain itself; logs nothing: what it is for does. */
export async function bytesOf(ctx: Context, version: string): Promise<Uint8Array> {
	return readWhole(ctx, await ctx.tx((tx) => locate(tx, version)));
}
