// A key for one signature: never written, never extractable, gone with its last reference.

import { integer, sequence } from '#crypto/asn1/write.ts';
import type { Signer } from '#crypto/primitives.ts';
import { specAlgorithm } from './primitives.ts';

/** A second signature was asked of it. */
export class KeyUsed extends Error {
	override name = 'KeyUsed';
}

/** ECDSA P-256 with SHA-256. `spki`: DER SubjectPublicKeyInfo. The signer signs once and then throws KeyUsed. */
export async function oneTimeKey(): Promise<{ readonly signer: Signer; readonly spki: Uint8Array }> {
	const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
	let key: CryptoKey | null = privateKey;
	return {
		spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
		signer: {
			algorithm: specAlgorithm['ecdsa-p256'],
			async sign(tbs) {
				if (!key) throw new KeyUsed();
				const once = key;
				key = null;
				const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, once, new Uint8Array(tbs)));
				return sequence(integer(raw.subarray(0, 32)), integer(raw.subarray(32))); // ECDSA-Sig-Value (RFC 3279 §2.2.3), from r ‖ s
			}
		}
	};
}
