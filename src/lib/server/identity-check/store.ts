// Images of identity documents at rest: outside every safe, each sealed under a key of its own, that under the check's key, that under the storage key.
// The row is the intent: it stands before the object, and without `stored_at` it is swept with whatever was stored.

import { createHash } from 'node:crypto';
import { equal, hex } from '#crypto/bytes.ts';
import { openObject, sealObject, type ObjectIds } from '#crypto/seal/format.ts';
import { unwrapKey, wrapKey } from '#crypto/seal/wrap.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Picture } from './image.ts';

/** What a check's key is bound to where it is wrapped. */
export const binding = ({ client, id }: { readonly client: string; readonly id: string }) => ['probant/identity/v1', client, id];
const imageBinding = (client: string, image: string) => ['probant/identity-image/v1', client, image];
const readingBinding = (client: string, check: string) => ['probant/identity-reading/v1', client, check];
const idsOf = (check: string, object: string, image: string): ObjectIds => ({ safe: check, object, version: image, key: '1' });

/** A check as its key is found. */
export interface Keyed {
	readonly id: string;
	readonly client: string;
	readonly wrappedKey: Uint8Array | null;
}

export interface StoredImage {
	readonly id: string;
	readonly side: 'front' | 'back';
	readonly mediaType: 'image/jpeg' | 'image/png';
	readonly size: number;
	readonly objectKey: string;
	readonly storeVersion: string;
	readonly wrappedKey: Uint8Array;
}

/** A fresh key for a check, wrapped. */
export const newKey = (ctx: Context, check: Pick<Keyed, 'id' | 'client'>): Promise<Uint8Array> => ctx.storageKey.wrap(ctx.primitives.random(32), binding(check));

function keyOf(ctx: Context, check: Keyed): Promise<Uint8Array> {
	if (!check.wrappedKey) throw new DomainError('gone', 'identity-erased');
	return ctx.storageKey.unwrap(check.wrappedKey, binding(check));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** Every version under a key goes. */
export async function removeObject(ctx: Context, key: string): Promise<void> {
	for await (const object of ctx.objects.list(key)) if (object.key === key) await ctx.objects.remove(key, object.version);
}

/**
 * Stores a picture sealed, and names it with `then` in one transaction; a picture of the same side before it loses its key there.
 * `unavailable` / `read-back` when the store gave other bytes back, `conflict` / `check-state` when `then` finds the check moved on: then nothing is kept.
 */
export async function storeImage(ctx: Context, check: Keyed, side: StoredImage['side'], { bytes, mediaType }: Picture, then: (tx: Parameters<Parameters<Context['tx']>[0]>[0]) => Promise<void>): Promise<string> {
	const id = crypto.randomUUID();
	const objectKey = `identity/${hex(ctx.primitives.random(16))}`;
	const key = ctx.primitives.random(32);
	const wrapped = await wrapKey(ctx.primitives, await keyOf(ctx, check), key, imageBinding(check.client, id));
	const sha256 = new Uint8Array(createHash('sha256').update(bytes).digest());
	await ctx.tx((tx) => tx`
		insert into identity_image (id, client, identity_check, side, media_type, object_key, wrapped_key, sha256, size)
		values (${id}, ${check.client}, ${check.id}, ${side}, ${mediaType}, ${objectKey}, ${wrapped}, ${sha256}, ${bytes.length})`);
	try {
		const ids = idsOf(check.id, objectKey, id);
		const { version } = await ctx.objects.put(objectKey, sealObject(ctx.primitives, key, ids, once(bytes)));
		const back = createHash('sha256');
		for await (const part of openObject(ctx.primitives, key, ids, ctx.objects.get(objectKey, { version }))) back.update(part);
		if (!equal(new Uint8Array(back.digest()), sha256)) throw new DomainError('unavailable', 'read-back');
		await ctx.tx(async (tx) => {
			await then(tx);
			await tx`update identity_image set wrapped_key = null where identity_check = ${check.id} and side = ${side} and stored_at is not null and wrapped_key is not null`;
			const { count } = await tx`update identity_image set stored_at = app.now(), store_version = ${version} where id = ${id} and stored_at is null and wrapped_key is not null`;
			if (!count) throw new DomainError('conflict', 'check-state'); // swept: it took longer than its lease
		});
		return id;
	} catch (error) {
		await ctx.tx((tx) => tx`update identity_image set wrapped_key = null where id = ${id} and stored_at is null`);
		await removeObject(ctx, objectKey);
		throw error;
	}
}

/** The images of a check that are there, front first. */
export async function images(ctx: Context, check: string): Promise<StoredImage[]> {
	return ctx.tx((tx) => tx<StoredImage[]>`
		select id, side, media_type as "mediaType", size, object_key as "objectKey", store_version as "storeVersion", wrapped_key as "wrappedKey"
		from identity_image where identity_check = ${check} and stored_at is not null and wrapped_key is not null order by side desc`);
}

/** An image's bytes. CryptoError `mismatch` when they are not what was sealed, `gone` / `identity-erased` after the term. */
export async function readImage(ctx: Context, check: Keyed, image: StoredImage): Promise<Uint8Array> {
	const key = await unwrapKey(ctx.primitives, await keyOf(ctx, check), image.wrappedKey, imageBinding(check.client, image.id));
	const parts = await Array.fromAsync(openObject(ctx.primitives, key, idsOf(check.id, image.objectKey, image.id), ctx.objects.get(image.objectKey, { version: image.storeVersion })));
	return new Uint8Array(Buffer.concat(parts));
}

/** What was read, sealed under the check's key: it goes with the images. */
export async function sealReading(ctx: Context, check: Keyed, text: string): Promise<Uint8Array> {
	return wrapKey(ctx.primitives, await keyOf(ctx, check), new TextEncoder().encode(text), readingBinding(check.client, check.id));
}

export async function openReading(ctx: Context, check: Keyed, sealed: Uint8Array): Promise<string> {
	return new TextDecoder().decode(await unwrapKey(ctx.primitives, await keyOf(ctx, check), sealed, readingBinding(check.client, check.id)));
}
