// Registration officers: who may decide on identities, named by the client's administrators; and whether an acceptance takes two of them.

import { append, appendRefusal } from '../audit/append.ts';
import type { Operation } from '../audit/operations.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

export interface Candidate {
	readonly person: string;
	readonly name: string;
	readonly email: string;
	readonly registers: boolean;
}

export interface Standing {
	/** The asker is a registration officer. */
	readonly officer: boolean;
	/** The asker administers the client. */
	readonly administrator: boolean;
	readonly twoOfficers: boolean;
	/** How many checks wait for a decision; 0 for one who may not decide. */
	readonly waiting: number;
}

/** What the asker may do here. Any member may ask. */
export async function standing(ctx: Context): Promise<Standing> {
	const [row] = await ctx.tx((tx) => tx<Standing[]>`
		select app.registers() as officer, app.is_administrator() as administrator, c.two_officers as "twoOfficers", (select count(*)::int from identity_check where state = 'to-review') as waiting
		from client c where c.id = ${ctx.actor.client}`);
	return row ?? { officer: false, administrator: false, twoOfficers: false, waiting: 0 };
}

/** Throws `forbidden` / `officers-only`, logged, unless the asker is a registration officer of the client. */
export async function requireOfficer(ctx: Context, op: Operation, obj: string): Promise<string> {
	const [row] = await ctx.tx((tx) => tx<[{ may: boolean }]>`select app.registers() as may`);
	if (row.may && ctx.actor.person) return ctx.actor.person;
	await appendRefusal(ctx, { op, safe: null, obj });
	throw new DomainError('forbidden', 'officers-only');
}

async function administer(ctx: Context, obj: string): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<[{ may: boolean }]>`select app.is_administrator() as may`);
	if (row.may) return;
	await appendRefusal(ctx, { op: 'member.change', safe: null, obj });
	throw new DomainError('forbidden', 'administrators-only');
}

/** The active members, officers first. Needs to administer the client. */
export async function candidates(ctx: Context): Promise<Candidate[]> {
	await administer(ctx, ctx.actor.client ?? 'none');
	return ctx.tx((tx) => tx<Candidate[]>`
		select m.person, p.name, p.email, m.registers from member m join person p on p.id = m.person where m.client = ${ctx.actor.client} and m.active order by m.registers desc, p.name, p.id`);
}

/** Makes a member a registration officer, or no longer one. Needs to administer the client; `not-found` / `member`. */
export async function appoint(ctx: Context, person: string, registers: boolean): Promise<void> {
	await administer(ctx, person.slice(0, 64));
	await ctx.tx(async (tx) => {
		const { count } = await tx`update member set registers = ${registers} where client = ${ctx.actor.client} and person::text = ${person} and active`;
		if (!count) throw new DomainError('not-found', 'member');
		await append(tx, { op: 'member.change', safe: null, obj: person, values: { 'registration-officer': String(registers) } });
	});
}

/** Whether an acceptance takes two officers from now on. Needs to administer the client. */
export async function askTwo(ctx: Context, twoOfficers: boolean): Promise<void> {
	const client = ctx.actor.client ?? 'none';
	await administer(ctx, client);
	await ctx.tx(async (tx) => {
		await tx`update client set two_officers = ${twoOfficers} where id = ${client}`;
		await append(tx, { op: 'identity.rule', safe: null, obj: client, values: { 'two-officers': String(twoOfficers) } });
	});
}
