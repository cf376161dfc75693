// Bytes that wait in a row of the database, for minutes as a rule, until a document takes them up: sealed as an object is, under a key of their own.

import { concat } from '#crypto/bytes.ts';
import { openObject, sealObject } from '#crypto/seal/format.ts';
import { unwrapKey, wrapKey } from '#crypto/seal/wrap.ts';
import type { Context } from '../context.ts';

/** Whose row: its id is `owner`. */
export interface Row {
	readonly client: string;
	readonly safe: string;
	readonly owner: string;
}

/** As its columns have it. */
export interface InRow {
	readonly sealed: Uint8Array;
	readonly wrappedKey: Uint8Array;
}

const binding = ({ client, safe, owner }: Row) => ['probant/row/v1', client, safe, owner];
const idsOf = ({ safe, owner }: Row) => ({ safe, object: 'row', version: owner, key: '1' }); // no object of the store has such a key

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** @param safeKey 32 bytes */
export async function sealInRow(ctx: Context, row: Row, safeKey: Uint8Array, plain: Uint8Array): Promise<InRow> {
	const key = ctx.primitives.random(32);
	const sealed = concat(...(await Array.fromAsync(sealObject(ctx.primitives, key, idsOf(row), once(plain)))));
	return { sealed, wrappedKey: await wrapKey(ctx.primitives, safeKey, key, binding(row)) };
}

/** Throws CryptoError when it is not what was sealed in this row. */
export async function openInRow(ctx: Context, row: Row, safeKey: Uint8Array, { sealed, wrappedKey }: InRow): Promise<Uint8Array> {
	const key = await unwrapKey(ctx.primitives, safeKey, wrappedKey, binding(row));
	return concat(...(await Array.fromAsync(openObject(ctx.primitives, key, idsOf(row), once(sealed)))));
}
