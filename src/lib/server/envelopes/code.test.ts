import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeMessage, deriveCode, sixDigits, type CodeBinding } from './code.ts';

const hmac = (message: Uint8Array) => new Uint8Array(createHmac('sha256', Buffer.alloc(32, 7)).update(message).digest());
const binding: CodeBinding = {
	challenge: '6f1f2a52-0d1c-4a1d-9b66-0a3c2d1e4f50',
	nonce: new Uint8Array(16).fill(1),
	signer: 'd9428888-122b-11e1-b85c-61cd3cbb3210',
	number: '+33612345678',
	documentHash: new Uint8Array(32).fill(2),
	valuesHash: new Uint8Array(32).fill(3),
	action: 'sign'
};

test('SIGN-4 the code is bound to hash, values, signer, number and challenge: changing any one changes it', () => {
	const changed: CodeBinding[] = [
		{ ...binding, challenge: binding.challenge.replace('6', '7') },
		{ ...binding, nonce: new Uint8Array(16).fill(9) },
		{ ...binding, signer: binding.signer.replace('d', 'e') },
		{ ...binding, number: '+33612345679' },
		{ ...binding, documentHash: new Uint8Array(32).fill(9) },
		{ ...binding, valuesHash: new Uint8Array(32).fill(9) }
	];
	const codes = new Set([binding, ...changed].map((b) => deriveCode(hmac, b)));
	expect(codes.size).toBe(7);
	expect(deriveCode(hmac, { ...binding })).toBe(deriveCode(hmac, binding));
});

test('SIGN-4 no two bindings share a message: lengths are part of it', () => {
	const at = (signer: string, number: string) => Buffer.from(codeMessage({ ...binding, signer, number })).toString('hex');
	expect(at('ab', 'c')).not.toBe(at('a', 'bc'));
});

test('a code is six digits, leading zeros kept, and depends on every byte of the MAC', () => {
	expect(sixDigits(new Uint8Array(32))).toBe('000000');
	expect(sixDigits(Uint8Array.of(...new Uint8Array(31), 42))).toBe('000042');
	expect(sixDigits(Uint8Array.of(1, ...new Uint8Array(31)))).toBe(String(2n ** 248n % 1_000_000n).padStart(6, '0'));
	fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (mac) => /^\d{6}$/.test(sixDigits(mac))));
});
