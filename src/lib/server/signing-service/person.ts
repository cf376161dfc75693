// Whether a certificate is this person's and good to sign with: its chain to a configured root, its names (EN 319 412-2 §4.2.4), its key usage, its time. Revocation is asked by the domain.

import { CryptoError } from '#crypto/errors.ts';
import type { Primitives } from '#crypto/primitives.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { attribute } from '#crypto/x509/name.ts';
import { buildPath } from '#crypto/x509/path.ts';
import { SigningRefused, type Person } from './signing-service.ts';

/** Words of a name, without case, marks and punctuation: « Éric-Jean » is ERIC JEAN. */
const wordsOf = (name: string): readonly string[] => name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** All of a surname; of given names the first ones are enough, none that the person was not said to have. */
export function namesPerson(certificate: Certificate, { surname, givenNames }: Person): boolean {
	const [family, given] = [attribute(certificate.subject, 'surname'), attribute(certificate.subject, 'givenName')];
	if (!family || !given) return false;
	const [own, said] = [wordsOf(given), wordsOf(givenNames)];
	return wordsOf(family).join(' ') === wordsOf(surname).join(' ') && own.length > 0 && own.every((word, i) => word === said[i]);
}

function read(der: Uint8Array): Certificate {
	try {
		return readCertificate(der);
	} catch (cause) {
		if (cause instanceof CryptoError) throw new SigningRefused(`a certificate that cannot be read: ${cause.message}`, { cause });
		throw cause;
	}
}

export interface Presented {
	/** DER, the signer's first. */
	readonly certificates: readonly Uint8Array[];
	/** DER of the roots it must lead to. */
	readonly anchors: readonly Uint8Array[];
	readonly person: Person;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** Its path, the signer's first, the root last. Throws SigningRefused; the message names nobody. */
export async function requirePerson(primitives: Primitives, { certificates, anchors, person, at }: Presented): Promise<readonly Certificate[]> {
	const [leaf, ...intermediates] = certificates.map(read);
	if (!leaf) throw new SigningRefused('no certificate');
	const path = await buildPath(primitives, { leaf, intermediates, anchors: anchors.map(read), at, purpose: 'sign' });
	if (path.problems.length) throw new SigningRefused(path.problems.map(({ problem, detail }) => `${problem}: ${detail}`).join('; '));
	if (!leaf.keyUsage?.includes('nonRepudiation')) throw new SigningRefused('key-usage: the certificate is not for commitment to content');
	if (!namesPerson(leaf, person)) throw new SigningRefused('subject: the certificate does not name this signer');
	return path.certificates;
}
