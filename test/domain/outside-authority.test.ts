// An authority that is not ours: what is said of its certificates is fetched, so that a completed document lasts; while it cannot be had, that is shown and asked for again.

import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { complete } from '#lib/server/envelopes/complete.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { attempt } from '#lib/server/envelopes/sign-here.ts';
import { preservationOf, renew } from '#lib/server/evidence/renew.ts';
import { egress } from '#lib/server/egress/client.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createPki } from '../support/pki.ts';
import { createRevocationServer } from '../support/revocation-server.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const { ada, worker, mails, work, sent, enter, ask } = await createEnvelopes({ ...world, worker: { ...world.worker, tsa: tsa.authority } });
const revocation = tsa.revocation!;
let numbers = 0;

/** Signed by its one signer; its completion is left to the test. */
async function signed(): Promise<string> {
	const id = await sent([{ ...zoe, number: `+3361234100${++numbers}` }]);
	const { ctx } = await enter(zoe.email);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work(['envelopes.complete']);
	return id;
}
async function judged(id: string) {
	const [{ version }] = await world.owner<[{ version: string }]>`select current_version as version from envelope where id = ${id}`;
	return validate(worker.primitives, await bytesOf(ada.ctx, version), { trust: { anchors: [worker.signing.root.certificate], timestampAnchors: [tsa.root] }, at: Date.now() });
}

test('SIGN-7 with an outside authority a document is pending while what is said of it cannot be had, shown so, and reaches B-LTA once it can', async () => {
	const id = await signed();
	revocation.down = true;
	const before = mails.length;
	await expect(complete(worker, { envelope: id })).rejects.toMatchObject({ name: 'RevocationUnavailable' });
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'waiting', awaits: true, proofLevel: null, signers: [{ state: 'signed' }] });
	expect((await judged(id)).signatures).toMatchObject([{ level: 'B-T', integrity: 'intact' }]);
	expect(mails.length).toBe(before);
	const failures = await world.owner`select from event, lateral (select convert_from(body, 'utf8')::json as b) x where b ->> 'op' = 'envelope.complete' and b ->> 'res' = 'error' and b ->> 'obj' = ${id}`;
	expect(failures.count).toBe(1);
	revocation.down = false;
	await complete(worker, { envelope: id });
	await work();
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'completed', awaits: false, proofLevel: 'B-LTA' });
	const report = await judged(id);
	expect(report.signatures.map(({ kind, level }) => [kind, level])).toEqual([['signature', 'B-LTA'], ['document-timestamp', expect.anything()]]);
	expect(report.signatures[0]!.indication).toBe('TOTAL-PASSED');
	expect(mails.length).toBe(before + 1);
});

test('SIGN-7 an authority that is said to be revoked completes nothing', async () => {
	const id = await signed();
	const pki = revocation.pki;
	revocation.pki = (await createHostileTsa()).revocation!.pki; // lists of another CA prove nothing of this one
	await expect(complete(worker, { envelope: id })).rejects.toMatchObject({ name: 'RevocationUnavailable', message: expect.stringContaining('no revocation data says that it is good') });
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'waiting', awaits: true });
	revocation.pki = pki;
	await complete(worker, { envelope: id });
	expect(await follow(ada.ctx, id)).toMatchObject({ proofLevel: 'B-LTA' });
});

test('SIGN-7 an address inside the network is not asked unless it is allowed', async () => {
	const id = await signed();
	const asked = revocation.asked.length;
	await expect(complete({ ...worker, egress: egress([]) }, { envelope: id })).rejects.toMatchObject({ message: expect.stringContaining('private or special address') });
	expect(revocation.asked.length).toBe(asked);
	await complete(worker, { envelope: id });
});

test('SIGN-7 SIGN-15 an authority that stamps the document with another certificate than the signature is asked about both; a renewal by it keeps what was there', async () => {
	const id = await signed();
	const said = await createRevocationServer();
	const pki = await createPki('Successor', { issuing: { crl: `${said.url}root.crl` } }); // a name of its own: two roots of one name are no two authorities
	said.pki = pki;
	const successor = await createHostileTsa(Date.now, { pki, honest: await pki.authority({ crl: `${said.url}ca.crl` }) });
	const anchors = [tsa.root, successor.root];
	const later = { ...worker, tsa: { ...successor.authority, anchors } };
	said.down = true;
	await expect(complete(later, { envelope: id })).rejects.toMatchObject({ name: 'RevocationUnavailable' });
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'waiting', awaits: true });
	said.down = false;
	await complete(later, { envelope: id });
	const { document, proofLevel } = await follow(ada.ctx, id);
	expect(proofLevel).toBe('B-LTA');
	await world.owner`update preservation set good_until = app.now() + interval '1 day' where document = ${document}`;
	await renew(later, { document });
	expect(await preservationOf(ada.ctx, document)).toMatchObject({ state: 'kept', renewedAt: expect.any(Date) });
	const [{ version }] = await world.owner<[{ version: string }]>`select version from preservation where document = ${document}`;
	const report = await validate(worker.primitives, await bytesOf(ada.ctx, version), { trust: { anchors: [worker.signing.root.certificate], timestampAnchors: anchors }, at: Date.now() });
	expect(report.signatures.map(({ kind }) => kind)).toEqual(['signature', 'document-timestamp', 'document-timestamp']);
	expect(report.signatures[1]!.checks.find((c) => c.name === 'timestamp-revocation')).toMatchObject({ outcome: 'passed' });
});
