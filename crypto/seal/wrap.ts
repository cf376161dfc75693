// Key wrapping: AES-256-GCM under a random nonce, bound to the ids of what the key is for. Format: version octet, nonce, ciphertext, tag.

import { concat, lengthPrefixed, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Sealing } from '../primitives.ts';

const version = 1;
const aad = (binding: readonly string[]): Bytes => lengthPrefixed(utf8('probant/wrap/v1'), ...binding.map(utf8));

/** Wraps key bytes. The same wrapping key may wrap 2³² keys before nonces can be feared to meet (NIST SP 800-38D §8.3). */
export async function wrapKey(p: Pick<Sealing, 'aesGcmSeal' | 'random'>, wrapping: Uint8Array, key: Uint8Array, binding: readonly string[]): Promise<Bytes> {
	const nonce = p.random(12);
	return concat(Uint8Array.of(version), nonce, await p.aesGcmSeal(wrapping, nonce, aad(binding), key));
}

/** Throws CryptoError `mismatch` / `tag` on another key, binding or altered bytes; `unsupported` on another version. */
export async function unwrapKey(p: Pick<Sealing, 'aesGcmOpen'>, wrapping: Uint8Array, wrapped: Uint8Array, binding: readonly string[]): Promise<Bytes> {
	if (wrapped[0] !== version) throw new CryptoError('unsupported', 'wrap-version', String(wrapped[0]));
	return p.aesGcmOpen(wrapping, wrapped.subarray(1, 13), aad(binding), wrapped.subarray(13));
}
