// A prepared file signed by a key at hand: B-B (EN 319 142-1 §6). Remote keys take the same steps apart.

import { assemble, signedAttributes } from '../cms/build.ts';
import type { Primitives, Signer } from '../primitives.ts';
import { hashOf } from '../x509/algorithm.ts';
import type { Certificate } from '../x509/certificate.ts';
import { filled } from './embed.ts';
import { coveredDigest, type Prepared } from './prepare.ts';

/** What a CMS holds besides baseline: DER CertificateLists, signed Attributes. */
export interface SigningData {
	readonly crls?: readonly Uint8Array[];
	readonly attributes?: readonly Uint8Array[];
}

/** The same with its CMS in its place, where a time-stamp can still be added to it. */
export async function sign(primitives: Primitives, prepared: Prepared, by: { readonly signer: Signer; readonly certificate: Certificate; readonly chain: readonly Uint8Array[] }, more: SigningData = {}): Promise<Prepared> {
	const hash = hashOf(by.signer.algorithm);
	const signed = signedAttributes(primitives, { contentDigest: coveredDigest(primitives, prepared, hash), hash, certificate: by.certificate, more: more.attributes ?? [] });
	const cms = assemble(signed, { signature: await by.signer.sign(signed.tbs), algorithm: by.signer.algorithm, certificates: [by.certificate.der, ...by.chain], crls: more.crls ?? [] });
	return filled(prepared, cms);
}
