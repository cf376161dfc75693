import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { formatCheckpoint, openCheckpoint, openCheckpointOfAny, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { cosignNote, signNote } from './note.ts';

function log(name: string) {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
	return { verifier: { name, key }, signer: { algorithm: { scheme: 'ed25519' }, sign: async (tbs: Uint8Array) => new Uint8Array(sign(null, tbs, privateKey)) } as const };
}

const ours = log('probant.example/log');
const checkpoint = { origin: ours.verifier.name, size: 20852163, root: new Uint8Array(Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64')) };

describe('LOG-2 checkpoints', () => {
	test('the body is three lines, as the example of C2SP tlog-checkpoint', () => {
		const example = { ...checkpoint, origin: 'example.com/behind-the-sofa' };
		expect(formatCheckpoint(example)).toBe('example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n');
		expect(parseCheckpoint(formatCheckpoint(example))).toEqual(example);
	});

	test.each([
		['', 'nothing'],
		['o\n1\n', 'no root'],
		['o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'no last line end'],
		['o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nmore\n', 'an extension'],
		['o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n', 'a leading zero'],
		['o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n', 'a sign'],
		['o\n9007199254740992\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n', 'a size no number holds exactly'],
		['o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n', '31 bytes of root'],
		['o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n', 'base64 with stray bits'],
		['\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n', 'no origin']
	])('%j is refused: %s', (text) => {
		expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
	});

	test.each([{ origin: '' }, { origin: 'a\nb' }, { size: -1 }, { size: 0.5 }, { size: 2 ** 53 }, { root: new Uint8Array(31) }])('what no checkpoint can say is not written: %o', (other) => {
		expect(() => formatCheckpoint({ ...checkpoint, ...other })).toThrow(expect.objectContaining({ code: 'misuse' }));
	});

	test('a signed one opens under its log alone', async () => {
		const note = await signCheckpoint(p, checkpoint, ours.verifier, ours.signer);
		expect(await openCheckpoint(p, note, ours.verifier)).toEqual(checkpoint);
		await expect(openCheckpoint(p, note.replace('20852163', '20852164'), ours.verifier)).rejects.toMatchObject({ reason: 'note-signature' });
		await expect(openCheckpoint(p, note, log(ours.verifier.name).verifier)).rejects.toMatchObject({ reason: 'note-unsigned' });
	});

	test('the empty tree has one too', () => {
		expect(parseCheckpoint(formatCheckpoint({ ...checkpoint, size: 0 }))).toEqual({ ...checkpoint, size: 0 });
	});

	test('of several keys of a log one is enough, none is not, and no key may have signed wrongly', async () => {
		const [newer, other] = [log(ours.verifier.name), log(ours.verifier.name)];
		const note = await signCheckpoint(p, checkpoint, ours.verifier, ours.signer);
		const keys = [newer.verifier, ours.verifier];
		expect(await openCheckpointOfAny(p, note, keys)).toEqual(checkpoint);
		expect(await openCheckpointOfAny(p, await cosignNote(p, note, newer.verifier, newer.signer), keys)).toEqual(checkpoint);
		await expect(openCheckpointOfAny(p, note, [newer.verifier])).rejects.toMatchObject({ reason: 'note-unsigned' });
		for (const order of [keys, keys.toReversed()]) await expect(openCheckpointOfAny(p, await cosignNote(p, note, newer.verifier, other.signer), order)).rejects.toMatchObject({ reason: 'note-signature' });
	});

	test('a log that signs for another origin is refused, though its signature is good', async () => {
		const note = await signNote(p, formatCheckpoint({ ...checkpoint, origin: 'other.example/log' }), ours.verifier, ours.signer);
		await expect(openCheckpoint(p, note, ours.verifier)).rejects.toMatchObject({ reason: 'checkpoint-origin' });
	});
});
