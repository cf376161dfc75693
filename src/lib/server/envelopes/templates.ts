// Templates: what is sent again and again. Made from an envelope, versioned, used with the people of the day.

import { z } from 'zod';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Level } from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { contractOf } from '../consumer/contract.ts';
import { addDocument } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';
import { fieldsOf, placedField, placeFields, type PlacedField } from './fields.ts';
import { line } from './line.ts';
import { newEnvelope, newParticipant, newSigner, prepareEnvelope, requirePeople, type manners } from './prepare.ts';
import { find as findEnvelope } from './send.ts';

/** Who takes part: what they are, what they do and when, and the contact of one who is always the same. */
export interface Role extends Partial<z.output<typeof newSigner>> {
	readonly label: string;
	readonly role: 'signer' | 'approver' | 'copy';
	readonly step: number;
	/** Of one group with the role before. */
	readonly instead?: boolean;
	/** Absent: `remote`. */
	readonly manner?: (typeof manners)[number];
}

/** Credits of a level that an envelope made from these roles holds: one for each who signs, and for each group. */
export const unitsOf = (roles: readonly Role[], level: Level): number =>
	roles.filter((r) => r.role === 'signer' && !r.instead && (r.manner === 'digitised' ? 0 : (r.level ?? 1)) === level).length;

/** A field as a template keeps it: of a role, 0-based. */
type RoleField = Omit<PlacedField, 'id' | 'signer'> & { readonly role: number };

export const newTemplate = z.object({
	envelope: z.uuid(),
	name: line(120),
	/** The template this becomes the next version of; empty for a new one. */
	template: z.union([z.literal(''), z.uuid()]).default(''),
	/** For each signer, in order. `keep`: the same person each time. */
	roles: z.array(z.object({ label: line(80), keep: z.boolean() })).min(1).max(100)
});
export type NewTemplate = z.infer<typeof newTemplate>;

export const templateUse = newEnvelope.pick({ title: true, note: true, days: true }).extend({ number: z.coerce.number().int().min(1), signers: z.array(newSigner).min(1).max(100) });
export type TemplateUse = z.output<typeof templateUse>;

export interface TemplateVersion {
	readonly number: number;
	readonly title: string;
	readonly note: string;
	readonly days: number;
	readonly roles: readonly Role[];
	readonly fields: number;
	readonly by: string;
	readonly createdAt: Date;
}

export interface Template {
	readonly id: string;
	readonly safe: string;
	readonly name: string;
	/** Envelopes made from it. */
	readonly used: number;
	/** Newest first, at least one. */
	readonly versions: readonly TemplateVersion[];
}

interface Row {
	readonly id: string;
	readonly client: string;
	readonly safe: string;
	readonly name: string;
}

async function find(ctx: Context, id: string): Promise<Row> {
	const [row] = safes.isId(id) ? await ctx.tx((tx) => tx<Row[]>`select id, client, safe, name from template where id = ${id} and client = ${ctx.actor.client} and retired_at is null`) : [];
	if (!row) throw await safes.missing(ctx, 'template', id, 'send');
	await safes.require(ctx, row.safe, 'send');
	return row;
}

const versionsOf = (tx: Tx, template: string): Promise<TemplateVersion[]> =>
	tx<TemplateVersion[]>`
		select v.number, v.title, v.note, v.days, v.roles, jsonb_array_length(v.fields) as fields, p.name as by, v.created_at as "createdAt"
		from template_version v join person p on p.id = v.created_by where v.template = ${template} order by v.number desc` as unknown as Promise<TemplateVersion[]>;

/** Without what nobody said. */
const known = <T extends object>(person: T): Partial<T> => Object.fromEntries(Object.entries(person).filter(([, value]) => value !== null)) as Partial<T>;

/** The template with its versions. Needs `send` in its safe. */
export async function template(ctx: Context, id: string): Promise<Template> {
	const { safe, name } = await find(ctx, id);
	return ctx.tx(async (tx) => {
		const [{ used }] = await tx<[{ used: number }]>`select count(*)::int as used from envelope where template = ${id}`;
		return { id, safe, name, used, versions: await versionsOf(tx, id) };
	});
}

export interface ListedTemplate {
	readonly id: string;
	readonly safe: string;
	readonly safeName: string;
	readonly name: string;
	readonly number: number;
	readonly roles: readonly string[];
	readonly used: number;
	readonly changedAt: Date;
}

/** The templates of the safes the asker may send from, by name; of one safe where it is given. */
export async function templates(ctx: Context, safe: string | null = null): Promise<ListedTemplate[]> {
	return ctx.tx(
		(tx) => tx<ListedTemplate[]>`
			select t.id, t.safe, s.name as "safeName", t.name, v.number, jsonb_path_query_array(v.roles, '$[*].label') as roles, v.created_at as "changedAt", (select count(*)::int from envelope e where e.template = t.id) as used
			from template t join safe s on s.id = t.safe join lateral (select number, roles, created_at from template_version where template = t.id order by number desc limit 1) v on true
			where t.client = ${ctx.actor.client} and t.retired_at is null and (${safe}::uuid is null or t.safe = ${safe})
			and t.safe in (select r.safe from safe_right r where r.person = ${ctx.actor.person} and 'send' = any (r.rights)) order by lower(t.name), t.id`
	);
}

/**
 * Keeps an envelope's document, words, roles and fields as a template, or as the next version of one; answers its id. Needs `send`.
 * `invalid` / `template-roles` unless there is a role for each signer, `template-safe` for a template of another safe; `conflict`: `template-name` when the safe has one of that name, `template-consumer` for a contract with a consumer.
 */
export async function saveTemplate(ctx: Context, input: NewTemplate): Promise<string> {
	const envelope = await findEnvelope(ctx, input.envelope, 'send');
	const before = input.template ? await find(ctx, input.template) : null;
	const id = before?.id ?? crypto.randomUUID();
	const { safe } = envelope;
	return refusing(ctx, safe, id, async () => {
		if (await ctx.tx((tx) => contractOf(tx, envelope.id))) throw new DomainError('conflict', 'template-consumer');
		if (before && before.safe !== safe) throw new DomainError('invalid', 'template-safe');
		await ctx.tx(async (tx) => {
			const [kept] = await tx<[{ client: string; source: string; days: number; remind: number }]>`
				select e.client, e.remind_days as remind, coalesce(e.source_version, b.parent) as source, greatest(1, least(365, round(extract(epoch from e.expires_at - e.created_at) / 86400)))::int as days from envelope e join version b on b.id = e.base_version where e.id = ${envelope.id}`;
			const people = await tx<(Required<Omit<Role, 'label'>> & { id: string })[]>`select id, role, step, group_of is not null and group_of <> id as instead, greatest(level, 1) as level, advanced, case when level = 0 then 'digitised' when in_person then 'in-person' else 'remote' end as manner, surname, given_names as "givenNames", birth_date::text as "birthDate", name, email, coalesce(number, '') as number, locale from signer where envelope = ${envelope.id} order by role = 'copy', step, position`;
			if (people.length !== input.roles.length) throw new DomainError('invalid', 'template-roles');
			const roles = people.map(({ id: _, role, step, level, advanced, instead, manner, ...person }, i): Role => ({ label: input.roles[i]!.label, role, step, level, ...(advanced ? { advanced } : {}), ...(instead ? { instead } : {}), ...(manner && manner !== 'remote' ? { manner } : {}), ...(input.roles[i]!.keep ? known(person) : {}) }));
			const fields = (await fieldsOf(tx, envelope.id)).map(({ id: _, signer, ...f }): RoleField => ({ ...f, role: people.findIndex((s) => s.id === signer) }));
			if (before) await tx`update template set name = ${input.name} where id = ${id}`;
			else await tx`insert into template (id, client, safe, name) values (${id}, ${kept.client}, ${safe}, ${input.name})`;
			const [{ number }] = await tx<[{ number: number }]>`select coalesce(max(number), 0) + 1 as number from template_version where template = ${id}`;
			await tx`
				insert into template_version (template, number, safe, client, source, title, note, days, remind_days, roles, fields, created_by)
				values (${id}, ${number}, ${safe}, ${kept.client}, ${kept.source}, ${envelope.title}, ${envelope.note}, ${kept.days}, ${kept.remind}, ${tx.json(roles as never)}, ${tx.json(fields)}, ${ctx.actor.person})`;
			await append(tx, { op: 'template.save', safe, obj: id, values: { name: input.name, number: String(number), source: kept.source } });
		});
		return id;
	});
}

/** A refusal is an event; a name that is taken already is one. */
async function refusing<T>(ctx: Context, safe: string, id: string, act: () => Promise<T>): Promise<T> {
	try {
		return await act();
	} catch (cause) {
		const error = (cause as { constraint_name?: string }).constraint_name === 'template_name' ? new DomainError('conflict', 'template-name', {}, { cause }) : cause;
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'template.save', safe, obj: id, values: { reason: error.reason } });
		throw error;
	}
}

/** Takes a template out of use; envelopes made from it stay as they are. Needs `send`. */
export async function retireTemplate(ctx: Context, id: string): Promise<void> {
	const { safe } = await find(ctx, id);
	await ctx.tx(async (tx) => {
		const { count } = await tx`update template set retired_at = app.now() where id = ${id} and retired_at is null`;
		if (count) await append(tx, { op: 'template.retire', safe, obj: id });
	});
}

/**
 * A draft from a version of a template: a document of its own with the same bytes, one person for each role, the fields placed. Answers the envelope's id. Needs `send`.
 * `gone` / `template-document` once its document was disposed of, `invalid` / `template-roles`, and what `prepareEnvelope` refuses; then there is no document either.
 * `as`: the ids of what is made, where whoever asks may ask again after a crash: what is there already is not made twice.
 */
export async function fromTemplate(ctx: Context, id: string, input: TemplateUse, as = { document: crypto.randomUUID() as string, envelope: crypto.randomUUID() as string }): Promise<string> {
	const { client, safe } = await find(ctx, id);
	const [made] = await ctx.tx(
		(tx) => tx<{ source: string; roles: Role[]; remind: number; fields: RoleField[]; name: string; kept: boolean }[]>`
			select t.source, t.roles, t.remind_days as remind, t.fields, d.name, d.state = 'kept' as kept from template_version t join version v on v.id = t.source join document d on d.id = v.document where t.template = ${id} and t.number = ${input.number}`
	);
	if (!made) throw await safes.missing(ctx, 'template', id, 'send');
	if (!made.kept) throw new DomainError('gone', 'template-document');
	if (made.roles.length !== input.signers.length) throw new DomainError('invalid', 'template-roles');
	const signers = input.signers.map((person, i) => ({ ...person, role: made.roles[i]!.role, step: made.roles[i]!.step, level: made.roles[i]!.level, advanced: made.roles[i]!.advanced, instead: made.roles[i]!.instead ?? false, manner: made.roles[i]!.manner ?? 'remote' }));
	requirePeople(ctx, signers.map((s) => newParticipant.parse(s)));
	const { document, envelope } = as;
	const [there] = await ctx.tx((tx) => tx<[{ document: boolean; envelope: boolean }]>`select exists (select from document where id = ${document}) as document, exists (select from envelope where id = ${envelope}) as envelope`);
	if (!there.document) await addDocument(ctx, { id: document, client, safe, name: made.name, kind: 'document', bytes: await bytesOf(ctx, made.source) }, async () => {});
	const { title, note, days } = input;
	if (!there.envelope) await prepareEnvelope(ctx, { document, title, note, days, remindDays: made.remind, signers }, envelope);
	const placing = await ctx.tx(async (tx) => {
		const [row] = await tx<{ revision: number }[]>`update envelope set template = ${id}, template_number = ${input.number} where id = ${envelope} and state = 'draft' returning field_revision as revision`;
		return { begun: row?.revision !== 0, ids: (await tx<{ id: string }[]>`select id from signer where envelope = ${envelope} order by position`).map((s) => s.id) };
	});
	const fields = made.fields.map(({ role: of, ...f }) => placedField.parse({ ...f, id: crypto.randomUUID(), signer: placing.ids[of] }));
	if (fields.length && !placing.begun) await placeFields(ctx, envelope, { revision: 0, fields });
	return envelope;
}
