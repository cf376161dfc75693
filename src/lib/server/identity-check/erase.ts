// The end of images (SIGN-20): state and event first, with the key; then every object. Each step can be resumed; nothing comes back.

import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { removeObject } from './store.ts';

interface Row {
	readonly client: string;
	readonly safe: string;
}

/** The job: ends a check whose envelope closed, erases what is at its term, removes objects without a key. What is not due is left alone. */
export async function eraseCheck(ctx: WorkerContext, payload: { readonly check: string }): Promise<void> {
	const { check } = payload;
	const [row] = await ctx.tx((tx) => tx<Row[]>`select k.client, e.safe from identity_check k join signer s on s.id = k.signer join envelope e on e.id = s.envelope where k.id = ${check}`);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	await own.tx(async (tx) => {
		const ended = await tx`
			update identity_check k set state = 'ended', erase_at = app.now() where k.id = ${check} and k.state in ('capturing', 'reading', 'to-review')
			and exists (select from signer s join envelope e on e.id = s.envelope where s.id = k.signer and (e.state <> 'waiting' or s.state = 'declined'))`;
		if (ended.count) await append(tx, { op: 'identity.end', safe: row.safe, obj: check });
		const erased = await tx`update identity_check set erased_at = app.now(), wrapped_key = null, reading = null where id = ${check} and erase_at <= app.now() and erased_at is null`;
		if (erased.count) {
			await append(tx, { op: 'identity.erase', safe: row.safe, obj: check });
			await tx`update identity_image set wrapped_key = null where identity_check = ${check} and wrapped_key is not null`;
		}
		await tx`update identity_image set wrapped_key = null where identity_check = ${check} and stored_at is null and lease < app.now() and wrapped_key is not null`;
	});
	const left = await own.tx((tx) => tx<{ id: string; key: string }[]>`
		select id, object_key as key from identity_image where identity_check = ${check} and wrapped_key is null and removed_at is null and (stored_at is not null or lease < app.now())`);
	for (const { id, key } of left) {
		await removeObject(ctx, key);
		await own.tx((tx) => tx`update identity_image set removed_at = app.now() where id = ${id} and removed_at is null`);
	}
}
