import { expect, test } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import { confirm } from '#lib/server/identity/confirm.ts';
import { openLink, type LinkKind } from '#lib/server/identity/links.ts';
import { login } from '#lib/server/identity/login.ts';
import { render } from '#lib/server/identity/mails.ts';
import { register } from '#lib/server/identity/register.ts';
import { forgotten, renew, resetOpen } from '#lib/server/identity/reset.ts';
import { find } from '#lib/server/identity/sessions.ts';
import { current } from '#lib/server/identity/terms.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const nobody = withActor(world.web, { person: null, client: null, via: 'web' });
const [old, fresh] = ['vélo crépuscule tarmac', 'girouette marmotte acajou'];
const changes = async () => (await world.owner<{ value: string }[]>`select o.value from event_opening o where o.name = 'change' order by o.event`).map((r) => r.value);

/** The secrets of the links of a kind mailed to an address, newest first. */
async function mailed(kind: LinkKind, email: string): Promise<string[]> {
	const table = world.owner(kind === 'reset' ? 'password_reset' : 'confirmation');
	const rows = await world.owner<{ id: string }[]>`
		select m.subject as id from message m join ${table} c on c.id = m.subject join person p on p.id = c.person
		where m.kind = ${kind} and p.email = ${email} order by m.created_at desc`;
	const links = await Promise.all(rows.map(({ id }) => openLink(world.worker, kind, id)));
	return links.filter((link) => link !== null).map((link) => link.split('/').at(-1)!);
}

async function registered(name: string): Promise<string> {
	const email = `${name}@test.example`;
	await register(nobody, email, { email, name, locale: 'fr', password: old, terms: current.version });
	return email;
}
async function confirmed(name: string): Promise<string> {
	const email = await registered(name);
	await confirm(nobody, email, (await mailed('confirmation', email))[0]!);
	return email;
}
const from = (source: string) => ({ source, agent: 'test' });

test('ACC-2 a forgotten password is renewed by a mailed link, once; every session ends and the owner is told', async () => {
	const email = await confirmed('ada');
	const cookies = [await login(nobody, from('1'), { email, password: old }), await login(nobody, from('2'), { email, password: old })];
	await forgotten(nobody, '3', email);
	await forgotten(nobody, '3', email);
	const [secret, earlier] = await mailed('reset', email);
	expect([await resetOpen(nobody, secret!), await resetOpen(nobody, secret!)]).toEqual([true, true]); // looking changes nothing
	await expect(renew(nobody, '3', secret!, 'short')).rejects.toMatchObject({ kind: 'invalid', reason: 'password-short' });
	const tries = await Promise.allSettled(Array.from({ length: 8 }, () => renew(nobody, '3', secret!, fresh)));
	expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
	expect(await Promise.all(cookies.map((cookie) => find(nobody, cookie)))).toEqual([null, null]);
	await expect(login(nobody, from('4'), { email, password: old })).rejects.toMatchObject({ reason: 'wrong-credentials' });
	await login(nobody, from('4'), { email, password: fresh });
	await expect(renew(nobody, '3', earlier!, old)).rejects.toMatchObject({ kind: 'gone', reason: 'link-used' }); // the earlier link went with it
	expect((await changes()).filter((c) => c.startsWith('password'))).toEqual(['password reset asked', 'password reset asked', 'password reset']);
	const told = await world.owner`select from message m join person p on p.id = m.subject where m.kind = 'renewed' and p.email = ${email}`;
	expect(told).toHaveLength(1);
});

test('ACC-2 an address nobody has is answered alike and gets nothing; one not confirmed gets its confirmation', async () => {
	const before = await world.owner`select from message`;
	expect(await forgotten(nobody, '10', 'nobody@test.example')).toBeUndefined();
	expect(await world.owner`select from message`).toHaveLength(before.length);
	const email = await registered('bob');
	expect(await forgotten(nobody, '10', email)).toBeUndefined();
	expect(await mailed('reset', email)).toEqual([]);
	expect(await mailed('confirmation', email)).toHaveLength(2);
});

test('ACC-2 a link is too old after an hour', async () => {
	const email = await confirmed('eve');
	await forgotten(nobody, '20', email);
	const [secret] = await mailed('reset', email);
	await world.owner`update password_reset r set expires_at = app.now() - interval '1 second' from person p where p.id = r.person and p.email = ${email}`;
	expect(await resetOpen(nobody, secret!)).toBe(false);
	await expect(renew(nobody, '20', secret!, fresh)).rejects.toMatchObject({ reason: 'link-used' });
	await login(nobody, from('20'), { email, password: old });
});

test('ACC-2 one source is stopped; from many, nobody’s mailbox is filled and the links already there still serve', async () => {
	const email = await confirmed('zoe');
	for (let i = 0; i < 3; i++) await forgotten(nobody, '30', email);
	await expect(forgotten(nobody, '30', email)).rejects.toMatchObject({ kind: 'too-many' });
	for (let i = 0; i < 8; i++) await forgotten(nobody, `source-${i}`, email);
	const links = await mailed('reset', email);
	expect(links).toHaveLength(5);
	await renew(nobody, '31', links.at(-1)!, fresh);
});

test('ACC-7 the mails of a reset are in the person’s language and hold the link', async () => {
	const email = await confirmed('yan');
	for (const [locale, subject] of [['fr', 'Choisissez un nouveau mot de passe'], ['en', 'Choose a new password']] as const) {
		await world.owner`update person set locale = ${locale} where email = ${email}`;
		await forgotten(nobody, `40-${locale}`, email);
		const [row] = await world.owner<[{ id: string; subject: string }]>`select id, subject from message where kind = 'reset' order by created_at desc limit 1`;
		const mail = await render(world.worker, { ...row, kind: 'reset' });
		expect(mail).toMatchObject({ to: email, subject });
		expect(mail!.text).toMatch(/\/reset\/[\w-]{43}\n/);
	}
});
