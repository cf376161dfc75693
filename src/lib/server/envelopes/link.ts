// A signer's link: made anew, the one before ends.

import type { Tx } from '../db/pool.ts';
import { enqueue } from '../jobs/enqueue.ts';

/** A new link for a signer, mailed by the worker in the words of that kind; the one before ends. One who signs in person gets none: the device is handed to them. */
export async function sendLink(tx: Tx, client: string, signer: string, kind: 'signing-link' | 'identity-accepted' | 'identity-again' = 'signing-link'): Promise<void> {
	await tx`update link set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	const { count } = await tx`select from signer where id = ${signer} and in_person`;
	if (count) return;
	const id = crypto.randomUUID();
	await tx`insert into link (id, client, signer) values (${id}, ${client}, ${signer})`;
	const message = crypto.randomUUID();
	await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, ${kind}, 'mail', ${id})`;
	await enqueue(tx, 'messages.send', { message });
}
