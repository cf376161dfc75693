import { afterEach, expect, test } from 'vitest';
import { correct } from '#lib/server/envelopes/correct.ts';
import { cancel, follow } from '#lib/server/envelopes/send.ts';
import { SelfCheckFailed, SignatureHeld } from '#lib/server/envelopes/claim.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { orphans } from '#lib/server/fsck/objects.ts';
import { signatures } from '#lib/server/fsck/signatures.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createPki } from '../support/pki.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, worker, work, sent, enter, ask } = await createEnvelopes(world);
const right = worker.signing;
const other = (await createPki('Another')).root;
/** What the worker makes does not chain to the root it checks by. */
const wrong = { ...right, root: { ...right.root, certificate: other.certificate.der } };
const shift = (seconds: number) => owner`update app.clock set shift = ${seconds} * interval '1 second'`;
afterEach(async () => {
	Object.assign(worker, { signing: right });
	await shift(0);
});
let people = 0;
const someone = (person: typeof zoe | typeof bob) => ({ ...person, email: `s${++people}@test.example`, number: `+3361299${1000 + people}` });
const findings = async () => (await Array.fromAsync(signatures(worker, { signatures: 0 }))).map((f) => f.problem);

/** A code that was accepted, its signature not begun. */
async function accepted(...more: Parameters<typeof sent>[0]) {
	const person = someone(zoe);
	const envelope = await sent([person, ...more]);
	const { ctx, signer } = await enter(person.email);
	await here.attempt(ctx, await ask(ctx, zoe.name));
	await work(['envelopes.sign']);
	const [intent] = await owner<[{ id: string }]>`select id from signing_intent where signer = ${signer}`;
	return { envelope, ctx, signer, person, intent: intent.id };
}
const seen = async (envelope: string) => (await follow(ada.ctx, envelope)).signers[0];

test('SIGN-7 a signature that our own check refuses is made again after a while; sender, signer and fsck are told meanwhile; nothing is left of the refused one', async () => {
	const { envelope, ctx, signer, intent } = await accepted();
	Object.assign(worker, { signing: wrong });
	await expect(sign(worker, { intent })).rejects.toThrow(SelfCheckFailed);
	expect(await seen(envelope)).toMatchObject({ state: 'signing', trouble: 'retrying' });
	expect(await here.task(ctx)).toMatchObject({ state: 'signing', intent: 'ready', trouble: 'self-check' });
	expect(await findings()).toEqual(['signature-failing']);
	expect(await Array.fromAsync(orphans(worker, { objects: 0 }))).toEqual([]);
	expect(await owner`select task from app.unfinished_envelopes() where id = ${intent}`).toEqual([]);
	await expect(sign(worker, { intent })).rejects.toThrow(SignatureHeld);
	Object.assign(worker, { signing: right });
	await shift(6);
	expect(await owner`select task from app.unfinished_envelopes() where id = ${intent}`).toHaveLength(1);
	await sign(worker, { intent });
	expect(await seen(envelope)).toMatchObject({ state: 'signed', trouble: null });
	expect(await here.task(ctx)).toMatchObject({ intent: 'released', trouble: null });
	expect(await findings()).toEqual([]);
	expect(await owner`select from version v join event e on e.id = v.event where convert_from(e.body, 'UTF8')::jsonb->>'actor' = ${signer}`).toHaveLength(1);
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
});

test('SIGN-7 refused again and again, the signer is asked for another code, those behind go on, the sender may correct and cancel; it can still be signed, once', async () => {
	const { envelope, ctx, signer, person, intent } = await accepted({ ...someone(bob), step: 1 });
	Object.assign(worker, { signing: wrong });
	for (const at of [0, 10, 40, 130]) {
		await shift(at);
		await expect(sign(worker, { intent })).rejects.toThrow(SelfCheckFailed);
	}
	expect(await seen(envelope)).toMatchObject({ state: 'opened', trouble: 'failed' });
	expect(await here.task(ctx)).toMatchObject({ state: 'opened', intent: 'failed', trouble: 'self-check' });
	expect(await findings()).toEqual(['signature-failing']);
	await sign(worker, { intent }); // over: nothing happens
	await correct(ada.ctx, envelope, signer, { ...person, name: 'Zoë Mueller' });
	Object.assign(worker, { signing: right });
	await work();
	const again = await enter(person.email);
	await here.attempt(again.ctx, await ask(again.ctx, 'Zoë Mueller'));
	await work();
	expect(await seen(envelope)).toMatchObject({ state: 'signed', trouble: null });
	expect(await findings()).toEqual([]);
	expect((await owner<{ state: string }[]>`select state from signing_intent where signer = ${signer} order by place`).map((i) => i.state)).toEqual(['failed', 'released']);
	await cancel(ada.ctx, envelope);
});

test('SIGN-7 a fault that lasts keeps the signature for a day, then its signer is asked for another code and the envelope can end', async () => {
	const { envelope, intent } = await accepted();
	const faulty = { ...worker, objects: { ...worker.objects, put: () => Promise.reject(new Error('storage is down')) } };
	await expect(sign(faulty, { intent })).rejects.toThrow('storage is down');
	expect(await seen(envelope)).toMatchObject({ state: 'signing', trouble: 'retrying' });
	await expect(cancel(ada.ctx, envelope)).rejects.toMatchObject({ reason: 'being-signed' });
	await shift(86_460);
	expect(await findings()).toEqual(['signature-failing']);
	await expect(sign(faulty, { intent })).rejects.toThrow('storage is down');
	expect(await seen(envelope)).toMatchObject({ state: 'opened', trouble: 'failed' });
	await cancel(ada.ctx, envelope);
	expect(await findings()).toEqual([]);
});
