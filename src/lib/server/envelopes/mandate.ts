// A mandate (SIGN-13): who signs for an organisation shows what empowers them. Kept in the envelope's safe as it came, byte for byte.

import { hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { append } from '../audit/append.ts';
import { addDocument } from '../documents/deposit.ts';
import { mediaType } from '../documents/media-type.ts';
import { DomainError } from '../errors.ts';
import type { SignerContext } from './door.ts';
import { tried, turn } from './sign-here.ts';

/** Bytes of a mandate. */
export const maximumMandate = 10 * 1024 * 1024;
const extensions: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };
const perDay = 5;

/**
 * Keeps it; a former one stays in the safe and is no longer the one shown. A code under way is of other values and ends.
 * `forbidden` / `mandate-unasked`; `too-large` / `mandate-too-large`; `invalid` / `mandate-type` for anything but PDF, JPEG and PNG by its bytes; `too-many` / `mandates`.
 */
export async function giveMandate(ctx: SignerContext, bytes: Uint8Array): Promise<void> {
	const { client, reference } = await tried(ctx, 'signer.mandate', async (tx) => {
		const { client, role } = await turn(tx, ctx);
		const [row] = await tx<[{ asked: boolean; reference: string }]>`select s.mandate_asked as asked, e.reference from signer s join envelope e on e.id = s.envelope where s.id = ${ctx.signer}`;
		if (role !== 'signer' || !row.asked) throw new DomainError('forbidden', 'mandate-unasked');
		if (bytes.length > maximumMandate) throw new DomainError('too-large', 'mandate-too-large', { maximum: maximumMandate });
		if (!extensions[mediaType(bytes.subarray(0, 512))]) throw new DomainError('invalid', 'mandate-type');
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`mandate:${ctx.signer}`}, interval '1 day') as n`;
		if (n > perDay) throw new DomainError('too-many', 'mandates', { retryAfter: 86_400 });
		return { client, reference: row.reference };
	});
	const name = `${reference} – mandat.${extensions[mediaType(bytes.subarray(0, 512))]!}`;
	await addDocument(ctx, { client, safe: ctx.safe, name, kind: 'document', bytes, actor: ctx.signer }, async (tx, document) => {
		await turn(tx, ctx); // may have signed, or been corrected, since
		await tx`update signer set mandate = ${document} where id = ${ctx.signer}`;
		await tx`update challenge set ended_at = app.now() where signer = ${ctx.signer} and ended_at is null`;
		await append(tx, { op: 'signer.mandate', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values: { document, sha256: hex(digest(ctx.primitives, 'SHA-256', bytes)) } });
	});
}
