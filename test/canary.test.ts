// Secrets are looked for where they must not be: in what the processes print, and in a dump of the database, after a person has joined, deposited, sent, and another has signed.
// With a mail server and an SMS gateway, as in production, so that no outbox holds codes and links on purpose: no table is left out.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { actsVersion } from '#lib/server/legal/excluded-acts.ts';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { current } from '#lib/server/identity/terms.ts';
import { makeKeys } from '#lib/server/keys/prepare.ts';
import { openVault } from '#lib/server/keys/vault.ts';
import { catchMail, catchSms } from './support/catchers.ts';
import { createTestDatabase } from './support/database.ts';
import { allAgreed } from './support/envelopes.ts';
import { freePort } from './support/free-port.ts';
import { contract } from './support/signing.ts';
import { depositAs, linkTo, visitor } from './support/visitor.ts';
import { build } from './support/web.ts';

vi.setConfig({ testTimeout: 120_000 });
build();
const database = await createTestDatabase();
const owner = database.connect('owner');
const admin = database.connect('postgres');
const [mail, sms] = [await catchMail(), await catchSms('canary-gateway-token')];
const directory = mkdtempSync(join(tmpdir(), 'probant-canary-'));
const port = await freePort();
const origin = `http://localhost:${port}`;
const [storage, signing] = ['storage-key', 'signing-key'].map((name) => join(directory, name)) as [string, string];
await makeKeys({ storage, signing, instance: { operator: 'Canary', country: 'FR', origin, policy: '1.3.6.1.4.1.99999.1.1' } }, Date.now());
let printed = '';

async function start(name: 'web' | 'worker', env: Readonly<Record<string, string>>): Promise<void> {
	const child = spawn(process.execPath, [`src/${name}.ts`], { env: { PATH: process.env.PATH, NODE_ENV: 'test', ORIGIN: origin, PORT: String(port), DATA_DIRECTORY: directory, PRIVATE_INSTANCE: 'true', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
	for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (printed += text.toString()));
	afterAll(async () => {
		const ended = new Promise((ok) => child.once('exit', ok));
		child.kill('SIGTERM');
		await ended;
	});
	await new Promise<void>((ok, failed) => {
		child.once('message', () => ok());
		child.once('exit', () => failed(new Error(printed)));
	});
}
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Every row of every table, as PostgreSQL writes it. */
async function dump(): Promise<string> {
	const tables = await admin<{ name: string }[]>`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema')`;
	const rows: string[] = [];
	for (const { name } of tables) for (const { row } of await admin<{ row: string }[]>`select t::text as row from ${admin.unsafe(name)} t`) rows.push(`${name} ${row}`);
	return rows.join('\n');
}
/** The ways a secret may be written. */
const spellings = (secret: string | Uint8Array): string[] => {
	const bytes = Buffer.from(secret);
	return [...(typeof secret === 'string' ? [secret, encodeURIComponent(secret)] : []), bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
};
/** The first way in which it stands there. Six digits count only when they stand by themselves. */
function spelt(text: string, secret: string | Uint8Array): string | undefined {
	if (typeof secret === 'string' && /^\d{6}$/.test(secret)) return new RegExp(`(?<![0-9A-Za-z.:+-])${secret}(?![0-9A-Za-z])`).exec(text)?.[0];
	return spellings(secret).find((s) => text.includes(s));
}
/** The key-encryption keys, and the signing keys they wrap. */
async function keyBytes(): Promise<Record<string, Uint8Array>> {
	const found: Record<string, Uint8Array> = {};
	for (const place of [storage, signing]) for (const file of readdirSync(place).filter((f) => f.endsWith('.key'))) found[join(place, file)] = readFileSync(join(place, file));
	const vault = await openVault(signing);
	for (const file of readdirSync(signing).filter((f) => f.endsWith('.json'))) {
		const { name, generation, secret } = JSON.parse(readFileSync(join(signing, file), 'utf8')) as { name: string; generation: number; secret?: string };
		if (secret) found[name] = await vault.unwrap(Buffer.from(secret, 'base64'), ['probant/signing-key/v1', name, String(generation)]);
	}
	return found;
}

test('OPS-5 no password, session, link, code or key is in a log or in the database; no number and no address is in a log', async () => {
	await start('worker', { DATABASE_URL_WORKER: database.url('worker'), DATABASE_URL_JOBS: database.url('jobs'), SMTP_URL: mail.url, SMS_URL: sms.url, SMS_TOKEN: 'canary-gateway-token' });
	await start('web', { DATABASE_URL: database.url('web') });
	const [ada, zoe] = [visitor(origin, origin), visitor(origin, origin)];
	const credentials = { email: 'canary.ada@test.example', password: 'canary crépuscule tarmac' };
	const signer = { email: 'canary.zoe@test.example', number: '+33612345678' };
	await ada('/register', { form: { ...credentials, name: 'Ada', terms: current.version } });
	const confirmation = await linkTo(mail.mails, origin, credentials.email, 'confirm');
	await ada(confirmation, { form: {} });
	await ada('/login?/password', { form: { ...credentials, password: 'canary of a wrong password' } });
	expect((await ada('/login?/password', { form: credentials })).status).toBe(303);
	await ada('/settings/organisation?/found', { form: { name: 'Atelier', registrationNumber: '', safe: 'Contracts' } });
	const [{ id: safe }] = await owner<[{ id: string }]>`select id from safe`;
	const { document } = await depositAs(ada, safe, 'contract.pdf', await contract());
	const prepared = await ada('/envelopes/new', { form: { document, title: 'Contract', note: '', days: '7', 'name-1': 'Zoë', 'email-1': signer.email, 'number-1': signer.number, 'locale-1': 'en' } });
	await ada(`${prepared.headers.get('location')}?/send`, { form: { acts: actsVersion } });
	const door = await linkTo(mail.mails, origin, signer.email, 'sign');
	const page = (await zoe(door, { form: {} })).headers.get('location')!;
	const sha256 = createHash('sha256').update(Buffer.from(await (await zoe(`${page}/content`)).arrayBuffer())).digest('hex');
	const texts = (await (await zoe(`${page}/texts`)).json()) as Parameters<typeof allAgreed>[0];
	await zoe(`${page}?/code`, { form: { consent: consentVersion, pagesReached: '1', sha256, values: JSON.stringify({ name: 'Zoë', drawing: null, texts: allAgreed(texts) }) } });
	await vi.waitUntil(() => sms.messages.length === 1, { timeout: 30_000, interval: 50 });
	const code = /\b(\d{6})\b/.exec(sms.messages[0]!.text)![1]!;
	const wrong = code === '739105' ? '739106' : '739105';
	await zoe(`${page}?/sign`, { form: { code: wrong } });
	await zoe(`${page}?/sign`, { form: { code } });
	await vi.waitUntil(async () => (await owner`select from envelope where state = 'completed'`).count === 1, { timeout: 60_000, interval: 100 });
	await vi.waitUntil(() => mail.mails.some((m) => m.to.includes(signer.email) && m.source.includes('application/pdf')), { timeout: 60_000, interval: 100 });

	const secrets: Record<string, string | Uint8Array> = {
		password: credentials.password,
		'wrong password': 'canary of a wrong password',
		session: ada.cookies.get('__Host-session')!,
		'signing session': zoe.cookies.get('__Host-signing')!,
		'confirmation link': confirmation.split('/').at(-1)!,
		'signing link': door.split('/').at(-1)!,
		code,
		'wrong code': wrong,
		'SMS report': sms.messages[0]!.report.split('/').at(-1)!,
		'SMS token': 'canary-gateway-token',
		...(await keyBytes())
	};
	expect(Object.keys(secrets).length).toBeGreaterThan(18);
	for (const [name, secret] of Object.entries(secrets)) expect(secret.length, name).toBeGreaterThan(5);
	const rows = await dump();
	expect(spelt(rows, signer.email)).toBe(signer.email); // what is there is found: the search itself can fail
	expect(spelt(rows, createHash('sha256').update(secrets.session!).digest())).toBeTruthy();
	expect(printed).toContain('"route":"/(public)/login"');
	expect(await owner`select from outbox`).toEqual([]);
	const leaks = Object.entries(secrets).flatMap(([name, secret]) => [...(spelt(rows, secret) ? [`${name} in the database`] : []), ...(spelt(printed, secret) ? [`${name} in a log`] : [])]);
	expect(leaks).toEqual([]);
	for (const personal of [credentials.email, signer.email, signer.number, '612345678', 'Zoë', 'Atelier', 'contract.pdf']) expect(printed.includes(personal), personal).toBe(false);
});
