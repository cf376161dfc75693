// The SMS code of ARCHITECTURE §4.4: derived, bound to what is signed, by whom, over which number; stored nowhere.

import { lengthPrefixed, utf8 } from '#crypto/bytes.ts';

/** What a code is bound to. Ids as text, hashes 32 bytes, the number E.164. */
export interface CodeBinding {
	readonly challenge: string;
	/** 16 random bytes of the challenge. */
	readonly nonce: Uint8Array;
	readonly signer: string;
	readonly number: string;
	/** H: SHA-256 of the frozen base revision. */
	readonly documentHash: Uint8Array;
	/** SHA-256 of the canonical values V. */
	readonly valuesHash: Uint8Array;
	readonly action: 'sign';
}

/** How many codes there are: six decimal digits. */
const space = 1_000_000n;

/** The message under the MAC: every part length-prefixed, so that no two bindings share one. */
export function codeMessage(b: CodeBinding): Uint8Array {
	const parts = [utf8('probant/otp/v1'), utf8(b.challenge), b.nonce, utf8(b.signer), utf8(b.number), b.documentHash, b.valuesHash, utf8(b.action)];
	return lengthPrefixed(...parts);
}

/** Six digits from a 32-byte MAC, read as one big-endian integer (a bias of 2^-236). */
export function sixDigits(mac: Uint8Array): string {
	const value = mac.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
	return String(value % space).padStart(6, '0');
}

/** The code of a binding. `hmac` is the worker's code key (SigningKeys.code). */
export function deriveCode(hmac: (message: Uint8Array) => Uint8Array, binding: CodeBinding): string {
	return sixDigits(hmac(codeMessage(binding)));
}
