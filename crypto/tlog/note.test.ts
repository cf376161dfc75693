import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SignatureAlgorithm } from '../primitives.ts';
import { formatVerifier, openNote, parseNote, parseVerifier, signNote } from './note.ts';

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
