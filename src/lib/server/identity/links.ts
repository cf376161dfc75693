// Secrets of mailed links. The worker derives them when it sends and leaves their hash; the web only ever compares hashes.

import { base64url, lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { secretHash } from './sessions.ts';

/** What a mailed link opens, its table and its page. */
const pages = { confirmation: 'confirm', reset: 'reset', invitation: 'invitation' } as const;
export type LinkKind = keyof typeof pages;

/** A link's secret from the id of what it opens: 43 characters, 256 bits. The same each time it is sent. */
export function linkSecret(signing: Pick<SigningKeys, 'link'>, kind: LinkKind, id: string): string {
	return base64url(signing.link(lengthPrefixed(utf8('probant/link/v1'), utf8(kind), utf8(id))));
}

/** Enqueues the sending of a message in this transaction. `client` is null for one of no tenant. Returns its id. */
export async function enqueueMessage(tx: Tx, kind: LinkKind | 'registered' | 'renewed', subject: string, client: string | null): Promise<string> {
	const id = crypto.randomUUID();
	await tx`insert into message (id, client, kind, channel, subject) values (${id}, ${client}, ${kind}, 'mail', ${subject})`;
	await enqueue(tx, 'messages.send', { message: id });
	return id;
}

/** The address of a link, its hash stored so that the web knows it from now on. Null when what it opens is no longer open. */
export async function openLink(ctx: WorkerContext, kind: LinkKind, id: string): Promise<string | null> {
	const secret = linkSecret(ctx.signing, kind, id);
	const hash = secretHash(secret);
	const rows = await ctx.tx((tx) => {
		if (kind === 'invitation') return tx`update invitation set hash = ${hash} where id = ${id} and ended_at is null and expires_at > app.now()`;
		return tx`update ${tx(kind === 'reset' ? 'password_reset' : kind)} set hash = ${hash} where id = ${id} and used_at is null and expires_at > app.now()`;
	});
	return rows.count ? `${ctx.settings.origin}/${pages[kind]}/${secret}` : null;
}
