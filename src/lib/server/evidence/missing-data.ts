// What a signed file lacks to be judged later on: revocation data of its signers and of its time-stamps' authorities (EN 319 142-1 §5.4), fetched while they can be had.

import { hex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { read } from '#crypto/asn1/der.ts';
import { oid } from '#crypto/asn1/oid.ts';
import { readCms, readDss, together } from '#crypto/pades/evidence.ts';
import type { ValidationData } from '#crypto/pades/extend.ts';
import { signatureFields } from '#crypto/pades/fields.ts';
import type { SignatureReport } from '#crypto/pades/report.ts';
import { validate } from '#crypto/pades/validate.ts';
import { readByteRange } from '#crypto/pdf/byte-range.ts';
import { openDocument, type PdfDocument } from '#crypto/pdf/document.ts';
import { dictOf } from '#crypto/pdf/objects.ts';
import { digest } from '#crypto/primitives.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { buildPath } from '#crypto/x509/path.ts';
import type { Anchors } from '#crypto/x509/embedded.ts';
import { RevocationUnavailable, revocationData, type Fetching } from './revocation-data.ts';

function certificatesIn(document: PdfDocument): Certificate[] {
	const cms = signatureFields(document).flatMap(({ dict, signed }) => {
		const signature = signed ? dictOf(document.resolve(dict.map.get('V'))) : null;
		const { contents } = signature ? readByteRange(document, signature) : { contents: null };
		return contents ? [readCms(read(contents, { ber: true, trailing: true }).raw, 0)] : [];
	});
	return together([readDss(document), ...cms]).certificates.flatMap(({ der }) => {
		try {
			return [readCertificate(der)];
		} catch (error) {
			if (error instanceof CryptoError) return []; // it leads nowhere; validation has said so
			throw error;
		}
	});
}

/** SHA-256 of the certificates of a signature whose revocation the file leaves open: the signer's, its time-stamp's authority's. */
function leftOpen({ checks, signer, timestamp, kind }: SignatureReport): string[] {
	const open = (name: 'revocation' | 'timestamp-revocation') => checks.some((c) => c.name === name && c.outcome !== 'passed');
	const own = kind === 'signature' && open('revocation') ? [signer?.sha256] : [];
	return [...own, ...(open('timestamp-revocation') ? [timestamp?.tsa?.sha256] : [])].filter((sha256) => sha256 !== undefined);
}

/** What is open that no revocation data would answer: an authority that has ended, an algorithm given up, no way to an anchor. */
function beyondData({ field, checks }: SignatureReport): string[] {
	const open = checks.filter((c) => (c.outcome === 'failed' || c.outcome === 'indeterminate') && c.name !== 'revocation' && c.name !== 'timestamp-revocation');
	return open.map((c) => `${field}: ${c.name}: ${c.detail ?? ''}`);
}

type Trust = Parameters<typeof validate>[2]['trust'];

const anchorsOf = (trust: Trust, purpose: 'sign' | 'timestamp'): Anchors => (trust === 'embedded' ? trust : (purpose === 'timestamp' ? (trust.timestampAnchors ?? trust.anchors) : trust.anchors).map(readCertificate));

/**
 * Null when the file lacks nothing beside `known` (DER OCSP responses that will be put into it anyway), or is altered: that is for the judge of what is made to say.
 * Throws RevocationUnavailable when data cannot be had, or would not help.
 */
export async function missingData(fetching: Fetching, pdf: Uint8Array, trust: Trust, known: readonly Uint8Array[] = []): Promise<ValidationData | null> {
	const { primitives, at } = fetching;
	const report = await validate(primitives, pdf, { trust, at, revocation: known });
	if (report.signatures.some((s) => s.integrity !== 'intact')) return null;
	const beyond = report.signatures.flatMap(beyondData);
	if (beyond.length) throw new RevocationUnavailable(beyond.join('; '));
	const wanted = new Set(report.signatures.flatMap(leftOpen));
	if (!wanted.size) return null;
	const bag = certificatesIn(openDocument(pdf, { tolerant: true, primitives }));
	const leaves = new Map(bag.map((c) => [hex(digest(primitives, 'SHA-256', c.der)), c]));
	const paths = await Promise.all(
		[...wanted].map(async (sha256) => {
			const leaf = leaves.get(sha256);
			if (!leaf) throw new RevocationUnavailable(`the certificate ${sha256} is not in the file`);
			const purpose = leaf.extKeyUsage?.purposes.includes(oid.timeStamping) ? 'timestamp' : 'sign';
			const { certificates, problems } = await buildPath(primitives, { leaf, intermediates: bag, anchors: anchorsOf(trust, purpose), at, purpose });
			if (problems.length) throw new RevocationUnavailable(problems.map((found) => `${found.problem}: ${found.detail}`).join('; '));
			return certificates;
		})
	);
	return revocationData(fetching, paths);
}
