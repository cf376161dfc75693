// A fresh code for a signed document, asked for by a POST, to where the person is known; and the code typed, on its way to the worker.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Operation } from '../audit/operations.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { countCode, countSms, maximumTries } from '../envelopes/code-limits.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { comer, hashOf, lastVersion, secretShape, within, type CopyContext } from './door.ts';

/** Tries an act, in one transaction; a refusal is an event, committed before it leaves. */
const tried = <T>(ctx: CopyContext, op: Operation, act: (tx: Tx) => Promise<T>): Promise<T> => guarded(ctx, { op, safe: ctx.safe, obj: ctx.signer, actor: ctx.signer }, () => ctx.tx(act), ctx.signer);

/**
 * Asks the worker for a code: by SMS where a number is known, else by mail to the address known. Asked again within its ten minutes it is the same one, sent again after thirty seconds and not before.
 * `gone` / `copy-gone`; `too-many`: `codes`, `codes-paused`, `sms-cap`.
 * @param source where they ask from, as sourceOf tells it (identity/attempts.ts)
 */
export async function askCode(ctx: Context, secret: string, source: string): Promise<void> {
	const own = await within(ctx, await comer(ctx, secret));
	await tried(own, 'copy.challenge', async (tx) => {
		const [person] = await tx<[{ number: string | null; email: string }]>`select number, email from signer where id = ${own.signer} for no key update`;
		const [channel, to] = person.number ? (['sms', person.number] as const) : (['mail', person.email] as const);
		const [same] = await tx<{ id: string }[]>`select id from signed_copy_challenge where signer = ${own.signer} and ended_at is null and expires_at > app.now() and tries < ${maximumTries} and "to" = ${to}`;
		if (same && (await tx`select from message where subject = ${same.id} and created_at > app.now() - interval '30 seconds'`).count) return; // on its way
		const [{ paused }] = await tx<[{ paused: boolean }]>`select app.codes_paused() or app.signed_copy_codes_paused() as paused`;
		if (paused) throw new DomainError('too-many', 'codes-paused', { retryAfter: 3600 });
		await countCode(tx, { signer: `copy ${own.signer}`, number: to, client: own.client, source }); // those of signing are counted apart for the person, together for the number
		if (channel === 'sms') await countSms(tx, own.settings.smsPerDay);
		const challenge = same?.id ?? crypto.randomUUID();
		if (!same) {
			await tx`update signed_copy_challenge set ended_at = app.now() where signer = ${own.signer} and ended_at is null`;
			await tx`
				insert into signed_copy_challenge (id, client, signer, channel, "to", nonce, document_hash)
				select ${challenge}, ${own.client}, ${own.signer}, ${channel}, ${to}, ${own.primitives.random(16)}, v.sha256 from version v where v.id = (${lastVersion(tx, own.envelope)})`;
		}
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${own.client}, 'copy-code', ${channel}, ${challenge})`;
		await append(tx, { op: 'copy.challenge', safe: own.safe, obj: challenge, actor: own.signer, values: { channel } });
		await enqueue(tx, 'messages.send', { message });
	});
}

/**
 * A typed code on its way to the worker; answers the attempt and the cookie of the session that it opens if it is right: the given one when it is good for others already.
 * `invalid` / `code-shape`; `gone`: `copy-gone`, `code-expired`; `too-many` / `code-exhausted`.
 */
export async function tryCode(ctx: Context, secret: string, code: string, cookie: string | null): Promise<{ attempt: string; cookie: string }> {
	const own = await within(ctx, await comer(ctx, secret));
	const token = cookie && secretShape.test(cookie) ? cookie : Buffer.from(ctx.primitives.random(32)).toString('base64url');
	return tried(own, 'copy.attempt', async (tx) => {
		if (!/^[0-9]{6}$/.test(code)) throw new DomainError('invalid', 'code-shape');
		const [challenge] = await tx<{ id: string; tries: number; live: boolean }[]>`select id, tries, ended_at is null and expires_at > app.now() as live from signed_copy_challenge where signer = ${own.signer} order by created_at desc limit 1`;
		if (!challenge?.live) throw new DomainError('gone', 'code-expired');
		if (challenge.tries >= maximumTries) throw new DomainError('too-many', 'code-exhausted');
		const attempt = crypto.randomUUID();
		await tx`insert into signed_copy_attempt (id, client, signer, challenge, code, session) values (${attempt}, ${own.client}, ${own.signer}, ${challenge.id}, ${code}, ${hashOf(token)})`;
		await enqueue(tx, 'signed-copies.attempt', { attempt });
		return { attempt, cookie: token };
	});
}

/** Waits until the worker has looked at an attempt, a few seconds at most: whoever waits longer is shown that it is being checked. */
export async function answered(ctx: Context, secret: string, attempt: string, most = 6000): Promise<void> {
	const own = await within(ctx, await comer(ctx, secret));
	let done = () => {};
	const heard = new Promise<void>((ok) => (done = ok));
	const stop = await ctx.database.hints.hear(attempt, () => void own.tx((tx) => tx`select from signed_copy_attempt where id = ${attempt} and outcome is not null`).then(({ count }) => count && done(), done));
	const timer = setTimeout(done, most);
	try {
		const { count } = await own.tx((tx) => tx`select from signed_copy_attempt where id = ${attempt} and outcome is not null`);
		if (!count) await heard;
	} finally {
		clearTimeout(timer);
		stop();
	}
}
