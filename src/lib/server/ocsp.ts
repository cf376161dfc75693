// Answers to OCSP requests, out of those the worker signed ahead of time (RFC 5019): this process holds no key to make one.

import { CryptoError } from '#crypto/errors.ts';
import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import { namesIssuer, ocspError, readOcspRequest, type CertId, type OcspError } from '#crypto/x509/ocsp-request.ts';
import type { Context } from './context.ts';

export interface OcspAnswered {
	readonly der: Uint8Array;
	/** Of an answer about a certificate; null: an error, which is not to be kept. */
	readonly held: { readonly producedAt: Date; readonly nextUpdate: Date } | null;
}

const failed = (status: OcspError): OcspAnswered => ({ der: ocspError(status), held: null });

function asked(der: Uint8Array): CertId[] | null {
	try {
		return readOcspRequest(der);
	} catch (error) {
		if (error instanceof CryptoError) return null;
		throw error;
	}
}

/** The answer to a DER OCSPRequest: about one certificate of ours, else `unauthorized` (RFC 5019 §2.2.3); one past its time is not given out: `tryLater`. */
export async function answerOcsp(ctx: Context, request: Uint8Array): Promise<OcspAnswered> {
	const ids = asked(request);
	if (!ids?.length) return failed('malformedRequest');
	const [id, ...more] = ids as [CertId, ...CertId[]];
	const issuers = await ctx.tx((tx) => tx<{ value: Uint8Array }[]>`select value from published where name ~ '^(root|ca(-[0-9]+)?)$'`);
	if (!issuers.length) return failed('tryLater'); // no worker has started yet
	const ours = issuers.some(({ value }) => namesIssuer(ctx.primitives, id, readCertificate(value)));
	if (more.length || !ours) return failed('unauthorized');
	const [row] = await ctx.tx(
		(tx) => tx<{ der: Uint8Array; producedAt: Date; nextUpdate: Date; stale: boolean }[]>`
			select der, produced_at as "producedAt", next_update as "nextUpdate", next_update <= app.now() as stale from ocsp_answer where serial = ${serialNumberHex(id)} and hash = ${id.hash}`
	);
	if (!row) return failed('unauthorized');
	return row.stale ? failed('tryLater') : { der: row.der, held: row };
}
