import { afterEach, expect, test } from 'vitest';
import { correct } from '#lib/server/envelopes/correct.ts';
import { resend } from '#lib/server/envelopes/resend.ts';
import { cancel, follow } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { MailRefused } from '#lib/server/mail/mailer.ts';
import { sendMessage } from '#lib/server/messages.ts';
import { NotTaken } from '#lib/server/untaken.ts';
import { sweep } from '#lib/server/unfinished.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, worker, mails, work, sent, enter, ask } = await createEnvelopes(world);
const taking = worker.mailer;
const unreachable = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
const mailer = (send: () => Promise<string>) => Object.assign(worker, { mailer: { send } });
const shift = (seconds: number) => owner`update app.clock set shift = ${seconds} * interval '1 second'`;
afterEach(async () => {
	Object.assign(worker, { mailer: taking });
	await shift(0);
});
const events = (op: string, obj: string) => owner<{ res: string; values: Record<string, string> }[]>`
	select convert_from(body, 'UTF8')::jsonb->>'res' as res, (select jsonb_object_agg(o.name, o.value) from event_opening o where o.event = event.id) as values from event
	where convert_from(body, 'UTF8')::jsonb->>'op' = ${op} and convert_from(body, 'UTF8')::jsonb->>'obj' = ${obj} order by id`;
const untaken = (error: unknown) => expect(error).toBeInstanceOf(NotTaken);
/** Runs what is queued; what was not taken comes back by its row. */
async function drain(): Promise<void> {
	for (let done = false; !done; ) done = await work().then(() => true, (error: unknown) => (untaken(error), false));
}
/** An envelope that was sent, whatever became of its invitation. */
async function out(person: Parameters<typeof sent>[0][number]): Promise<{ id: string; signer: string }> {
	await sent([person]).catch(untaken);
	await drain();
	return (await owner<[{ id: string; signer: string }]>`select envelope as id, id as signer from signer where email = ${person.email}`)[0];
}
/** An envelope whose invitation is on its way. */
async function invited(person = { ...zoe, email: `${crypto.randomUUID()}@test.example` }) {
	mailer(unreachable);
	const { id } = await out(person);
	const [message] = await owner<[{ id: string }]>`select m.id from message m join link l on l.id = m.subject join signer s on s.id = l.signer where s.envelope = ${id} order by m.created_at desc limit 1`;
	return { id, email: person.email, message: message.id };
}
const row = async (message: string) => (await owner<[{ state: string; tries: number; wait: number; refused: boolean }]>`select state, tries, round(extract(epoch from next_try - app.now()))::int as wait, refused from message where id = ${message}`)[0];
const wanted = async (message: string) => {
	await world.database.connect('jobs')`delete from graphile_worker._private_jobs`;
	await sweep(worker);
	return (await world.database.connect('jobs')`select from graphile_worker.jobs where key = ${`messages.send:${message}`}`).count;
};

test('SIGN-12 a mail that no server takes is tried again, later and later, ten minutes at most, for days; the sender sees it; then it goes out once', async () => {
	const { id, email, message } = await invited();
	expect(await row(message)).toMatchObject({ state: 'waiting', tries: 1, wait: 5 });
	expect(await wanted(message)).toBe(0);
	await sendMessage(worker, { message }); // a job that comes too early does nothing
	expect(await row(message)).toMatchObject({ tries: 1 });
	const waits: number[] = [];
	for (let at = 0; waits.length < 20; ) {
		at += (await row(message)).wait + 1;
		await shift(at);
		expect(await wanted(message)).toBe(1);
		await expect(sendMessage(worker, { message })).rejects.toThrow(NotTaken);
		waits.push((await row(message)).wait);
		at = Number((await owner<[{ s: string }]>`select extract(epoch from shift) as s from app.clock`)[0].s);
	}
	expect(waits.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 600, 600]);
	expect(Math.max(...waits)).toBe(600);
	expect((await follow(ada.ctx, id)).signers[0]!.message).toMatchObject({ state: 'waiting', tries: 21, refused: false });
	Object.assign(worker, { mailer: taking });
	await shift(86_400);
	expect(await wanted(message)).toBe(1);
	await work();
	await sweep(worker);
	await work();
	expect(mails.filter((m) => m.to === email)).toHaveLength(1);
	expect(await events('message.fail', message)).toEqual([{ res: 'error', values: { kind: 'signing-link', state: 'waiting', reason: 'ECONNREFUSED' } }]);
});

test('SIGN-12 after five days it is given up, with an event; what it was about ended: withdrawn', async () => {
	const late = await invited();
	await shift(5 * 86_400 + 60);
	await expect(sendMessage(worker, { message: late.message })).rejects.toThrow(NotTaken);
	expect(await row(late.message)).toMatchObject({ state: 'failed', refused: false });
	expect((await events('message.fail', late.message)).map((e) => e.values.state)).toEqual(['waiting', 'failed']);
	await shift(0);
	const moot = await invited();
	await cancel(ada.ctx, moot.id);
	await shift(60);
	await sendMessage(worker, { message: moot.message });
	expect(await row(moot.message)).toMatchObject({ state: 'dropped' });
});

test('SIGN-12 a mail refused for good has failed at once, with its class and no address; its sender sends it again, three times an hour, as an event; another’s message is none of theirs', async () => {
	mailer(() => Promise.reject(new MailRefused(550)));
	const email = 'nobody@test.example';
	const { id, signer } = await out({ ...zoe, email });
	const last = async () => (await follow(ada.ctx, id)).signers[0]!.message!;
	const first = await last();
	expect(first).toMatchObject({ kind: 'signing-link', state: 'failed', refused: true, tries: 1 });
	expect(await events('message.fail', first.id)).toEqual([{ res: 'error', values: { kind: 'signing-link', state: 'failed', reason: 'refused 550' } }]);
	const stranger = await world.administrator();
	await expect(resend(stranger.ctx, id, first.id)).rejects.toMatchObject({ kind: 'not-found' });
	await out({ ...bob, email: 'other@test.example' });
	const [theirs] = await owner<[{ id: string }]>`select m.id from message m join link l on l.id = m.subject join signer s on s.id = l.signer where s.email = 'other@test.example'`;
	await expect(resend(ada.ctx, id, theirs.id)).rejects.toMatchObject({ kind: 'not-found', reason: 'message' });
	for (let i = 0; i < 3; i++) {
		const failed = (await last()).id;
		await resend(ada.ctx, id, failed);
		await expect(resend(ada.ctx, id, failed)).rejects.toMatchObject({ kind: 'conflict', reason: 'not-failed' });
		if (i === 2) Object.assign(worker, { mailer: taking });
		await drain();
	}
	expect(await last()).toMatchObject({ state: 'sent' });
	expect(mails.filter((m) => m.to === email)).toHaveLength(1);
	await enter(email); // its link is good
	await expect(resend(ada.ctx, id, (await last()).id)).rejects.toMatchObject({ reason: 'not-failed' });
	expect((await events('message.resend', signer)).map((e) => e.res)).toEqual(['ok', 'ok', 'ok']);
	await owner`update message set state = 'failed' where id = ${(await last()).id}`;
	await expect(resend(ada.ctx, id, (await last()).id)).rejects.toMatchObject({ kind: 'too-many', reason: 'resends' });
});

test('SIGN-9 SIGN-12 a signed copy that was refused can be sent again after the end; a corrected address gets a link of its own', async () => {
	mailer(() => Promise.reject(new MailRefused(550)));
	const { id, signer } = await out({ ...zoe, email: 'wrong@test.example' });
	Object.assign(worker, { mailer: taking });
	await correct(ada.ctx, id, signer, { ...zoe, email: 'right@test.example' });
	await work();
	const { ctx } = await enter('right@test.example');
	const code = await ask(ctx, zoe.name);
	mailer(() => Promise.reject(new MailRefused(552)));
	await here.attempt(ctx, code);
	await drain();
	const { state, signers } = await follow(ada.ctx, id);
	expect(state).toBe('completed');
	expect(signers[0]).toMatchObject({ state: 'signed', message: { kind: 'signed-copy', state: 'failed', refused: true } });
	Object.assign(worker, { mailer: taking });
	await resend(ada.ctx, id, signers[0]!.message!.id);
	await work();
	expect(mails.filter((m) => m.to === 'right@test.example' && m.attachments?.length)).toHaveLength(1);
});
