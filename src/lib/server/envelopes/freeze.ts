// Freezing a draft's fields: written into a base revision made anew from what they were placed on, before anyone is asked to sign.

import { hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { addFields, type FormFieldWish, type Signatory } from '#crypto/pades/form-fields.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { pageView, type Place } from '#crypto/pdf/page.ts';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { addVersion } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import { fieldsOf, type PlacedField } from './fields.ts';

/** The name of a field in the form. */
export const formName = (id: string): string => `v${id.replaceAll('-', '')}`;

/** Kinds whose text may run over several lines. */
export const severalLines = (field: Pick<PlacedField, 'kind' | 'height'>): boolean => (field.kind === 'text' || field.kind === 'mention') && field.height > 26;

const wish = (f: PlacedField): FormFieldWish => ({
	name: formName(f.id),
	kind: f.kind === 'checkbox' ? 'checkbox' : 'text',
	page: f.page,
	place: f,
	label: f.label || f.expected || f.kind,
	required: f.required,
	multiline: severalLines(f)
});

/** Where signer `index` of `count` signs when nobody placed it: at the foot of the last page as seen, two in a row. */
function atFoot(pdf: Uint8Array, index: number): { readonly page: number; readonly place: Place } {
	const document = openDocument(pdf);
	const pages = document.pages();
	const view = pageView(document, pages.at(-1)!.page);
	const [width, height] = [Math.min(250, (view.width - 60) / 2), Math.min(64, view.height / 10)];
	return { page: pages.length - 1, place: { x: 24 + (index % 2) * (width + 12), y: view.height - 20 - height - Math.floor(index / 2) * (height + 8), width, height } };
}

interface Draft {
	readonly client: string;
	readonly safe: string;
	readonly document: string;
	readonly source: string;
	readonly base: string;
	readonly revision: number;
	readonly frozen: number;
}

/**
 * Makes the base hold the fields as they are now; nothing to do when it does. Rights are the caller's business.
 * `conflict` / `envelope-state`, `fields-moved` when they change meanwhile; `invalid` / `field-outside` for one that is not on its page, `pdf-damaged`.
 */
export async function freeze(ctx: Context, envelope: string): Promise<void> {
	const [draft] = await ctx.tx(
		(tx) => tx<Draft[]>`
			select e.client, e.safe, e.document, coalesce(e.source_version, b.parent) as source, e.base_version as base, e.field_revision as revision, e.base_field_revision as frozen
			from envelope e join version b on b.id = e.base_version where e.id = ${envelope} and e.state = 'draft'`
	);
	if (!draft || draft.revision === draft.frozen) return;
	const { fields, signers } = await ctx.tx(async (tx) => ({
		fields: await fieldsOf(tx, envelope),
		signers: await tx<{ id: string; field: string }[]>`select id, field from signer where envelope = ${envelope} and role = 'signer' and field is not null order by position`
	}));
	const source = await bytesOf(ctx, draft.source);
	const signatories = signers.map(({ id, field }, index): Signatory => {
		const own = fields.filter((f) => f.signer === id);
		const placed = own.find((f) => f.kind === 'signature');
		return { field, ...(placed ? { page: placed.page, place: placed } : atFoot(source, index)), fields: own.filter((f) => f.kind !== 'signature').map(wish) };
	});
	await addVersion(ctx, { document: draft.document, client: draft.client, safe: draft.safe, parent: draft.base, bytes: written(ctx, source, signatories) }, async (tx, version) => {
		const [base] = await tx<[{ sha256: Uint8Array }]>`select sha256 from version where id = ${version}`;
		const { count } = await tx`
			update envelope set base_version = ${version}, base_digest = ${base.sha256}, current_version = ${version}, source_version = ${draft.source}, base_field_revision = ${draft.revision}
			where id = ${envelope} and state = 'draft' and field_revision = ${draft.revision} and base_version = ${draft.base}`;
		if (!count) throw new DomainError('conflict', 'fields-moved');
		await append(tx, { op: 'envelope.prepare', safe: draft.safe, obj: envelope, values: { base: hex(base.sha256), fields: String(fields.length) } });
	});
}

function written(ctx: Context, source: Uint8Array, signatories: readonly Signatory[]): Uint8Array {
	try {
		return addFields(source, signatories, ctx.primitives.random(16));
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		throw new DomainError('invalid', error.code === 'misuse' ? 'field-outside' : 'pdf-damaged', { detail: error.message }, { cause: error });
	}
}
