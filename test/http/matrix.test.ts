// Who gets what answer: every route and act × every kind of asker. A route without a row fails (rows.ts).

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { composeWeb, withActor, type Context } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { saveTemplate } from '#lib/server/envelopes/templates.ts';
import { send } from '#lib/server/envelopes/send.ts';
import { readSettings } from '#lib/server/env.ts';
import { secretHash } from '#lib/server/identity/sessions.ts';
import * as safes from '#lib/server/safes.ts';
import { contract } from '../support/signing.ts';
import { startWeb } from '../support/web.ts';
import { createWorld } from '../support/world.ts';
import { routes } from './routes.ts';
import { askers, comers, everyone, matrix, members, signing, type Asker, type Comer, type Row, type Target } from './rows.ts';

const world = await createWorld();
const { origin, data } = await startWeb(world.database.url('web'), { PRIVATE_INSTANCE: 'true' });
const parts = await composeWeb(readSettings({ NODE_ENV: 'test', ORIGIN: origin, DATA_DIRECTORY: data, DATABASE_URL: world.database.url('web'), PRIVATE_INSTANCE: 'true' }));
afterAll(() => parts.database.close());

async function session(person: string, client: string): Promise<{ secret: string; id: string }> {
	const secret = randomBytes(32).toString('base64url');
	const [row] = await world.owner<[{ id: string }]>`
		insert into session (hash, person, client, step_up_at) values (${secretHash(secret)}, ${person}, ${client}, app.now()) returning id`;
	return { secret, id: row.id };
}

const pdf = await contract();
const of = (person: string, client: string) => withActor(parts, { person, client, via: 'web' });

async function announced(ctx: Context) {
	const safe = (await safes.create(ctx, { name: 'Theirs' })).id;
	return stage.create(ctx, { safe, name: 'theirs.pdf', length: pdf.length });
}
async function deposited(ctx: Context) {
	const { id, safe } = await announced(ctx);
	await stage.write(ctx, id, 0, (async function* () { yield pdf; })());
	return { safe, ...(await deposit(ctx, { stage: id })) };
}
async function prepared(ctx: Context): Promise<string> {
	const { document } = await deposited(ctx);
	const signers = ['Zoë', 'Bob'].map((name, i) => ({ name, email: `${i}@test.example`, number: `+3361234567${i}`, locale: 'fr' as const }));
	return prepareEnvelope(ctx, { document, title: 'T', note: '', days: 7, signers });
}
/** A signer of a sent envelope whose turn it is, and the cookie of a session at their door. */
async function invited(ctx: Context): Promise<{ signer: string; fellow: string; knock: (signer: string) => Promise<string> }> {
	const envelope = await prepared(ctx);
	await send(ctx, envelope);
	const [first, second] = await world.owner<{ id: string; client: string }[]>`select id, client from signer where envelope = ${envelope} order by position`;
	await world.owner`update signer set state = 'opened' where id = ${first!.id}`;
	const knock = async (signer: string) => {
		const secret = randomBytes(32).toString('base64url');
		await world.owner`insert into signing_session (hash, client, signer) values (${secretHash(secret)}, ${first!.client}, ${signer})`;
		return `__Host-signing=${secret}`;
	};
	return { signer: first!.id, fellow: second!.id, knock };
}

async function target(): Promise<Target> {
	const { person, client } = await world.administrator();
	const { id } = await session(person, client);
	const passkey = randomBytes(16).toString('base64url');
	await world.owner`insert into passkey (id, person, public_key, name) values (${passkey}, ${person}, ${Buffer.alloc(32)}, 'theirs')`;
	const [invitation] = await world.owner<[{ id: string }]>`
		insert into invitation (client, email, role, invited_by) values (${client}, 'guest@test.example', 'reader', ${person}) returning id`;
	return { client, person, session: id, passkey, invitation: invitation.id, deposited: () => deposited(of(person, client)), prepared: () => prepared(of(person, client)), templated: async () => saveTemplate(of(person, client), { envelope: await prepared(of(person, client)), name: `T ${crypto.randomUUID()}`, template: '', roles: ['Bailleur', 'Locataire'].map((label) => ({ label, keep: false })) }), announced: async () => (await announced(of(person, client))).id };
}

async function cookie(asker: Asker, at: Target): Promise<Record<string, string>> {
	if (asker === 'nobody') return {};
	const { person, client } = asker === 'owner' ? at : asker === 'stranger' ? await world.administrator() : await world.person(at.client, asker);
	return { cookie: `__Host-session=${(await session(person, client)).secret}` };
}

async function ask(act: string, row: Row, asker: Asker, from = origin): Promise<Response> {
	const at = await target();
	const [verb = '', route = ''] = act.split(/ (.*)/s);
	const method = row.method ?? verb;
	const safe = ['GET', 'HEAD'].includes(method);
	const params = [...((await row.params?.(at)) ?? [])];
	const query = row.query ? `?${new URLSearchParams(await row.query(at)).toString()}` : '';
	const path = `${route.replace(/\/\([^)]+\)/g, '').replace(/\[[^\]]+\]/g, () => params.shift()!) || '/'}${query}`;
	const headers = { accept: 'text/html', ...row.headers, ...(safe ? {} : { origin: from }), ...(await cookie(asker, at)) };
	const body = safe ? null : new URLSearchParams((await row.form?.(at)) ?? {});
	return fetch(`${origin}${path}`, { method, headers, body, redirect: 'manual' });
}

test('every route and act has a row, and no row is of a route that is gone', () => {
	expect([...Object.keys(matrix), ...Object.keys(signing)].sort()).toEqual(routes());
});

test.each(Object.entries(signing))('SIGN-4 %s is its signer’s alone', async (act, row) => {
	const got: number[] = [];
	for (const comer of comers) {
		const { person, client } = await world.administrator();
		const { signer, fellow, knock } = await invited(of(person, client));
		const cookies: Record<Comer, () => Promise<string>> = {
			signer: () => knock(signer),
			fellow: () => knock(fellow),
			foreigner: async () => {
				const other = await world.administrator();
				const theirs = await invited(of(other.person, other.client));
				return theirs.knock(theirs.signer);
			},
			owner: async () => `__Host-session=${(await session(person, client)).secret}`,
			nobody: () => Promise.resolve('')
		};
		const [method = '', route = ''] = act.split(/ (.*)/s);
		const body = method === 'GET' ? null : new URLSearchParams(row.form);
		const answer = await fetch(`${origin}${route.replace('/(public)', '').replace('[signer]', signer)}`, { method, headers: { accept: 'text/html', origin, cookie: await cookies[comer]() }, body, redirect: 'manual' });
		got.push(answer.status);
	}
	expect(got).toEqual(row.answers);
});

test.each(Object.entries(matrix))('%s', async (act, row) => {
	const got: number[] = [];
	for (const asker of askers) got.push((await ask(act, row, asker)).status);
	expect(got).toEqual(row.answers);
});

test.each(Object.keys(matrix).filter((act) => act.startsWith('POST ')))('%s is refused to pages of another origin', async (act) => {
	for (const from of ['https://evil.example', 'null', `${origin}.evil.example`]) expect((await ask(act, matrix[act]!, 'administrator', from)).status).toBe(403);
});

test('every answer carries the security headers, refusals included', async () => {
	const answers = [await ask('GET /(public)/login', everyone(200), 'nobody'), await ask('POST /(app)/settings/account/passkey', members, 'nobody'), await fetch(`${origin}/nowhere`)];
	for (const { headers, url } of answers) {
		expect(headers.get('content-security-policy'), url).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('referrer-policy')).toBe('same-origin');
		expect(headers.get('cache-control')).toMatch(/no-store/);
	}
});

test('a body is counted with and without Content-Length', async () => {
	const big = new Uint8Array((1 << 20) + 1).fill(97);
	const chunks = async function* () {
		for (let at = 0; at < big.length; at += 65_536) yield big.subarray(at, at + 65_536);
	};
	const headers = { origin, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
	for (const body of [big, Readable.toWeb(Readable.from(chunks()))]) {
		const answer = await fetch(`${origin}/login?/password`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
		expect(answer.status).toBe(413);
	}
});
