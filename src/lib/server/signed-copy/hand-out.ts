// Handing out an attestation: to the sender, and to the one who signed while their session lasts. And sending what everyone got once more.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { readContent } from '../documents/content.ts';
import { locate, logOpening, type Opened } from '../documents/read.ts';
import type { SignerContext } from '../envelopes/door.ts';
import { find } from '../envelopes/send.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import * as safes from '../safes.ts';

/** Where it is, logged before its bytes are served. `not-found` / `attestation-pending` until it is made, or for one who did not sign. */
async function take(tx: Tx, envelope: string, signer: string, person: string | null) {
	const [row] = safes.isId(signer) ? await tx<{ id: string }[]>`select v.id from version v join signer s on s.attestation = v.document where s.id = ${signer} and s.envelope = ${envelope}` : [];
	if (!row) throw new DomainError('not-found', 'attestation-pending');
	const at = await locate(tx, row.id);
	await logOpening(tx, at, person, person ? undefined : signer);
	return at;
}

const served = (ctx: Context, at: Awaited<ReturnType<typeof take>>): Opened => ({ name: at.name, mediaType: at.mediaType, size: at.size, sha256: at.sha256, bytes: readContent(ctx, at) });

/** A signer's attestation, for the sender. Needs `send`. */
export async function attestationFor(ctx: Context, envelope: string, signer: string): Promise<Opened> {
	const { safe } = await find(ctx, envelope, 'send');
	return served(ctx, await guarded(ctx, { op: 'copy.open', safe, obj: envelope, values: { what: 'attestation' } }, () => ctx.tx((tx) => take(tx, envelope, signer, ctx.actor.person))));
}

/** The signer's own. */
export async function ownAttestation(ctx: SignerContext): Promise<Opened> {
	return served(ctx, await guarded(ctx, { op: 'copy.open', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values: { what: 'attestation' } }, () => ctx.tx((tx) => take(tx, ctx.envelope, ctx.signer, null)), ctx.signer));
}

/** Sends the signed document to one who took part once more, with the same link. Needs `send`. `conflict` / `envelope-state` before completion, `not-found` / `signer`, `too-many` / `reminders`: once an hour. */
export async function sendAgain(ctx: Context, id: string, signer: string): Promise<void> {
	const { safe } = await find(ctx, id, 'send');
	await guarded(ctx, { op: 'copy.send', safe, obj: id }, () =>
		ctx.tx(async (tx) => {
			const [row] = safes.isId(signer) ? await tx<{ client: string; state: string }[]>`select s.client, e.state from signer s join envelope e on e.id = s.envelope where s.id = ${signer} and e.id = ${id}` : [];
			if (!row) throw new DomainError('not-found', 'signer');
			if (row.state !== 'completed') throw new DomainError('conflict', 'envelope-state');
			const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`copy-again:${signer}`}, interval '1 hour') as n`;
			if (n > 1) throw new DomainError('too-many', 'reminders', { retryAfter: 3600 });
			const message = crypto.randomUUID();
			await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${row.client}, 'signed-copy', 'mail', ${signer})`;
			await append(tx, { op: 'copy.send', safe, obj: signer });
			await enqueue(tx, 'messages.send', { message });
		})
	);
}
