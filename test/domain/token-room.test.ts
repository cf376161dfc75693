// Time-stamp tokens larger than the room a signature kept for them: signed again with more, never cut, never given up.

import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt } from '#lib/server/envelopes/sign-here.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { signatures } from '#lib/server/fsck/signatures.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const { ada, worker, work, sent, enter, ask } = await createEnvelopes({ ...world, worker: { ...world.worker, tsa: tsa.authority } });

/** The code a signer typed is right, and their signature is not made yet. */
async function accepted(person: typeof zoe | typeof bob): Promise<string> {
	const { ctx, signer } = await enter(person.email);
	await attempt(ctx, await ask(ctx, person.name));
	await work(['envelopes.sign']);
	const [intent] = await world.owner<[{ id: string }]>`select id from signing_intent where signer = ${signer}`;
	return intent.id;
}
const stateOf = async (intent: string) => (await world.owner<[{ state: string; room: number | null }]>`select state, octet_length(sealed) as room from signing_intent where id = ${intent}`)[0];
const reasons = async (intent: string) => (await world.owner<{ reason: string }[]>`select o.value as reason from event e join event_opening o on o.event = e.id and o.name = 'reason' where convert_from(e.body, 'utf8')::json ->> 'obj' = ${intent} order by e.id`).map((r) => r.reason);

async function judged(envelope: string) {
	const pdf = await bytesOf(ada.ctx, (await follow(ada.ctx, envelope)).currentVersion);
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('Signature is Valid');
	const { signatures } = await validate(p, pdf, { trust: { anchors: [world.root], timestampAnchors: [tsa.root] }, at: Date.now() + 60_000 });
	return signatures.map((s) => [s.level, s.coverage]);
}

test('SIGN-7 a token larger than the room kept: signed again with more, one version released, nothing stored of the one given up, and the log says so', async () => {
	const envelope = await sent([zoe]);
	const intent = await accepted(zoe);
	tsa.mood = 'oversized';
	await sign(worker, { intent });
	expect(await stateOf(intent)).toMatchObject({ state: 'released' });
	expect(await judged(envelope)).toEqual([['B-T', 'whole-file']]);
	expect(await reasons(intent)).toContainEqual(expect.stringMatching(/^signed again with more room: \d+ bytes into \d+$/));
	const named = await world.owner<{ key: string }[]>`select object_key as key from version`;
	expect(world.objects.held.map((o) => o.key).sort()).toEqual(named.map((v) => v.key).sort());
});

test('SIGN-7 LOG-8 a B-B stored while the authority was down, which fsck opens, and whose token does not fit when it is back: signed again, though the worker is killed in between', async () => {
	const envelope = await sent([bob]);
	const intent = await accepted(bob);
	tsa.mood = 'down';
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name: 'TimestampUnavailable' });
	expect(await stateOf(intent)).toMatchObject({ state: 'signed', room: expect.any(Number) as number });
	const counts = { signatures: 0 };
	const findings = async () => (await Array.fromAsync(signatures(worker, counts))).map(({ problem, subject }) => [problem, subject]);
	const change = () => world.owner`update signing_intent set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where id = ${intent}`;
	expect([await findings(), counts]).toEqual([[], { signatures: 1 }]);
	await change();
	expect(await findings()).toEqual([['signature-altered', intent]]);
	await change();
	tsa.mood = 'oversized';
	const { serviceSeal } = worker.signing;
	await expect(sign({ ...worker, signing: { ...worker.signing, serviceSeal: { ...serviceSeal, signer: { ...serviceSeal.signer, sign: () => Promise.reject(new Error('killed')) } } } }, { intent })).rejects.toThrow('killed');
	expect(await stateOf(intent)).toEqual({ state: 'ready', room: null });
	await sign(worker, { intent });
	expect(await reasons(intent)).toContainEqual(expect.stringMatching(/^signed again with more room/));
	expect(await judged(envelope)).toEqual([['B-T', 'whole-file']]);
});
