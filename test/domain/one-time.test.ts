import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { signatureFields } from '#crypto/pades/fields.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { dictOf, isString } from '#crypto/pdf/objects.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { consentVersion, consentVersion2 } from '#lib/server/envelopes/consent.ts';
import { attempt, requestCode, task } from '#lib/server/envelopes/sign-here.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import * as capture from '#lib/server/identity-check/capture.ts';
import { KeyUsed, oneTimeKey } from '#lib/server/keys/one-time.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { cutAt, storing } from '../support/cut.ts';
import { zoe } from '../support/envelopes.ts';
import { createIdentified } from '../support/identified.ts';
import { run } from '../support/openssl.ts';
import { pemOf } from '../support/pki.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const { ada, worker, mails, work, enter, ask, identified, accepted } = await createIdentified(world);
const issued = (intent: string) => world.owner<{ serial: string; kept: boolean; revoked: boolean; der: Uint8Array }[]>`
	select o.serial, o.kept_at is not null as kept, c.revoked_at is not null as revoked, c.der from one_time_certificate o join certificate c on c.serial = o.serial where o.intent = ${intent} order by o.issued_at`;

test('SIGN-3 at level 2 the certificate is the signer’s own, for one signature, and called what it is; the file lasts beside a level 1 signature', async () => {
	const { envelope, intent } = await accepted('anna@test.example', zoe);
	await sign(worker, { intent });
	await work();
	const next = await enter(zoe.email);
	await attempt(next.ctx, await ask(next.ctx, zoe.name));
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
	const pdf = mails.findLast((m) => m.attachments)!.attachments![0]!.content;
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.signatures.map((s) => [s.kind, s.level, s.indication, s.signer?.commonName])).toMatchObject([['signature', 'B-LTA', 'TOTAL-PASSED', 'Anna Maria Eriksson'], ['signature', 'B-LTA', 'TOTAL-PASSED', 'Service seal'], ['document-timestamp', expect.anything(), 'TOTAL-PASSED', undefined]]);
	const years = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 100 * 86_400_000 }); // its 72 hours are long over
	expect(years.signatures[0]).toMatchObject({ indication: 'TOTAL-PASSED' });

	const [own] = await issued(intent);
	expect(own).toMatchObject({ kept: true, revoked: false });
	const certificate = readCertificate(own!.der);
	expect((certificate.notAfter - certificate.notBefore) / 3_600_000).toBeCloseTo(72, 1);
	const files = { 'a.pem': pemOf(own!.der), 'ca.pem': pemOf(world.worker.signing.ca.certificate), 'root.pem': pemOf(world.root) };
	expect(run('openssl', ['verify', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-x509_strict', 'a.pem'], files).text).toContain('a.pem: OK');
	const said = run('openssl', ['x509', '-in', 'a.pem', '-noout', '-text'], files).text;
	for (const words of ['GN = Anna Maria', 'SN = Eriksson', 'serialNumber = ', '1.3.6.1.4.1.99999.1.1.2', '/pki/ocsp', '/pki/ca.crl', 'Non Repudiation']) expect(said.replace(/(\w)=/g, '$1 = ').replace(/ +/g, ' ')).toContain(words);
	expect(said).not.toMatch(/Digital Signature|qcStatements|0\.4\.0\./i);
	const [field] = signatureFields(openDocument(pdf)).filter((f) => f.signed);
	const reason = dictOf(openDocument(pdf).resolve(field!.dict.map.get('V')))!.map.get('Reason');
	const text = isString(reason) ? new TextDecoder('utf-16be').decode(reason.bytes.subarray(2)) : '';
	expect(text).toMatch(/processus de niveau 2, autorité non listée/);
	expect(text).not.toMatch(/qualifi|avancé/);
	const pdfsig = run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text;
	expect(pdfsig.match(/Signature is Valid/g)).toHaveLength(2);
	expect(pdfsig).toContain('Anna Maria Eriksson');
});

test('SIGN-3 what a signer of level 2 consents to says level 2; the words of level 1 are refused', async () => {
	const { ctx, signer } = await identified('words@test.example');
	const { consent, sha256 } = await task(ctx);
	expect(consent).toMatchObject({ version: consentVersion2, text: expect.stringContaining('n’est sur aucune liste de confiance') as string });
	await expect(requestCode(ctx, { consent: consentVersion, pagesReached: 1, sha256, values: { name: 'Anna', drawing: null } }, '198.51.100.1')).rejects.toMatchObject({ kind: 'invalid', reason: 'field-consent' });
	await ask(ctx, 'Anna Maria Eriksson');
	const [row] = await world.owner<[{ version: string }]>`select consent_version as version from signer where id = ${signer}`;
	expect(row.version).toBe(consentVersion2);
});

test('SIGN-3 a crash between the certificate and its signature: it is revoked, another is issued, one signature is released', async () => {
	const { envelope, intent } = await accepted('crash@test.example');
	await expect(sign(cutAt(worker, storing), { intent })).rejects.toThrow('killed');
	expect(await issued(intent)).toMatchObject([{ kept: false, revoked: false }]);
	await sign(worker, { intent });
	await work();
	const [lost, own] = await issued(intent);
	expect([lost, own]).toMatchObject([{ kept: false, revoked: true }, { kept: true, revoked: false }]);
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');
	const pdf = mails.findLast((m) => m.attachments)!.attachments![0]!.content;
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL-PASSED', signer: { serialNumber: own!.serial } });
	const [answer] = await world.owner<[{ n: number }]>`select count(*)::int as n from ocsp_answer where serial in (${lost!.serial}, ${own!.serial}) and next_update > app.now()`;
	expect(answer.n).toBeGreaterThanOrEqual(4);
});

test('SIGN-3 a token larger than the room kept: the certificate of the signature given up is revoked, another is issued, one signature is released', async () => {
	const { envelope, intent } = await accepted('room@test.example');
	tsa.mood = 'oversized';
	await sign({ ...worker, tsa: tsa.authority }, { intent });
	tsa.mood = 'honest';
	const made = await issued(intent);
	expect(made.length).toBeGreaterThan(1);
	expect(made.map(({ kept, revoked }) => ({ kept, revoked }))).toEqual(made.map((_, i) => (i < made.length - 1 ? { kept: false, revoked: true } : { kept: true, revoked: false })));
	const { currentVersion } = await follow(ada.ctx, envelope);
	const report = await validate(p, await bytesOf(ada.ctx, currentVersion), { trust: { anchors: [world.root], timestampAnchors: [tsa.root] }, at: Date.now() + 60_000 });
	expect(report.signatures).toMatchObject([{ level: 'B-T', coverage: 'whole-file', signer: { serialNumber: made.at(-1)!.serial } }]);
	await work(['envelopes.complete']); // of this authority's token: the others' tests trust the instance's own
});

test('SIGN-3 an acceptance that lapses between the code and the signature: nothing is signed, nothing waits, and the signer may show a document again', async () => {
	const { envelope, signer, intent } = await accepted('lapsed@test.example');
	await world.owner`update identity_check set valid_until = app.now() where signer = ${signer}`;
	await expect(sign(worker, { intent })).rejects.toMatchObject({ reason: 'identity-needed' });
	expect(await world.owner`select i.state, i.failure, s.state as signer from signing_intent i join signer s on s.id = i.signer where i.id = ${intent}`).toMatchObject([{ state: 'failed', failure: expect.any(String) as string, signer: 'opened' }]);
	expect(await issued(intent)).toEqual([]);
	await sign(worker, { intent });
	await work();
	const { state, signers } = await follow(ada.ctx, envelope);
	expect([state, signers[0]!.state]).toEqual(['waiting', 'opened']);
	const { ctx } = await enter('lapsed@test.example');
	await capture.begin(ctx, { document: 'passport', notice: capture.noticeVersion });
});

test('SIGN-3 a one-time key signs once and cannot be taken out', async () => {
	const { signer } = await oneTimeKey();
	await signer.sign(Uint8Array.of(1));
	await expect(signer.sign(Uint8Array.of(1))).rejects.toThrow(KeyUsed);
	expect(Object.values(signer).filter((v) => v instanceof CryptoKey)).toEqual([]);
});
