// The worker signs: one revision at a time per document, each step stored before the next, a result released only after our own validation passed it.

import { equal, hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { signatureFields, signatureWidget } from '#crypto/pades/fields.ts';
import { prepare } from '#crypto/pades/prepare.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import { validate } from '#crypto/pades/validate.ts';
import { openDocument, type PdfDocument } from '#crypto/pdf/document.ts';
import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import * as certificates from '../certificates.ts';
import { withActor, type WorkerContext } from '../context.ts';
import * as credits from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import { readWhole, type Reserved } from '../documents/content.ts';
import { addVersion } from '../documents/deposit.ts';
import { authorMark } from '../evidence/author.ts';
import { signBy, stamp } from '../evidence/seal.ts';
import { trustOf } from '../evidence/trust.ts';
import { atHand, type AtHand } from './at-hand.ts';
import { claim, holding, SelfCheckFailed, type Claim } from './claim.ts';
import { fillsOf } from './filled.ts';
import { spareOthers } from './group.ts';
import { discard, keepSigned, keptSigned, roomIn, type Kept, type Made } from './kept.ts';
import { readValues } from './sign-here.ts';
import { saying } from './saying.ts';
import { next, NotShown, setBack } from './setback.ts';
import { signatory } from './signatory.ts';
import { advance } from './steps.ts';

/** The document is the frozen base, and what the signer read, plus only our own revisions: one for each signature. */
function requireOurs(ctx: WorkerContext, c: Claim, bytes: Uint8Array, document: PdfDocument): void {
	if (!equal(digest(ctx.primitives, 'SHA-256', bytes.subarray(0, c.baseSize)), c.base)) throw new SelfCheckFailed('the base revision is not the frozen one');
	if (!equal(digest(ctx.primitives, 'SHA-256', bytes.subarray(0, c.shownSize)), c.shown)) throw new NotShown('what was read is not part of the document');
	const signed = signatureFields(document).filter((f) => f.signed).length;
	const added = document.revisions.filter((r) => r.start >= c.baseSize).length;
	if (signed !== added) throw new SelfCheckFailed(`${added} revisions after the base, ${signed} signatures`);
}

/** As seen, in points. A field without a place gets a mark all the same: it is not shown. */
function markSize(document: PdfDocument, name: string): { width: number; height: number } {
	const field = signatureFields(document).find((f) => f.name === name);
	const { width, height } = (field && signatureWidget(document, field)) ?? { width: 200, height: 50 };
	return { width, height };
}

/** B-B, prepared with room for such a token and signed: by the service seal, or with a certificate in the signer's name. The mark says which. */
async function makeSigned(ctx: WorkerContext, c: Claim, { parent: at, safeKey, fields }: AtHand, token: number): Promise<Made> {
	const parent = await readWhole(ctx, at, safeKey);
	const document = openDocument(parent);
	requireOurs(ctx, c, parent, document);
	const values = readValues(c.values);
	const own = await signatory(ctx, c);
	const by = own ?? ctx.signing.serviceSeal;
	const { lines, reason } = saying(c, ctx.settings.operator, own, values.capacity);
	const appearance = await authorMark({ ...markSize(document, c.field), name: values.name, lines, drawing: values.drawing as never }, ctx.settings.fonts);
	const prepared = prepare(parent, {
		fills: await fillsOf(ctx, fields, document, values.fields ?? {}),
		field: c.field,
		signingTime: c.now.getTime(),
		name: own?.name ?? ctx.settings.operator,
		reason: reason(values.name),
		contentsSize: roomFor([by.certificate, ...by.chain], token),
		appearance,
		id: ctx.primitives.random(16)
	});
	return { signed: await signBy(ctx, prepared, by), keep: own?.keep ?? null, anchor: own?.remote ? own.anchor : null };
}

/** Integrity intact, chain built, nothing open but what time brings: revocation data come at completion, and what is revoked is not released (requireUnrevoked). */
async function checkOwn(ctx: WorkerContext, c: Claim, { pdf, anchors }: Stamped): Promise<void> {
	const report = await validate(ctx.primitives, pdf, { trust: trustOf(ctx, anchors), at: c.now.getTime() + 120_000 });
	const open = [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((k) => (k.outcome === 'failed' || k.outcome === 'indeterminate') && k.sub !== 'TRY_LATER');
	const own = report.signatures.find((s) => s.field === c.field);
	if (open.length || own?.level !== 'B-T' || own.coverage !== 'whole-file') throw new SelfCheckFailed(open.map((k) => `${k.name}: ${k.detail ?? ''}`).join('; ') || `level ${own?.level}, coverage ${own?.coverage}`);
}

interface Stamped {
	readonly pdf: Uint8Array;
	/** Of the remote certificates in it. */
	readonly anchors: readonly Uint8Array[];
	/** What the version is to be stored as; null: nothing is reserved, its B-B is an earlier try's. */
	readonly object: Reserved | null;
}

/** B-T, of the B-B that is stored if one is. A token that does not fit is never cut: the signature it was for is given up, and another made with more room. */
async function stampedOf(own: WorkerContext, c: Claim, at: AtHand): Promise<Stamped> {
	let kept = c.state === 'signed' ? await keptSigned(own, c, at) : null;
	return withRoom(Math.max(at.token, kept ? roomIn(kept) : 0), async (token) => {
		let [signed, anchors] = [kept, at.anchors];
		let fresh: Kept | null = null;
		kept = null;
		if (!signed) {
			const made = await makeSigned(own, c, at, token);
			fresh = await keepSigned(own, c, made, at.safeKey);
			signed = made.signed;
			if (made.anchor) anchors = [...anchors, made.anchor];
		}
		try {
			return { pdf: await stamp(own, signed, fresh?.health), anchors, object: fresh?.object ?? null };
		} catch (error) {
			if (error instanceof CryptoError && error.reason === 'contents-size') await discard(own, c, error.message);
			throw error;
		}
	});
}

/** The job. Every step can be repeated; a crash goes on where the last stored step was. A TSA that fails leaves "signed, timestamp pending", an event, and comes back. */
export async function sign(ctx: WorkerContext, payload: { readonly intent: string }): Promise<void> {
	const claimed = await claim(ctx, payload.intent, (tx, c) => atHand(ctx, tx, c).catch((failure: unknown) => ({ failure })));
	if (!claimed) return;
	const { claim: c, with: at } = claimed;
	const own = withActor(ctx, { ...ctx.actor, client: c.client });
	const letGo = holding(own, c);
	try {
		if ('failure' in at) throw at.failure;
		const stamped = await stampedOf(own, c, at);
		await checkOwn(own, c, stamped);
		await release(own, c, at, stamped);
	} catch (error) {
		await setBack(own, c, error);
		throw error;
	} finally {
		letGo();
	}
}

/** What signed is not revoked, and is not before this transaction ends: then its time-stamp is of before. */
async function requireUnrevoked(own: WorkerContext, tx: Tx, intent: string): Promise<void> {
	const revoked = await certificates.revokedOf(tx, certificates.serialsInUse(own.signing), intent);
	if (revoked.length) throw new SelfCheckFailed(`revoked meanwhile: ${revoked.join(', ')}`);
}

/** The version, the signer's state, the next signature, the next step or the completion: one transaction, with the claim's epoch. */
async function release(own: WorkerContext, c: Claim, { parent, safeKey }: AtHand, { pdf, object }: Stamped): Promise<void> {
	await addVersion(own, { document: c.document, client: c.client, safe: c.safe, parent: parent.owner, bytes: pdf, actor: c.signer, safeKey, object }, async (tx, version, made, asking) => {
		const onward = async () => {
			if (c.grouped) await spareOthers(tx, c); // whom the next step then does not wait for
			await advance(tx, c.client, c.envelope);
		};
		// Sent in this order; what comes of all of it stands or falls with the two that must have found their rows.
		const [intent, moved] = await together([
			tx`update signing_intent set state = 'released', released_at = app.now(), lease_until = null, sealed = null, wrapped_key = null where id = ${c.id} and epoch = ${c.epoch} and state = 'signed'`.execute(),
			tx`update envelope set current_version = ${version} where id = ${c.envelope} and current_version = ${parent.owner} and state = 'waiting'`.execute(),
			tx`update signer set state = 'signed', signed_version = ${version}, signed_at = app.now() where id = ${c.signer}`.execute(),
			requireUnrevoked(own, tx, c.id),
			credits.consume(tx, c.head),
			append(tx, { op: 'signer.seal', safe: c.safe, obj: c.id, actor: c.signer, values: { shown: hex(c.shown), signed: hex(parent.sha256), version: hex(made) } }, asking),
			next(tx, c.envelope),
			onward(),
			tx`select pg_notify('signer', ${c.signer})`
		]);
		if (!intent.count) throw new SelfCheckFailed('another worker took the signature over');
		if (!moved.count) throw new SelfCheckFailed('the envelope was closed meanwhile');
	});
}
