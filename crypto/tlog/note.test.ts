import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SignatureAlgorithm } from '../primitives.ts';
import { formatVerifier, openNote, parseNote, parseVerifier, signersOf, signNote } from './note.ts';

const p = {
	hash() {
		const h = createHash('sha256');
		return { update: (b: Uint8Array) => void h.update(b), digest: () => new Uint8Array(h.digest()) };
	},
	async verify(_: SignatureAlgorithm, spki: Uint8Array, message: Uint8Array, signature: Uint8Array) {
		return verify(null, message, createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), signature);
	}
};

// The example of the Go note package's documentation.
const neumann = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const line = '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

function pair(name: string) {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
	return {
		verifier: { name, key },
		signer: { algorithm: { scheme: 'ed25519' }, sign: async (tbs: Uint8Array) => new Uint8Array(sign(null, tbs, privateKey)) } as const
	};
}

test("LOG-2 another implementation's note opens, and its key reads and writes the same", async () => {
	const verifier = parseVerifier(p, neumann);
	expect(formatVerifier(p, verifier)).toBe(neumann);
	expect(await openNote(p, `${text}\n${line}`, [verifier])).toBe(text);
});

test('LOG-2 a note of ours opens; signatures of strangers beside it are ignored', async () => {
	const { verifier, signer } = pair('journal.example.org');
	const note = await signNote(p, text, verifier, signer);
	expect(await openNote(p, note, [verifier])).toBe(text);
	expect(await openNote(p, note + line, [verifier, parseVerifier(p, neumann)])).toBe(text);
	await expect(openNote(p, note, [parseVerifier(p, neumann)])).rejects.toMatchObject({ reason: 'note-unsigned' });
	await expect(openNote(p, note, [])).rejects.toMatchObject({ code: 'misuse' });
});

test('LOG-3 a changed text, a changed signature and the same name under another key are refused', async () => {
	const { verifier, signer } = pair('a');
	const note = await signNote(p, text, verifier, signer);
	await expect(openNote(p, note.replace('problem', 'Problem'), [verifier])).rejects.toMatchObject({ reason: 'note-signature' });
	const at = note.length - 20;
	const other = note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1);
	await expect(openNote(p, other, [verifier])).rejects.toMatchObject({ reason: 'note-signature' });
	await expect(openNote(p, note, [pair('a').verifier])).rejects.toMatchObject({ reason: 'note-unsigned' });
});

test('LOG-2 what is not a note is refused', () => {
	for (const bad of ['', text, `${text}\n`, `${text}\n${line.slice(0, -1)}`, `${text}\n- PeterNeumann AAAAAAA=\n`, `a\tb\n\n${line}`, `${text}\n${line}junk\n`]) {
		expect(() => parseNote(bad), JSON.stringify(bad)).toThrow();
	}
	expect(() => parseVerifier(p, neumann.replace('c74f20a3', 'c74f20a4'))).toThrow('note-key-id');
});

test('LOG-2 each limit of a note, a name and a verifier has its own refusal', async () => {
	const { verifier, signer } = pair('log.example');
	const reason = (run: () => unknown) => {
		try {
			run();
			return 'none';
		} catch (error) {
			return (error as { reason?: string }).reason;
		}
	};
	const lines = (count: number) => `${text}\n${line.repeat(count)}`;
	expect(reason(() => parseNote(lines(64)))).toBe('none');
	expect(reason(() => parseNote(lines(65)))).toBe('note-signatures');
	const filled = (length: number) => `${'x'.repeat(length - line.length - 2)}\n\n${line}`;
	expect(filled(1 << 20)).toHaveLength(1 << 20);
	expect(reason(() => parseNote(filled(1 << 20)))).toBe('none');
	expect(reason(() => parseNote(filled((1 << 20) + 1)))).toBe('note-size');
	expect(reason(() => parseNote(`\ud800\n\n${line}`))).toBe('note-character');
	expect(reason(() => parseNote(`${text}\n${line.trimEnd()}`))).toBe('note');
	expect(reason(() => parseNote('no cut\n'))).toBe('note');
	expect(reason(() => parseNote(`${text}\n${line.replace('PeterNeumann', 'Peter+Neumann')}`))).toBe('note-key-name');
	expect(reason(() => parseNote(`${text}\n\u2014 a AAAAAA==\n`))).toBe('note-signature-line');
	expect(reason(() => parseNote(`${text}\n\u2014 a AAAAAAA=\n`))).toBe('none');
	expect(reason(() => parseNote(`${text}\nnothing\n`))).toBe('note-signature-line');
	for (const bad of ['', 'a', 'a+00000000', 'a+00000000+', 'a+0000000g+AAAA']) expect(reason(() => parseVerifier(p, bad)), bad).toBe('note-verifier');
	expect(reason(() => parseVerifier(p, `a b+00000000+${'AAAA'.repeat(11)}`))).toBe('note-key-name');
	expect(reason(() => parseVerifier(p, `a+00000000+${'AAAA'.repeat(11)}`))).toBe('note-key-type');
	expect(reason(() => parseVerifier(p, `a+00000000+AQ${'A'.repeat(41)}=`))).toBe('note-key-type');
	for (const name of ['', 'a b', 'a+b']) {
		expect(reason(() => formatVerifier(p, { ...verifier, name })), name).toBe('note-key-name');
		await expect(signNote(p, text, { ...verifier, name }, signer)).rejects.toMatchObject({ reason: 'note-key-name' });
	}
	await expect(signNote(p, `text\n\n\u2014 a AAAAAAA=`, verifier, signer)).rejects.toMatchObject({ reason: 'note-text' }); // its last line would be taken for a signature
	for (const bad of ['no line end', 'a\rb\n']) await expect(signNote(p, bad, verifier, signer)).rejects.toMatchObject({ name: 'CryptoError' });
	await expect(signNote(p, text, verifier, { ...signer, algorithm: { scheme: 'ecdsa', hash: 'SHA-256' } })).rejects.toMatchObject({ reason: 'note-key-type' });
});

test('LOG-3 a key that signs a note twice, differently, is refused; the same line twice is not', async () => {
	const { verifier, signer } = pair('log.example');
	const note = await signNote(p, text, verifier, signer);
	const own = note.slice(text.length + 1);
	expect(await openNote(p, note + own, [verifier])).toBe(text);
	const [before, encoded] = [own.slice(0, own.lastIndexOf(' ') + 1), own.slice(own.lastIndexOf(' ') + 1, -1)];
	const bytes = Buffer.from(encoded, 'base64');
	bytes[20]! ^= 1;
	await expect(openNote(p, `${note}${before}${bytes.toString('base64')}\n`, [verifier])).rejects.toMatchObject({ reason: 'note-signature-twice' });
	expect(signersOf(p, note + line, [pair('log.example').verifier, verifier, pair('other').verifier])).toEqual([verifier]);
});
