// Members of a client: an invitation takes nothing from one who is a member, and the last administrator stays one, whichever way it is tried.

import { expect, test } from 'vitest';
import * as clients from '#lib/server/clients.ts';
import { openLink } from '#lib/server/identity/links.ts';
import type { Role, Session } from '#lib/server/identity/sessions.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const roleOf = async ({ client, person }: Person) => (await owner<{ role: Role; active: boolean }[]>`select role, active from member where client = ${client} and person = ${person}`)[0];

/** Invites someone to a role at a client by its administrator, and they accept. */
async function invited(by: Person, who: Person, role: Role): Promise<void> {
	const email = `${who.person}@test.example`;
	await owner`update person set confirmed_at = now() where id = ${who.person}`;
	const id = await clients.invite(by.ctx, { email, role, locale: 'fr' });
	const link = (await openLink(world.worker, 'invitation', id))!;
	await clients.accept(who.ctx, { id: crypto.randomUUID(), person: who.person } as Session, link.split('/').at(-1)!);
}

test('ACC-1 a sole administrator who accepts a reader’s invitation stays administrator', async () => {
	const ada = await world.administrator();
	await invited(ada, ada, 'reader');
	expect(await roleOf(ada)).toEqual({ role: 'administrator', active: true });
	expect((await clients.members(ada.ctx)).map((m) => m.role)).toEqual(['administrator']);
});

test.each<[Role, Role, Role]>([
	['contributor', 'reader', 'contributor'],
	['reader', 'contributor', 'contributor'],
	['auditor', 'administrator', 'administrator'],
	['operator', 'operator', 'operator']
])('ACC-1 a member (%s) who accepts an invitation (%s) is %s then, and the event says so', async (before, offered, after) => {
	const ada = await world.administrator();
	const zoe = await world.person(ada.client, before);
	await invited(ada, zoe, offered);
	expect(await roleOf(zoe)).toEqual({ role: after, active: true });
	const said = await owner<{ value: string }[]>`select o.value from event_opening o join event e on e.id = o.event where o.name = 'role' and convert_from(e.body, 'UTF8')::json ->> 'obj' = ${zoe.person} order by e.id desc limit 1`;
	expect(said).toEqual([{ value: after }]);
});

test('ACC-1 one who was removed comes back with the invitation’s role, not with the one they had', async () => {
	const ada = await world.administrator();
	const zoe = await world.person(ada.client, 'administrator');
	await clients.changeMember(ada.ctx, zoe.person, null);
	await invited(ada, zoe, 'reader');
	expect(await roleOf(zoe)).toEqual({ role: 'reader', active: true });
});

test('ACC-1 the last administrator is neither removed nor given another role; of two who take it from each other at once, one stays', async () => {
	const ada = await world.administrator();
	await world.person(ada.client, 'contributor');
	for (const role of ['reader', 'contributor', null] as const) await expect(clients.changeMember(ada.ctx, ada.person, role)).rejects.toMatchObject({ kind: 'conflict', reason: 'last-administrator' });
	for (let i = 0; i < 10; i++) {
		const a = await world.administrator();
		const zoe = await world.person(a.client, 'administrator');
		const tried = await Promise.allSettled([clients.changeMember(a.ctx, zoe.person, 'reader'), clients.changeMember(zoe.ctx, a.person, null)]);
		expect(tried.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
		expect(await owner`select from member where client = ${a.client} and role = 'administrator' and active`).toHaveLength(1);
	}
});

test('ACC-1 the database itself keeps a client’s last administrator, of two transactions at once too', async () => {
	const ada = await world.administrator();
	const refused = { code: '23514', constraint_name: 'member_last_administrator' };
	await expect(ada.ctx.tx((tx) => tx`update member set active = false where client = ${ada.client}`)).rejects.toMatchObject(refused);
	await expect(owner`update member set role = 'reader' where client = ${ada.client}`).rejects.toMatchObject(refused);
	const zoe = await world.person(ada.client, 'administrator');
	const tried = await Promise.allSettled([ada, zoe].map(({ ctx, person }) => ctx.tx((tx) => tx`update member set role = 'auditor' where client = ${ada.client} and person = ${person}`)));
	expect(tried.filter((t) => t.status === 'rejected').map((t) => (t as PromiseRejectedResult).reason as unknown)).toEqual([expect.objectContaining(refused)]);
	expect(await owner`select from member where client = ${ada.client} and role = 'administrator' and active`).toHaveLength(1);
});
