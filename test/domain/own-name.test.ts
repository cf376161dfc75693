// Level 1 in the signer's own name (SIGN-2): only where the client wrote its identification procedure; a one-time certificate under a policy of its own; and said for what it is.

import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { withActor } from '#lib/server/context.ts';
import * as credits from '#lib/server/credits.ts';
import { connect } from '#lib/server/db/pool.ts';
import { consents } from '#lib/server/envelopes/consent.ts';
import { correct } from '#lib/server/envelopes/correct.ts';
import { delegate } from '#lib/server/envelopes/delegate.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import { follow, send } from '#lib/server/envelopes/send.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { attempt, giveNumber, task } from '#lib/server/envelopes/sign-here.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { history, writeText } from '#lib/server/legal/texts.ts';
import { attestationOf } from '#lib/server/signed-copy/attestation.ts';
import { attestationSheet } from '#lib/server/signed-copy/attestation-sheet.ts';
import { cutAt, storing } from '../support/cut.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { run } from '../support/openssl.ts';
import { pemOf } from '../support/pki.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, work, draft, sent, enter, ask } = await createEnvelopes(world);
let people = 0;
const own = () => ({ ...zoe, email: `zoe${++people}@test.example`, number: `+3361234${6000 + people}`, advanced: true, surname: 'Müller', givenNames: 'Zoë' }) as const;
const write = async (words: string) => writeText(ada.ctx, 'identification-procedure', { fr: words, en: words, over: (await history(ada.ctx, 'identification-procedure'))[0]!.version });
const rowsOf = (sheet: { readonly rows: readonly (readonly [string, string])[] }) => sheet.rows.map((row) => row.join(' : ')).join('\n').replace(/\s+/g, ' ');

test('SIGN-2 SIGN-17 without a procedure that the client wrote itself nobody’s signature is put forward as advanced', async () => {
	await expect(draft([own()])).rejects.toMatchObject({ kind: 'invalid', reason: 'procedure-needed' });
	await write('Nous voyons la personne en agence.');
	const { givenNames: _, ...nameless } = own();
	await expect(draft([nameless])).rejects.toMatchObject({ reason: 'identity-undeclared' });
	await expect(draft([{ ...own(), number: '' }])).rejects.toMatchObject({ kind: 'invalid' }); // the code goes where the client says
});

test('SIGN-2 the signature is the signer’s own, under a policy that is not level 2’s; the report’s signer is the person; mark, evidence and attestation say who established the identity and what is claimed', async () => {
	const signer = own();
	const envelope = await sent([signer, { ...zoe, email: 'simple@test.example', number: '+33612349999', name: 'Paul Simple' }]);
	const { ctx } = await enter(signer.email);
	const shown = await task(ctx);
	expect(shown).toMatchObject({ by: { way: 'own-name' }, delegable: false, consent: { version: consents['own-name'], text: expect.stringContaining('n’a regardé aucune pièce d’identité') as string } });
	expect(shown.texts.map((t) => t.kind)).toContain('ca-terms');
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	const next = await enter('simple@test.example');
	await attempt(next.ctx, await ask(next.ctx, 'Paul Simple'));
	await work();
	expect((await follow(ada.ctx, envelope)).state).toBe('completed');

	const pdf = mails.findLast((m) => m.attachments)!.attachments![0]!.content;
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.signatures.slice(0, 2).map((s) => [s.level, s.indication, s.signer?.commonName])).toEqual([['B-LTA', 'TOTAL-PASSED', 'Zoë Müller'], ['B-LTA', 'TOTAL-PASSED', 'Service seal']]);
	const [{ der, check }] = await world.owner<[{ der: Uint8Array; check: string | null }]>`select c.der, o.identity_check as check from one_time_certificate o join certificate c on c.serial = o.serial where o.kept_at is not null`;
	expect([readCertificate(der).policies, check]).toEqual([['1.3.6.1.4.1.99999.1.1.3'], null]);
	expect(run('openssl', ['verify', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-x509_strict', 'a.pem'], { 'a.pem': pemOf(der), 'ca.pem': pemOf(worker.signing.ca.certificate), 'root.pem': pemOf(world.root) }).text).toContain('a.pem: OK');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text.match(/Signature is Valid/g)).toHaveLength(2);

	const dossier = await evidenceOf(worker, world, envelope);
	expect(dossier.signers.map((s) => [s.level, s.by.way, s.identity])).toEqual([[1, 'own-name', null], [1, 'seal', null]]);
	const evidence = rowsOf(dossierSheet(dossier, new Date()));
	for (const said of ['selon sa procédure enregistrée, version 1', 'ce service n’a regardé aucune pièce d’identité', 'Le demandeur la présente comme une signature électronique avancée', 'aux conditions de l’article 26', 'sous son contrôle exclusif', 'Sans présomption de fiabilité', 'Signature électronique simple']) expect(evidence.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')).toContain(said);
	const attestation = attestationOf(dossier, dossier.signers[0]!);
	expect(rowsOf(attestationSheet(attestation, 'en', new Date()))).toMatch(/identity declared and established by A client after its procedure, version 1.*put(s it)? forward as an advanced electronic signature.*article 26/);
	const events = await world.owner<{ levels: string }[]>`select o.value as levels from event e join event_opening o on o.event = e.id where convert_from(e.body, 'UTF8')::jsonb ->> 'obj' = ${envelope} and convert_from(e.body, 'UTF8')::jsonb ->> 'op' = 'envelope.send' and o.name = 'levels'`;
	expect(events).toEqual([{ levels: '1:1-own-name 2:1' }]);
});

test('SIGN-2 the identity is the client’s to change: no delegation, no number of the signer’s own; a correction goes into the certificate', async () => {
	const signer = own();
	const envelope = await sent([signer], { delegable: true });
	const first = await enter(signer.email);
	await expect(delegate(first.ctx, { name: 'Autre', email: 'autre@test.example', number: '', reason: '' })).rejects.toMatchObject({ reason: 'delegation' });
	await expect(giveNumber(first.ctx, '06 12 34 88 88')).rejects.toMatchObject({ kind: 'forbidden' });
	await correct(ada.ctx, envelope, first.signer, { ...signer, surname: 'Müller-Lenz' });
	await work();
	const { ctx } = await enter(signer.email);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	expect((await world.owner`select from certificate c join one_time_certificate o on o.serial = c.serial join signing_intent i on i.id = o.intent where i.envelope = ${envelope} and encode(c.der, 'escape') like '%Lenz%'`).count).toBe(1);
});

test('SIGN-2 a crash between the certificate and its signature: it is revoked, another is issued, one signature is released', async () => {
	const signer = own();
	await sent([signer]);
	const { ctx, signer: id } = await enter(signer.email);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work(['envelopes.sign']);
	const [{ intent }] = await world.owner<[{ intent: string }]>`select id as intent from signing_intent where signer = ${id}`;
	await expect(sign(cutAt(worker, storing), { intent })).rejects.toThrow('killed');
	await sign(worker, { intent });
	expect(await world.owner`select o.kept_at is not null as kept, c.revoked_at is not null as revoked from one_time_certificate o join certificate c on c.serial = o.serial where o.intent = ${intent} order by o.issued_at`).toEqual([{ kept: false, revoked: true }, { kept: true, revoked: false }]);
	await work();
});

test('SIGN-10 it takes a credit of level 1', async () => {
	const id = await draft([own()]);
	const ctx = { ...ada.ctx, settings: { ...ada.ctx.settings, privateInstance: false } };
	await world.owner`update client set verified_at = app.now() where id = ${ada.client}`;
	await expect(send(ctx, id)).rejects.toMatchObject({ reason: 'no-credit' });
	const operator = withActor({ ...world.web, database: connect(world.owner) }, { person: null, client: null, via: 'cli' });
	await credits.purchase(operator, { client: ada.client, level: 1, units: 1, reference: 'F-1' });
	await send(ctx, id);
	expect(await credits.balances(ctx)).toEqual([{ level: 1, purchased: 1, available: 0, held: 1, consumed: 0, reviews: 0 }]);
});
