// What a signer sees and does before signing: read exactly the current bytes, say how far they got, consent, ask for a code, decline.

import { z } from 'zod';
import { wayOf, type Way, type WayOfSigning } from '#lib/i18n/way.ts';
import { utf8 } from '#crypto/bytes.ts';
import { canonical } from '#crypto/tlog/entry.ts';
import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Operation } from '../audit/operations.ts';
import type { Tx } from '../db/pool.ts';
import { readContent } from '../documents/content.ts';
import { locate, logOpening, type Opened } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import { requireSigning } from '../health.ts';
import type { RemoteService } from '../signing-service/signing-service.ts';
import { requireAccepted } from '../identity-check/accepted.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { agreedValues, requireAgreed, textsFor, type TextShown } from './agreed.ts';
import { capacityTask, inFrench, requireCapacity, type CapacityTask } from './capacity.ts';
import { consents, consentText } from './consent.ts';
import { maskNumber, normaliseNumber } from './contact.ts';
import { decisionFor, decisionOf, type DecisionFields } from './decision.ts';
import type { SignerContext } from './door.ts';
import { fieldsOf, type PlacedField } from './fields.ts';
import { countCode, countSms, maximumTries } from './code-limits.ts';
import { requireFilled } from './filled.ts';
import { leavesOthers } from './group.ts';
import { requireConfirmed } from './sharing.ts';
import { recapTask, requireRecap, type RecapTask } from './recap.ts';
import { closeDoors, type Role, type SignerState } from './send.ts';
import type { Standing } from './standing.ts';
import { holdEnvelope, type EnvelopeState } from './turnstile.ts';
import { signerValues, type SignerValues } from './values.ts';

export interface Task {
	readonly state: SignerState;
	readonly role: Role;
	readonly level: 0 | 1 | 2;
	/** How their signature was made; before that, is to be. */
	readonly by: WayOfSigning;
	readonly envelope: EnvelopeState;
	readonly sender: string;
	readonly title: string;
	readonly note: string;
	readonly reference: string;
	readonly expiresAt: Date;
	readonly name: string;
	/** All but the last two digits hidden; empty: not known yet. */
	readonly number: string;
	/** The signer says it themselves (SIGN-2). */
	readonly numberAsked: boolean;
	/** Their attestation is made. */
	readonly attested: boolean;
	/** On the sender's device, handed over to them. */
	readonly inPerson: boolean;
	/** They may hand over to somebody else. */
	readonly delegable: boolean;
	readonly locale: 'fr' | 'en';
	/** Others of their group, of which one suffices; empty: none. */
	readonly group: readonly string[];
	/** Among so many places; a group is one. */
	readonly position: number;
	readonly total: number;
	/** The version to read, its size and SHA-256 in hexadecimal. */
	readonly version: string;
	readonly size: number;
	readonly sha256: string;
	/** Of the picture of its page one, in points; null where there is none. */
	readonly firstPage: { readonly width: number; readonly height: number } | null;
	readonly consent: { readonly version: string; readonly text: string };
	/** What is accepted or shown besides, each by itself (SIGN-16); empty for one who does not sign. */
	readonly texts: readonly TextShown[];
	/** For whom they sign, as the sender said or asks. */
	readonly capacity: CapacityTask;
	/** The fields of the decision asked of them, on acceptance minutes. */
	readonly decision: DecisionFields | null;
	/** What a consumer confirms first (SIGN-18). */
	readonly recap: RecapTask | null;
	/** What this signer fills in and where they sign, in order. */
	readonly fields: readonly PlacedField[];
	readonly intent: Standing['intent'];
	readonly trouble: Standing['trouble'];
}

/** Everything the signing page shows. */
export async function task(ctx: SignerContext): Promise<Task> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<(Omit<Task, 'by' | 'consent' | 'texts' | 'decision' | 'capacity' | 'recap' | 'size' | 'fields'> & { size: string; advanced: boolean; used: RemoteService | null })[]>`
			select s.state, s.role, s.level, s.advanced, e.state as envelope, c.name as sender, e.title, e.note, e.reference, e.expires_at as "expiresAt", s.name, coalesce(s.number, '') as number, s.role = 'signer' and s.level <> 0 and (s.number is null or s.number_source = 'signer') as "numberAsked", s.in_person as "inPerson", e.delegable and s.level = 1 and not s.advanced and not s.in_person and not s.consumer as delegable, s.attestation is not null as attested, s.locale,
				array(select x.name from signer x where x.group_of = s.group_of and x.id <> s.id and x.state <> 'declined' order by x.position) as "group",
				(select count(distinct coalesce(x.group_of, x.id))::int from signer x where x.envelope = e.id and x.role <> 'copy' and x.position <= s.position) as position,
				(select count(distinct coalesce(x.group_of, x.id))::int from signer x where x.envelope = e.id and x.role <> 'copy') as total, v.id as version, v.size, encode(v.sha256, 'hex') as sha256,
				(select jsonb_build_object('name', r.service, 'listed', r.listed) from remote_certificate r join signing_intent i on i.id = r.intent where i.signer = s.id and r.kept_at is not null) as used, (select jsonb_build_object('width', p.width, 'height', p.height) from first_page p where p.version = v.id) as "firstPage",
				(select i.state from signing_intent i where i.signer = s.id order by i.place desc limit 1) as intent, (select i.trouble from signing_intent i where i.signer = s.id and i.state <> 'released' order by i.place desc limit 1) as trouble
			from signer s join envelope e on e.id = s.envelope join client c on c.id = e.client join version v on v.id = coalesce(s.signed_version, e.current_version) where s.id = ${ctx.signer}`;
		if (!row) throw new DomainError('not-found', 'envelope');
		const { advanced, used, ...shown } = row;
		const by = wayOf({ level: row.level, advanced }, row.state === 'signed' ? used : ctx.settings.remote);
		return {
			...shown,
			by,
			size: Number(row.size),
			number: maskNumber(row.number),
			fields: await fieldsOf(tx, ctx.envelope, ctx.signer),
			decision: await decisionFor(tx, ctx.signer),
			consent: { version: consents[by.way], text: consentText(consents[by.way], row.locale, row.sender) },
			texts: await textsFor(ctx, tx),
			capacity: await capacityTask(tx, ctx.signer),
			recap: await recapTask(ctx.primitives, tx, ctx.signer)
		};
	});
}

/** The version of these bytes: the base, or what a signer's revision made of it. `conflict` / `document-moved` when it is none of them. */
export async function shownVersion(tx: Tx, envelope: string, sha256: string): Promise<string> {
	const [row] = await tx<{ id: string }[]>`
		select v.id from envelope e join version v on v.document = e.document where e.id = ${envelope} and v.sha256 = ${Buffer.from(sha256, 'hex')}
		and (v.id = e.base_version or exists (select from signer s where s.envelope = e.id and s.signed_version = v.id)) order by v.number limit 1`;
	if (!row) throw new DomainError('conflict', 'document-moved');
	return row.id;
}

/** Of bytes: the first, and the one after the last. */
interface Range {
	readonly start: number;
	readonly end: number;
}

/**
 * The bytes to read: the current version's, after signing the signed one's; or those of an earlier hash, which another signer's revision may have overtaken. Logged before the first one.
 * @param sha256 of the bytes that were announced, hexadecimal
 * @param rangeOf which part of them is wanted, to go on where a connection broke; null: all
 */
export async function open(ctx: SignerContext, sha256: string | null = null, rangeOf: (at: Pick<Opened, 'size' | 'sha256'>) => Range | null = () => null): Promise<Opened & { readonly range: Range | null }> {
	const { at, range } = await ctx.tx(async (tx) => {
		const [row] = await tx<{ version: string }[]>`select coalesce(s.signed_version, e.current_version) as version from signer s join envelope e on e.id = s.envelope where s.id = ${ctx.signer} and s.state <> 'spared' and e.state in ('waiting', 'completed')`;
		if (!row) throw new DomainError('gone', 'envelope-closed');
		const found = await locate(tx, sha256 === null ? row.version : await shownVersion(tx, ctx.envelope, sha256));
		const range = rangeOf(found);
		await append(tx, { op: 'signer.read', safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer });
		await logOpening(tx, found, null, ctx.signer);
		return { at: found, range };
	});
	return { name: at.name, mediaType: at.mediaType, size: at.size, sha256: at.sha256, range, bytes: readContent(ctx, at, range ?? undefined) };
}

interface Turn {
	readonly number: string | null;
	readonly client: string;
	readonly role: Role;
	readonly level: 0 | 1 | 2;
	readonly advanced: boolean;
}

/** The signer's turn, the row locked; DomainError `conflict` with `not-your-turn`, `already-signed`, `group-done` or `group-signing` when another of the group has done it or is about to, or `gone` / `envelope-closed`. */
export async function turn(tx: Tx, ctx: SignerContext): Promise<Turn> {
	const [row] = await tx<(Turn & { state: SignerState; envelope: EnvelopeState; expired: boolean; taken: boolean })[]>`
		select s.number, s.state, s.role, s.level, s.advanced, e.state as envelope, e.client, e.expires_at <= app.now() as expired, app.group_taken(s.id) as taken from signer s join envelope e on e.id = s.envelope where s.id = ${ctx.signer} for no key update of s`;
	if (!row || row.envelope !== 'waiting' || row.expired) throw new DomainError('gone', 'envelope-closed');
	if (row.state === 'signed' || row.state === 'signing' || row.state === 'approved') throw new DomainError('conflict', 'already-signed');
	if (row.state === 'spared') throw new DomainError('conflict', 'group-done');
	if (row.state !== 'opened') throw new DomainError('conflict', 'not-your-turn');
	if (row.taken) throw new DomainError('conflict', 'group-signing');
	return row;
}

/** What a signer tries, in one transaction; a refusal is an event, committed before it leaves. */
export const tried = <T>(ctx: SignerContext, op: Operation, act: (tx: Tx) => Promise<T>): Promise<T> =>
	guarded(ctx, { op, safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer }, () => ctx.tx(act), ctx.signer);

/** So many times may a signer say at which number the code reaches them, in a day. */
const mostNumbers = 3;

/**
 * The number that the sender left to the signer (SIGN-2): recorded as theirs, good for codes from now on; a code under way ends. Level 1 only.
 * `forbidden` / `number-given` when the sender gave it; `invalid`: the number's own reasons, `same-contact` when another of the envelope or its sender has it, unless they say that it is `shared`; `too-many` / `numbers`.
 */
export async function giveNumber(ctx: SignerContext, typed: string, shared = false): Promise<void> {
	await tried(ctx, 'signer.number', async (tx) => {
		const { role, level, client } = await turn(tx, ctx);
		const [{ source, number: was }] = await tx<[{ source: 'client' | 'signer'; number: string | null }]>`select number_source as source, number from signer where id = ${ctx.signer}`;
		if (role !== 'signer' || level !== 1 || (was !== null && source === 'client')) throw new DomainError('forbidden', 'number-given');
		const number = normaliseNumber(typed, ctx.settings.countries);
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`number:${ctx.signer}`}, interval '1 day') as n`;
		if (n > mostNumbers) throw new DomainError('too-many', 'numbers', { retryAfter: 86_400 });
		await tx`update signer set number = ${number}, number_source = 'signer' where id = ${ctx.signer}`;
		await requireConfirmed(ctx, tx, { envelope: ctx.envelope, safe: ctx.safe, client, noted: 'number', signer: ctx.signer, whose: ctx.signer, values: [number], confirmed: shared });
		await tx`update challenge set ended_at = app.now() where signer = ${ctx.signer} and ended_at is null`;
		await append(tx, { op: 'signer.number', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values: { number, ...(was ? { 'was-number': was } : {}) } });
	});
}

export const signing = z.object({
	consent: z.enum(Object.values(consents)),
	/** How many pages the signer's browser says were reached. */
	pagesReached: z.coerce.number().int().min(0).max(20_000),
	/** SHA-256 of the bytes the browser read, hexadecimal: must be a version of the envelope's. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/),
	values: signerValues
});
export type Signing = z.infer<typeof signing>;

/** That what is about to be signed was consented to, read, agreed to and filled in; answers the version that was read. `invalid` / `field-consent`, and what `shownVersion`, `requireAgreed`, `requireCapacity`, `requireRecap`, `requireFilled` and `decisionOf` say. */
export async function requireConsented(tx: Tx, ctx: SignerContext, way: Way, input: Signing): Promise<string> {
	if (input.consent !== consents[way]) throw new DomainError('invalid', 'field-consent');
	const shown = await shownVersion(tx, ctx.envelope, input.sha256);
	requireAgreed(await textsFor(ctx, tx), input.values.texts ?? {});
	requireCapacity(await capacityTask(tx, ctx.signer), input.values.capacity);
	requireRecap(await recapTask(ctx.primitives, tx, ctx.signer), input.values.recap);
	requireFilled(await fieldsOf(tx, ctx.envelope, ctx.signer), input.values.fields ?? {});
	const decision = await decisionFor(tx, ctx.signer);
	if (decision) decisionOf(decision, input.values.fields ?? {});
	return shown;
}

/**
 * Records the consent and asks the worker for a code over exactly these values and the version that was read; answers the challenge.
 * Asked again with the same values within ten minutes it is the same code, sent again after thirty seconds and not before; other values make another one.
 * `conflict` / `document-moved` when the bytes read are none of the envelope's, `forbidden` / `identity-needed` at level 2 before the identity is accepted, `invalid` / `number-needed` while nobody has said at which number; `too-many`: `codes`, `codes-paused` while far more codes go out than are typed, `sms-cap`; `unavailable`: `authority-down`, `clock-off`, `signing-service-down` while no signature could be made; `forbidden` / `no-code` at level 0; and what `requireConsented` says.
 * @param source where they ask from, as sourceOf tells it (identity/attempts.ts)
 */
export async function requestCode(ctx: SignerContext, input: Signing, source: string): Promise<string> {
	const values = utf8(canonicalValues(input.values));
	return tried(ctx, 'signer.challenge', async (tx) => {
		const { number, client, role, level, advanced } = await turn(tx, ctx);
		const { way } = wayOf({ level, advanced }, ctx.settings.remote);
		if (role !== 'signer') throw new DomainError('forbidden', 'not-signer');
		if (level === 0) throw new DomainError('forbidden', 'no-code');
		if (!number) throw new DomainError('invalid', 'number-needed');
		await requireAccepted(tx, ctx.signer);
		await requireSigning(tx, { remote: way === 'remote' || way === 'listed' });
		const shown = await requireConsented(tx, ctx, way, input);
		const [{ paused }] = await tx<[{ paused: boolean }]>`select app.codes_paused() as paused`;
		if (paused) throw new DomainError('too-many', 'codes-paused', { retryAfter: 3600 });
		await countCode(tx, { signer: ctx.signer, number, client, source });
		await tx`update signer set consented_at = app.now(), consent_version = ${input.consent}, pages_reached = greatest(pages_reached, ${input.pagesReached}) where id = ${ctx.signer}`;
		const [same] = await tx<{ id: string }[]>`select id from challenge where signer = ${ctx.signer} and ended_at is null and expires_at > app.now() and tries < ${maximumTries} and "values" = ${values} and shown_version = ${shown}`;
		const challenge = same?.id ?? crypto.randomUUID();
		const { count: soon } = await tx`select from message where subject = ${challenge} and (state = 'waiting' or created_at > app.now() - interval '30 seconds')`;
		if (soon) return challenge; // on its way: whoever asks again, after a lost answer, is told the same
		if (!same) {
			await tx`update challenge set ended_at = app.now() where signer = ${ctx.signer} and ended_at is null`;
			await tx`insert into challenge (id, client, signer, number, nonce, document_hash, shown_version, "values", hand_over) values (${challenge}, ${client}, ${ctx.signer}, ${number}, ${ctx.primitives.random(16)}, ${Buffer.from(input.sha256, 'hex')}, ${shown}, ${values}, ${ctx.handOver})`;
			await append(tx, { op: 'signer.consent', safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer, values: { version: input.consent, 'pages-reached': String(input.pagesReached), ...agreedValues(input.values.texts ?? {}), ...(input.values.capacity ? { capacity: inFrench(input.values.capacity) } : {}), ...(input.values.recap ? { recap: input.values.recap } : {}) } });
		}
		await countSms(tx, ctx.settings.smsPerDay);
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'code', 'sms', ${challenge})`;
		await append(tx, { op: 'signer.challenge', safe: ctx.safe, obj: challenge, actor: ctx.signer });
		await enqueue(tx, 'messages.send', { message });
		return challenge;
	});
}

/** V as its bytes: RFC 8785; a drawing's points joined, since entries have no arrays. */
export function canonicalValues({ name, drawing, fields = {}, texts = {}, capacity, recap }: SignerValues): string {
	const filled = Object.entries({ fields, texts, capacity: capacity ?? {} }).filter(([, of]) => Object.keys(of).length);
	return canonical({ name, drawing: drawing === null ? null : drawing.map((stroke) => stroke.map((p) => p.join(',')).join(' ')).join(';'), ...Object.fromEntries(filled), ...(recap === undefined ? {} : { recap }) });
}

/** Reads V back from its bytes. */
export function readValues(bytes: Uint8Array): SignerValues {
	const { drawing, ...rest } = JSON.parse(new TextDecoder().decode(bytes)) as { drawing: string | null };
	return signerValues.parse({ ...rest, drawing: drawing === null ? null : drawing.split(';').map((stroke) => stroke.split(' ').map((p) => p.split(',').map(Number))) });
}

/** A typed code on its way to the worker; answers the attempt, whose outcome is read by `outcome`. `gone` / `code-expired`, `too-many` / `code-exhausted`. */
export async function attempt(ctx: SignerContext, code: string): Promise<string> {
	return tried(ctx, 'signer.attempt', async (tx) => {
		if (!/^[0-9]{6}$/.test(code)) throw new DomainError('invalid', 'code-shape');
		const { client } = await turn(tx, ctx);
		await requireAccepted(tx, ctx.signer);
		const [challenge] = await tx<{ id: string; tries: number; live: boolean }[]>`select id, tries, ended_at is null and expires_at > app.now() as live from challenge where signer = ${ctx.signer} and action = 'sign' order by created_at desc limit 1`;
		if (!challenge?.live) throw new DomainError('gone', 'code-expired');
		if (challenge.tries >= maximumTries) throw new DomainError('too-many', 'code-exhausted');
		const id = crypto.randomUUID();
		await tx`insert into attempt (id, client, challenge, code) values (${id}, ${client}, ${challenge.id}, ${code})`;
		await enqueue(tx, 'envelopes.attempt', { attempt: id });
		return id;
	});
}

/** Declines, with a reason if the signer likes: unless others of their group can still do it, the envelope is closed, the sender and everyone else who was invited are told. `conflict` / `being-signed` while another's signature is being made. */
export async function decline(ctx: SignerContext, reason: string): Promise<void> {
	const words = reason.trim().slice(0, 1000);
	await tried(ctx, 'signer.decline', async (tx) => {
		const held = await holdEnvelope(tx, ctx.envelope);
		const { client } = await turn(tx, ctx);
		if (held?.signing) throw new DomainError('conflict', 'being-signed');
		await tx`update signer set state = 'declined', decline_reason = ${words} where id = ${ctx.signer}`;
		if (!(await leavesOthers(tx, ctx.signer))) {
			await tx`update envelope set state = 'declined', closed_at = app.now() where id = ${ctx.envelope}`;
			await closeDoors(tx, client, ctx.envelope);
		}
		await append(tx, { op: 'signer.decline', safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer, values: words ? { reason: words } : {} });
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${client}, 'declined', 'mail', ${ctx.signer})`;
		await enqueue(tx, 'messages.send', { message });
	});
}
