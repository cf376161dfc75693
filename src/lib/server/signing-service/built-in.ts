// Our own CA: a new key and a certificate for each signature. Profile after EN 319 412-2 under a policy of our own: names of the person, a random serialNumber, nonRepudiation alone.

import type { Primitives, Sealing } from '#crypto/primitives.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { issueCertificate } from '#crypto/x509/issue.ts';
import { attribute } from '#crypto/x509/name.ts';
import { oneTimeKey } from '../keys/one-time.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import type { SigningService } from './signing-service.ts';

/** How long a certificate is good for, milliseconds: the signature is made at once, its time-stamp may wait. */
const life = 72 * 3_600_000;

export interface OwnAuthority {
	readonly primitives: Primitives & Sealing;
	readonly signing: Pick<SigningKeys, 'ca' | 'root'>;
	/** Where its certificates point to: `https://safe.example` without a slash at its end. */
	readonly origin: string;
}

export function builtIn({ primitives, signing, origin }: OwnAuthority): SigningService {
	const { ca, root } = signing;
	const issuer = readCertificate(ca.certificate);
	return {
		remote: null,
		async certify({ person: { surname, givenNames }, policy, at }) {
			const { signer, spki } = await oneTimeKey();
			const certificate = await issueCertificate(primitives, { signer: ca.signer, certificate: issuer }, {
				subject: [['countryName', attribute(issuer.subject, 'countryName') ?? 'FR'], ['commonName', `${givenNames} ${surname}`], ['surname', surname], ['givenName', givenNames], ['serialNumber', crypto.randomUUID()]],
				spki,
				serialNumber: primitives.random(16),
				notBefore: at - 60_000,
				notAfter: Math.min(at + life, issuer.notAfter),
				keyUsage: ['nonRepudiation'],
				policies: [{ id: policy, cps: `${origin}/pki` }],
				ocsp: `${origin}/pki/ocsp`,
				caIssuers: `${origin}/pki/ca.crt`,
				crl: `${origin}/pki/ca.crl`
			});
			return { signer, certificate, chain: [ca.certificate], anchor: root.certificate };
		},
		look: () => Promise.resolve() // it is in this very process
	};
}
