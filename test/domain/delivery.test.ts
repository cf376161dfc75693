import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { askDelivery, reportDelivery, smsLedger } from '#lib/server/delivery.ts';
import type { consentVersion } from '#lib/server/envelopes/consent.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt, open, requestCode, task } from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import { sendMessage } from '#lib/server/messages.ts';
import { twilioSms } from '#lib/server/sms/twilio.ts';
import { allAgreed, createEnvelopes, zoe } from '../support/envelopes.ts';
import { twilioServer } from '../support/sms-providers.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, worker, texts, stranger, work, sent, enter } = await createEnvelopes(world);
const twilio = await twilioServer({ sid: 'AC1', token: 'token' });
const byTwilio = { ...worker, sms: twilioSms({ endpoint: twilio.endpoint, sid: 'AC1', token: 'token', from: '+33700000000' }) };

let people = 0;
/** A signer of their own envelope, inside. */
async function signer() {
	const n = ++people;
	const email = `signer-${n}@test.example`;
	const envelope = await sent([{ ...zoe, email, number: `06 12 34 ${String(n).padStart(2, '0')} 78` }]);
	return { envelope, ...(await enter(email)) };
}
async function request(ctx: SignerContext, name = 'Zoë'): Promise<string> {
	const shown = Buffer.concat(await Array.fromAsync((await open(ctx)).bytes));
	const { consent: { version }, texts } = await task(ctx);
	return requestCode(ctx, { consent: version as typeof consentVersion, pagesReached: 1, sha256: createHash('sha256').update(shown).digest('hex'), values: { name, drawing: null, texts: allAgreed(texts) } }, '198.51.100.1');
}
const messageOf = async (challenge: string) => (await owner<[{ id: string }]>`select id from message where subject = ${challenge} order by created_at desc limit 1`)[0].id;
const due = (message: string) => owner`update message set next_look = app.now() where id = ${message} and next_look is not null`;
const events = (message: string) => owner<{ res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'op' = 'message.delivery' and convert_from(body, 'UTF8')::jsonb->>'obj' = ${message}`;

test('SIGN-12 what became of a code is asked of the provider, shown to signer and sender, an event, once; its price is kept', async () => {
	const { ctx, envelope } = await signer();
	const challenge = await request(ctx);
	const message = await messageOf(challenge);
	await sendMessage(byTwilio, { message });
	await askDelivery(byTwilio, { message }); // not due yet
	expect((await owner`select looks from message where id = ${message}`)[0]).toEqual({ looks: 0 });
	await due(message);
	await askDelivery(byTwilio, { message });
	expect((await owner`select looks, delivery, next_look > app.now() + interval '50 seconds' as later from message where id = ${message}`)[0]).toEqual({ looks: 1, delivery: null, later: true });
	twilio.state.status = 500;
	await due(message);
	await expect(askDelivery(byTwilio, { message })).rejects.toThrow('Twilio answered 500');
	twilio.state.status = 201;
	twilio.state.message = { status: 'undelivered', error_code: 30003, price: '-0.07', price_unit: 'EUR' };
	await due(message);
	await askDelivery(byTwilio, { message });
	expect(await standing(ctx, null)).toMatchObject({ delivery: 'undelivered' });
	expect((await follow(ada.ctx, envelope)).signers[0]!.codeDelivery).toBe('undelivered');
	expect((await owner`select delivery_detail, cost::text, cost_unit, next_look from message where id = ${message}`)[0]).toEqual({ delivery_detail: 'error 30003', cost: '0.07000', cost_unit: 'EUR', next_look: null });
	expect(await events(message)).toEqual([{ res: 'error' }]);
	const [line] = await smsLedger({ ...ada.ctx, tx: (act) => owner.begin(act as never) as never }, null);
	expect(line).toMatchObject({ client: ada.client, sent: expect.any(Number) as number, undelivered: 1, cost: '0.07 EUR' });
});

test('SIGN-12 a provider that never says is asked for a day, and no longer', async () => {
	const { ctx } = await signer();
	const message = await messageOf(await request(ctx));
	twilio.state.message = { status: 'sent', error_code: null, price: null, price_unit: 'EUR' };
	await sendMessage(byTwilio, { message });
	for (let i = 0; i < 10; i++) {
		await due(message);
		await askDelivery(byTwilio, { message });
	}
	expect((await owner`select looks, next_look, delivery from message where id = ${message}`)[0]).toEqual({ looks: 7, next_look: null, delivery: null });
});

test('SIGN-12 a gateway reports at an address with the message’s own secret; the first final word stands; without the secret there is no such message', async () => {
	const { ctx } = await signer();
	const challenge = await request(ctx);
	await work();
	const [, message, secret] = /\/sms\/([0-9a-f-]{36})\/([\w-]{43})$/.exec(texts.at(-1)!.report)!;
	expect(message).toBe(await messageOf(challenge));
	const told = (state: 'delivered' | 'undelivered', as = secret!) => reportDelivery(stranger, message!, as, { state, detail: null });
	await expect(told('undelivered', 'x'.repeat(43))).rejects.toMatchObject({ kind: 'not-found' });
	await expect(reportDelivery(stranger, crypto.randomUUID(), secret!, { state: 'undelivered', detail: null })).rejects.toMatchObject({ kind: 'not-found' });
	expect(await events(message!)).toEqual([]);
	await Promise.all(Array.from({ length: 20 }, () => told('delivered')));
	await told('undelivered');
	expect(await standing(ctx, null)).toMatchObject({ delivery: 'delivered' });
	expect(await events(message!)).toEqual([{ res: 'ok' }]);
	expect((await owner`select count(*)::int as n from message where report_hash = ${createHash('sha256').update(secret!).digest()}`)[0]).toEqual({ n: 1 });
});

test('SIGN-2 the same code goes out again after thirty seconds, not before; other values make another at once', async () => {
	const { ctx } = await signer();
	const challenge = await request(ctx);
	const sentFor = async (id: string) => (await owner<[{ n: number }]>`select count(*)::int as n from message where subject = ${id}`)[0].n;
	expect([await request(ctx), await sentFor(challenge)]).toEqual([challenge, 1]);
	const other = await request(ctx, 'Zoë Müller');
	expect(other).not.toBe(challenge);
	await owner`update message set created_at = created_at - interval '31 seconds' where subject = ${other}`;
	expect([await request(ctx, 'Zoë Müller'), await sentFor(other)]).toEqual([other, 1]); // it has not left yet, and goes out by itself
	await work();
	expect([await request(ctx, 'Zoë Müller'), await sentFor(other)]).toEqual([other, 2]);
});

test('SIGN-2 codes that go out far more often than they are typed stop, for the client first, for everyone when it is everywhere, and go on by themselves', async () => {
	const { ctx } = await signer();
	const template = await request(ctx);
	/** Codes that are over, of the client; typed right or not. */
	const past = (n: number, right: boolean, client: string) => owner`
		with c as (
			insert into challenge (id, client, signer, number, nonce, document_hash, shown_version, "values", ended_at)
			select gen_random_uuid(), client, signer, number, nonce, document_hash, shown_version, "values", app.now() from challenge, generate_series(1, ${n}) where id = ${template} returning id
		), a as (insert into attempt (client, challenge, outcome) select ${client}, c.id, 'right' from c where ${right})
		insert into message (client, kind, channel, subject, state, sent_at) select ${client}, 'code', 'sms', c.id, 'sent', app.now() from c`;
	const paused = async (client: string) => (await world.web.database.tx({ person: null, client, via: 'web' }, (tx) => tx<[{ paused: boolean }]>`select app.codes_paused() as paused`))[0].paused;
	await owner`delete from message where kind = 'code'`;
	const other = await world.administrator();
	await past(19, false, ada.client);
	expect(await paused(ada.client)).toBe(false);
	await past(1, false, ada.client);
	expect([await paused(ada.client), await paused(other.client)]).toEqual([true, true]);
	await past(20, true, other.client);
	expect([await paused(ada.client), await paused(other.client)]).toEqual([true, false]);
	await expect(request(ctx, 'Other')).rejects.toMatchObject({ kind: 'too-many', reason: 'codes-paused' });
	await past(7, true, ada.client); // 27 to 7
	expect(await paused(ada.client)).toBe(true);
	await past(2, true, ada.client); // 29 to 9, and then 30 to 10
	await past(1, true, ada.client);
	expect(await paused(ada.client)).toBe(false);
	await past(20, false, ada.client);
	expect(await paused(ada.client)).toBe(true);
	await owner`update message set created_at = created_at - interval '2 hours' where kind = 'code'`;
	expect(await paused(ada.client)).toBe(false);
	await request(ctx, 'Another');
	await work();
	expect(await attempt(ctx, '000000')).toBeTruthy();
});
