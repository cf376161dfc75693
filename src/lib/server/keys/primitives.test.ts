import { expect, test } from 'vitest';
import { oid } from '#crypto/asn1/oid.ts';
import * as write from '#crypto/asn1/write.ts';
import { concat, fromHex, latin1 } from '#crypto/bytes.ts';
import { generateKey, nodePrimitives, nodeSigner, rememberingVerdicts } from './primitives.ts';

/** RFC 8032 §5.1.2, §5.2.2: x = 0, y = 1. */
const neutral = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i ? 0 : 1));
const message = latin1('message');

test.each([
	['ed25519', neutral(32)],
	['ed448', neutral(57)],
	['ed25519', new Uint8Array(32)], // of order 4
	['ed25519', fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')], // of order 8
	['ed25519', fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')],
	['ed25519', fromHex('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')] // of order 2
] as const)('in Node: a key of small order (%s), under which one signature fits message after message, verifies nothing', async (scheme, key) => {
	const spki = write.sequence(write.sequence(write.oid(oid[scheme])), write.bitString(key));
	for (let i = 0; i < 32; i++) expect(await nodePrimitives.verify({ scheme }, spki, latin1(`message ${i}`), concat(neutral(key.length), new Uint8Array(key.length)))).toBe(false);
});

test('in Node: a signature by a key of Ed25519 or ECDSA verifies over its message alone', async () => {
	for (const spec of ['ed25519', 'ecdsa-p256', 'ecdsa-p384'] as const) {
		const { privateKey, spki } = generateKey(spec);
		const algorithm = spec === 'ed25519' ? ({ scheme: 'ed25519' } as const) : ({ scheme: 'ecdsa', hash: spec === 'ecdsa-p256' ? 'SHA-256' : 'SHA-384' } as const);
		const signature = await nodeSigner(privateKey, algorithm).sign(message);
		expect(await nodePrimitives.verify(algorithm, spki, message, signature), spec).toBe(true);
		expect(await nodePrimitives.verify(algorithm, spki, latin1('massage'), signature), spec).toBe(false);
		expect(await nodePrimitives.verify(algorithm, generateKey(spec).spki, message, signature), spec).toBe(false);
	}
});

test('a verdict is remembered for the very same algorithm, key, message and signature, for no other, and only the last ones are', async () => {
	let asked = 0;
	const p = rememberingVerdicts({ ...nodePrimitives, verify: (...of) => (asked++, nodePrimitives.verify(...of)) });
	const { privateKey, spki } = generateKey('ecdsa-p256');
	const algorithm = { scheme: 'ecdsa', hash: 'SHA-256' } as const;
	const signature = await nodeSigner(privateKey, algorithm).sign(message);
	for (const _ of [1, 2, 3]) expect(await p.verify(algorithm, spki, message, signature)).toBe(true);
	expect(asked).toBe(1);
	const altered = signature.with(-1, signature.at(-1)! ^ 1) as Uint8Array<ArrayBuffer>;
	expect(await p.verify(algorithm, spki, message, altered)).toBe(false);
	expect(await p.verify(algorithm, spki, latin1('massage'), signature)).toBe(false);
	expect(await p.verify(algorithm, generateKey('ecdsa-p256').spki, message, signature)).toBe(false);
	expect(await p.verify({ ...algorithm, hash: 'SHA-384' }, spki, message, signature)).toBe(false);
	expect(await p.verify(algorithm, spki, message, signature)).toBe(true);
	expect(asked).toBe(5);
	for (let i = 0; i < 256; i++) await p.verify(algorithm, spki, latin1(`message ${i}`), signature);
	expect(await p.verify(algorithm, spki, message, signature)).toBe(true);
	expect(asked).toBe(5 + 256 + 1);
});
