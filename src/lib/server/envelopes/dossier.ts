// What an evidence file holds (SIGN-8), as data: who, what, when, how; and the events of the log that it can be computed from, each with its proof.

import { wayOf, type WayOfSigning } from '#lib/i18n/way.ts';
import { base64, hex } from '#crypto/bytes.ts';
import { readBody } from '#crypto/tlog/entry.ts';
import { proofsOf } from '../audit/proof.ts';
import { within, type WorkerContext } from '../context.ts';
import { together } from '../db/together.ts';
import { NotCovered } from '../evidence/receipt.ts';
import { maskNumber } from './contact.ts';
import { consentText } from './consent.ts';
import { madeBy } from './dossier-way.ts';
import { signedCapacity, type SignedCapacity } from './dossier-capacity.ts';
import { signedDecision } from './dossier-decision.ts';
import type { Decision } from './decision.ts';
import { handOversOf, type HandOver } from './dossier-in-person.ts';
import { consumerTold, contractTold, type DossierConsumer, type DossierContract } from './dossier-consumer.ts';
import { legalFrame, type LegalFrame } from './dossier-legal.ts';
import { askedOfSender, sharedContacts, type AskedOfSender, type SharedContact } from './dossier-people.ts';
import { agreedTexts, type AgreedText } from './dossier-texts.ts';
import { partsOf } from './parts.ts';
import { readValues } from './sign-here.ts';

export interface DossierSigner {
	/** As the log names this person: random, used nowhere else. */
	readonly id: string;
	readonly position: number;
	/** Those of one step were asked together. */
	readonly step: number;
	readonly role: 'signer' | 'approver' | 'copy';
	/** The head of their group, of which one sufficed; null: a place of their own. */
	readonly groupOf: string | null;
	readonly level: 0 | 1 | 2;
	/** Level 1 in the signer's own name, put forward as advanced by the sender (SIGN-2). */
	readonly advanced: boolean;
	/** By whose key the signature was made, or was to be, with the serial number of the certificate in the signer's name; null: none was made. */
	readonly by: WayOfSigning & { readonly certificate: string | null };
	/** The check of an identity document that was accepted, and the certificate issued to it, by its serial number; null at level 1, or before. */
	readonly identity: { readonly surname: string; readonly givenNames: string; readonly document: string; readonly acceptedAt: string; readonly certificate: string | null } | null;
	/** On the sender's device; level 0: without a code, a digitised signature. */
	readonly inPerson: boolean;
	readonly handOvers: readonly HandOver[];
	/** As the client declared it. */
	readonly name: string;
	readonly email: string;
	/** All but its last digits hidden. */
	readonly number: string;
	readonly numberSource: 'client' | 'signer';
	readonly locale: 'fr' | 'en';
	readonly state: string;
	readonly opened: readonly { readonly at: string; readonly address: string; readonly agent: string }[];
	readonly consent: { readonly version: string; readonly text: string; readonly at: string } | null;
	/** The legal texts accepted or shown, each by itself (SIGN-16). */
	readonly texts: readonly AgreedText[];
	/** For whom they signed; null: for themselves, or nothing was signed (SIGN-13). */
	readonly capacity: SignedCapacity;
	/** Of acceptance minutes. */
	readonly decision: Decision | null;
	/** What a consumer confirmed before the code; null: not a consumer (SIGN-18). */
	readonly consumer: DossierConsumer;
	/** As the signer's browser reported. */
	readonly pagesReached: number;
	readonly codes: readonly { readonly at: string; readonly tries: number }[];
	readonly signedAt: string | null;
	/** SHA-256 of the version read, of the one the signature was added to, which may hold other signers' revisions too, and of the one it made. */
	readonly signed: { readonly name: string; readonly drawn: boolean; readonly shown: string; readonly onto: string; readonly sha256: string } | null;
	/** SHA-256 of the version read by an approver. */
	readonly approved: { readonly at: string; readonly shown: string } | null;
	readonly declineReason: string | null;
	/** Who was asked first and handed over, oldest first. */
	readonly delegations: readonly { readonly from: string; readonly fromEmail: string; readonly to: string; readonly toEmail: string; readonly reason: string; readonly at: string }[];
	/** The paper they asked for, their questions, and what was answered. */
	readonly asked: readonly AskedOfSender[];
	readonly messages: readonly { readonly kind: string; readonly channel: 'mail' | 'sms'; readonly state: string; readonly sentAt: string | null; readonly reference: string | null; /** As the provider says, and when we learnt it; null: it has not said. */ readonly delivery: 'delivered' | 'undelivered' | null; readonly deliveredAt: string | null }[];
}

export interface DossierVersion {
	readonly sha256: string;
	readonly size: number;
	readonly timestamp: { readonly time: string; readonly authority: string; readonly quality: string; /** DER in base64. */ readonly token: string };
}

export interface Dossier {
	readonly kind: 'probant/evidence/v1';
	readonly instance: { readonly origin: string; readonly operator: string; /** SHA-256 of the root certificate. */ readonly root: string };
	readonly envelope: { readonly reference: string; readonly title: string; readonly sender: string; readonly state: string; readonly createdAt: string; readonly sentAt: string; readonly closedAt: string };
	readonly document: {
		readonly name: string;
		readonly frozen: DossierVersion;
		readonly last: DossierVersion;
		/** What it was put together from, in the order of precedence; empty when it was not. SHA-256 of what was deposited. */
		readonly parts: readonly { readonly name: string; readonly sha256: string; readonly firstPage: number; readonly pages: number }[];
	};
	/** How signers were to be identified, and what the sender confirmed (SIGN-17). */
	readonly legal: LegalFrame;
	/** Addresses and numbers that two of its people, or its sender too, have. */
	readonly sharing: readonly SharedContact[];
	/** What consumers were told; null: nobody signs as one (SIGN-18). */
	readonly contract: DossierContract;
	readonly signers: readonly DossierSigner[];
	/** Everything in base64 but names and values. */
	readonly log: { readonly verifier: string; readonly checkpoint: string; readonly entries: readonly { readonly index: number; readonly entry: string; readonly inclusion: readonly string[]; readonly openings: Readonly<Record<string, { readonly key: string; readonly value: string }>> }[] };
}

interface Envelope {
	readonly client: string;
	readonly safe: string;
	readonly document: string;
	readonly name: string;
	readonly reference: string;
	readonly title: string;
	readonly sender: string;
	readonly state: string;
	readonly createdAt: Date;
	readonly sentAt: Date;
	readonly closedAt: Date;
	readonly base: string;
	readonly current: string;
}

const iso = (at: Date) => at.toISOString();

/** A closed envelope, or null; `without`: one that has no evidence file yet. */
export async function closedEnvelope(ctx: WorkerContext, envelope: string, without: 'evidence' | null = 'evidence'): Promise<Envelope | null> {
	const [row] = await ctx.tx(
		(tx) => tx<Envelope[]>`
			select e.client, e.safe, e.document, d.name, e.reference, e.title, c.name as sender, e.state, e.created_at as "createdAt", e.sent_at as "sentAt", e.closed_at as "closedAt", e.base_version as base, e.current_version as current
			from envelope e join document d on d.id = e.document join client c on c.id = e.client where e.id = ${envelope} and e.closed_at is not null and e.sent_at is not null and (e.evidence is null or ${without === null})`
	);
	return row ?? null;
}

async function versionOf(ctx: WorkerContext, id: string): Promise<DossierVersion> {
	const [row] = await ctx.tx((tx) => tx<{ sha256: Uint8Array; size: string; time: Date; authority: string; quality: { kind: string }; token: Uint8Array }[]>`select v.sha256, v.size, t.gen_time as time, t.authority, t.quality, t.token from version v join timestamp_token t on t.version = v.id where v.id = ${id}`);
	if (!row) throw new NotCovered(`the timestamp of ${id} is not there yet`);
	return { sha256: hex(row.sha256), size: Number(row.size), timestamp: { time: iso(row.time), authority: row.authority, quality: row.quality.kind, token: base64(row.token) } };
}

interface LoggedEvent {
	readonly id: string;
	readonly at: Date;
	readonly op: string;
	readonly obj: string;
	readonly actor: string;
	readonly openings: Readonly<Record<string, string>>;
}

/** The events about the envelope, its signers and whatever was asked of them, oldest first. */
async function eventsOf(ctx: WorkerContext, envelope: string, e: Envelope): Promise<LoggedEvent[]> {
	return ctx.tx(async (tx) => {
		const rows = await tx<{ id: string; body: Uint8Array; openings: Record<string, string> }[]>`
			with about as (
				select ${envelope}::uuid as id
				union select s.id from signer s where s.envelope = ${envelope}
				union select c.id from challenge c join signer s on s.id = c.signer where s.envelope = ${envelope}
				union select k.id from identity_check k join signer s on s.id = k.signer where s.envelope = ${envelope}
				union select i.id from signing_intent i where i.envelope = ${envelope}
				union select w.id from withdrawal w join signer s on s.id = w.signer where s.envelope = ${envelope}
				union select v.id from version v where v.document = ${e.document} and v.created_at >= ${e.createdAt}
				union select m.id from message m where m.subject in (select l.id from link l join signer s on s.id = l.signer where s.envelope = ${envelope}
					union select c.id from challenge c join signer s on s.id = c.signer where s.envelope = ${envelope} union select s.id from signer s where s.envelope = ${envelope} union select r.id from signer_request r where r.envelope = ${envelope})
			)
			select ev.id, ev.body, coalesce((select jsonb_object_agg(o.name, o.value) from event_opening o where o.event = ev.id), '{}') as openings
			from event ev where ev.client = ${e.client} and ev.at >= ${e.createdAt} and convert_from(ev.body, 'UTF8')::jsonb->>'obj' in (select id::text from about) order by ev.id`;
		return rows.map(({ id, body, openings }) => {
			const { t, op, obj, actor } = readBody(body);
			return { id, at: new Date(t), op, obj, actor, openings };
		});
	});
}

interface SignerRow extends Omit<DossierSigner, 'by' | 'identity' | 'handOvers' | 'opened' | 'consent' | 'texts' | 'capacity' | 'decision' | 'consumer' | 'codes' | 'signedAt' | 'signed' | 'approved' | 'delegations' | 'asked' | 'messages'> {
	readonly consentedAt: Date | null;
	readonly consentVersion: string | null;
	readonly signedAt: Date | null;
	readonly values: Uint8Array | null;
	readonly sha256: Uint8Array | null;
	readonly shown: Uint8Array | null;
	readonly onto: Uint8Array | null;
	readonly approvedAt: Date | null;
	readonly approvedDigest: Uint8Array | null;
}

async function identityFor(ctx: WorkerContext, signer: string, certificate: string | null): Promise<DossierSigner['identity']> {
	const [row] = await ctx.tx(
		(tx) => tx<{ surname: string; givenNames: string; document: string; at: Date }[]>`
			select k.surname, k.given_names as "givenNames", k.document, k.decided_at as at from identity_check k where k.signer = ${signer} and k.state = 'accepted' order by k.decided_at desc limit 1`
	);
	if (!row) return null;
	const { at, ...identity } = row;
	return { ...identity, certificate, acceptedAt: iso(at) };
}

async function signersOf(ctx: WorkerContext, envelope: string, e: Envelope, events: readonly LoggedEvent[]): Promise<DossierSigner[]> {
	const rows = await ctx.tx(
		(tx) => tx<SignerRow[]>`
			select s.id, s.position, s.step, s.role, s.group_of as "groupOf", s.level, s.advanced, s.in_person as "inPerson", s.name, s.email, coalesce(s.number, '') as number, s.number_source as "numberSource", s.locale, s.state, s.pages_reached as "pagesReached", s.decline_reason as "declineReason", s.consented_at as "consentedAt",
				s.consent_version as "consentVersion", s.signed_at as "signedAt", i."values", v.sha256, h.document_hash as shown, p.sha256 as onto, s.approved_at as "approvedAt", s.approved_digest as "approvedDigest"
			from signer s left join signing_intent i on i.signer = s.id and i.state = 'released' left join version v on v.id = s.signed_version left join version p on p.id = v.parent left join challenge h on h.id = i.challenge where s.envelope = ${envelope} order by s.position`
	);
	return together(
		rows.map(async ({ consentedAt, consentVersion, signedAt, values, sha256, shown, onto, approvedAt, approvedDigest, ...signer }): Promise<DossierSigner> => {
			const [codes, delegations, messages, made, handOvers, texts, capacity, decision, consumer, asked] = await together([
				ctx.tx((tx) => tx<{ at: Date; tries: number }[]>`select created_at as at, tries from challenge where signer = ${signer.id} and action = 'sign' order by created_at`),
				ctx.tx((tx) => tx<{ from: string; fromEmail: string; to: string; toEmail: string; reason: string; at: Date }[]>`select from_name as from, from_email as "fromEmail", to_name as to, to_email as "toEmail", reason, at from delegation where signer = ${signer.id} order by at`),
				ctx.tx(
					(tx) => tx<{ kind: string; channel: 'mail' | 'sms'; state: string; sentAt: Date | null; reference: string | null; delivery: 'delivered' | 'undelivered' | null; deliveredAt: Date | null }[]>`
					select m.kind, m.channel, m.state, m.sent_at as "sentAt", m.provider_reference as reference, m.delivery, m.delivered_at as "deliveredAt" from message m
					where m.subject = ${signer.id} or m.subject in (select id from link where signer = ${signer.id} union select id from challenge where signer = ${signer.id}) order by m.created_at, m.id`
				),
				madeBy(ctx, signer.id),
				handOversOf(ctx, signer.id, events),
				agreedTexts(ctx, signer.id, signer.locale),
				signedCapacity(ctx, signer.id),
				signedDecision(ctx, signer.id),
				consumerTold(ctx, signer.id),
				askedOfSender(ctx, signer.id)
			]);
			const by = made ?? { ...wayOf(signer, ctx.settings.remote), certificate: null };
			return {
				...signer,
				by,
				identity: await identityFor(ctx, signer.id, by.certificate),
				handOvers,
				number: maskNumber(signer.number),
				opened: events.filter((ev) => ev.op === 'signer.open' && ev.obj === signer.id && ev.openings.address).map((ev) => ({ at: iso(ev.at), address: ev.openings.address!, agent: ev.openings.agent ?? '' })),
				consent: consentedAt && consentVersion ? { version: consentVersion, text: consentText(consentVersion, signer.locale, e.sender), at: iso(consentedAt) } : null,
				texts,
				capacity,
				decision,
				consumer,
				codes: codes.map(({ at, tries }) => ({ at: iso(at), tries })),
				signedAt: signedAt && iso(signedAt),
				signed: values && sha256 && shown && onto ? { name: readValues(values).name, drawn: readValues(values).drawing !== null, shown: hex(shown), onto: hex(onto), sha256: hex(sha256) } : null,
				approved: approvedAt && approvedDigest ? { at: iso(approvedAt), shown: hex(approvedDigest) } : null,
				asked,
				delegations: delegations.map(({ at, ...d }) => ({ ...d, at: iso(at) })),
				messages: messages.map(({ sentAt, deliveredAt, ...m }) => ({ ...m, sentAt: sentAt && iso(sentAt), deliveredAt: deliveredAt && iso(deliveredAt) }))
			};
		})
	);
}

/** All of it, under one checkpoint and in one transaction. Throws NotCovered while an event has no checkpoint or a version no timestamp. */
export const collect = (ctx: WorkerContext, envelope: string, e: Envelope, root: Uint8Array): Promise<Dossier> => ctx.tx((tx) => collectWithin(within(ctx, tx), envelope, e, root));

async function collectWithin(ctx: WorkerContext, envelope: string, e: Envelope, root: Uint8Array): Promise<Dossier> {
	const [frozen, last, events] = await together([versionOf(ctx, e.base), versionOf(ctx, e.current), eventsOf(ctx, envelope, e)]);
	const proofs = await proofsOf(ctx, events.map(({ id }) => id));
	const entries = proofs.map((proof, i) => {
		if (!proof) throw new NotCovered(`no checkpoint covers the event ${events[i]!.op} yet`);
		const openings = Object.entries(proof.openings).map(([name, { key, value }]) => [name, { key: base64(key), value }]);
		return { index: proof.index, entry: base64(proof.entry), inclusion: proof.inclusion.map(base64), openings: Object.fromEntries(openings) as Dossier['log']['entries'][number]['openings'] };
	});
	const [first] = proofs;
	if (!first) throw new NotCovered('no event');
	const [parts, legal, sharing, contract, signers] = await together([partsOf(ctx, e.document), legalFrame(ctx, envelope), sharedContacts(ctx, envelope), contractTold(ctx, envelope), signersOf(ctx, envelope, e, events)]);
	const { reference, title, sender, state } = e;
	return {
		kind: 'probant/evidence/v1',
		instance: { origin: ctx.settings.origin, operator: ctx.settings.operator, root: hex(root) },
		envelope: { reference, title, sender, state, createdAt: iso(e.createdAt), sentAt: iso(e.sentAt), closedAt: iso(e.closedAt) },
		document: { name: e.name, frozen, last, parts: parts.map(({ name, sha256, firstPage, pages }) => ({ name, sha256, firstPage, pages })) },
		legal,
		sharing,
		contract,
		signers,
		log: { verifier: first.verifier, checkpoint: first.checkpoint, entries }
	};
}
