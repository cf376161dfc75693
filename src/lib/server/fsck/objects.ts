// Rows and bytes: every row that names an object has it, whole; every object is named by a row, or by an intent that is still open.

import { equal, hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { opens, readBody } from '#crypto/tlog/entry.ts';
import type { WorkerContext } from '../context.ts';
import type { Located } from '../documents/content.ts';
import { rehash, stamped } from '../documents/control.ts';
import { shortUploads, strayUploads } from '../documents/stage.ts';
import { proves } from '../evidence/record.ts';
import type { StoredObject } from '../objects/store.ts';
import { found, type Finding } from './finding.ts';

interface Kept extends Located {
	readonly what: 'version' | 'receipt';
	/** Of the plain bytes. */
	readonly sha256: Uint8Array;
	/** Of a version: its number, its event's body, what opens the digest in it, its token. */
	readonly number: number | null;
	readonly body: Uint8Array | null;
	readonly key: Uint8Array | null;
	readonly value: string | null;
	readonly token: Uint8Array | null;
}

export interface ObjectCounts {
	versions: number;
	receipts: number;
	objects: number;
	/** Versions whose token is still asked for. */
	timestampsPending: number;
}

const page = 500;
/** How late the sweep may be before that is a finding. */
const late = '5 minutes';

/** Every object some row names and has a key for, by object key. */
async function* kept(ctx: WorkerContext): AsyncGenerator<Kept> {
	for (let after = ''; ; ) {
		const rows = await ctx.tx(
			(tx) => tx<Kept[]>`
				select k.*, e.body, o.key, o.value, t.token from (
					select 'version' as what, client, safe, id as owner, object_key as "objectKey", store_version as "storeVersion", wrapped_key as "wrappedKey", size::float8 as size, sha256, number, event from version where wrapped_key is not null
					union all select 'receipt', client, safe, version, object_key, store_version, wrapped_key, size, sha256, null, null from receipt where wrapped_key is not null
				) k left join event e on e.id = k.event left join event_opening o on o.event = k.event and o.name = 'sha256' left join timestamp_token t on k.what = 'version' and t.version = k.owner
				where "objectKey" > ${after} order by "objectKey" limit ${page}`
		);
		yield* rows;
		if (rows.length < page) return;
		after = rows.at(-1)!.objectKey;
	}
}

/** False when it was disposed of while it was read. */
async function stillKept(ctx: WorkerContext, { what, owner }: Kept): Promise<boolean> {
	const { count } = await ctx.tx((tx) =>
		what === 'version' ? tx`select from version where id = ${owner} and wrapped_key is not null` : tx`select from receipt where version = ${owner} and wrapped_key is not null`
	);
	return count > 0;
}

async function bytes(ctx: WorkerContext, at: Kept): Promise<Finding[]> {
	const now = await rehash(ctx, at);
	if (now === 'missing') return [found('object-missing', at.owner, `${at.what} ${at.objectKey}`)];
	if (now === null) return [found('object-altered', at.owner, `${at.what} ${at.objectKey}: does not open`)];
	return !equal(now, at.sha256) ? [found('object-altered', at.owner, `${at.what} ${at.objectKey}: ${hex(now)}`)] : [];
}

/** The event a version names says the deposit of this version, and committed to its digest. */
function event(ctx: WorkerContext, { owner, number, body: bytes, key, value }: Kept, sha256: Uint8Array): Finding[] {
	try {
		const body = readBody(bytes ?? new Uint8Array());
		const op = number === 1 ? 'document.deposit' : 'document.version';
		const committed = key && value === hex(sha256) && opens(ctx.primitives, body, { name: 'sha256', key, value });
		return body.op === op && body.obj === owner && body.res === 'ok' && committed ? [] : [found('event-differs', owner, `${body.op} ${body.obj}`)];
	} catch (error) {
		if (error instanceof CryptoError) return [found('event-differs', owner, error.message)];
		throw error;
	}
}

/** Reads everything again. Roots of the authority in use and of our own: the authority may have changed. */
export async function* rows(ctx: WorkerContext, counts: ObjectCounts): AsyncGenerator<Finding> {
	const anchors = [...ctx.tsa.anchors, ctx.signing.root.certificate];
	for await (const at of kept(ctx)) {
		counts[`${at.what}s`]++;
		const wrong = await bytes(ctx, at);
		if (at.what === 'version') {
			wrong.push(...event(ctx, at, at.sha256));
			const proven = wrong.length ? null : await proves(ctx, at, at.sha256, anchors);
			if (proven === false) wrong.push(found('record-invalid', at.owner));
			const token = await stamped(ctx, at.token, at.sha256, anchors, proven === true);
			if (token === 'pending') counts.timestampsPending++;
			if (token === 'invalid') wrong.push(found('token-invalid', at.owner));
		}
		if (wrong.length && (await stillKept(ctx, at))) yield* wrong;
	}
}

/** Which of these objects no row and no open intent names. */
async function unnamed(ctx: WorkerContext, objects: readonly StoredObject[]): Promise<StoredObject[]> {
	const named = await ctx.tx(
		(tx) => tx<{ place: number }[]>`
			select o.place::int from unnest(${objects.map((o) => o.key)}::text[], ${objects.map((o) => o.version)}::text[]) with ordinality o (key, version, place)
			where exists (select from version v where v.object_key = o.key and v.store_version = o.version and v.removed_at is null)
			or exists (select from receipt r where r.object_key = o.key and r.store_version = o.version)
			or exists (select from identity_image i where i.object_key = o.key and i.removed_at is null)
			or exists (select from intent i where i.object_key = o.key)`
	);
	const places = new Set(named.map(({ place }) => place - 1));
	return objects.filter((_, i) => !places.has(i));
}

const there = async (ctx: WorkerContext, { key, version }: StoredObject): Promise<boolean> => {
	for await (const o of ctx.objects.list(key)) if (o.key === key && o.version === version) return true;
	return false;
};

/** Objects outside the anchor that nothing names. Listed first, looked up after: what was about to get its row has it by then. */
export async function* orphans(ctx: WorkerContext, counts: Pick<ObjectCounts, 'objects'>): AsyncGenerator<StoredObject> {
	const batch: StoredObject[] = [];
	const judged = async () => {
		const stray = await unnamed(ctx, batch.splice(0));
		const still = await Promise.all(stray.map((o) => there(ctx, o)));
		return stray.filter((_, i) => still[i]);
	};
	for await (const object of ctx.objects.list('')) {
		if (object.key.startsWith('anchor/')) continue;
		counts.objects++;
		if (batch.push(object) === page) yield* await judged();
	}
	if (batch.length) yield* await judged();
}

/** Intents nobody took back, uploads whose file is short, files without an upload. */
export async function* unfinished(ctx: WorkerContext): AsyncGenerator<Finding> {
	const overdue = await ctx.tx((tx) => tx<{ id: string; key: string; lease: Date }[]>`select id, object_key as key, lease from intent where not swept and lease < app.now() - ${late}::interval`);
	for (const { id, key, lease } of overdue) yield found('intent-overdue', id, `${key}, since ${lease.toISOString()}`);
	for (const id of await shortUploads(ctx)) yield found('upload-short', id);
	for (const id of await strayUploads(ctx)) yield found('upload-stray', id);
}
