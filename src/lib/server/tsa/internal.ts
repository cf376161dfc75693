// The instance's own timestamp authority: RFC 3161 bytes from our own clock and key. It proves order to who trusts us, no more.

import { nonceOf } from '#crypto/tsp/request.ts';
import { respond } from '#crypto/tsp/response.ts';
import type { Primitives, Sealing } from '#crypto/primitives.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import type { CertifiedSigner } from '../keys/signing-keys.ts';
import type { TimestampAuthority } from './authority.ts';

export interface InternalAuthority {
	readonly primitives: Primitives & Sealing;
	readonly tsa: CertifiedSigner;
	/** DER of the instance's root. */
	readonly root: Uint8Array;
	/** Dotted OID under which tokens are issued. */
	readonly policy: string;
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

/** Serial numbers are 128 random bits: unique (RFC 3161 §2.4.2) across processes and after any interruption without a counter to share or to lose. */
export function internalAuthority({ primitives, tsa, root, policy, now }: InternalAuthority): TimestampAuthority {
	const authority = { signer: tsa.signer, certificate: readCertificate(tsa.certificate), chain: tsa.chain, policy };
	return {
		name: 'internal',
		quality: { kind: 'internal' },
		anchors: [root],
		policy,
		request: (bytes) =>
			respond(primitives, authority, bytes, { genTime: now(), serialNumber: nonceOf(primitives.random(16)), accuracy: 1000 })
	};
}
