import { expect, test } from 'vitest';
import { validate } from '#crypto/pades/validate.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { internalAuthority } from '#lib/server/tsa/internal.ts';
import * as certificates from '#lib/server/certificates.ts';
import type { WorkerContext } from '#lib/server/context.ts';
import { bytesOf } from '#lib/server/documents/read.ts';
import { attempt } from '#lib/server/envelopes/sign-here.ts';
import { due, preservationOf, renew } from '#lib/server/evidence/renew.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import type { SigningKeys } from '#lib/server/keys/signing-keys.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { createPki, year, type Holder, type Pki } from '../support/pki.ts';
import { createWorld } from '../support/world.ts';

const day = 86_400_000;
const world = await createWorld();
const start = Date.now() - day;
let shift = 0;
const now = () => Date.now() + shift;
const certified = ({ signer, certificate, chain }: Holder) => ({ signer, certificate: certificate.der, chain });

/** Keys of now: seals, authority and responder of five years under a CA. */
async function keysUnder(pki: Pki, before: SigningKeys): Promise<SigningKeys> {
	const term = { notBefore: now() - day, notAfter: Math.min(now() + 5 * year, pki.ca.certificate.notAfter) };
	return {
		...before,
		serviceSeal: certified(await pki.issue('Service seal', term)),
		instanceSeal: certified(await pki.issue('Instance seal', term)),
		tsa: certified(await pki.issue('TSA', { ...term, extKeyUsage: { purposes: ['timeStamping'], critical: true } })),
		ocsp: certified(await pki.issue('OCSP', { ...term, extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' })),
		root: certified(pki.root),
		ca: certified(pki.ca)
	};
}
async function workerOf(signing: SigningKeys): Promise<WorkerContext> {
	const worker = { ...world.worker, signing, tsa: internalAuthority({ primitives: p, tsa: signing.tsa, root: signing.root.certificate, policy: '1.3.6.1.4.1.99999.1.1', now }) };
	await worker.tx((tx) => certificates.register(tx, certificates.inUse(signing)));
	return worker;
}
async function pass(time: number): Promise<void> {
	shift += time;
	await world.owner`update app.clock set shift = ${`${Math.round(shift / 1000)} seconds`}::interval`;
}
const judge = (worker: WorkerContext, pdf: Uint8Array) => validate(p, pdf, { trust: { anchors: [worker.signing.root.certificate] }, at: now() });
const version = async (document: string) => (await world.owner<[{ id: string; number: number }]>`select id, number from version where document = ${document} order by number desc limit 1`)[0];

/** A signed document, complete. */
async function completed(worker: WorkerContext, email: string): Promise<string> {
	const { work, sent, enter, ask } = await createEnvelopes({ ...world, worker });
	const envelope = await sent([{ ...zoe, email }]);
	const { ctx } = await enter(email);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	return (await world.owner<[{ document: string }]>`select document from envelope where id = ${envelope} and state = 'completed'`)[0].document;
}
async function renewDue(worker: WorkerContext): Promise<number> {
	const documents = await worker.tx((tx) => due(tx, worker.settings.renewDays));
	for (const { document } of documents) await renew(worker, { document });
	return documents.length;
}

test('SIGN-15 a signed file lives through twenty years of authorities and CAs without anyone asking, and still passes; one that was left alone does not', { timeout: 120_000 }, async () => {
	let pki = await createPki('Years', { start });
	let worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const document = await completed(worker, 'years@test.example');
	const left = await bytesOf(worker, (await version(document)).id);
	const first = await version(document);
	let renewals = 0;
	for (let months = 0; months < 240; months += 6) {
		await pass(year / 2);
		const { signing } = worker;
		const { notAfter } = readCertificate(signing.tsa.certificate);
		if (now() > pki.ca.certificate.notAfter - 3 * year) {
			const before = { ca: signing.ca, ocsp: signing.ocsp };
			pki = await pki.succeed(now());
			worker = await workerOf({ ...(await keysUnder(pki, signing)), former: [before, ...signing.former] });
		} else if (now() > notAfter - 2 * year) worker = await workerOf(await keysUnder(pki, signing));
		renewals += await renewDue(worker);
		expect((await preservationOf(worker, document))!.goodUntil!.getTime()).toBeGreaterThan(now() + 180 * day);
	}
	expect(renewals).toBeGreaterThanOrEqual(3);
	expect(worker.signing.former).toHaveLength(1);
	const last = await version(document);
	expect(last.number - first.number).toBe(renewals);
	const kept = await bytesOf(worker, last.id);
	expect(Buffer.from(left).equals(kept.subarray(0, left.length))).toBe(true);
	const report = await judge(worker, kept);
	expect([...report.reasons, ...report.signatures.flatMap((s) => s.reasons)]).toEqual([]);
	expect(report).toMatchObject({ indication: 'TOTAL-PASSED', renewal: false });
	expect(report.signatures.filter((s) => s.kind === 'document-timestamp')).toHaveLength(1 + renewals);
	expect(await judge(worker, left)).toMatchObject({ indication: 'INDETERMINATE', renewal: true });
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': kept }).text).toContain('No syntax or stream encoding errors found');
	await pass(-shift);
});

test('SIGN-15 an authority that is down leaves the proof as it is, says so, and is asked again; many at once renew once', async () => {
	const pki = await createPki('Down', { start });
	const worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const document = await completed(worker, 'down@test.example');
	await pass(4.5 * year);
	const next = await workerOf(await keysUnder(pki, worker.signing));
	const down = { ...next, tsa: { ...next.tsa, request: () => Promise.reject(Object.assign(new Error('down'), { name: 'TimestampUnavailable' })) } };
	const before = await version(document);
	await expect(renew(worker, { document })).rejects.toMatchObject({ name: 'AuthorityEnding' }); // its own certificate ends as soon
	await pass(2 * 3600_000);
	await expect(renew(down, { document })).rejects.toThrow('down');
	expect(await preservationOf(next, document)).toMatchObject({ state: 'failing' });
	expect(await version(document)).toEqual(before);
	expect(await next.tx((tx) => due(tx, 365))).toEqual([]); // within the hour
	await pass(3 * 3600_000);
	const results = await Promise.allSettled(Array.from({ length: 5 }, () => renew(next, { document })));
	expect(results.filter((r) => r.status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
	expect((await version(document)).number).toBe(before.number + 1);
	const events = await world.owner<{ res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'op' = 'document.renew' and convert_from(body, 'UTF8')::jsonb->>'obj' = ${document} order by id`;
	expect(events.filter((e) => e.res === 'ok')).toHaveLength(1);
	expect(events.slice(0, 2)).toEqual([{ res: 'error' }, { res: 'error' }]);
	expect((await judge(next, await bytesOf(next, (await version(document)).id))).indication).toBe('TOTAL-PASSED');
	await pass(-shift);
});

test('SIGN-15 a proof that ended before it was renewed is not renewed in silence: it is late, an event, and left to people', async () => {
	const pki = await createPki('Late', { start });
	const worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const document = await completed(worker, 'late@test.example');
	await pass(6 * year);
	const next = await workerOf(await keysUnder(pki, worker.signing));
	const before = await version(document);
	await renew(next, { document });
	expect(await preservationOf(next, document)).toMatchObject({ state: 'late' });
	expect(await version(document)).toEqual(before);
	expect(await next.tx((tx) => due(tx, 365))).toEqual([]);
	await pass(-shift);
});
