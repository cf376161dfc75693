// What a certificate's own pointers say of its revocation, fetched now: OCSP (RFC 6960 appendix A) first, else its list (RFC 5280 §4.2.1.13). HTTP and HTTPS only, no redirect, bounded.

import { equal, fromBase64 } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { ValidationData } from '#crypto/pades/extend.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { pemBodies } from '#crypto/x509/issue.ts';
import { nameString } from '#crypto/x509/name.ts';
import { writeOcspRequest } from '#crypto/x509/ocsp.ts';
import { heldSince, revocationStatus } from '#crypto/x509/revocation.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { Refused } from './refused.ts';

const patience = 10_000; // ms from connecting to the last byte
const limits = { ocsp: 1 << 20, crls: 20 << 20 } as const; // bytes of an answer

async function fetched(address: string, limit: number, request?: Uint8Array): Promise<Uint8Array> {
	if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new Refused('neither HTTP nor HTTPS');
	const asked = request ? { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body: new Uint8Array(request) } : {};
	const response = await fetch(address, { ...asked, redirect: 'error', signal: AbortSignal.timeout(patience) }).catch((cause: unknown) => {
		throw new Refused('cannot be reached', { cause });
	});
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > limit) throw new Refused(`more than ${limit} bytes`);
		chunks.push(chunk);
	}
	if (response.status !== 200) throw new Refused(`answered ${response.status}`);
	return new Uint8Array(Buffer.concat(chunks));
}

/** A list as DER; some publish it as PEM. */
const derOf = (list: Uint8Array): Uint8Array => (list[0] === 0x2d ? fromBase64(pemBodies(new TextDecoder().decode(list), 'X509 CRL')[0] ?? '') : list);

type Source = { readonly kind: keyof typeof limits; readonly address: string };

async function ask({ kind, address }: Source, certificate: Certificate, issuer: Certificate): Promise<Uint8Array> {
	const request = kind === 'ocsp' ? writeOcspRequest(nodePrimitives, certificate, issuer) : undefined;
	const answer = await fetched(address, limits[kind], request);
	const der = kind === 'ocsp' ? answer : derOf(answer);
	const { status, detail } = await revocationStatus(nodePrimitives, [certificate, issuer], heldSince(Date.now(), { [kind]: [der] }), Date.now());
	if (status !== 'good') throw new Refused(detail);
	return der;
}

async function about(certificate: Certificate, issuer: Certificate): Promise<ValidationData> {
	const who = nameString(certificate.subject);
	const sources: readonly Source[] = [...certificate.ocsp.map((address) => ({ kind: 'ocsp', address }) as const), ...certificate.crls.map((address) => ({ kind: 'crls', address }) as const)];
	const problems: string[] = [];
	for (const source of sources) {
		try {
			return { [source.kind]: [await ask(source, certificate, issuer)] };
		} catch (error) {
			if (!(error instanceof Refused || error instanceof CryptoError)) throw error;
			problems.push(`${source.address}: ${error.message}`);
		}
	}
	throw new Refused(`${who}: no revocation data says that it is good: ${problems.join('; ') || 'it points to none'}`);
}

/** Data for every certificate below the last of its path, leaf first; one on several paths is asked about once. Throws Refused when one is not said to be good. */
export async function revocationData(...paths: readonly (readonly Certificate[])[]): Promise<Required<ValidationData>> {
	const links = paths.flatMap((path) => path.slice(0, -1).map((certificate, i) => ({ certificate, issuer: path[i + 1]! })));
	const once = links.filter(({ certificate }, i) => links.findIndex((link) => equal(link.certificate.der, certificate.der)) === i);
	const asked = once.filter(({ certificate: c }) => c.revocation !== 'none-available' && c.revocation !== 'short-term');
	const all = await Promise.all(asked.map(({ certificate, issuer }) => about(certificate, issuer)));
	return { certificates: once.map(({ certificate }) => certificate.der), ocsp: all.flatMap((a) => a.ocsp ?? []), crls: all.flatMap((a) => a.crls ?? []) };
}
