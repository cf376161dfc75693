import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { concat, fromHex, hex } from '../bytes.ts';
import { chunkSize, openObject, openRange, sealedRange, sealedSize, sealObject, type ObjectIds } from './format.ts';
import { unwrapKey, wrapKey } from './wrap.ts';

const key = p.random(32);
const ids: ObjectIds = { safe: 's', object: 'o', version: 'v', key: 'k' };
async function* pieces(bytes: Uint8Array, size = 70_001) {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	for await (const part of source) parts.push(part);
	return concat(...parts);
}
const seal = (plain: Uint8Array, size?: number) => all(sealObject(p, key, ids, pieces(plain, size)));
const open = (sealed: Uint8Array, as: ObjectIds = ids, size?: number) => all(openObject(p, key, as, pieces(sealed, size)));
const plain = p.random(2 * chunkSize + 12_345);
const sealed = await seal(plain);

describe('SAFE-18 the object format', () => {
	test('opens to what was sealed, at every size around a chunk and however it is cut', async () => {
		for (const size of [0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize]) {
			const bytes = plain.slice(0, size);
			const stored = await seal(bytes, 333_333);
			expect(stored.length).toBe(sealedSize(size));
			expect(Buffer.from(await open(stored, ids, 99_999)).equals(Buffer.from(bytes)), String(size)).toBe(true);
		}
	});

	test('one flipped byte, a cut, an appended byte, swapped or missing chunks do not open', async () => {
		const stored = chunkSize + 16;
		const chunk = (i: number) => sealed.subarray(12 + i * stored, 12 + (i + 1) * stored);
		const head = sealed.subarray(0, 12);
		const wrong = [
			concat(head, chunk(1), chunk(0), chunk(2)),
			concat(head, chunk(0), chunk(2)),
			concat(head, chunk(0), chunk(1)),
			concat(head, chunk(0)),
			head,
			head.subarray(0, 5),
			concat(sealed, Uint8Array.of(0)),
			sealed.subarray(0, -1),
			concat(sealed, chunk(2))
		];
		for (const bytes of wrong) await expect(open(bytes)).rejects.toMatchObject({ name: 'CryptoError' });
		for (let i = 0; i < sealed.length; i += 200_003) {
			const altered = sealed.slice();
			altered[i]! ^= 4;
			await expect(open(altered), `byte ${i}`).rejects.toMatchObject({ name: 'CryptoError' });
		}
	});

	test('a header alone, a part of one and another’s are told apart; parts may be shorter than it', async () => {
		expect(Buffer.from(await open(sealed, ids, 5)).equals(Buffer.from(plain))).toBe(true);
		await expect(open(sealed.subarray(0, 12), ids, 12)).rejects.toMatchObject({ reason: 'tag' });
		await expect(open(sealed.subarray(0, 11))).rejects.toMatchObject({ reason: 'seal-truncated' });
		await expect(open(concat(Uint8Array.of(0), sealed))).rejects.toMatchObject({ reason: 'seal-format' });
	});

	test('a range is whole stored chunks, and one within the object', async () => {
		const stored = chunkSize + 16;
		const size = plain.length;
		expect(sealedRange(size, 0, chunkSize)).toEqual({ firstChunk: 0, start: 12, end: 12 + stored });
		expect(sealedRange(size, chunkSize - 1, chunkSize + 1)).toEqual({ firstChunk: 0, start: 12, end: 12 + 2 * stored });
		expect(sealedRange(size, 2 * chunkSize, size)).toEqual({ firstChunk: 2, start: 12 + 2 * stored, end: sealedSize(size) });
		for (const [start, end] of [[-1, 5], [5, 5], [6, 5], [0, size + 1], [NaN, 5]] as const) expect(() => sealedRange(size, start, end), `${start}–${end}`).toThrow(expect.objectContaining({ code: 'misuse' }));
		const r = sealedRange(size, 0, chunkSize);
		expect(await all(openRange(p, key, ids, size, 0, chunkSize, pieces(sealed.subarray(r.start, r.end))))).toHaveLength(chunkSize);
	});

	test('another safe, object, version, key id or key does not open', async () => {
		for (const name of Object.keys(ids)) await expect(open(sealed, { ...ids, [name]: 'x' }), name).rejects.toMatchObject({ reason: 'tag' });
		await expect(all(openObject(p, p.random(32), ids, pieces(sealed)))).rejects.toMatchObject({ reason: 'tag' });
	});

	test('ranges open without the rest', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(plain.length - 1), fc.nat(300_000), async (start, length) => {
				const end = Math.min(plain.length, start + length + 1);
				const r = sealedRange(plain.length, start, end);
				const got = await all(openRange(p, key, ids, plain.length, start, end, pieces(sealed.subarray(r.start, r.end))));
				return Buffer.from(got).equals(Buffer.from(plain.subarray(start, end)));
			}),
			{ numRuns: 40 }
		);
	});

	test('a range whose stored bytes end early, even between chunks, is not taken for whole', async () => {
		const end = 2 * chunkSize + 10;
		const r = sealedRange(plain.length, 5, end);
		const range = (bytes: Uint8Array) => all(openRange(p, key, ids, plain.length, 5, end, pieces(bytes)));
		const stored = sealed.subarray(r.start, r.end);
		await expect(range(stored.subarray(0, chunkSize + 16))).rejects.toMatchObject({ reason: 'seal-truncated' });
		await expect(range(stored.subarray(0, -1))).rejects.toMatchObject({ reason: 'tag' });
		await expect(range(stored.subarray(chunkSize + 16))).rejects.toMatchObject({ reason: 'tag' });
	});
});

test('SAFE-18 a wrapped key opens only under its own binding and wrapping key', async () => {
	const wrapped = await wrapKey(p, key, plain.subarray(0, 32), ['client', 'safe']);
	expect(await unwrapKey(p, key, wrapped, ['client', 'safe'])).toEqual(plain.slice(0, 32));
	await expect(unwrapKey(p, key, wrapped, ['clients', 'afe'])).rejects.toMatchObject({ reason: 'tag' });
	await expect(unwrapKey(p, p.random(32), wrapped, ['client', 'safe'])).rejects.toMatchObject({ reason: 'tag' });
	await expect(unwrapKey(p, key, concat(Uint8Array.of(2), wrapped.subarray(1)), ['client', 'safe'])).rejects.toMatchObject({ reason: 'wrap-version' });
	expect(await wrapKey(p, key, plain.subarray(0, 32), ['client', 'safe'])).not.toEqual(wrapped);
});

test('NIST GCM test case 16: AES-256-GCM; a wrong tag, AAD or key is a mismatch', async () => {
	const key = fromHex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
	const nonce = fromHex('cafebabefacedbaddecaf888');
	const aad = fromHex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
	const plain = fromHex(
		'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'
	);
	const sealed = await p.aesGcmSeal(key, nonce, aad, plain);
	expect(hex(sealed.subarray(-16))).toBe('76fc6ece0f4e1768cddf8853bb2d551b');
	expect(await p.aesGcmOpen(key, nonce, aad, sealed)).toEqual(plain);
	const mismatch = { code: 'mismatch', reason: 'tag' };
	for (const wrong of [sealed.subarray(0, 10), sealed.subarray(0, -1), concat(sealed, Uint8Array.of(0))])
		await expect(p.aesGcmOpen(key, nonce, aad, wrong)).rejects.toMatchObject(mismatch);
	await expect(p.aesGcmOpen(key, nonce, new Uint8Array(), sealed)).rejects.toMatchObject(mismatch);
	await expect(p.aesGcmOpen(p.random(32), nonce, aad, sealed)).rejects.toMatchObject(mismatch);
});

test('randomness has the length asked for, and differs', () => {
	expect(p.random(200_000)).toHaveLength(200_000);
	expect(
		p
			.random(100_000)
			.subarray(-16)
			.some((b) => b !== 0)
	).toBe(true);
	expect(hex(p.random(16))).not.toBe(hex(p.random(16)));
});
