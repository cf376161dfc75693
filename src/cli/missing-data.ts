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
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { anchorsOf } from './check-made.ts';
import { Refused } from './refused.ts';
import { revocationData } from './revocation-data.ts';

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

/** Null when the file lacks nothing, or is altered: that is for the judge of what is made to say. Throws Refused when data cannot be had, or would not help. */
export async function missingData(pdf: Uint8Array, trust: readonly Uint8Array[] | 'embedded'): Promise<ValidationData | null> {
	const report = await validate(p, pdf, { trust: trust === 'embedded' ? trust : { anchors: trust }, at: Date.now() });
	if (report.signatures.some((s) => s.integrity !== 'intact')) return null;
	const beyond = report.signatures.flatMap(beyondData);
	if (beyond.length) throw new Refused(beyond.join('; '));
	const wanted = new Set(report.signatures.flatMap(leftOpen));
	if (!wanted.size) return null;
	const bag = certificatesIn(openDocument(pdf, { tolerant: true, primitives: p }));
	const leaves = new Map(bag.map((c) => [hex(digest(p, 'SHA-256', c.der)), c]));
	const paths = await Promise.all(
		[...wanted].map(async (sha256) => {
			const leaf = leaves.get(sha256);
			if (!leaf) throw new Refused(`the certificate ${sha256} is not in the file`);
			const { certificates, problems } = await buildPath(p, { leaf, intermediates: bag, anchors: anchorsOf(trust), at: Date.now(), purpose: leaf.extKeyUsage?.purposes.includes(oid.timeStamping) ? 'timestamp' : 'sign' });
			if (problems.length) throw new Refused(problems.map((found) => `${found.problem}: ${found.detail}`).join('; '));
			return certificates;
		})
	);
	return revocationData(...paths);
}
