// The link to what is done (SIGN-19): one for each who took part, good for as long as the document is kept. It opens nothing without a fresh code.

import { createHash } from 'node:crypto';
import { base64url, lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';

/** The address of a person's signed document, made at its first use and the same ever after; the secret in it is derived, and kept as a hash alone. */
export async function linkTo(ctx: Pick<WorkerContext, 'signing' | 'settings'>, tx: Tx, client: string, signer: string): Promise<string> {
	await tx`insert into signed_copy_link (client, signer) values (${client}, ${signer}) on conflict (signer) do nothing`;
	const [{ id }] = await tx<[{ id: string }]>`select id from signed_copy_link where signer = ${signer}`;
	const secret = base64url(ctx.signing.link(lengthPrefixed(utf8('probant/link/v1'), utf8('signed-copy'), utf8(id))));
	await tx`update signed_copy_link set hash = ${createHash('sha256').update(secret).digest()} where id = ${id} and hash is null`;
	return `${ctx.settings.origin}/copy/${secret}`;
}
