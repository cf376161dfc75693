// A group (SIGN-6): any one of several people signs or approves for all of them, in the group's field. The others are spared, and told.

import { append } from '../audit/append.ts';
import type { Tx } from '../db/pool.ts';
import { enqueue } from '../jobs/enqueue.ts';

/** Ends what the link and the codes of one who is done gave access to; their page stays, and says so. */
async function endLink(tx: Tx, signer: string): Promise<void> {
	await tx`update link set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`update challenge set ended_at = app.now() where signer = ${signer} and ended_at is null`;
	await tx`select app.end_identity_checks(${signer})`;
}

/** After one of a group has signed or approved, in the transaction that says so, the envelope's row held: the others are waited for no more. */
export async function spareOthers(tx: Tx, { client, safe, signer }: { readonly client: string; readonly safe: string; readonly signer: string }): Promise<void> {
	const others = await tx<{ id: string; state: string }[]>`
		select o.id, o.state from signer s join signer o on o.group_of = s.group_of and o.id <> s.id where s.id = ${signer} and o.state in ('waiting', 'invited', 'opened') order by o.position for no key update of o`;
	for (const { id, state } of others) {
		await tx`update signer set state = 'spared' where id = ${id}`;
		await endLink(tx, id);
		await append(tx, { op: 'signer.spare', safe, obj: id, values: { by: signer } });
		await tx`select pg_notify('signer', ${id})`;
		if (state === 'waiting') continue; // nobody told them anything yet
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'spared', 'mail', ${id})`;
		await enqueue(tx, 'messages.send', { message });
	}
}

/** One of a group has declined: whether others of it can still do it; then only their own access ends, and the envelope goes on. The envelope's row must be held. */
export async function leavesOthers(tx: Tx, signer: string): Promise<boolean> {
	const { count } = await tx`select from signer s join signer o on o.group_of = s.group_of and o.id <> s.id where s.id = ${signer} and o.state in ('waiting', 'invited', 'opened')`;
	if (!count) return false;
	await endLink(tx, signer);
	return true;
}
