// What a certificate's own pointers say of its revocation, fetched now: OCSP (RFC 6960 appendix A) first, else its list (RFC 5280 §4.2.1.13).

import { equal, fromBase64 } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { ValidationData } from '#crypto/pades/extend.ts';
import type { Primitives, Sealing } from '#crypto/primitives.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { pemBodies } from '#crypto/x509/pem.ts';
import { nameString } from '#crypto/x509/name.ts';
import { writeOcspRequest } from '#crypto/x509/ocsp.ts';
import { heldSince } from '#crypto/x509/revocation-data.ts';
import { revocationStatus } from '#crypto/x509/revocation.ts';
import { EgressRefused, type Egress } from '../egress/client.ts';

/** Revocation data that cannot be had now, or say that a certificate is not good. */
export class RevocationUnavailable extends Error {
	override name = 'RevocationUnavailable';
}

export interface Fetching {
	readonly primitives: Primitives & Sealing;
	readonly egress: Egress;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** A list as DER; some publish it as PEM. */
const derOf = (list: Uint8Array): Uint8Array => (list[0] === 0x2d ? fromBase64(pemBodies(new TextDecoder().decode(list), 'X509 CRL')[0] ?? '') : list);

type Source = { readonly kind: 'ocsp' | 'crls'; readonly address: string };

async function ask({ primitives, egress, at }: Fetching, { kind, address }: Source, certificate: Certificate, issuer: Certificate): Promise<Uint8Array> {
	const der =
		kind === 'ocsp'
			? await egress.fetch(address, { purpose: 'ocsp', body: { type: 'application/ocsp-request', bytes: writeOcspRequest(primitives, certificate, issuer) } })
			: derOf(await egress.fetch(address, { purpose: 'crl' }));
	const { status, detail } = await revocationStatus(primitives, [certificate, issuer], heldSince(at, { [kind]: [der] }), at);
	if (status !== 'good') throw new RevocationUnavailable(detail);
	return der;
}

async function about(fetching: Fetching, certificate: Certificate, issuer: Certificate): Promise<ValidationData> {
	const who = nameString(certificate.subject);
	const sources: readonly Source[] = [...certificate.ocsp.map((address) => ({ kind: 'ocsp', address }) as const), ...certificate.crls.map((address) => ({ kind: 'crls', address }) as const)];
	const problems: string[] = [];
	for (const source of sources) {
		try {
			return { [source.kind]: [await ask(fetching, source, certificate, issuer)] };
		} catch (error) {
			if (!(error instanceof RevocationUnavailable || error instanceof EgressRefused || error instanceof CryptoError)) throw error;
			problems.push(`${source.address}: ${error.message}`);
		}
	}
	throw new RevocationUnavailable(`${who}: no revocation data says that it is good: ${problems.join('; ') || 'it points to none'}`);
}

/** Data for every certificate below the last of its path, leaf first; one on several paths is asked about once. Throws RevocationUnavailable when one is not said to be good. */
export async function revocationData(fetching: Fetching, paths: readonly (readonly Certificate[])[]): Promise<Required<ValidationData>> {
	const links = paths.flatMap((path) => path.slice(0, -1).map((certificate, i) => ({ certificate, issuer: path[i + 1]! })));
	const once = links.filter(({ certificate }, i) => links.findIndex((link) => equal(link.certificate.der, certificate.der)) === i);
	const asked = once.filter(({ certificate: c }) => c.revocation !== 'none-available' && c.revocation !== 'short-term');
	const all = await Promise.all(asked.map(({ certificate, issuer }) => about(fetching, certificate, issuer)));
	return { certificates: once.map(({ certificate }) => certificate.der), ocsp: all.flatMap((a) => a.ocsp ?? []), crls: all.flatMap((a) => a.crls ?? []) };
}
