// Level 2 by a remote signing service over CSC API v2 (SIGN-3, SIGN-12): the whole way, each thing that may go wrong with it, and never our own CA in its stead.

import { beforeEach, expect, test } from 'vitest';
import { signatureFields } from '#crypto/pades/fields.ts';
import { validate } from '#crypto/pades/validate.ts';
import { readByteRange } from '#crypto/pdf/byte-range.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { dictOf, isString } from '#crypto/pdf/objects.ts';
import { read } from '#crypto/asn1/der.ts';
import { consents } from '#lib/server/envelopes/consent.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import { lookAtService } from '#lib/server/envelopes/remote.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { task } from '#lib/server/envelopes/sign-here.ts';
import { health } from '#lib/server/fsck/health.ts';
import { signatures } from '#lib/server/fsck/signatures.ts';
import { lookDue } from '#lib/server/health.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { csc } from '#lib/server/signing-service/csc.ts';
import { createCscServer, type Mood } from '../support/csc.ts';
import { cutAt, storing } from '../support/cut.ts';
import { evidenceOf } from '../support/evidence.ts';
import { createIdentified } from '../support/identified.ts';
import { run } from '../support/openssl.ts';
import { pemOf } from '../support/pki.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const server = await createCscServer();
const remote = { name: server.service.name, listed: null };
/** The world of an instance that is set so. */
const set = (to: { readonly name: string; readonly listed: string | null }) => {
	const settings = { ...world.web.settings, remote: to };
	return { ...world, web: { ...world.web, settings }, worker: { ...world.worker, settings, signingService: csc({ ...server.service, ...to, patience: 500 }) } };
};
const home = await createIdentified(set(remote));
const { ada, worker, mails, work, identified, accepted, ask } = home;
let people = 0;
/** Another Anna, who has a credential. */
async function anna(): Promise<string> {
	const user = `anna${++people}@test.example`;
	await server.enrol({ user, surname: 'Eriksson', givenNames: 'Anna Maria' });
	return user;
}
await server.enrol({ user: 'other@test.example', surname: 'Autre', givenNames: 'Zoé' });
let shift = 0;
const pass = (seconds: number) => owner`update app.clock set shift = ${(shift += seconds)} * interval '1 second'`;
beforeEach(async () => {
	server.mood = 'honest';
	server.revocation.down = false;
	await lookAtService(worker);
	server.signed.length = server.asked.length = 0;
});
const used = (intent: string) => owner<{ service: string; listed: string | null; kept: boolean }[]>`select service, listed, kept_at is not null as kept from remote_certificate where intent = ${intent} order by used_at`;
const ours = (intent: string) => owner`select from one_time_certificate where intent = ${intent}`;
const intentOf = async (intent: string) => (await owner<{ state: string; trouble: string | null; failure: string | null }[]>`select state, trouble, failure from signing_intent where id = ${intent}`)[0];
const trust = { anchors: [world.root, server.pki.root.certificate.der] };
const reasonIn = (pdf: Uint8Array): string => {
	const document = openDocument(pdf);
	const value = dictOf(document.resolve(signatureFields(document).find((f) => f.signed)!.dict.map.get('V')))!;
	const reason = value.map.get('Reason');
	return isString(reason) ? new TextDecoder('utf-16be').decode(reason.bytes.subarray(2)) : '';
};

test('SIGN-3 SIGN-12 a signature of level 2 by a remote service: the signer’s own certificate, one hash authorized and signed, B-LTA by our own validation, OpenSSL and pdfsig; and it is called what it is', async () => {
	const { envelope, signer, ctx, intent } = await accepted(await anna());
	expect((await task(ctx)).consent).toMatchObject({ version: consents.remote, text: expect.stringContaining('aucune liste de confiance') as string });
	await sign(worker, { intent });
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
	expect(server.signed).toHaveLength(1);
	expect(await used(intent)).toEqual([{ service: remote.name, listed: null, kept: true }]);
	expect(await ours(intent)).toHaveLength(0);
	const pdf = mails.findLast((m) => m.attachments)!.attachments![0]!.content;
	const report = await validate(p, pdf, { trust, at: Date.now() + 60_000 });
	expect(report.signatures[0]).toMatchObject({ kind: 'signature', level: 'B-LTA', indication: 'TOTAL-PASSED', signer: { commonName: 'Anna Maria Eriksson' } });
	const years = await validate(p, pdf, { trust, at: Date.now() + 4 * 365 * 86_400_000 });
	expect(years.signatures[0]).toMatchObject({ indication: 'TOTAL-PASSED' });
	expect((await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() })).signatures[0]!.indication).not.toBe('TOTAL-PASSED'); // it is not ours

	const document = openDocument(pdf);
	const { ranges, contents } = readByteRange(document, dictOf(document.resolve(signatureFields(document).find((f) => f.signed)!.dict.map.get('V')))!);
	const signed = Buffer.concat(ranges!.map(([from, to]) => pdf.subarray(from, to)));
	const cms = read(contents!, { trailing: true }).raw;
	expect(run('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'a.p7s', '-content', 'a', '-CAfile', 'root.pem', '-purpose', 'any', '-out', 'x'], { 'a.p7s': cms, a: signed, 'root.pem': pemOf(server.pki.root.certificate.der) }).text).toMatch(/successful/);
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('Signature is Valid');
	expect(reasonIn(pdf)).toMatch(/processus de niveau 2, autorité non listée, signature à distance par Signatures de test/);

	const dossier = await evidenceOf(worker, set(remote), envelope);
	expect(dossier.signers[0]!.by).toMatchObject({ way: 'remote', service: remote.name, listed: null, certificate: report.signatures[0]!.signer!.serialNumber });
	const rows = dossierSheet(dossier, new Date()).rows.map(([, value]) => value).join('\n');
	expect(rows).toMatch(/Processus de niveau 2, autorité non listée\s:.*dont le service Signatures de test garde la clé/s);
	expect(rows).not.toContain('utilisé une fois');
	expect(await owner`select from event where convert_from(body, 'utf8')::json ->> 'op' = 'certificate.remote' and convert_from(body, 'utf8')::json ->> 'actor' = ${signer}`).toHaveLength(1);
});

test('SIGN-3 only with its place on a trusted list, by configuration, is it called level 2; what was recorded stays said', async () => {
	const listed = { name: 'Signatures de test', listed: 'liste FR, Test CA 1' };
	const other = await createIdentified(set(listed));
	const { envelope, ctx, intent } = await other.accepted(await anna());
	expect((await task(ctx)).consent.text).toContain('selon l’exploitant, sur une liste de confiance');
	await sign(other.worker, { intent });
	await other.work();
	expect(reasonIn(other.mails.findLast((m) => m.attachments)!.attachments![0]!.content)).toMatch(/niveau 2, autorité listée selon Test : liste FR, Test CA 1/);
	const dossier = await evidenceOf(world.worker, world, envelope); // configured otherwise by then
	expect(dossier.signers[0]!.by).toMatchObject({ way: 'listed', listed: listed.listed });
	expect(dossierSheet(dossier, new Date()).rows.map(([, value]) => value).join()).toMatch(/Niveau 2, autorité listée\s:.*liste FR, Test CA 1/s);
});

test.each<Mood>(['wrong-person', 'untrusted', 'ended', 'no-commitment', 'revoked', 'asks-pin', 'wrong-hash', 'sads-ended', 'unknown-user'])('SIGN-12 a service that is %s: nothing is kept, an event says why, the signer may ask again, and our own CA does not stand in', async (mood) => {
	const { envelope, ctx, intent } = await accepted(await anna());
	server.mood = mood;
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name: expect.stringMatching(/SigningRefused|CscRefusal/) as string });
	expect(await intentOf(intent)).toMatchObject({ state: 'failed', trouble: 'service-refused', failure: expect.any(String) as string });
	expect((await used(intent)).filter((u) => u.kept)).toEqual([]);
	expect(await ours(intent)).toHaveLength(0);
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ state: 'opened', trouble: 'failed' });
	expect(await task(ctx)).toMatchObject({ state: 'opened', intent: 'failed', trouble: 'service-refused' });
	expect((await Array.fromAsync(signatures(worker, { signatures: 0 }))).map((f) => f.problem)).toContain('signature-failing');
	expect(await owner`select from event where convert_from(body, 'utf8')::json ->> 'obj' = ${intent} and convert_from(body, 'utf8')::json ->> 'res' = 'error'`).toHaveLength(1);
	server.mood = 'honest';
	await owner`update signing_intent set trouble = null where id = ${intent}`;
});

test.each<Mood>(['down', 'cut', 'slow', 'html', 'nonsense', 'account-refused', 'tokens-refused'])('SIGN-12 a service that is %s: the signature waits, no code is sent meanwhile, and it is made once afterwards', async (mood) => {
	const { ctx: waiting } = await identified(await anna());
	const { envelope, ctx, intent } = await accepted(await anna());
	server.mood = mood;
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name: 'SigningUnavailable' });
	expect(await intentOf(intent)).toMatchObject({ state: 'ready', trouble: 'service-down' });
	expect(await task(ctx)).toMatchObject({ state: 'signing', intent: 'ready', trouble: 'service-down' });
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ state: 'signing', trouble: 'retrying' });
	await expect(ask(waiting, 'Anna Maria Eriksson')).rejects.toMatchObject({ kind: 'unavailable', reason: 'signing-service-down' });
	expect((await Array.fromAsync(health(worker, []))).map((f) => f.problem)).toEqual(['signing-service-down']);
	server.mood = 'honest';
	await pass(16);
	expect(await lookDue(worker)).toContain('signing-service');
	await lookAtService(worker);
	await ask(waiting, 'Anna Maria Eriksson');
	await sign(worker, { intent });
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ state: 'signed', trouble: null });
	expect((await used(intent)).filter((u) => u.kept)).toHaveLength(1);
	expect(await ours(intent)).toHaveLength(0);
});

test('SIGN-12 a service that stays down for a day: the signer is asked for another code, and nothing was signed', async () => {
	const { envelope, intent } = await accepted(await anna());
	server.mood = 'down';
	await expect(sign(worker, { intent })).rejects.toThrow();
	await pass(86_460);
	await expect(sign(worker, { intent })).rejects.toThrow();
	expect(await intentOf(intent)).toMatchObject({ state: 'failed', trouble: 'service-down' });
	expect((await follow(ada.ctx, envelope)).signers[0]).toMatchObject({ state: 'opened', trouble: 'failed' });
	expect(server.signed).toEqual([]);
	await pass(-86_460);
});

test('SIGN-3 a certificate of which nothing says that it is good signs nothing until something does', async () => {
	const { intent } = await accepted(await anna());
	server.revocation.down = true;
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name: 'RevocationUnavailable' });
	expect(await intentOf(intent)).toMatchObject({ state: 'ready', trouble: 'service-down' });
	expect([server.signed, await used(intent)]).toEqual([[], []]);
	server.revocation.down = false;
	await sign(worker, { intent });
	expect(await used(intent)).toMatchObject([{ kept: true }]);
});

test('SIGN-3 OPS-3 killed between the service’s signature and its storing: it is asked again, and one signature is kept', async () => {
	const { envelope, intent } = await accepted(await anna());
	await expect(sign(cutAt(worker, storing), { intent })).rejects.toThrow('killed');
	expect(server.signed).toHaveLength(1);
	expect(await used(intent)).toMatchObject([{ kept: false }]);
	await sign(worker, { intent });
	await work();
	expect(server.signed).toHaveLength(2);
	expect(await used(intent)).toMatchObject([{ kept: false }, { kept: true }]);
	const { state, currentVersion } = await follow(ada.ctx, envelope);
	expect(state).toBe('completed');
	expect((await validate(p, await bytesOf(ada.ctx, currentVersion), { trust, at: Date.now() + 60_000 })).signatures.filter((s) => s.kind === 'signature')).toHaveLength(1);
});

test('SIGN-3 a signer who agreed to our own CA is asked again when a remote service has taken its place, and the other way round', async () => {
	const own = await createIdentified(world);
	const { intent } = await own.accepted(await anna());
	await expect(sign(worker, { intent })).rejects.toMatchObject({ name: 'ConsentOutdated' });
	expect(await intentOf(intent)).toMatchObject({ state: 'failed', trouble: 'consent-outdated' });
	const back = await accepted(await anna());
	await expect(sign(world.worker, { intent: back.intent })).rejects.toMatchObject({ name: 'ConsentOutdated' });
	for (const id of [intent, back.intent]) expect([await used(id), [...(await ours(id))]]).toEqual([[], []]);
	expect(server.signed).toEqual([]);
});
