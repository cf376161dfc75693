// Clients and their members: founded by a confirmed person, joined by invitation, verified by the operator before it writes to outsiders.

import { z } from 'zod';
import { append, appendRefusal } from './audit/append.ts';
import { withActor, type Context } from './context.ts';
import { DomainError } from './errors.ts';
import { count } from './identity/attempts.ts';
import { enqueueMessage } from './identity/links.ts';
import { email, locale, name } from './identity/register.ts';
import { become, secretHash, type Role, type Session } from './identity/sessions.ts';
import * as safes from './safes.ts';

export const roles = ['administrator', 'contributor', 'operator', 'reader', 'auditor'] as const satisfies readonly Role[];

export interface Client {
	readonly id: string;
	readonly name: string;
	readonly registrationNumber: string | null;
	readonly verified: boolean;
}

export interface Member {
	readonly person: string;
	readonly name: string;
	readonly email: string;
	readonly role: Role;
	readonly active: boolean;
}

export interface Invitation {
	readonly id: string;
	readonly email: string;
	readonly role: Role;
	readonly expiresAt: Date;
}

/** Luhn's check of a SIREN or SIRET. La Poste's own establishments (356000000) add up to a multiple of five instead. */
function isRegistrationNumber(text: string): boolean {
	if (!/^(\d{9}|\d{14})$/.test(text)) return false;
	const digits = [...text].reverse().map(Number);
	const sum = digits.reduce((s, d, i) => s + (i % 2 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d), 0);
	return sum % 10 === 0 || (text.length === 14 && text.startsWith('356000000') && digits.reduce((s, d) => s + d, 0) % 5 === 0);
}

/** SIREN or SIRET with or without spaces; empty is none. */
export const registrationNumber = z
	.string()
	.transform((text) => text.replace(/\s/g, ''))
	.refine((text) => text === '' || isRegistrationNumber(text));
export const founding = z.object({ name, registrationNumber, safe: z.string().trim().min(1).max(100) });
export const inviting = z.object({ email, role: z.enum(roles), locale });

/** Founds a client with one safe; the founder becomes its administrator and works for it from now on. Needs a session. */
export async function create(ctx: Context, session: Session, input: z.infer<typeof founding>): Promise<{ client: string; safe: string }> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<[{ id: string | null }]>`select app.found_client(${input.name}, ${input.registrationNumber || null}) as id`;
		if (!row.id) throw new DomainError('unauthenticated', 'no-member');
		await tx`select set_config('app.client', ${row.id}, true)`;
		await tx`update session set client = ${row.id} where id = ${session.id}`;
		await append(tx, { op: 'client.create', safe: null, obj: row.id, values: { name: input.name, 'registration-number': input.registrationNumber } });
		await append(tx, { op: 'member.add', safe: null, obj: session.person, values: { role: 'administrator' } });
		const safe = await safes.found(ctx, tx, { person: session.person, client: row.id, name: input.safe });
		return { client: row.id, safe: safe.id };
	});
}

/** The client one works for. */
export async function current(ctx: Context): Promise<Client> {
	const [row] = await ctx.tx((tx) => tx<Client[]>`
		select id, name, registration_number as "registrationNumber", verified_at is not null as verified from client where id = ${ctx.actor.client}`);
	if (!row) throw new DomainError('not-found', 'client');
	return row;
}

/** The clients one is an active member of. */
export async function mine(ctx: Context): Promise<Client[]> {
	return ctx.tx((tx) => tx<Client[]>`
		select c.id, c.name, c.registration_number as "registrationNumber", c.verified_at is not null as verified
		from client c join member m on m.client = c.id where m.person = ${ctx.actor.person} and m.active order by c.name, c.id`);
}

/** Whether the client may write to outsiders (ACC-1): the operator has verified it, or vouches for all of a private instance. */
export async function maySend(ctx: Context): Promise<boolean> {
	return ctx.settings.privateInstance || (await current(ctx)).verified;
}

/** Every client, those that wait for verification first. For the operator's command line, over the owner's connection. */
export async function all(ctx: Context): Promise<Client[]> {
	return ctx.tx((tx) => tx<Client[]>`
		select id, name, registration_number as "registrationNumber", verified_at is not null as verified from client order by verified, name, id`);
}

/** Marks a client as verified (SIREN, representative). For the operator's command line, over the owner's connection; twice is once. */
export async function verify(ctx: Context, client: string): Promise<Client> {
	const asking = withActor(ctx, { ...ctx.actor, client });
	await asking.tx(async (tx) => {
		const rows = await tx`update client set verified_at = app.now() where id = ${client} and verified_at is null`;
		if (rows.count) await append(tx, { op: 'client.verify', safe: null, obj: client });
	});
	return current(asking);
}

/** Throws `forbidden`, logged, unless the asker administers the client. */
export async function administer(ctx: Context, op: 'member.add' | 'member.change' | 'member.remove' | 'client.create' | 'client.change' | 'client.embed', obj: string): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<[{ may: boolean }]>`select app.is_administrator() as may`);
	if (row.may) return;
	await appendRefusal(ctx, { op, safe: null, obj });
	throw new DomainError('forbidden', 'administrators-only');
}

/** The client's members, by name. Any member may see them. */
export async function members(ctx: Context): Promise<Member[]> {
	return ctx.tx((tx) => tx<Member[]>`
		select m.person, p.name, p.email, m.role, m.active from member m join person p on p.id = m.person
		where m.client = ${ctx.actor.client} order by m.active desc, p.name, p.id`);
}

/** Invitations that are open, newest first; none for one who is no administrator. */
export async function invitations(ctx: Context): Promise<Invitation[]> {
	return ctx.tx((tx) => tx<Invitation[]>`
		select id, email, role, expires_at as "expiresAt" from invitation
		where client = ${ctx.actor.client} and ended_at is null and expires_at > app.now() order by created_at desc, id`);
}

/** Invites an address. An open invitation of the same address is replaced: one link is good at a time. */
export async function invite(ctx: Context, input: z.infer<typeof inviting>): Promise<string> {
	const { client, person } = ctx.actor;
	if (!client || !person) throw new DomainError('unauthenticated', 'no-member');
	await administer(ctx, 'member.add', client);
	await count(ctx, 'invite', client);
	return ctx.tx(async (tx) => {
		const id = crypto.randomUUID();
		await tx`update invitation set ended_at = app.now() where client = ${client} and email = ${input.email} and ended_at is null`;
		await tx`insert into invitation (id, client, email, role, locale, invited_by) values (${id}, ${client}, ${input.email}, ${input.role}, ${input.locale}, ${person})`;
		await append(tx, { op: 'member.add', safe: null, obj: id, values: { email: input.email, role: input.role, act: 'invited' } });
		await enqueueMessage(tx, 'invitation', id, client);
		return id;
	});
}

/** Withdraws an invitation. */
export async function withdraw(ctx: Context, id: string): Promise<void> {
	await administer(ctx, 'member.remove', ctx.actor.client ?? 'none');
	await ctx.tx(async (tx) => {
		const rows = await tx`update invitation set ended_at = app.now() where id::text = ${id} and ended_at is null`;
		if (!rows.count) throw new DomainError('not-found', 'invitation');
		await append(tx, { op: 'member.remove', safe: null, obj: id, values: { act: 'withdrawn' } });
	});
}

/** What an invitation's link says before it is accepted; null for one that is unknown, accepted or too old. */
export async function invited(ctx: Context, secret: string): Promise<{ client: string; email: string; role: Role } | null> {
	const [row] = await ctx.tx((tx) => tx<{ client: string; email: string; role: Role; live: boolean }[]>`
		select client_name as client, email, role, live from app.invitation_by_hash(${secretHash(secret)})`);
	return row?.live ? { client: row.client, email: row.email, role: row.role } : null;
}

/** Joins a client by its invitation, once, with the address it went to; one works for it from now on. An active member loses nothing by it: the higher role counts. `gone` otherwise. */
export async function accept(ctx: Context, session: Session, secret: string): Promise<string> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<[{ client: string | null }]>`select app.accept_invitation(${secretHash(secret)}) as client`;
		if (!row.client) throw new DomainError('gone', 'invitation-not-yours');
		await become(tx, session.person);
		await tx`select set_config('app.client', ${row.client}, true)`;
		await tx`update session set client = ${row.client} where id = ${session.id}`;
		const [member] = await tx<[{ role: Role }]>`select role from member where client = ${row.client} and person = ${session.person}`; // of a member before, the higher of two
		await append(tx, { op: 'member.add', safe: null, obj: session.person, values: { act: 'accepted', role: member.role } });
		return row.client;
	});
}

/**
 * Changes a member's role, or (role null) deactivates them: their sessions stop seeing the client at the next request, what they did stays.
 * `conflict` when it would leave the client without an active administrator, `not-found` for one who is no member.
 */
export async function changeMember(ctx: Context, person: string, role: Role | null): Promise<void> {
	const op = role ? 'member.change' : 'member.remove';
	await administer(ctx, op, person);
	await ctx.tx(async (tx) => {
		const all = await tx<{ person: string; role: Role; active: boolean }[]>`
			select person, role, active from member where client = ${ctx.actor.client} order by person for update`;
		if (!all.some((m) => m.person === person)) throw new DomainError('not-found', 'member');
		const others = all.some((m) => m.active && m.role === 'administrator' && m.person !== person);
		if (role !== 'administrator' && !others) throw new DomainError('conflict', 'last-administrator');
		await tx`update member set role = coalesce(${role}, role), active = ${role !== null} where client = ${ctx.actor.client} and person = ${person}`;
		await append(tx, { op, safe: null, obj: person, values: role ? { role } : {} });
	});
}
