// The fields of a draft: where each signer signs and what they fill in. Replaced as a whole, against the revision they were read at.

import { z } from 'zod';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';

const words = (maximum: number) =>
	z
		.string()
		.trim()
		.max(maximum)
		.regex(/^[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$/u)
		.default('');
/** Hundredths of a point: `real` would give back other digits. */
const points = (least: number) => z.number().min(least).max(14_400).transform((n) => Math.round(n * 100) / 100);

export const placedField = z
	.strictObject({
		id: z.uuid(),
		signer: z.uuid(),
		kind: z.enum(['signature', 'initials', 'date', 'text', 'checkbox', 'mention']),
		/** 0-based. */
		page: z.int().min(0).max(19_999),
		/** From the top left corner of the page as seen, to the right and down, in points of 1/72 inch. */
		x: points(0),
		y: points(0),
		width: points(4),
		height: points(4),
		required: z.boolean(),
		label: words(120),
		/** The words of a mention; empty for every other kind. */
		expected: words(500)
	})
	.refine((f) => (f.kind === 'mention') === (f.expected !== ''), { path: ['expected'] });
export type PlacedField = z.infer<typeof placedField>;

/** `revision`: the one the fields were read at. */
export const placing = z.strictObject({ revision: z.int().min(0), fields: z.array(placedField).max(500) });
export type Placing = z.infer<typeof placing>;

const columns = (tx: Tx) => tx`id, signer, kind, page, x, y, width, height, required, label, expected`;

/** Fields of an envelope, or of one signer (their group's, kept with its head), in their order. */
export const fieldsOf = (tx: Tx, envelope: string, signer: string | null = null): Promise<PlacedField[]> =>
	tx<PlacedField[]>`select ${columns(tx)} from field where envelope = ${envelope} and (${signer}::uuid is null or signer = (select coalesce(s.group_of, s.id) from signer s where s.id = ${signer})) order by place` as unknown as Promise<PlacedField[]>;

interface Draft {
	readonly safe: string;
	readonly client: string;
	readonly state: string;
	readonly revision: number;
	/** The version whose pages are shown. */
	readonly version: string;
}

async function find(ctx: Context, id: string): Promise<Draft> {
	const [row] = safes.isId(id)
		? await ctx.tx((tx) => tx<Draft[]>`
				select e.safe, e.client, e.state, e.field_revision as revision, coalesce(e.source_version, b.parent) as version from envelope e join version b on b.id = e.base_version where e.id = ${id} and e.client = ${ctx.actor.client}`)
		: [];
	if (!row) throw await safes.missing(ctx, 'envelope', id, 'send');
	await safes.require(ctx, row.safe, 'send');
	return row;
}

export interface Layout extends Placing {
	readonly version: string;
	readonly draft: boolean;
}

/** What the editor begins with. Needs `send`. */
export async function layout(ctx: Context, envelope: string): Promise<Layout> {
	const { state, revision, version } = await find(ctx, envelope);
	return { version, revision, draft: state === 'draft', fields: await ctx.tx((tx) => fieldsOf(tx, envelope)) };
}

/** Most fields of one signer: with the longest values they still fit into V. */
const mostOfSigner = 100;

/**
 * Replaces the fields of a draft; answers their new revision. Needs `send`.
 * `conflict` / `envelope-state` once it was sent, `minutes-fields` for minutes, which are made with theirs, `fields-moved` when they were changed elsewhere since `revision`; `invalid` / `field-signer`, `field-two-signatures`, `field-many`.
 */
export async function placeFields(ctx: Context, envelope: string, { revision, fields }: Placing): Promise<number> {
	const { safe, client } = await find(ctx, envelope);
	try {
		return await ctx.tx(async (tx) => {
			const [now] = await tx<{ state: string; revision: number }[]>`select state, field_revision as revision from envelope where id = ${envelope} for update`;
			if (now?.state !== 'draft') throw new DomainError('conflict', 'envelope-state');
			const { count: minutes } = await tx`select from minutes where envelope = ${envelope}`;
			if (minutes) throw new DomainError('conflict', 'minutes-fields');
			if (now.revision !== revision) throw new DomainError('conflict', 'fields-moved');
			const signers = (await tx<{ id: string }[]>`select id from signer where envelope = ${envelope} and role = 'signer' and (group_of is null or group_of = id)`).map((s) => s.id);
			if (!fields.every((f) => signers.includes(f.signer))) throw new DomainError('invalid', 'field-signer');
			if (new Set(fields.map((f) => f.id)).size !== fields.length) throw new DomainError('invalid', 'field-id');
			for (const signer of signers) {
				const own = fields.filter((f) => f.signer === signer);
				if (own.filter((f) => f.kind === 'signature').length > 1) throw new DomainError('invalid', 'field-two-signatures');
				if (own.length > mostOfSigner) throw new DomainError('invalid', 'field-many');
			}
			await tx`delete from field where envelope = ${envelope}`;
			if (fields.length) await tx`insert into field ${tx(fields.map((f, place) => ({ ...f, client, envelope, place })))}`;
			await tx`update envelope set field_revision = ${revision + 1} where id = ${envelope}`;
			await append(tx, { op: 'envelope.place', safe, obj: envelope, values: { fields: String(fields.length), revision: String(revision + 1) } });
			return revision + 1;
		});
	} catch (error) {
		if (error instanceof DomainError) await appendRefusal(ctx, { op: 'envelope.place', safe, obj: envelope, values: { reason: error.reason } });
		throw error;
	}
}
