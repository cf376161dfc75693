import { createHash, createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromBase64 } from '../bytes.ts';
import type { SignatureAlgorithm } from '../primitives.ts';
import { openCosignature, parseWitness } from './cosignature.ts';
import { formatVerifier, openNote, parseVerifier } from './note.ts';

const p = {
	hash() {
		const h = createHash('sha256');
		return { update: (b: Uint8Array) => void h.update(b), digest: () => new Uint8Array(h.digest()) };
	},
	async verify(_: SignatureAlgorithm, spki: Uint8Array, message: Uint8Array, signature: Uint8Array) {
		return verify(null, message, createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), signature);
	}
};

// A checkpoint of a public Certificate Transparency log under test, as its witnesses cosigned it in May 2026.
const log = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const remora = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const text = 'arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n';
const own = '\u2014 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n';
const line = '\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n';
const note = `${text}\n${own}${line}`;
const witness = parseWitness(p, remora);
const withBytes = (change: (bytes: Uint8Array) => Uint8Array) => note.replace(line, `\u2014 remora.n621.de ${Buffer.from(change(fromBase64(line.split(' ')[2]!.trim()))).toString('base64')}\n`);

test("LOG-2 a public witness's cosignature opens, and says when it was made", async () => {
	expect(await openCosignature(p, note, witness)).toEqual({ time: 0x6a122120, line });
	expect(await openNote(p, note, [parseVerifier(p, log)])).toBe(text); // beside it, the log's own signature still does
	expect(formatVerifier(p, witness, 4)).toBe(remora);
});

test('LOG-3 another checkpoint, another time, another key and another name are not what the witness cosigned', async () => {
	for (const changed of [note.replace('1432088532', '1432088533'), withBytes((b) => b.with(11, b[11]! ^ 1)), withBytes((b) => b.with(40, b[40]! ^ 1))]) await expect(openCosignature(p, changed, witness)).rejects.toMatchObject({ code: 'mismatch', reason: 'note-signature' });
	await expect(openCosignature(p, note, { ...witness, name: 'remora' })).rejects.toMatchObject({ reason: 'note-unsigned' });
	await expect(openCosignature(p, note, { ...witness, key: witness.key.map((b) => b ^ 1) })).rejects.toMatchObject({ reason: 'note-unsigned' });
	await expect(openCosignature(p, `${text}\n${own}`, witness)).rejects.toMatchObject({ reason: 'note-unsigned' });
});

test('LOG-2 what is not one cosignature of the witness is refused', async () => {
	await expect(openCosignature(p, note + line, witness)).rejects.toMatchObject({ reason: 'note-signature-twice' });
	await expect(openCosignature(p, withBytes((b) => b.slice(0, -1)), witness)).rejects.toMatchObject({ reason: 'cosignature' });
	await expect(openCosignature(p, withBytes((b) => b.with(4, 0x80)), witness)).rejects.toMatchObject({ reason: 'cosignature-time' });
	expect(() => parseWitness(p, log)).toThrow('note-key-type'); // a log's key is no witness's: their signatures are over different bytes
	expect(() => parseVerifier(p, remora)).toThrow('note-key-type');
	expect(() => parseWitness(p, remora.replace('da77', 'da78'))).toThrow('note-key-id');
});
