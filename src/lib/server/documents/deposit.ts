// Deposit (NF Z42-020): an upload becomes a document's version. ARCHITECTURE §3.2–3.3: everything is stored and checked before a row says so.

import { hex } from '#crypto/bytes.ts';
import { append, appendRefusal, askingOf, type Asking } from '../audit/append.ts';
import type { Operation } from '../audit/operations.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';
import { consume, storeContent, type Kind, type Reserved, type Stored } from './content.ts';
import { mediaType } from './media-type.ts';
import * as stage from './stage.ts';

/** What the depositor is told: the proof begins with the digest of the event. */
export interface Deposited {
	readonly document: string;
	readonly version: string;
	/** SHA-256 of the bytes, hexadecimal. */
	readonly sha256: string;
	readonly size: number;
	/** SHA-256 of the event's body, hexadecimal. */
	readonly event: string;
}

interface NewVersion {
	readonly id: string;
	readonly document: string;
	readonly client: string;
	readonly safe: string;
	readonly number: number;
	readonly parent: string | null;
	readonly by: string | null;
	readonly op: Operation;
	readonly actor?: string;
}

/** The version row, its event, its timestamp job; the intent ends. */
async function insertVersion(tx: Tx, v: NewVersion, s: Stored, asking?: Asking): Promise<Uint8Array> {
	const type = mediaType(s.head);
	const values = { document: v.document, sha256: hex(s.sha256), size: String(s.size), type };
	const event = await append(tx, { op: v.op, safe: v.safe, obj: v.id, values, ...(v.actor ? { actor: v.actor } : {}) }, asking);
	const row = tx`
		insert into version (id, document, safe, client, number, parent, sha256, size, media_type, object_key, store_version, wrapped_key, event, created_by)
		values (${v.id}, ${v.document}, ${v.safe}, ${v.client}, ${v.number}, ${v.parent}, ${s.sha256}, ${s.size}, ${type}, ${s.objectKey}, ${s.storeVersion}, ${s.wrappedKey}, ${event.id}, ${v.by})`;
	await together([row.execute(), consume(tx, s.intent), enqueue(tx, 'evidence.timestamp', { version: v.id })]);
	return event.digest;
}

/** Deposits a complete upload. The upload's own errors, `hash-mismatch` when the caller's hash is another's, `too-large`. Each refusal is an event; the upload stays for a retry. */
export async function deposit(ctx: Context, input: { readonly stage: string }): Promise<Deposited> {
	const upload = await stage.get(ctx, input.stage);
	await safes.require(ctx, upload.safe, 'deposit');
	if (upload.version) throw new DomainError('conflict', 'stage-used');
	const [version, document] = [crypto.randomUUID(), crypto.randomUUID()];
	try {
		const stored = await storeContent(ctx, { kind: 'deposit', client: upload.client, safe: upload.safe, owner: version, plain: upload.bytes(), sha256: upload.expectedSha256, stage: upload.id });
		const event = await ctx.tx(async (tx) => {
			const taken = await tx`select from stage where id = ${upload.id} and version is null for update`;
			if (!taken.count) throw new DomainError('conflict', 'stage-used');
			await tx`insert into document (id, client, safe, name, media_type, created_by) values (${document}, ${upload.client}, ${upload.safe}, ${upload.name}, ${mediaType(stored.head)}, ${ctx.actor.person})`;
			const digest = await insertVersion(tx, { id: version, document, client: upload.client, safe: upload.safe, number: 1, parent: null, by: ctx.actor.person, op: 'document.deposit' }, stored);
			await tx`update stage set version = ${version} where id = ${upload.id}`;
			return digest;
		});
		await stage.erase(ctx, upload.id);
		return { document, version, sha256: hex(stored.sha256), size: stored.size, event: hex(event) };
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'document.deposit', safe: upload.safe, obj: upload.id, res: error.kind === 'unavailable' ? 'error' : 'denied', values: { reason: error.reason } });
		throw error;
	}
}

/** A document of the domain's own making (an evidence file), under an id said before where it must be made once: stored and checked, then `within` runs in the transaction of its rows. Rights are the caller's business. */
export async function addDocument<T>(
	ctx: Context,
	input: { readonly client: string; readonly safe: string; readonly name: string; readonly kind: Kind; readonly bytes: Uint8Array; readonly actor?: string; readonly id?: string },
	within: (tx: Tx, document: string) => Promise<T>
): Promise<T> {
	const [version, document] = [crypto.randomUUID(), input.id ?? crypto.randomUUID()];
	const { client, safe, name, kind } = input;
	const plain = (async function* () {
		yield input.bytes;
	})();
	const stored = await storeContent(ctx, { kind: 'version', client, safe, owner: version, plain });
	return ctx.tx(async (tx) => {
		await tx`insert into document (id, client, safe, name, media_type, kind, created_by) values (${document}, ${client}, ${safe}, ${name}, ${mediaType(stored.head)}, ${kind}, ${ctx.actor.person})`;
		await insertVersion(tx, { id: version, document, client, safe, number: 1, parent: null, by: ctx.actor.person, op: 'document.deposit', ...(input.actor ? { actor: input.actor } : {}) }, stored);
		return within(tx, document);
	});
}

/**
 * A further version of a document, by the domain itself (a signed one): bytes stored and checked, then `within` runs in the transaction of its row.
 * `conflict` / `parent-moved` when another version came in between. Rights are the caller's business.
 * @param input.safeKey, input.object as for storeContent
 * @param within gets the version's id and its SHA-256, and who asks
 */
export async function addVersion<T>(
	ctx: Context,
	input: { readonly document: string; readonly client: string; readonly safe: string; readonly parent: string; readonly bytes: Uint8Array; readonly actor?: string; readonly safeKey?: Uint8Array; readonly object?: Reserved | null },
	within: (tx: Tx, version: string, sha256: Uint8Array, asking: Asking) => Promise<T>
): Promise<{ version: string; sha256: Uint8Array; result: T }> {
	const version = crypto.randomUUID();
	const plain = (async function* () {
		yield input.bytes;
	})();
	const { safeKey, object = null } = input;
	const stored = await storeContent(ctx, { kind: 'version', client: input.client, safe: input.safe, owner: version, plain, object, ...(safeKey ? { safeKey } : {}) });
	const result = await ctx.tx(async (tx) => {
		const [[last], asking] = await together([tx<{ id: string; number: number }[]>`select id, number from version where document = ${input.document} order by number desc limit 1`, askingOf(tx)]);
		if (last?.id !== input.parent) throw new DomainError('conflict', 'parent-moved');
		const { document, client, safe, parent } = input;
		await insertVersion(tx, { id: version, document, client, safe, number: last.number + 1, parent, by: ctx.actor.person, op: 'document.version', ...(input.actor ? { actor: input.actor } : {}) }, stored, asking);
		return within(tx, version, stored.sha256, asking);
	});
	return { version, sha256: stored.sha256, result };
}
