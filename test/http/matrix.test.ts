// Who gets what answer: every route and act × every kind of asker. A route without a row fails (rows.ts).

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import * as safes from '#lib/server/safes.ts';
import { appoint } from '#lib/server/identity-check/officers.ts';
import { routes } from './routes.ts';
import { askers, everyone, held, members, nothing, type Answers, type Asker, type Row, type Target } from './row.ts';
import { matrix } from './rows.ts';
import { comers, signing, type Comer } from './rows/signing.ts';
import { createSite } from './site.ts';

vi.setConfig({ testTimeout: 60_000 });
const site = await createSite();
const { origin, owner, world, of, session } = site;
/** The act of a row's name, which says of several what is asked for. */
const actOf = (name: string): string => name.split(' # ')[0]!;

async function comer(asker: Asker, client: string, person: string): Promise<{ person: string; client: string } | null> {
	if (asker === 'nobody') return null;
	if (asker === 'owner') return { person, client };
	if (asker === 'stranger') return world.administrator();
	return world.person(client, ['colleague', 'officer'].includes(asker) ? 'reader' : asker);
}

/** What is asked for, by whom, with their cookie. */
async function target(asker: Asker): Promise<Target & { readonly cookie: string }> {
	const { person, client } = await world.administrator();
	const { id } = await session(person, client);
	const ctx = of(person, client);
	const passkey = randomBytes(16).toString('base64url');
	await owner`insert into passkey (id, person, public_key, name) values (${passkey}, ${person}, ${Buffer.alloc(32)}, 'theirs')`;
	const [invitation] = await owner<[{ id: string }]>`
		insert into invitation (client, email, role, invited_by) values (${client}, 'guest@test.example', 'reader', ${person}) returning id`;
	const who = await comer(asker, client, person);
	if (who && asker === 'officer') await appoint(ctx, who.person, true);
	let made: Promise<string> | undefined;
	const safe = async (): Promise<string> => {
		const made = await site.newSafe(ctx);
		const rights = held[asker];
		if (who && rights) await safes.grant(ctx, { safe: made, person: who.person, rights });
		return made;
	};
	return { site, ctx, client, person, session: id, passkey, invitation: invitation.id, safe: () => (made ??= safe()), asker: who && who.person, cookie: who ? (await session(who.person, who.client)).cookie : '' };
}

function bodyOf(row: Row, form: Readonly<Record<string, string>>, json: unknown): BodyInit {
	if (json) return JSON.stringify(json);
	if (!row.file) return new URLSearchParams(form);
	const all = new FormData();
	for (const [name, value] of Object.entries(form)) all.set(name, value);
	all.set(row.file.field, new File([row.file.bytes], row.file.name));
	return all;
}

async function ask(name: string, row: Row, asker: Asker, from = origin): Promise<Response> {
	const at = await target(asker);
	const [verb = '', route = ''] = actOf(name).split(/ (.*)/s);
	const method = row.method ?? verb;
	const reads = ['GET', 'HEAD'].includes(method);
	const params = [...((await row.params?.(at)) ?? [])];
	const query = row.query ? `?${new URLSearchParams(await row.query(at)).toString()}` : '';
	const path = `${route.replace(/\/\([^)]+\)/g, '').replace(/\[[^\]]+\]/g, () => params.shift()!) || '/'}${query}`;
	const json = await row.json?.(at);
	const headers = { accept: 'text/html', ...(json ? { 'content-type': 'application/json' } : {}), ...row.headers, ...(reads ? {} : { origin: from }), ...(at.cookie ? { cookie: at.cookie } : {}) };
	await owner`delete from app.counter`;
	return fetch(`${origin}${path}`, { method, headers, body: reads ? null : bodyOf(row, (await row.form?.(at)) ?? {}, json), redirect: 'manual' });
}

test('every route and act has a row, and no row is of a route that is gone', () => {
	expect([...new Set([...Object.keys(matrix), ...Object.keys(signing)].map(actOf))].sort()).toEqual(routes());
});

test.each(Object.entries(signing))('SIGN-4 %s is its signer’s alone', async (name, row) => {
	const got: number[] = [];
	for (const who of comers) {
		const mine = async () => {
			const { person, client } = await world.administrator();
			const ctx = of(person, client);
			return { person, client, ...(await site.invited(ctx, await site.newSafe(ctx), row.level ?? 1)) };
		};
		const { person, client, signer, fellow, knock } = await mine();
		const cookies: Record<Comer, () => Promise<string>> = {
			signer: () => knock(signer),
			fellow: () => knock(fellow),
			foreigner: async () => {
				const other = await mine();
				return other.knock(other.signer);
			},
			owner: async () => (await session(person, client)).cookie,
			nobody: () => Promise.resolve('')
		};
		const [method = '', route = ''] = actOf(name).split(/ (.*)/s);
		const body = method === 'GET' ? null : new URLSearchParams(row.form);
		const answer = await fetch(`${origin}${route.replace('/(public)', '').replace('[signer]', signer)}`, { method, headers: { accept: 'text/html', origin, cookie: await cookies[who]() }, body, redirect: 'manual' });
		got.push(answer.status);
	}
	expect(got).toEqual(row.answers);
});

test.each(Object.entries(matrix))('%s', async (name, row) => {
	const got: Partial<Record<Asker, number>> = {};
	for (const asker of askers) got[asker] = (await ask(name, row, asker)).status;
	expect(got as Answers).toEqual(row.answers);
});

/** What a session whose device is in a signer's hands may still ask for. */
const leftOpen = /\/\(public\)\/(locked|language|logo)\b/;
const closed = [...new Set([...Object.keys(matrix), ...Object.keys(signing)].map(actOf))].filter((name) => !leftOpen.test(name));
let handedOver: ReturnType<typeof site.locked> | undefined;
const lockedSession = () => (handedOver ??= world.administrator().then(({ person, client }) => site.locked(person, client)));
const askLocked = async (method: string, path: string, accept = 'text/html') => {
	await owner`delete from app.counter`;
	const reads = ['GET', 'HEAD'].includes(method);
	return fetch(`${origin}${path}`, { method, headers: { accept, origin, cookie: (await lockedSession()).cookie }, body: reads ? null : new URLSearchParams({}), redirect: 'manual' });
};

test.each(closed)('SIGN-6 %s is closed while the device is in a signer’s hands', async (name) => {
	const [verb = '', route = ''] = name.split(/ (.*)/s);
	const method = verb === 'fallback' ? 'POST' : verb;
	const path = route.replace(/\/\([^)]+\)/g, '').replace(/\[[^\]]+\]/g, nothing) || '/';
	const answer = await askLocked(method, path);
	expect([answer.status, answer.headers.get('location')]).toEqual(method === 'GET' ? [303, '/locked'] : [403, null]);
	if (method === 'GET') expect((await askLocked(method, path, 'application/json')).status).toBe(403);
});

test('SIGN-6 what stays open to it: the signer’s own pages, and the way to take the device back', async () => {
	const { signer, envelope } = await lockedSession();
	const [other] = await owner<[{ id: string }]>`select id from signer where envelope = ${envelope} and id <> ${signer}`;
	const status = async (path: string) => (await askLocked('GET', path)).status;
	expect([await status(`/signing/${signer}`), await status('/locked'), await status(`/signing/${other.id}`), await status('/dashboard'), await status(`/envelopes/${envelope}`), await status('/nowhere')]).toEqual([200, 200, 303, 303, 303, 303]);
	expect((await askLocked('POST', '/locked?/password')).status).toBe(400); // no password given
	expect((await askLocked('POST', '/locked/passkey')).status).toBe(200);
	const refused = await owner`select from event where convert_from(body, 'UTF8')::jsonb->>'op' = 'session.lock' and convert_from(body, 'UTF8')::jsonb->>'res' = 'denied'`;
	expect(refused.count).toBeGreaterThan(0);
});

/** What software posts as JSON, from wherever it is: its address has a secret. */
const isMachines = (name: string) => /^POST \/\(public\)\/(sms|mail)\//.test(name) && matrix[name]!.json !== undefined;

test.each(Object.keys(matrix).filter((name) => name.startsWith('POST ') && !isMachines(name)))('%s is refused to pages of another origin', async (act) => {
	for (const from of ['https://evil.example', 'null', `${origin}.evil.example`]) expect((await ask(act, matrix[act]!, 'owner', from)).status).toBe(403);
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
