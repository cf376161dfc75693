// A hundred signers of one document at once, and one signer who clicks a hundred times. A minute: each signature is validated with all before it.

import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, work, sent, enter, ask } = await createEnvelopes(world);

test('SIGN-6 a hundred clicks of one signer make one signature', { timeout: 120_000 }, async () => {
	const id = await sent([zoe]);
	const { ctx } = await enter(zoe.email);
	const code = await ask(ctx, zoe.name);
	const clicks = await Promise.allSettled(Array.from({ length: 100 }, () => here.attempt(ctx, code)));
	expect(clicks.filter((c) => c.status === 'fulfilled').length).toBeGreaterThan(0);
	await Promise.all(Array.from({ length: 8 }, () => work()));
	await work();
	expect(await world.owner`select from signing_intent where envelope = ${id}`).toHaveLength(1);
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed', signers: [{ state: 'signed' }] });
	expect(await world.owner`select from version v join envelope e on e.document = v.document where e.id = ${id}`).toHaveLength(4); // deposited, base, signed, archived
});

const many = 100;

test(`SIGN-6 ${many} signers of one document at once: as many valid signatures, one each`, { timeout: 900_000 }, async () => {
	const people = Array.from({ length: many }, (_, i) => ({ name: `Signer ${i}`, email: `s${i}@test.example`, number: `+336120${String(10_000 + i)}`, locale: 'fr', step: 1 }) as const);
	const id = await sent(people);
	const ready = [];
	for (const { name, email } of people) {
		const { ctx } = await enter(email);
		ready.push({ ctx, code: await ask(ctx, name) });
	}
	await world.owner`update challenge set expires_at = app.now() + interval '1 hour' where signer in (select id from signer where envelope = ${id})`; // of what is measured, reading is no part
	await Promise.all(ready.map(({ ctx, code }) => here.attempt(ctx, code)));
	const signed = async () => (await follow(ada.ctx, id)).signers.filter((s) => s.state === 'signed').length;
	await Promise.all(Array.from({ length: 8 }, () => work(['envelopes.complete'])));
	await work(['envelopes.complete']);
	expect(await signed()).toBe(many);
	const { currentVersion } = await follow(ada.ctx, id);
	const pdf = await bytesOf(ada.ctx, currentVersion);
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(new Set(report.signatures.map((s) => s.field)).size).toBe(many);
	expect(report.signatures.filter((s) => s.level === 'B-T')).toHaveLength(many);
	const verdicts = run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text;
	expect(verdicts.match(/Signature is Valid/g)).toHaveLength(many);
});
