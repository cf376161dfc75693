import { beforeAll, expect, test } from 'vitest';
import * as clients from '#lib/server/clients.ts';
import { withActor } from '#lib/server/context.ts';
import { confirm, isOpen } from '#lib/server/identity/confirm.ts';
import { openLink } from '#lib/server/identity/links.ts';
import * as login from '#lib/server/identity/login.ts';
import { register, setUp } from '#lib/server/identity/register.ts';
import * as sessions from '#lib/server/identity/sessions.ts';
import { current } from '#lib/server/identity/terms.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const nobody = withActor(world.web, { person: null, client: null, via: 'web' });
const caller = { source: '192.0.2.1', agent: 'test' };
const password = 'vélo crépuscule tarmac';
const person = (email: string) => ({ email, name: 'Zoé Martin', locale: 'fr' as const, password, terms: current.version });
const as = (session: sessions.Session) => withActor(world.web, { person: session.person, client: session.client, via: 'web' });
const operations = async () => (await world.owner<{ op: string }[]>`select convert_from(body, 'UTF8')::json ->> 'op' as op from event order by id`).map((r) => r.op);

async function mailed(kind: 'confirmation' | 'invitation', email: string): Promise<string> {
	const [row] = await world.owner<{ id: string }[]>`
		select m.subject as id from message m left join confirmation c on c.id = m.subject left join person p on p.id = c.person left join invitation i on i.id = m.subject
		where m.kind = ${kind} and coalesce(p.email, i.email) = ${email} order by m.created_at desc limit 1`;
	const link = await openLink(world.worker, kind, row!.id);
	return link!.split('/').at(-1)!;
}

async function signedIn(email: string): Promise<{ secret: string; session: sessions.Session }> {
	await register(nobody, email, person(email));
	await confirm(nobody, email, await mailed('confirmation', email));
	const secret = await login.login(nobody, { source: email, agent: 'test' }, { email, password });
	return { secret, session: (await sessions.find(nobody, secret))! };
}

let ada: Awaited<ReturnType<typeof signedIn>>;
beforeAll(async () => {
	ada = await signedIn('ada@test.example');
});

test('ACC-1 an address is confirmed by the link mailed to it, once; looking changes nothing', async () => {
	const email = 'bob@test.example';
	await register(nobody, caller.source, person(email));
	await expect(login.login(nobody, caller, { email, password })).rejects.toMatchObject({ kind: 'unauthenticated', reason: 'wrong-credentials' });
	const [stored] = await world.owner`select hash from confirmation c join person p on p.id = c.person where p.email = ${email}`;
	expect(stored!.hash).toBeNull();
	const secret = await mailed('confirmation', email);
	expect([await isOpen(nobody, secret), await isOpen(nobody, secret)]).toEqual([true, true]);
	const tries = await Promise.allSettled(Array.from({ length: 10 }, () => confirm(nobody, caller.source, secret)));
	expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
	await login.login(nobody, caller, { email, password });
});

test('ACC-1 a known address is answered like a new one; its owner gets a mail and nothing changes', async () => {
	await register(nobody, caller.source, { ...person('ada@test.example'), password: 'autre chose tarmac 88' });
	expect(await world.owner`select from message m join person p on p.id = m.subject where m.kind = 'registered' and p.email = 'ada@test.example'`).toHaveLength(1);
	await expect(login.login(nobody, caller, { email: 'ada@test.example', password: 'autre chose tarmac 88' })).rejects.toThrow('wrong-credentials');
});

test('ACC-1 other terms than the current ones are not accepted; the accepted version is kept', async () => {
	await expect(register(nobody, caller.source, { ...person('t@test.example'), terms: '1999-01-01' })).rejects.toThrow('terms-not-accepted');
	expect(await world.owner`select version from terms_acceptance where person = ${ada.session.person}`).toEqual([{ version: current.version }]);
});

test('ACC-2 too many tries lock out the one who tries, not the one who is elsewhere', async () => {
	const victim = { email: 'ada@test.example', password: 'wrong wrong wrong' };
	const attacker = { source: '198.51.100.7', agent: 'x' };
	const answers = await Promise.allSettled(Array.from({ length: 14 }, () => login.login(nobody, attacker, victim)));
	expect(answers.filter((a) => a.status === 'rejected' && a.reason.reason === 'wrong-credentials')).toHaveLength(10);
	await expect(login.login(nobody, attacker, { ...victim, password })).rejects.toMatchObject({ kind: 'too-many', details: { retryAfter: expect.any(Number) } });
	await login.login(nobody, { source: '203.0.113.9', agent: 'x' }, { ...victim, password });
	expect((await operations()).filter((op) => op === 'session.fail').length).toBeGreaterThanOrEqual(10);
	const kept = JSON.stringify(await world.owner`select subject from app.counter`) + JSON.stringify(await world.owner`select source from refusal`);
	expect(kept).not.toMatch(/198\.51|ada@/);
});

test('ACC-2 a session is a hash here, idles out, ends with age, and ends at once when revoked', async () => {
	const { secret, session } = await signedIn('eve@test.example');
	const stored = await world.owner<{ hash: Buffer }[]>`select hash from session where person = ${session.person}`;
	expect(stored[0]!.hash.equals(sessions.secretHash(secret))).toBe(true);
	const age = (idle: string, old: string) => world.owner`update session set seen_at = app.now() - ${idle}::interval, created_at = app.now() - ${old}::interval where id = ${session.id}`;
	await age('14 minutes 50 seconds', '11 hours');
	expect(await sessions.find(nobody, secret)).not.toBeNull();
	await age('15 minutes 1 second', '11 hours');
	expect(await sessions.find(nobody, secret)).toBeNull();
	await age('1 minute', '12 hours 1 second');
	expect(await sessions.find(nobody, secret)).toBeNull();
	await age('1 minute', '1 hour');
	expect(await sessions.list(as(session))).toHaveLength(1);
	await expect(sessions.end(as(ada.session), session.id)).rejects.toMatchObject({ kind: 'not-found' });
	await sessions.end(as(session), session.id);
	expect(await sessions.find(nobody, secret)).toBeNull();
	expect(await sessions.find(nobody, 'x'.repeat(43))).toBeNull();
});

test('ACC-2 a step-up rotates the secret and lasts ten minutes', async () => {
	const { secret, session } = await signedIn('sam@test.example');
	await world.owner`update session set step_up_at = app.now() - interval '10 minutes 1 second' where id = ${session.id}`;
	const stale = (await sessions.find(nobody, secret))!;
	await expect(login.changePassword(as(stale), stale, 'tarmac crépuscule vélo')).rejects.toThrow('step-up-needed');
	await expect(login.stepUp(as(stale), caller, stale, 'wrong')).rejects.toThrow('wrong-password');
	const next = await login.stepUp(as(stale), caller, stale, password);
	expect(await sessions.find(nobody, secret)).toBeNull();
	const fresh = (await sessions.find(nobody, next))!;
	expect([fresh.steppedUp, fresh.endsAt]).toEqual([true, stale.endsAt]);
	const elsewhere = await login.login(nobody, caller, { email: 'sam@test.example', password });
	await login.changePassword(as(fresh), fresh, 'tarmac crépuscule vélo');
	expect(await sessions.find(nobody, elsewhere)).toBeNull();
	expect(await sessions.find(nobody, next)).not.toBeNull();
	await expect(login.login(nobody, caller, { email: 'sam@test.example', password })).rejects.toThrow('wrong-credentials');
});

test('ACC-1 a client is founded with one safe, and its members join by a link mailed to their address', async () => {
	const founded = await clients.create(as(ada.session), ada.session, { name: 'Ateliers Martin', registrationNumber: '732829320', safe: 'Documents' });
	const session = (await sessions.find(nobody, ada.secret))!;
	expect(session).toMatchObject({ client: founded.client, role: 'administrator' });
	const ctx = as(session);
	await clients.invite(ctx, { email: 'zoe@test.example', role: 'reader', locale: 'fr' });
	const first = await mailed('invitation', 'zoe@test.example');
	await clients.invite(ctx, { email: 'zoe@test.example', role: 'contributor', locale: 'fr' });
	const link = await mailed('invitation', 'zoe@test.example');
	expect(await clients.invited(nobody, first)).toBeNull();
	expect(await clients.invited(nobody, link)).toMatchObject({ client: 'Ateliers Martin', role: 'contributor' });
	const mallory = await signedIn('mallory@test.example');
	await expect(clients.accept(as(mallory.session), mallory.session, link)).rejects.toMatchObject({ kind: 'gone' });
	const zoe = await signedIn('zoe@test.example');
	await clients.accept(as(zoe.session), zoe.session, link);
	const joined = (await sessions.find(nobody, zoe.secret))!;
	expect(joined).toMatchObject({ client: founded.client, role: 'contributor' });
	await expect(clients.invite(as(joined), { email: 'x@test.example', role: 'reader', locale: 'fr' })).rejects.toMatchObject({ kind: 'forbidden' });
	await expect(clients.changeMember(ctx, session.person, null)).rejects.toThrow('last-administrator');
	await clients.changeMember(ctx, joined.person, null);
	expect((await sessions.find(nobody, zoe.secret))!.client).toBeNull();
	expect((await clients.members(ctx)).map((m) => [m.email, m.active])).toEqual([['ada@test.example', true], ['zoe@test.example', false]]);
	expect(await operations()).toEqual(expect.arrayContaining(['client.create', 'safe.create', 'member.add', 'member.remove']));
});

test('ACC-1 nothing goes to outsiders before the operator has verified the client, unless the instance is private', async () => {
	const { ctx, client } = await world.administrator();
	const open = withActor({ ...world.web, settings: { ...world.web.settings, privateInstance: false } }, ctx.actor);
	expect([await clients.maySend(ctx), await clients.maySend(open)]).toEqual([true, false]);
	await expect(open.tx((tx) => tx`update client set verified_at = app.now() where id = ${client}`)).rejects.toMatchObject({ code: '42501' });
	const { connect } = await import('#lib/server/db/pool.ts');
	const operator = withActor({ ...world.web, database: connect(world.owner) }, { person: null, client: null, via: 'cli' });
	await clients.verify(operator, client);
	expect(await clients.maySend(open)).toBe(true);
});

test('a set-up link makes one operator, once, and a lost race leaves nothing', async () => {
	const link = 'a'.repeat(43);
	await world.owner`insert into setup_link (hash) values (${sessions.secretHash(link)})`;
	const tries = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => setUp(nobody, 'setup', link, 'test', person(`op${i}@test.example`))));
	const won = tries.filter((t) => t.status === 'fulfilled');
	expect(won).toHaveLength(1);
	expect(await sessions.find(nobody, won[0]!.value)).toMatchObject({ operator: true });
	expect(await world.owner`select from person where email like 'op%'`).toHaveLength(1);
});

test('the web role reads neither password hashes nor links of others', async () => {
	for (const query of ['select password_hash from person', 'select hash from confirmation', 'select hash from invitation', 'select * from setup_link', 'select * from counting_key', 'select * from webauthn_challenge']) {
		await expect(as(ada.session).tx((tx) => tx.unsafe(query)), query).rejects.toMatchObject({ code: '42501' });
	}
	expect(await nobody.tx((tx) => tx`select id from person`)).toEqual([]);
	expect(await nobody.tx((tx) => tx`select id from session`)).toEqual([]);
});
