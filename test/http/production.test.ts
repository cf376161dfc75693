// Production as it is run: the supervisor with PostgreSQL, S3, SMTP, an SMS gateway and a TSA of others; each bad or missing thing stops the start and is named.

import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { actsVersion } from '#lib/server/legal/excluded-acts.ts';
import { current } from '#lib/server/identity/terms.ts';
import { s3Store } from '#lib/server/objects/s3.ts';
import { freePort } from '../../src/cli/free-port.ts';
import { catchMail, catchSms } from '../support/catchers.ts';
import { cephMissing, startCeph, type Ceph } from '../support/ceph.ts';
import { createTestDatabase } from '../support/database.ts';
import { contract } from '../support/signing.ts';
import { createHostileTsa } from '../support/tsa.ts';
import { depositAs, linkTo, visitor } from '../support/visitor.ts';
import { build } from '../support/web.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-production-'));
const database = await createTestDatabase();
const owner = database.connect('owner');
const [mail, sms, tsa] = [await catchMail(), await catchSms('gateway-token'), await createHostileTsa()];
const origin = 'https://safe.test';
const bucket = 'contracts';
let ceph: Ceph;
let port = 0;
let anchor = { accessKey: '', secretKey: '' };
let running: ChildProcess | null = null;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const until = (what: () => unknown) => vi.waitFor(async () => expect(await what()).toBeTruthy(), { timeout: 30_000, interval: 100 });

function settings(): Record<string, string> {
	return {
		PATH: process.env.PATH!,
		NODE_ENV: 'production',
		ORIGIN: origin,
		PORT: String(port),
		DATA_DIRECTORY: join(directory, 'data'),
		DATABASE_URL: database.url('web'),
		DATABASE_URL_WORKER: database.url('worker'),
		DATABASE_URL_OWNER: database.url('owner'),
		DATABASE_URL_JOBS: database.url('jobs'),
		S3_ENDPOINT: ceph.endpoint,
		S3_REGION: 'default',
		S3_BUCKET: bucket,
		S3_ACCESS_KEY: ceph.accessKey,
		S3_SECRET_KEY: ceph.secretKey,
		ANCHOR_BUCKET: 'anchor',
		ANCHOR_ACCESS_KEY: anchor.accessKey,
		ANCHOR_SECRET_KEY: anchor.secretKey,
		SMTP_URL: mail.url,
		MAIL_FROM: 'Probant <safe@safe.test>',
		SMS_URL: sms.url,
		SMS_TOKEN: 'gateway-token',
		TSA_URL: tsa.url,
		TSA_ANCHORS_FILE: join(directory, 'tsa.pem'),
		TSA_POLICY: '1.3.6.1.4.1.99999.1.1',
		EGRESS_ALLOW: '127.0.0.1',
		STORAGE_KEY_DIRECTORY: join(directory, 'storage-key'),
		SIGNING_KEY_DIRECTORY: join(directory, 'signing-key'),
		OPERATOR_NAME: 'Operator'
	};
}
function probant(...args: string[]): string {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8', env: settings() });
	expect(stderr).toBe('');
	expect(status).toBe(0);
	return stdout;
}
/** Starts a process; rejects with its exit code and what it said when it ends first. */
async function start(file: string, env: Readonly<Record<string, string>> = settings()): Promise<void> {
	const child = (running = fork(file, [], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }));
	let said = '';
	child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
	await new Promise<void>((ok, failed) => {
		child.on('message', (message: { ready?: string }) => ['all', 'web'].includes(message.ready ?? '') && ok());
		child.once('exit', (code) => {
			running = null;
			failed(new Error(`${code}: ${said}`));
		});
	});
}
async function stop(): Promise<void> {
	if (!running) return;
	const ended = new Promise((ok) => running!.once('exit', ok));
	running.kill('SIGTERM');
	await ended;
}

describe.skipIf(cephMissing)(`production${cephMissing ? `; left out: ${cephMissing}` : ''}`, () => {
	beforeAll(async () => {
		build();
		[ceph, port] = [await startCeph(), await freePort()];
		const { hostname, port: at } = new URL(ceph.endpoint);
		anchor = ceph.user('anchor');
		const as = (keys: typeof anchor) => new Client({ endPoint: hostname, port: Number(at), useSSL: false, ...keys });
		await as({ accessKey: ceph.accessKey, secretKey: ceph.secretKey }).makeBucket(bucket, 'default', { ObjectLocking: true });
		await as(anchor).makeBucket('anchor', 'default', { ObjectLocking: true });
		writeFileSync(join(directory, 'tsa.pem'), `-----BEGIN CERTIFICATE-----\n${Buffer.from(tsa.root).toString('base64')}\n-----END CERTIFICATE-----\n`);
		writeFileSync(join(directory, 'passphrase'), 'correct horse battery staple', { mode: 0o600 });
	}, 300_000);
	afterAll(async () => {
		await stop();
		await ceph?.stop();
		rmSync(directory, { recursive: true, force: true });
	}, 60_000);

	test('OPS-2 does not start without a setting, without keys, or before their backup was confirmed, and says which', async () => {
		const { SMS_URL, ...less } = settings();
		await expect(start('src/supervise.ts', less)).rejects.toThrow(/^1: settings:\n {2}SMS_URL: missing\n$/);
		await expect(start('src/supervise.ts', { ...settings(), ORIGIN: 'http://safe.test', SMS_URL: SMS_URL! })).rejects.toThrow('ORIGIN: must be https');
		await expect(start('src/supervise.ts')).rejects.toThrow('no key-encryption key');
		probant('keys', 'make');
		await expect(start('src/supervise.ts')).rejects.toThrow('backup');
		probant('keys', 'backup', join(directory, 'backup'), '--passphrase-file', join(directory, 'passphrase'));
		await expect(start('src/supervise.ts')).rejects.toThrow('backup');
		probant('keys', 'confirm-backup', join(directory, 'backup'), '--passphrase-file', join(directory, 'passphrase'));
	}, 60_000);

	test('LOG-2 OPS-2 a bad setting of the anchor stops the start and is named', async () => {
		await expect(start('src/supervise.ts', { ...settings(), ANCHOR_SECRET_KEY: '' })).rejects.toThrow('ANCHOR_SECRET_KEY: missing, ANCHOR_BUCKET is set');
		await expect(start('src/worker.ts', { ...settings(), ANCHOR_BUCKET: 'nowhere' })).rejects.toThrow('ANCHOR_BUCKET: bucket nowhere');
		await expect(start('src/worker.ts', { ...settings(), ANCHOR_ACCESS_KEY: ceph.accessKey, ANCHOR_SECRET_KEY: ceph.secretKey })).rejects.toThrow('ANCHOR_BUCKET: bucket anchor: AccessDenied');
	});

	test('the web process does not start when it can read the signing keys', async () => {
		await expect(start('src/web.ts')).rejects.toThrow('the web process can read the signing keys');
	});

	test('ACC-1 SAFE-4 SIGN-2 SIGN-12 a person joins by mail, a contract is stored in S3, stamped by another’s authority, signed with a code by SMS', async () => {
		await start('src/supervise.ts');
		const ada = visitor(`http://127.0.0.1:${port}`, origin);
		const credentials = { email: 'ada@test.example', password: 'a password of some length' };
		expect((await ada('/register', { form: { ...credentials, name: 'Ada', terms: current.version } })).status).toBe(200);
		expect((await ada(await linkTo(mail.mails, origin, credentials.email, 'confirm'), { form: {} })).status).toBe(303);
		expect((await ada('/login?/password', { form: credentials })).status).toBe(303);
		expect((await ada('/settings/organisation?/found', { form: { name: 'Atelier', registrationNumber: '', safe: 'Contracts' } })).status).toBe(303);
		expect((await ada('/outbox')).status).toBe(404);
		const [{ id: safe, client }] = await owner<[{ id: string; client: string }]>`select id, client from safe`;

		const pdf = await contract();
		const { document, version } = await depositAs(ada, safe, 'contract.pdf', pdf, sha256(pdf));
		const [at] = await owner<[{ object: string; store: string }]>`select object_key as object, store_version as store from version where id = ${version}`;
		const store = await s3Store({ endpoint: ceph.endpoint, region: 'default', bucket, accessKey: ceph.accessKey, secretKey: ceph.secretKey });
		expect((await store.stat(at.object, at.store)).size).toBeGreaterThan(pdf.length);
		expect(Buffer.concat(await Array.fromAsync(store.get(at.object))).includes('%PDF')).toBe(false); // sealed
		await until(async () => (await owner`select from timestamp_token where version = ${version}`).count === 1);
		expect(tsa.asked).toBe(1);
		expect((await ada(`/documents/${document}?/control`, { form: {} })).status).toBe(200);
		expect(await owner`select convert_from(body, 'utf8')::json ->> 'res' as res from event where convert_from(body, 'utf8')::json ->> 'op' in ('document.control', 'document.anomaly')`).toEqual([{ res: 'ok' }]); // another's authority is no anomaly
		const anchored = await s3Store({ endpoint: ceph.endpoint, region: 'default', bucket: 'anchor', ...anchor });
		await until(async () => (await Array.fromAsync(anchored.list('anchor/'))).some(({ key }) => key.includes('/checkpoint/')));
		expect(await Array.fromAsync(store.list('anchor/'))).toEqual([]);

		const signer = { 'name-1': 'Zoë', 'email-1': 'zoe@test.example', 'number-1': '06 12 34 56 78', 'locale-1': 'en' };
		const prepared = await ada('/envelopes/new', { form: { document, title: 'Contract', note: '', days: '7', ...signer } });
		const envelope = prepared.headers.get('location')!;
		expect((await ada(`${envelope}?/send`, { form: { acts: actsVersion } })).status).toBe(403); // not verified by the operator yet
		expect(probant('client', 'verify', client)).toContain('verified');
		expect((await ada(`${envelope}?/send`, { form: { acts: actsVersion } })).status).toBe(403); // no credit
		expect(probant('credits', 'add', client, '1', '2', 'F-2026-001')).toBe('level 1\tavailable 2\theld 0\tconsumed 0\tpurchased 2\treviews 0\n');
		expect((await ada(`${envelope}?/send`, { form: { acts: actsVersion } })).status).toBe(200);
		expect(probant('credits', 'show', client)).toContain('available 1\theld 1');

		const zoe = visitor(`http://127.0.0.1:${port}`, origin);
		const door = await linkTo(mail.mails, origin, 'zoe@test.example', 'sign');
		const page = (await zoe(door, { form: {} })).headers.get('location')!;
		const read = Buffer.from(await (await zoe(`${page}/content`)).arrayBuffer());
		const texts = (await (await zoe(`${page}/texts`)).json()) as { kind: string; version: string; sha256: string }[];
		const values = JSON.stringify({ name: 'Zoë', drawing: null, texts: Object.fromEntries(texts.map((text) => [text.kind, `${text.version} ${text.sha256}`])) });
		expect((await zoe(`${page}?/code`, { form: { consent: consentVersion, pagesReached: '1', sha256: sha256(read), values } })).status).toBe(200);
		await until(() => sms.messages.length === 1);
		expect(sms.messages[0]!.to).toBe('+33612345678');
		const code = /\b(\d{6})\b/.exec(sms.messages[0]!.text)![1]!;
		expect((await zoe(`${page}?/sign`, { form: { code } })).status).toBe(200);
		await until(async () => (await owner`select from envelope where state = 'completed'`).count === 1);
		await until(() => mail.mails.some((m) => m.to.includes('zoe@test.example') && m.source.includes('application/pdf')));
		expect(await owner`select from outbox`).toEqual([]); // what development shows, links and codes: nothing writes it here
		await stop();
	}, 120_000);
});
