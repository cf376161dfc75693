// The worker signs: one revision at a time per document, each step stored before the next, a result released only after our own validation passed it.

import { equal, hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { signatureFields, signatureWidget } from '#crypto/pades/fields.ts';
import { prepare } from '#crypto/pades/prepare.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import { validate } from '#crypto/pades/validate.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import * as certificates from '../certificates.ts';
import { requireRightClock } from '../clock.ts';
import { withActor, type WorkerContext } from '../context.ts';
import * as credits from '../credits.ts';
import type { Tx } from '../db/pool.ts';
import { addVersion } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { authorMark } from '../evidence/author.ts';
import { ownAnswers } from '../evidence/revocation.ts';
import { signBy, stamp, usualToken } from '../evidence/seal.ts';
import { inFrench, type Capacity } from './capacity.ts';
import { claim, holding, SelfCheckFailed, type Claim } from './claim.ts';
import { maskNumber } from './contact.ts';
import { fillsOf } from './filled.ts';
import { discard, keepSigned, keptSigned, roomIn, type Made } from './kept.ts';
import { answers, signatory } from './one-time.ts';
import { readValues } from './sign-here.ts';
import { next, NotShown, setBack } from './setback.ts';
import { advance } from './steps.ts';

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

/** The class of level 0, as marks and reasons say it (SIGN-14). */
export const digitisedClass = 'Signature manuscrite numérisée, sans code : classe inférieure au niveau 1';

/** What the mark and the signature say of how the person was known: never more than was done (SIGN-2, SIGN-3). */
function saying(c: Claim, operator: string, accepted: string | null, capacity: Capacity | undefined): { readonly lines: readonly string[]; readonly reason: (typed: string) => string } {
	const here = c.inPerson ? ', en personne sur l’appareil du demandeur' : '';
	const sms = `code SMS ${maskNumber(c.number ?? '').slice(-4)}${here}`;
	const at = `le ${c.now.toISOString().slice(0, 19).replace('T', ' ')} UTC · ${c.reference}`;
	const as = capacity ? [inFrench(capacity)] : [];
	const forWhom = capacity ? `, ${inFrench(capacity)}` : '';
	if (c.level === 0) {
		return {
			lines: [digitisedClass, ...as, `Tracée par ${c.name}, identité déclarée par ${c.sender}${here}`, `Scellé par ${operator} ${at}`],
			reason: (typed) => `${digitisedClass} : tracée par ${typed}${forWhom} (identité déclarée${here}) – ${c.reference}`
		};
	}
	return accepted === null
		? {
				lines: [...as, `Accepté par ${c.name}, identité déclarée par ${c.sender}, ${sms}`, `Scellé par ${operator} ${at}`],
				reason: (typed) => `Accepté par ${typed}${forWhom} (identité déclarée, code SMS${here}) – ${c.reference}`
			}
		: {
				lines: [...as, `Signé par ${accepted}, copie de pièce d’identité contrôlée, ${sms}`, `Processus de niveau 2, autorité non listée (${operator}) ${at}`],
				reason: (typed) => `Signé par ${typed}${forWhom} (copie de pièce d’identité contrôlée, code SMS ; processus de niveau 2, autorité non listée) – ${c.reference}`
			};
}

/** B-B, prepared with room for such a token and signed: at level 1 by the service seal, at level 2 with a certificate in the signer's name. The mark says which. */
async function makeSigned(ctx: WorkerContext, c: Claim, parent: Uint8Array, token: number): Promise<Made> {
	requireOurs(ctx, c, parent);
	const values = readValues(c.values);
	const own = c.level === 2 ? await signatory(ctx, { intent: c.id, signer: c.signer, client: c.client }) : null;
	const by = own ?? ctx.signing.serviceSeal;
	const { lines, reason } = saying(c, ctx.settings.operator, own?.name ?? null, values.capacity);
	const appearance = await authorMark({ ...markSize(parent, c.field), name: values.name, lines, drawing: values.drawing as never }, ctx.settings.fonts);
	const prepared = prepare(parent, {
		fills: await fillsOf(ctx, c, parent, values.fields ?? {}),
		field: c.field,
		signingTime: c.now.getTime(),
		name: own?.name ?? ctx.settings.operator,
		reason: reason(values.name),
		contentsSize: roomFor([by.certificate, ...by.chain], token),
		appearance,
		id: ctx.primitives.random(16)
	});
	return { signed: await signBy(ctx, prepared, by), serial: own?.serial ?? null };
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

/** B-T, of the B-B that is stored if one is. A token that does not fit is never cut: the signature it was for is given up, and another made with more room. */
async function stampedOf(own: WorkerContext, c: Claim): Promise<Uint8Array> {
	let kept = c.state === 'signed' ? await keptSigned(own, c) : null;
	return withRoom(Math.max(await tokenSize(own, c.document), kept ? roomIn(kept) : 0), async (token) => {
		let signed = kept;
		kept = null;
		if (!signed) {
			const made = await makeSigned(own, c, await bytesOf(own, c.current), token);
			await keepSigned(own, c, made);
			signed = made.signed;
		}
		try {
			return await stamp(own, signed);
		} catch (error) {
			if (error instanceof CryptoError && error.reason === 'contents-size') await discard(own, c, error.message);
			throw error;
		}
	});
}

/** The job. Every step can be repeated; a crash goes on where the last stored step was. A TSA that fails leaves "signed, timestamp pending", an event, and comes back. */
export async function sign(ctx: WorkerContext, payload: { readonly intent: string }): Promise<void> {
	await requireRightClock(ctx);
	const c = await claim(ctx, payload.intent);
	if (!c) return;
	const own = withActor(ctx, { ...ctx.actor, client: c.client });
	const letGo = holding(own, c);
	try {
		const stamped = await stampedOf(own, c);
		await checkOwn(own, c, stamped);
		await release(own, c, stamped);
	} catch (error) {
		await setBack(own, c, error);
		throw error;
	} finally {
		letGo();
	}
}

/** What signed is not revoked, and is not before this transaction ends: then its time-stamp is of before. */
async function requireUnrevoked(own: WorkerContext, tx: Tx, intent: string): Promise<void> {
	const kept = await tx<{ serial: string }[]>`select serial from one_time_certificate where intent = ${intent} and kept_at is not null`;
	const revoked = await certificates.revokedOf(tx, [...certificates.serialsInUse(own.signing), ...kept.map((k) => k.serial)]);
	if (revoked.length) throw new SelfCheckFailed(`revoked meanwhile: ${revoked.join(', ')}`);
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
		await requireUnrevoked(own, tx, c.id);
		await credits.consume(tx, c.signer);
		const [{ parent: signed, version: made }] = await tx<[{ parent: string; version: string }]>`select encode(p.sha256, 'hex') as parent, encode(v.sha256, 'hex') as version from version v join version p on p.id = v.parent where v.id = ${version}`;
		await append(tx, { op: 'signer.seal', safe: c.safe, obj: c.id, actor: c.signer, values: { shown: hex(c.shown), signed, version: made } });
		await next(tx, c.envelope);
		await advance(tx, c.client, c.envelope);
		await tx`select pg_notify('signer', ${c.signer})`;
	});
}
