// Our own PDFs sealed by the instance: B-T with its validation data, so that it stays checkable offline.

import { embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss, type ValidationData } from '#crypto/pades/extend.ts';
import { addSignatureFields, footOfLastPage } from '#crypto/pades/fields.ts';
import { prepare, type Prepared } from '#crypto/pades/prepare.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import { sign } from '#crypto/pades/sign.ts';
import { hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import type { WorkerContext } from '../context.ts';
import type { Health } from '../health.ts';
import type { CertifiedSigner } from '../keys/signing-keys.ts';
import { authorMark } from './author.ts';
import { ownAnswers } from './revocation.ts';
import { obtainToken } from './timestamp.ts';

/** A token's size before any is known: with its authority's chain. */
export const usualToken = 6144;

type Sealing = Pick<WorkerContext, 'primitives' | 'signing' | 'tsa' | 'tx'>;

/** B-B by one of our certified keys. */
export const signBy = (ctx: Pick<WorkerContext, 'primitives'>, prepared: Prepared, by: CertifiedSigner): Promise<Prepared> =>
	sign(ctx.primitives, prepared, { signer: by.signer, certificate: readCertificate(by.certificate), chain: by.chain });

/** B-B to B-T. `health` as for obtainToken; throws what that throws. */
export async function stamp(ctx: Sealing, signed: Prepared, health?: readonly Health[]): Promise<Uint8Array> {
	const { token } = await obtainToken(ctx, digest(ctx.primitives, 'SHA-256', signatureValue(embeddedCms(signed))), 'SHA-256', health);
	return embedTimestamp(signed, token);
}

/** B-T to B-LT, with what we say of our own certificates, and `more`: of those issued to signers, of an outside authority's. A document to be kept goes on to B-LTA: archive.ts. */
export async function withValidationData(ctx: Sealing, pdf: Uint8Array, now: number, more: ValidationData = {}): Promise<Uint8Array> {
	const { certificates = [], ocsp = [], crls = [] } = more;
	return addDss(pdf, { certificates: [ctx.signing.ca.certificate, ...certificates], ocsp: [...(await ownAnswers(ctx, now)), ...ocsp], crls }, ctx.primitives.random(16));
}

/** Seals a PDF authored here. `now` in milliseconds since 1970. */
export async function sealSheet(ctx: Sealing & Pick<WorkerContext, 'settings'>, authored: Uint8Array, now: number): Promise<Uint8Array> {
	const field = `s${hex(ctx.primitives.random(8))}`;
	const [place] = footOfLastPage(authored, 1);
	const pdf = addSignatureFields(authored, [{ name: field, ...place! }], ctx.primitives.random(16));
	const [left, bottom, right, top] = place!.rect;
	const appearance = await authorMark({ width: right - left, height: top - bottom, name: ctx.settings.operator, lines: ['Cachet de l’instance / instance seal', new Date(now).toISOString()], drawing: null }, ctx.settings.fonts);
	const by = ctx.signing.instanceSeal;
	const stamped = await withRoom(roomFor([by.certificate, ...by.chain], usualToken), async (contentsSize) => {
		const prepared = prepare(pdf, { field, signingTime: now, contentsSize, id: ctx.primitives.random(16), appearance, name: ctx.settings.operator });
		return stamp(ctx, await signBy(ctx, prepared, by));
	});
	return withValidationData(ctx, stamped, now);
}
