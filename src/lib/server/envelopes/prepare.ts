// Preparing an envelope: a document of the safe, its signers in order, every signer's field made before the first signature; the base revision frozen.

import { z } from 'zod';
import { hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { addSignatureFields, footOfLastPage } from '#crypto/pades/fields.ts';
import { preflight, type Refusal, type Warning } from '#crypto/pdf/preflight.ts';
import { append, appendRefusal } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { addVersion } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import { declaration, declaredOf, isAdvanced, type Declared } from '../identity-check/declared.ts';
import * as safes from '../safes.ts';
import { contractWish, keepContract } from '../consumer/contract.ts';
import { normaliseNumber } from './contact.ts';
import { capacityOf, capacityWish } from './capacity.ts';
import { line } from './line.ts';
import { requireProcedure } from './procedure.ts';
import { formatReference } from './reference.ts';

export const newSigner = z.object({ name: line(200), email: z.string().trim().toLowerCase().max(254).pipe(z.email()), number: z.string().trim().max(40), locale: z.enum(['fr', 'en']), ...declaration });
/** How one signs: by the link they are mailed; in person on the sender's device with a code on their own phone; there without a code (a digitised signature, level 0). */
export const manners = ['remote', 'in-person', 'digitised'] as const;
/** `step`: those of one step are asked together. A copy is never asked; approvers and copies may go without a number. `instead`: of one group with the participant before, in their step: one of them suffices. */
export const newParticipant = newSigner.extend({ role: z.enum(['signer', 'approver', 'copy']).default('signer'), step: z.coerce.number().int().min(1).max(100).optional(), instead: z.boolean().default(false), manner: z.enum(manners).default('remote'), ...capacityWish, /** They act outside any business: a signer alone. */ consumer: z.boolean().optional() });
export const newEnvelope = z.object({
	document: z.uuid(),
	title: line(200),
	note: z.string().trim().max(2000).default(''),
	days: z.coerce.number().int().min(1).max(365).default(30),
	/** Days between reminders; 0: none. */
	remindDays: z.coerce.number().int().min(0).max(30).default(3),
	/** Signers of level 1 and approvers may hand over to somebody else. */
	delegable: z.boolean().default(false),
	/** What those who sign as consumers are told of the contract (SIGN-18); null: nobody does. */
	contract: contractWish.nullable().default(null),
	/** Without a step: one after another. */
	signers: z.array(newParticipant).min(1).max(100).refine((all) => all.some((s) => s.role === 'signer'), { path: ['signer'] })
});
export type NewEnvelope = z.input<typeof newEnvelope>;

/** The largest PDF that is read to be signed, in bytes. */
export const maximumSigned = 64 * 1024 * 1024;

interface Source {
	readonly client: string;
	readonly safe: string;
	readonly version: string;
	readonly size: number;
	readonly mediaType: string;
	/** A copy that its sender has not approved. */
	readonly unapproved: boolean;
}

async function source(ctx: Context, document: string): Promise<Source> {
	const [row] = await ctx.tx(
		(tx) => tx<(Omit<Source, 'size'> & { size: string })[]>`
			select d.client, d.safe, v.id as version, v.size, v.media_type as "mediaType", exists (select from conversion k where k.document = d.id and k.state <> 'approved') as unapproved from document d
			cross join lateral (select id, size, media_type from version where document = d.id order by number desc limit 1) v where d.id = ${document} and d.state = 'kept' and d.kind = 'document'`
	);
	if (!row) throw await safes.missing(ctx, 'document', document, 'send');
	return { ...row, size: Number(row.size) };
}

interface Objection {
	readonly reason: Refusal | 'has-signature' | 'has-mdp' | 'unapproved-copy';
	readonly detail: string;
}

export interface Inspection {
	/** Why the document cannot be signed; empty when it can. */
	readonly refusals: readonly Objection[];
	/** What its sender should look at first. */
	readonly warnings: readonly Warning[];
}

/** Whether a document can be signed. A refusal is an event. Needs `send`. */
export async function inspect(ctx: Context, document: string): Promise<Inspection> {
	const from = await source(ctx, document);
	await safes.require(ctx, from.safe, 'send');
	const found = await look(ctx, from);
	const [first] = found.refusals;
	if (first) await appendRefusal(ctx, { op: 'envelope.prepare', safe: from.safe, obj: document, values: { reason: first.reason, detail: first.detail.slice(0, 200) } });
	return found;
}

async function look(ctx: Context, from: Source): Promise<Inspection> {
	const refused = (reason: Objection['reason'], detail = ''): Inspection => ({ refusals: [{ reason, detail }], warnings: [] });
	if (from.unapproved) return refused('unapproved-copy');
	if (from.mediaType !== 'application/pdf') return refused('not-a-pdf', from.mediaType);
	if (from.size > maximumSigned) return refused('too-complex', `${from.size} bytes`);
	const { refusals, warnings, docMdp, fieldMdp, signatures } = preflight(await bytesOf(ctx, from.version));
	if (refusals.length) return { refusals, warnings: [] };
	if (docMdp !== null || fieldMdp) return refused('has-mdp');
	return signatures ? refused('has-signature') : { refusals: [], warnings: warnings.map((w) => w.reason) };
}

type Participant = z.output<typeof newParticipant>;

/** One who takes part, ready for its row: the number in E.164 (null: none, where none is needed), who they are declared to be, `advanced` only where it counts. */
type Ready = Omit<Participant, 'number' | 'step' | 'advanced' | 'level' | 'manner' | 'consumer' | keyof typeof capacityWish> & { readonly consumer: boolean; readonly says: ReturnType<typeof capacityOf>; readonly number: string | null; readonly step: number; readonly advanced: boolean; readonly declared: Declared | null; readonly level: 0 | 1 | 2; readonly inPerson: boolean };

function presence(manner: (typeof manners)[number], level: 1 | 2 | undefined, advanced: boolean): { readonly inPerson: boolean; readonly level: 0 | 1 | 2 } {
	if (manner === 'remote') return { inPerson: false, level: level ?? 1 };
	if (level === 2) throw new DomainError('invalid', 'level-2-in-person');
	if (manner === 'digitised' && advanced) throw new DomainError('invalid', 'own-name-digitised');
	return { inPerson: true, level: manner === 'digitised' ? 0 : 1 };
}

/** `invalid`: the number's own reasons, `same-number` when a signer of level 2 shares theirs (other contacts may be shared: its sender is warned), `identity-undeclared` for a signer without the names that are needed, `group-unlike` when the people of a group differ in what they do or at which level, `level-2-in-person` and `own-name-digitised` for what cannot be had in that manner, `consumer-capacity` for a consumer who signs for an organisation, and what `capacityOf` says. */
export function requirePeople(ctx: Pick<Context, 'settings'>, people: readonly Participant[]): Ready[] {
	const signers = people.map(({ manner, ...s }, i) => ({
		...s,
		...presence(s.role === 'signer' ? manner : 'remote', s.level, isAdvanced(s)),
		step: people.slice(0, i + 1).findLast((p, at) => !p.instead || at === 0)?.step ?? people.slice(0, i + 1).findLastIndex((p, at) => !p.instead || at === 0) + 1,
		advanced: s.role === 'signer' && isAdvanced(s),
		declared: s.role === 'signer' ? declaredOf(s) : null,
		says: capacityOf(s.role === 'signer' ? s : {}),
		consumer: s.role === 'signer' && s.consumer === true,
		number: !s.number && (s.role !== 'signer' || (s.level !== 2 && !isAdvanced(s))) ? null : normaliseNumber(s.number, ctx.settings.countries) // without one, a signer of level 1 says it themselves
	}));
	if (signers.some((s) => s.consumer && (s.says.organisation !== null || s.says.capacity_asked))) throw new DomainError('invalid', 'consumer-capacity');
	for (const s of signers) if (s.declared && signers.some((o) => o !== s && o.number === s.number)) throw new DomainError('invalid', 'same-number');
	for (const [i, s] of signers.entries()) {
		const before = signers[i - 1];
		if (s.instead && (!before || s.role === 'copy' || s.role !== before.role || (s.declared === null) !== (before.declared === null))) throw new DomainError('invalid', 'group-unlike');
	}
	return signers;
}

/** The head of each one's group, by its index; null for who is in none. */
const headsOf = (signers: readonly Ready[]): (number | null)[] =>
	signers.map((s, i) => (s.instead || signers[i + 1]?.instead ? signers.slice(0, i + 1).findLastIndex((o) => !o.instead) : null));

/**
 * Prepares an envelope, not yet sent, under an id that may be said before; answers it. Needs `send`.
 * `invalid` with `pdf-…` when something speaks against signing this file, `consumer-contract` for a consumer who is told nothing of the contract, `consumer-nobody` the other way round, and what `requirePeople` and `requireProcedure` say.
 */
export async function prepareEnvelope(ctx: Context, asked: NewEnvelope, id: string = crypto.randomUUID()): Promise<string> {
	const input = newEnvelope.parse(asked);
	const from = await source(ctx, input.document);
	await safes.require(ctx, from.safe, 'send');
	const signers = requirePeople(ctx, input.signers);
	if (signers.some((s) => s.advanced)) await ctx.tx(requireProcedure);
	const consumers = signers.filter((s) => s.consumer).length;
	if ((consumers > 0) !== (input.contract !== null)) throw new DomainError('invalid', consumers ? 'consumer-contract' : 'consumer-nobody');
	const { refusals } = await inspect(ctx, input.document);
	const [refusal] = refusals;
	if (refusal) throw new DomainError('invalid', `pdf-${refusal.reason}`, { detail: refusal.detail });
	const original = await bytesOf(ctx, from.version);
	const heads = headsOf(signers);
	const ids = signers.map(() => crypto.randomUUID());
	const fields = signers.map((s) => (s.role === 'signer' && !s.instead ? `f${hex(ctx.primitives.random(12))}` : null));
	const names = fields.filter((name) => name !== null);
	let prepared: Uint8Array;
	try {
		const places = footOfLastPage(original, names.length);
		prepared = addSignatureFields(original, names.map((name, i) => ({ name, ...places[i]! })), ctx.primitives.random(16));
	} catch (error) {
		if (error instanceof CryptoError) throw new DomainError('invalid', 'pdf-damaged', { detail: error.message }, { cause: error });
		throw error;
	}
	const reference = formatReference(ctx.primitives.random(5));
	const { document, title, note, days, remindDays, delegable, contract } = input;
	await addVersion(ctx, { document, client: from.client, safe: from.safe, parent: from.version, bytes: prepared }, async (tx, version) => {
		const [base] = await tx<[{ sha256: Uint8Array }]>`select sha256 from version where id = ${version}`;
		await tx`
			insert into envelope (id, client, safe, document, reference, title, note, base_version, base_digest, current_version, created_by, remind_days, delegable, expires_at)
			values (${id}, ${from.client}, ${from.safe}, ${document}, ${reference}, ${title}, ${note}, ${version}, ${base.sha256}, ${version}, ${ctx.actor.person}, ${remindDays}, ${delegable}, app.now() + ${days} * interval '1 day')`;
		for (const [i, s] of signers.entries()) {
			await tx`
				insert into signer (id, group_of, client, envelope, position, step, role, name, email, number, locale, field, level, advanced, surname, given_names, birth_date, organisation, capacity, capacity_asked, mandate_asked, in_person, consumer)
				values (${ids[i]!}, ${heads[i] === null ? null : ids[heads[i]!]!}, ${from.client}, ${id}, ${i + 1}, ${s.step}, ${s.role}, ${s.name}, ${s.email}, ${s.number}, ${s.locale}, ${fields[i]!}, ${s.role === 'signer' ? s.level : 1}, ${s.advanced}, ${s.declared?.surname ?? null}, ${s.declared?.givenNames ?? null}, ${s.declared?.birthDate ?? null}, ${s.says.organisation}, ${s.says.capacity}, ${s.says.capacity_asked}, ${s.says.mandate_asked}, ${s.inPerson}, ${s.consumer})`;
		}
		if (contract) await keepContract(tx, from.client, id, contract);
		await append(tx, { op: 'envelope.prepare', safe: from.safe, obj: id, values: { reference, base: hex(base.sha256), signers: String(signers.length), ...(contract ? { consumers: String(consumers), contract: contract.subject } : {}) } });
	});
	return id;
}
