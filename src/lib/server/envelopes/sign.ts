// The worker signs: one revision at a time per document, each step stored before the next, a result released only after our own validation passed it.

import { equal, hex } from '#crypto/bytes.ts';
import { signatureFields, signatureWidget } from '#crypto/pades/fields.ts';
import { prepare, type Prepared } from '#crypto/pades/prepare.ts';
import { roomFor } from '#crypto/pades/room.ts';
import { validate } from '#crypto/pades/validate.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import * as credits from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { consume, readContent, storeContent, type Located } from '../documents/content.ts';
import { addVersion } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { authorMark } from '../evidence/author.ts';
import { ownAnswers } from '../evidence/revocation.ts';
import { signBy, stamp, usualToken } from '../evidence/seal.ts';
import { failureOf } from '../evidence/timestamp.ts';
import { maskNumber } from './contact.ts';
import { fillsOf } from './filled.ts';
import { answers, keep, signatory } from './one-time.ts';
import { readValues } from './sign-here.ts';
import { advance } from './steps.ts';
import { holdEnvelope } from './turnstile.ts';

interface Claim {
	readonly id: string;
	readonly client: string;
	readonly envelope: string;
	readonly signer: string;
	readonly challenge: string;
	readonly values: Uint8Array;
	readonly state: 'ready' | 'signed';
	readonly epoch: number;
	readonly parent: string | null;
	readonly object: { key: string; version: string; wrapped: string; size: number } | null;
	readonly safe: string;
	readonly document: string;
	readonly reference: string;
	readonly base: Uint8Array;
	readonly baseSize: number;
	/** What the signer had before their eyes. */
	readonly shown: Uint8Array;
	readonly shownSize: number;
	readonly current: string;
	readonly field: string;
	readonly name: string;
	readonly number: string;
	readonly position: number;
	readonly level: 1 | 2;
	readonly sender: string;
	readonly now: Date;
}

/** Our own validation refused what we made: nothing is released, somebody must look. */
export class SelfCheckFailed extends Error {
	override name = 'SelfCheckFailed';
}

/** The document is not what the signer read plus other signers' signatures: they are asked to read it again. */
export class NotShown extends Error {
	override name = 'NotShown';
}

/** Another worker is at it, or was killed at it less than a lease ago: the job comes back. */
export class SignatureHeld extends Error {
	override name = 'SignatureHeld';
}

/** How long a claim lives without a sign of its holder: about as long as a dead worker keeps its jobs (jobs/runner.ts); longer each time it is taken over, lest two workers that stall do so for ever. */
const lease = (tx: Tx) => tx`app.now() + least(greatest(5 * epoch, 5), 30) * interval '1 second'`;

/** Takes the intent; null when it is done, or one before it is not: the release of that one enqueues it. Throws SignatureHeld while another holds it. */
async function claim(ctx: WorkerContext, intent: string): Promise<Claim | null> {
	const [known] = await ctx.tx((tx) => tx<{ client: string }[]>`select client from signing_intent where id = ${intent}`);
	if (!known) return null;
	const [row] = await withActor(ctx, { ...ctx.actor, client: known.client }).tx(
		(tx) => tx<Claim[]>`
			with mine as (
				update signing_intent set epoch = epoch + 1, lease_until = ${lease(tx)}
				where id = ${intent} and state in ('ready', 'signed') and (lease_until is null or lease_until < app.now())
				and not exists (select from signing_intent b where b.envelope = signing_intent.envelope and b.state in ('ready', 'signed') and b.place < signing_intent.place) returning *
			)
			select m.id, m.client, m.envelope, m.signer, m.challenge, m."values", m.state, m.epoch, m.parent_version as parent,
				case when m.object is null then null else jsonb_build_object('key', m.object, 'version', m.store_version, 'wrapped', encode(m.wrapped_key, 'hex'), 'size', m.size) end as object,
				e.safe, e.document, e.reference, e.base_digest as base, b.size::int as "baseSize", h.document_hash as shown, x.size::int as "shownSize", e.current_version as current, s.field, s.name, s.number, s.position, s.level, c.name as sender, app.now() as now
			from mine m join envelope e on e.id = m.envelope join version b on b.id = e.base_version join challenge h on h.id = m.challenge join version x on x.id = h.shown_version join signer s on s.id = m.signer join client c on c.id = m.client`
	);
	if (row) return row;
	const { count } = await ctx.tx((tx) => tx`select from signing_intent i where id = ${intent} and state in ('ready', 'signed') and not exists (select from signing_intent b where b.envelope = i.envelope and b.state in ('ready', 'signed') and b.place < i.place)`);
	if (count) throw new SignatureHeld(intent);
	return null;
}

/** Renews the claim until told to stop. One that cannot be renewed lapses; the epoch then keeps its holder from storing or releasing anything. */
function holding(own: WorkerContext, { id, epoch }: Claim): () => void {
	const renew = () => own.tx((tx) => tx`update signing_intent set lease_until = ${lease(tx)} where id = ${id} and epoch = ${epoch} and lease_until is not null`);
	const beat = setInterval(() => void renew().catch(() => {}), 1000);
	return () => clearInterval(beat);
}

/** The document is the frozen base, and what the signer read, plus only our own revisions: one for each signature. */
function requireOurs(ctx: WorkerContext, c: Claim, bytes: Uint8Array): void {
	if (!equal(digest(ctx.primitives, 'SHA-256', bytes.subarray(0, c.baseSize)), c.base)) throw new SelfCheckFailed('the base revision is not the frozen one');
	if (!equal(digest(ctx.primitives, 'SHA-256', bytes.subarray(0, c.shownSize)), c.shown)) throw new NotShown('what was read is not part of the document');
	const document = openDocument(bytes);
	const signed = signatureFields(document).filter((f) => f.signed).length;
	const added = document.revisions.filter((r) => r.start >= c.baseSize).length;
	if (signed !== added) throw new SelfCheckFailed(`${added} revisions after the base, ${signed} signatures`);
}

/** As seen, in points. A field without a place gets a mark all the same: it is not shown. */
function markSize(bytes: Uint8Array, name: string): { width: number; height: number } {
	const document = openDocument(bytes);
	const field = signatureFields(document).find((f) => f.name === name);
	const { width, height } = (field && signatureWidget(document, field)) ?? { width: 200, height: 50 };
	return { width, height };
}

/** Bytes of the largest token the document's versions got: the next one is of the same authority, as a rule. */
async function tokenSize(ctx: WorkerContext, document: string): Promise<number> {
	const [row] = await ctx.tx((tx) => tx<[{ size: number | null }]>`select max(octet_length(t.token)) as size from timestamp_token t join version v on v.id = t.version where v.document = ${document}`);
	return Math.max(row.size ?? 0, usualToken);
}

interface Made {
	readonly signed: Prepared;
	/** Of the certificate in the signer's own name; null: the service seal's. */
	readonly serial: string | null;
}

/** What the mark and the signature say of how the person was known: never more than was done (SIGN-2, SIGN-3). */
function saying(c: Claim, operator: string, accepted: string | null): { readonly lines: readonly [string, string]; readonly reason: (typed: string) => string } {
	const sms = `code SMS ${maskNumber(c.number).slice(-4)}`;
	const at = `le ${c.now.toISOString().slice(0, 19).replace('T', ' ')} UTC · ${c.reference}`;
	return accepted === null
		? {
				lines: [`Accepté par ${c.name}, identité déclarée par ${c.sender}, ${sms}`, `Scellé par ${operator} ${at}`],
				reason: (typed) => `Accepté par ${typed} (identité déclarée, code SMS) – ${c.reference}`
			}
		: {
				lines: [`Signé par ${accepted}, copie de pièce d’identité contrôlée, ${sms}`, `Processus de niveau 2, autorité non listée (${operator}) ${at}`],
				reason: (typed) => `Signé par ${typed} (copie de pièce d’identité contrôlée, code SMS ; processus de niveau 2, autorité non listée) – ${c.reference}`
			};
}

/** B-B, prepared and signed: at level 1 by the service seal, at level 2 with a certificate in the signer's name. The mark says which. */
async function makeSigned(ctx: WorkerContext, c: Claim, parent: Uint8Array): Promise<Made> {
	requireOurs(ctx, c, parent);
	const values = readValues(c.values);
	const own = c.level === 2 ? await signatory(ctx, { intent: c.id, signer: c.signer, client: c.client }) : null;
	const by = own ?? ctx.signing.serviceSeal;
	const { lines, reason } = saying(c, ctx.settings.operator, own?.name ?? null);
	const appearance = await authorMark({ ...markSize(parent, c.field), name: values.name, lines, drawing: values.drawing as never }, ctx.settings.fonts);
	const prepared = prepare(parent, {
		fills: await fillsOf(ctx, c, parent, values.fields ?? {}),
		field: c.field,
		signingTime: c.now.getTime(),
		name: own?.name ?? ctx.settings.operator,
		reason: reason(values.name),
		contentsSize: roomFor([by.certificate, ...by.chain], await tokenSize(ctx, c.document)),
		appearance,
		id: ctx.primitives.random(16)
	});
	return { signed: await signBy(ctx, prepared, by), serial: own?.serial ?? null };
}

/** Keeps the B-B: from here on the person has signed, and only the timestamp is waited for. */
async function keepSigned(own: WorkerContext, c: Claim, { signed, serial }: Made): Promise<void> {
	const framed = new Uint8Array(8 + signed.bytes.length);
	new DataView(framed.buffer).setUint32(0, signed.contents.start);
	new DataView(framed.buffer).setUint32(4, signed.contents.end);
	framed.set(signed.bytes, 8);
	const plain = (async function* () {
		yield framed;
	})();
	const stored = await storeContent(own, { kind: 'evidence', client: c.client, safe: c.safe, owner: c.id, plain });
	await own.tx(async (tx) => {
		const { count } = await tx`
			update signing_intent set state = 'signed', parent_version = ${c.current}, signing_time = ${c.now}, object = ${stored.objectKey}, store_version = ${stored.storeVersion}, wrapped_key = ${stored.wrappedKey}, size = ${stored.size}
			where id = ${c.id} and epoch = ${c.epoch} and state = 'ready'`;
		if (!count) throw new SelfCheckFailed('another worker took the signature over');
		if (serial) await keep(tx, serial);
		await consume(tx, stored.intent);
		await tx`select pg_notify('signer', ${c.signer})`;
	});
}

async function keptSigned(own: WorkerContext, c: Claim): Promise<Prepared> {
	const { key, version, wrapped, size } = c.object!;
	const at: Located = { client: c.client, safe: c.safe, owner: c.id, objectKey: key, storeVersion: version, wrappedKey: Buffer.from(wrapped, 'hex'), size };
	const framed = Buffer.concat(await Array.fromAsync(readContent(own, at)));
	return { bytes: new Uint8Array(framed.subarray(8)), contents: { start: framed.readUInt32BE(0), end: framed.readUInt32BE(4) } };
}

/** Integrity intact, chain built, nothing open but what time brings (revocation data). */
async function checkOwn(ctx: WorkerContext, c: Claim, pdf: Uint8Array): Promise<void> {
	const report = await validate(ctx.primitives, pdf, {
		trust: { anchors: [ctx.signing.root.certificate], timestampAnchors: ctx.tsa.anchors },
		at: c.now.getTime() + 120_000,
		revocation: [...(await ownAnswers(ctx, c.now.getTime())), ...(await answers(ctx, c.envelope, c.now.getTime()))]
	});
	const open = [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((k) => (k.outcome === 'failed' || k.outcome === 'indeterminate') && k.sub !== 'TRY_LATER');
	const own = report.signatures.find((s) => s.field === c.field);
	if (open.length || own?.level !== 'B-T' || own.coverage !== 'whole-file') throw new SelfCheckFailed(open.map((k) => `${k.name}: ${k.detail ?? ''}`).join('; ') || `level ${own?.level}, coverage ${own?.coverage}`);
}

/** The job. Every step can be repeated; a crash goes on where the last stored step was. A TSA that fails leaves "signed, timestamp pending", an event, and comes back. */
export async function sign(ctx: WorkerContext, payload: { readonly intent: string }): Promise<void> {
	const c = await claim(ctx, payload.intent);
	if (!c) return;
	const own = withActor(ctx, { ...ctx.actor, client: c.client });
	const letGo = holding(own, c);
	try {
		let signed: Prepared;
		if (c.state === 'signed') signed = await keptSigned(own, c);
		else {
			const made = await makeSigned(own, c, await bytesOf(own, c.current));
			await keepSigned(own, c, made);
			signed = made.signed;
		}
		const stamped = await stamp(own, signed);
		await checkOwn(own, c, stamped);
		await release(own, c, stamped);
	} catch (error) {
		await giveUp(own, c, error);
		throw error;
	} finally {
		letGo();
	}
}

/** What an error leaves: a timestamp that is waited for, a signature that somebody must look at, or a signer who has to read again. Whoever is next in the queue goes on. */
async function giveUp(own: WorkerContext, c: Claim, error: unknown): Promise<void> {
	await own.tx(async (tx) => {
		await holdEnvelope(tx, c.envelope);
		const [failed, moved] = [error instanceof SelfCheckFailed || error instanceof NotShown, error instanceof NotShown];
		const reason = (error as Error).message.slice(0, 500);
		const { count } = await tx`update signing_intent set lease_until = null, state = ${failed ? 'failed' : tx`state`}, failure = ${failed ? reason : null} where id = ${c.id} and epoch = ${c.epoch} and state in ('ready', 'signed')`;
		if (!count) return;
		if (failed || failureOf(error)) await append(tx, { op: 'signer.sign', safe: c.safe, obj: c.id, res: 'error', actor: c.signer, values: { reason } });
		if (moved) await tx`update signer set state = 'opened' where id = ${c.signer} and state = 'signing'`;
		if (failed) await next(tx, c.envelope);
	});
}

/** The first of those whose codes were accepted and whose signatures are not in the document yet. */
async function next(tx: Tx, envelope: string): Promise<void> {
	const [first] = await tx<{ id: string }[]>`select id from signing_intent where envelope = ${envelope} and state in ('ready', 'signed') order by place limit 1`;
	if (first) await enqueue(tx, 'envelopes.sign', { intent: first.id });
}

/** The version, the signer's state, the next signature, the next step or the completion: one transaction, with the claim's epoch. */
async function release(own: WorkerContext, c: Claim, pdf: Uint8Array): Promise<void> {
	const parent = c.parent ?? c.current;
	await addVersion(own, { document: c.document, client: c.client, safe: c.safe, parent, bytes: pdf, actor: c.signer }, async (tx, version) => {
		const { count } = await tx`update signing_intent set state = 'released', released_at = app.now(), lease_until = null where id = ${c.id} and epoch = ${c.epoch} and state = 'signed'`;
		if (!count) throw new SelfCheckFailed('another worker took the signature over');
		const moved = await tx`update envelope set current_version = ${version} where id = ${c.envelope} and current_version = ${parent} and state = 'waiting'`;
		if (!moved.count) throw new SelfCheckFailed('the envelope was closed meanwhile');
		await tx`update signer set state = 'signed', signed_version = ${version}, signed_at = app.now() where id = ${c.signer}`;
		await credits.consume(tx, c.signer);
		const [{ parent: signed, version: made }] = await tx<[{ parent: string; version: string }]>`select encode(p.sha256, 'hex') as parent, encode(v.sha256, 'hex') as version from version v join version p on p.id = v.parent where v.id = ${version}`;
		await append(tx, { op: 'signer.seal', safe: c.safe, obj: c.id, actor: c.signer, values: { shown: hex(c.shown), signed, version: made } });
		await next(tx, c.envelope);
		await advance(tx, c.client, c.envelope);
		await tx`select pg_notify('signer', ${c.signer})`;
	});
}
