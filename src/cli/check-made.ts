// What a command has made, judged by our own validation before anyone gets it.

import type { Report, SignatureReport } from '#crypto/pades/report.ts';
import { validate } from '#crypto/pades/validate.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import type { Anchors } from '#crypto/x509/embedded.ts';
import { Refused } from './refused.ts';

/** DER anchors as the library reads them. */
export const anchorsOf = (trust: readonly Uint8Array[] | 'embedded'): Anchors => (trust === 'embedded' ? trust : trust.map(readCertificate));

/**
 * The report of the signature or document time-stamp of `field`, in a file whose every signature is intact. Nothing of it may be open but revocation data that the file was not to carry.
 * Throws Refused with what is open.
 */
export async function checkMade(pdf: Uint8Array, field: string, trust: readonly Uint8Array[] | 'embedded', carriesRevocation: boolean): Promise<SignatureReport> {
	const report: Report = await validate(nodePrimitives, pdf, { trust: trust === 'embedded' ? trust : { anchors: trust }, at: Date.now() });
	const made = report.signatures.find((s) => s.field === field);
	if (!made) throw new Refused('the file made cannot be read back');
	const broken = report.signatures.find((s) => s.integrity !== 'intact');
	if (broken) throw new Refused(`the signature ${broken.field} of the file would not be intact: ${broken.reasons.join(', ')}`);
	const open = [...report.checks, ...made.checks].filter((c) => (c.outcome === 'failed' || c.outcome === 'indeterminate') && (carriesRevocation || c.sub !== 'TRY_LATER'));
	if (open.length) throw new Refused(open.map((c) => `${c.name}: ${c.detail ?? ''}`).join('; '));
	return made;
}
