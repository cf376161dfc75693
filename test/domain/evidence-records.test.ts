import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { readEvidenceRecord } from '#crypto/ers/record.ts';
import { verifyRecord } from '#crypto/ers/verify.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import type * as Lifetimes from '#crypto/x509/lifetimes.ts';
import * as certificates from '#lib/server/certificates.ts';
import type { WorkerContext } from '#lib/server/context.ts';
import { control } from '#lib/server/documents/control.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { dispose } from '#lib/server/documents/dispose.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { recordOf, recordStates } from '#lib/server/evidence/record.ts';
import { recordsDue, renewRecords } from '#lib/server/evidence/renew-records.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import type { SigningKeys } from '#lib/server/keys/signing-keys.ts';
import * as safes from '#lib/server/safes.ts';
import { internalAuthority } from '#lib/server/tsa/internal.ts';
import { about, flipped } from '../support/evidence-records.ts';
import { createPki, year, type Holder, type Pki } from '../support/pki.ts';
import { createWorld, type Person } from '../support/world.ts';

/** When SHA-256 is given up, in this file. */
const ends = vi.hoisted(() => ({ sha256: null as number | null }));
vi.mock('#crypto/x509/lifetimes.ts', async (load) => {
	const real = await load<typeof Lifetimes>();
	const ended = (hash: string) => (hash === 'SHA-256' && ends.sha256 !== null ? { what: hash, at: ends.sha256 } : null);
	return {
		...real,
		hashEnd: (hash: Parameters<typeof real.hashEnd>[0]) => ended(hash) ?? real.hashEnd(hash),
		signatureEnd: (algorithm: Parameters<typeof real.signatureEnd>[0], spki: Uint8Array) => ('hash' in algorithm && ended(algorithm.hash)) || real.signatureEnd(algorithm, spki)
	};
});

const day = 86_400_000;
const world = await createWorld();
const start = Date.now() - day;
let shift = 0;
const now = () => Date.now() + shift;
const certified = ({ signer, certificate, chain }: Holder) => ({ signer, certificate: certificate.der, chain });
const p384 = () => {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
	return { signer: nodeSigner(privateKey, { scheme: 'ecdsa', hash: 'SHA-384' }), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
};
const newPki = (name: string) => createPki(name, { start, key: p384 });

/** Keys of now, of five years, under a CA. */
async function keysUnder(pki: Pki, before: SigningKeys, spec: 'ecdsa-p256' | 'ecdsa-p384' = 'ecdsa-p256'): Promise<SigningKeys> {
	const term = { notBefore: now() - day, notAfter: Math.min(now() + 5 * year, pki.ca.certificate.notAfter), spec };
	return {
		...before,
		tsa: certified(await pki.issue('TSA', { ...term, extKeyUsage: { purposes: ['timeStamping'], critical: true } })),
		ocsp: certified(await pki.issue('OCSP', { ...term, extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' })),
		root: certified(pki.root),
		ca: certified(pki.ca)
	};
}
async function workerOf(signing: SigningKeys, recordHash: WorkerContext['settings']['recordHash'] = 'SHA-256'): Promise<WorkerContext> {
	const { worker: base } = world;
	const worker = { ...base, settings: { ...base.settings, recordHash }, signing, tsa: internalAuthority({ primitives: p, tsa: signing.tsa, root: signing.root.certificate, policy: '1.3.6.1.4.1.99999.1.1', now }) };
	await worker.tx((tx) => certificates.register(tx, [{ der: signing.ca.certificate, issuer: 'root' }, ...[signing.tsa, signing.ocsp].map(({ certificate }) => ({ der: certificate, issuer: 'ca' as const }))]));
	return worker;
}
async function pass(time: number): Promise<void> {
	shift += time;
	await world.owner`update app.clock set shift = ${`${Math.round(shift / 1000)} seconds`}::interval`;
}

interface Deposited {
	readonly document: string;
	readonly version: string;
	readonly bytes: Uint8Array;
	readonly name: string;
}
async function deposited(who: Person, safe: string, worker: WorkerContext, name: string): Promise<Deposited> {
	const bytes = new Uint8Array(randomBytes(2000));
	const s = await stage.create(who.ctx, { safe, name, length: bytes.length });
	await stage.write(who.ctx, s.id, 0, (async function* () { yield bytes; })());
	const made = await deposit(who.ctx, { stage: s.id });
	await timestamp(worker, { version: made.version });
	return { ...made, bytes, name };
}
async function home() {
	const ada = await world.administrator();
	return { ada, safe: (await safes.create(ada.ctx, { name: 'Plans' })).id };
}
async function renewDue(worker: WorkerContext): Promise<void> {
	for (const { client } of await worker.tx((tx) => recordsDue(tx, worker.settings))) await renewRecords(worker, { client });
}
const judge = (worker: WorkerContext, record: Uint8Array, bytes: Uint8Array) => verifyRecord(p, record, { data: about(bytes), anchors: [readCertificate(worker.signing.root.certificate)], at: now() });
const events = (client: string) => world.owner<{ res: string; obj: string }[]>`
	select convert_from(body, 'UTF8')::jsonb->>'res' as res, convert_from(body, 'UTF8')::jsonb->>'obj' as obj from event where client = ${client} and convert_from(body, 'UTF8')::jsonb->>'op' = 'evidence.renew' order by id`;

test('SIGN-15 files of any kind live through twenty years of authorities, CAs and the end of SHA-256 without anyone asking; each has a record of its own', { timeout: 240_000 }, async () => {
	let pki = await newPki('Records');
	let worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const [{ ada, safe }, other] = [await home(), await home()];
	const [plan, photo, gone] = [await deposited(ada, safe, worker, 'plan.dwg'), await deposited(ada, safe, worker, 'photo.png'), await deposited(ada, safe, worker, 'gone.txt')];
	const elsewhere = await deposited(other.ada, other.safe, worker, 'notes.txt');
	expect((await judge(worker, await recordOf(ada.ctx, plan.version), plan.bytes)).reasons).toEqual(['timestamp-revocation']); // the token alone, for now
	await renewDue(worker);
	expect(await judge(worker, await recordOf(ada.ctx, plan.version), plan.bytes)).toMatchObject({ indication: 'TOTAL-PASSED' });
	expect(await events(ada.client)).toEqual([]);
	const endOfSha256 = now() + 13 * year;
	let hash: 'SHA-256' | 'SHA-512' = 'SHA-256';
	let beforeHashTree: Uint8Array | null = null;
	for (let months = 0; months < 240; months += 6) {
		await pass(year / 2);
		if (now() > endOfSha256) ends.sha256 = endOfSha256;
		const spec = now() > endOfSha256 - 6 * year ? 'ecdsa-p384' : 'ecdsa-p256';
		if (hash === 'SHA-256' && now() > endOfSha256 - 3 * year) {
			beforeHashTree = await recordOf(ada.ctx, plan.version);
			hash = 'SHA-512';
			worker = await workerOf(worker.signing, hash);
		}
		const { signing } = worker;
		if (now() > pki.ca.certificate.notAfter - 3 * year) {
			const before = { ca: signing.ca, ocsp: signing.ocsp };
			pki = await pki.succeed(now());
			worker = await workerOf({ ...(await keysUnder(pki, signing, spec)), former: [before, ...signing.former] }, hash);
		} else if (now() > readCertificate(signing.tsa.certificate).notAfter - 2 * year) worker = await workerOf(await keysUnder(pki, signing, spec), hash);
		await renewDue(worker);
		if (months === 72) await dispose(ada.ctx, { document: gone.document, confirmation: gone.name });
		const states = await recordStates(worker, plan.document);
		expect(states[plan.version], `${months} months`).toMatchObject({ state: 'kept' });
		expect(states[plan.version]!.goodUntil!.getTime()).toBeGreaterThan(now() + 180 * day);
	}
	const all = await Promise.all(([[ada, plan], [ada, photo], [other.ada, elsewhere]] as const).map(async ([who, one]) => ({ one, record: await recordOf(who.ctx, one.version) })));
	for (const { one, record } of all) {
		const report = await judge(worker, record, one.bytes);
		expect(report.reasons).toEqual([]);
		expect(report).toMatchObject({ indication: 'TOTAL-PASSED', renewal: false });
		expect(report.archiveTimeStamps.length).toBeGreaterThanOrEqual(5);
		expect([...new Set(report.archiveTimeStamps.map((a) => `${a.chain} ${a.hash}`))]).toEqual(['1 SHA-256', '2 SHA-512']);
		expect(Date.parse(report.time!)).toBeLessThan(start + 3 * day);
	}
	expect((await judge(worker, beforeHashTree!, plan.bytes)).indication).toBe('INDETERMINATE');
	// One archive time-stamp for a client's versions, another for another's; each record holds no other's hash but as a leaf of hashes.
	const last = all.map(({ record }) => readEvidenceRecord(record).archiveTimeStampSequence.at(-1)!.archiveTimeStamps.at(-1)!);
	expect(Buffer.compare(last[0]!.timeStamp, last[1]!.timeStamp)).toBe(0);
	expect(Buffer.compare(last[0]!.timeStamp, last[2]!.timeStamp)).not.toBe(0);
	expect(last.map((ats) => ats.reducedHashtree?.length ?? 0)).toEqual([2, 2, 0]);
	const ofGone = readEvidenceRecord(await recordOf(ada.ctx, gone.version)).archiveTimeStampSequence;
	expect(ofGone).toHaveLength(1); // not renewed any more
	expect(await control(ada.ctx, plan.document, [worker.signing.root.certificate])).toMatchObject([{ finding: 'intact', timestamp: 'valid' }]);
	const renewed = (await events(ada.client)).filter((e) => e.obj === plan.version);
	expect(renewed.every((e) => e.res === 'ok')).toBe(true);
	expect(renewed).toHaveLength((await judge(worker, all[0]!.record, plan.bytes)).archiveTimeStamps.length - 1);

	expect((await judge(worker, all[0]!.record, flipped(plan.bytes, 5))).indication).toBe('TOTAL-FAILED');
	expect((await judge(worker, all[0]!.record, photo.bytes)).indication).toBe('TOTAL-FAILED');
	for (const { archiveTimeStamps } of readEvidenceRecord(all[0]!.record).archiveTimeStampSequence) {
		for (const { timeStamp } of archiveTimeStamps) {
			const at = Buffer.from(all[0]!.record).indexOf(timeStamp) + timeStamp.length - 10; // in its signature
			expect((await judge(worker, flipped(all[0]!.record, at), plan.bytes)).indication).toBe('TOTAL-FAILED');
		}
	}
	ends.sha256 = null;
	await pass(-shift);
});

test('SIGN-15 an authority that is down leaves the records as they are, says so, and is asked again; many at once renew once', { timeout: 60_000 }, async () => {
	const pki = await newPki('Down');
	const worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const { ada, safe } = await home();
	const [one, two] = [await deposited(ada, safe, worker, 'one.txt'), await deposited(ada, safe, worker, 'two.txt')];
	const { client } = ada;
	await renewRecords(worker, { client });
	await pass(4.5 * year);
	const next = await workerOf(await keysUnder(pki, worker.signing));
	const before = await recordOf(ada.ctx, one.version);
	const refused = await renewRecords(worker, { client }).catch((error: Error) => error.name);
	expect(refused).toBe('AuthorityEnding'); // its own certificate ends as soon
	await pass(2 * 3600_000);
	const down = { ...next, tsa: { ...next.tsa, request: () => Promise.reject(Object.assign(new Error('down'), { name: 'TimestampUnavailable' })) } };
	await expect(renewRecords(down, { client })).rejects.toThrow('down');
	expect(await recordStates(ada.ctx, one.document)).toMatchObject({ [one.version]: { state: 'failing' } });
	expect(await recordOf(ada.ctx, one.version)).toEqual(before);
	const waiting = async () => (await next.tx((tx) => recordsDue(tx, next.settings))).some((due) => due.client === client);
	expect(await waiting()).toBe(false); // within the hour
	await pass(3 * 3600_000);
	expect(await waiting()).toBe(true);
	await Promise.allSettled(Array.from({ length: 4 }, () => renewRecords(next, { client })));
	expect(await waiting()).toBe(false);
	for (const { version, document, bytes } of [one, two]) {
		expect(await recordStates(ada.ctx, document)).toMatchObject({ [version]: { state: 'kept' } });
		expect(await judge(next, await recordOf(ada.ctx, version), bytes)).toMatchObject({ indication: 'TOTAL-PASSED' });
	}
	const told = await events(client);
	expect(told.filter((e) => e.res === 'error').map((e) => e.obj)).toEqual([safe, safe]);
	expect(told.filter((e) => e.res === 'ok').map((e) => e.obj).sort()).toEqual([one.version, two.version].sort());
	await pass(-shift);
});

test('SIGN-15 a token whose authority had ended before it was renewed is late: an event, left to people, and keeps no other one back', { timeout: 60_000 }, async () => {
	const pki = await newPki('Late');
	const worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const { ada, safe } = await home();
	const late = await deposited(ada, safe, worker, 'late.txt');
	await pass(6 * year);
	const next = await workerOf(await keysUnder(pki, worker.signing));
	const fresh = await deposited(ada, safe, next, 'fresh.txt');
	await renewRecords(next, { client: ada.client });
	expect(await recordStates(ada.ctx, late.document)).toMatchObject({ [late.version]: { state: 'late' } });
	expect(await recordStates(ada.ctx, fresh.document)).toMatchObject({ [fresh.version]: { state: 'kept' } });
	expect(await events(ada.client)).toEqual([{ res: 'error', obj: late.version }]);
	expect((await next.tx((tx) => recordsDue(tx, next.settings))).map((due) => due.client)).not.toContain(ada.client);
	await pass(-shift);
});

test('SIGN-15 a version whose bytes cannot be read, or are others, keeps no other one back, and is not called late', { timeout: 60_000 }, async () => {
	const pki = await newPki('Unread');
	const worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const { ada, safe } = await home();
	const [gone, good] = [await deposited(ada, safe, worker, 'gone.txt'), await deposited(ada, safe, worker, 'good.txt')];
	await renewRecords(worker, { client: ada.client });
	const [{ key }] = await world.owner<[{ key: string }]>`select object_key as key from version where id = ${gone.version}`;
	const objects = { ...world.objects, get: (at: string, ...more: []) => (at === key ? (() => { throw Object.assign(new Error('no answer'), { name: 'ObjectStoreError' }); })() : world.objects.get(at, ...more)) };
	const raised = { ...worker, objects, settings: { ...worker.settings, recordHash: 'SHA-384' as const } };
	await expect(renewRecords(raised, { client: ada.client })).rejects.toThrow('no answer');
	expect(await recordStates(ada.ctx, gone.document)).toMatchObject({ [gone.version]: { state: 'failing', renewedAt: null } });
	expect(await recordStates(ada.ctx, good.document)).toMatchObject({ [good.version]: { state: 'kept', renewedAt: expect.any(Date) as Date } });
	expect(readEvidenceRecord(await recordOf(ada.ctx, good.version)).digestAlgorithms).toContain('SHA-384');
	expect(await events(ada.client)).toEqual(expect.arrayContaining([{ res: 'error', obj: gone.version }, { res: 'ok', obj: good.version }]));
});

test('SIGN-15 a record is handed out to whom the document is open, once it has its token', async () => {
	const pki = await newPki('Rights');
	const worker = await workerOf(await keysUnder(pki, world.worker.signing));
	const { ada, safe } = await home();
	const bytes = new Uint8Array(randomBytes(100));
	const s = await stage.create(ada.ctx, { safe, name: 'a.txt', length: bytes.length });
	await stage.write(ada.ctx, s.id, 0, (async function* () { yield bytes; })());
	const { version } = await deposit(ada.ctx, { stage: s.id });
	await expect(recordOf(ada.ctx, version)).rejects.toMatchObject({ reason: 'record-pending' });
	await timestamp(worker, { version });
	expect(readEvidenceRecord(await recordOf(ada.ctx, version)).archiveTimeStampSequence).toHaveLength(1);
	await expect(recordOf((await world.administrator()).ctx, version)).rejects.toMatchObject({ kind: 'not-found' });
	await expect(recordOf(ada.ctx, 'nonsense')).rejects.toMatchObject({ kind: 'not-found' });
});
