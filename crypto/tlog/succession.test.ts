import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { base64, hex } from '../bytes.ts';
import { commitment, writeBody, writeEntry, type Body } from './entry.ts';
import { append, inclusionProof, leafHash, treeHash } from './merkle.ts';
import { cosignNote, formatVerifier, signNote } from './note.ts';
import { keysOf, openSuccession, readSuccessions, signSuccession, writeSuccessions, type LogKey, type Succession } from './succession.ts';

const origin = 'a.example/log';
function newKey(name = origin): LogKey {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
	return { verifier: { name, key }, signer: { algorithm: { scheme: 'ed25519' }, sign: async (tbs) => new Uint8Array(sign(null, tbs, privateKey)) } };
}
const line = ({ verifier }: LogKey) => formatVerifier(p, verifier);
const opening = new Uint8Array(32).fill(7);
const body = (note: string, other: Partial<Body> = {}): Body => ({ v: 1, t: '2026-11-23T12:00:00.000Z', op: 'log.key', safe: null, actor: 'system', via: 'cli', obj: origin, res: 'ok', c: { note: hex(commitment(p, { name: 'note', key: opening, value: note })) }, ...other });

/** A log of these bodies, and the proof that those at `at` show of these notes. */
async function log(bodies: readonly Body[], shown: readonly { readonly at: number; readonly note: string }[]) {
	let prev: Uint8Array | null = null;
	const entries = bodies.map((b, i) => {
		const entry = writeEntry(writeBody(b), { seq: i + 1, prev });
		prev = leafHash(p, entry);
		return entry;
	});
	const nodes = new Map((await append(p, () => Promise.reject(new Error('new')), 0, entries.map((e) => leafHash(p, e)))).map((n) => [`${n.level}/${n.index}`, n.hash]));
	const read = async (level: number, index: number) => nodes.get(`${level}/${index}`)!;
	const tree = { origin, size: entries.length, root: await treeHash(p, read, entries.length) };
	const successions = await Promise.all(shown.map(async ({ at, note }): Promise<Succession> => ({ note, opening, entry: entries[at]!, index: at, inclusion: await inclusionProof(p, read, at, entries.length) })));
	return { tree, successions };
}

const [a, b, c] = [newKey(), newKey(), newKey()];
const [ab, bc] = [await signSuccession(p, a, b), await signSuccession(p, b, c)];
const other = body('x', { op: 'document.open' });
const { tree, successions } = await log([other, body(ab), other, other, body(bc), other], [{ at: 1, note: ab }, { at: 4, note: bc }]);
const fault = (changed: readonly Succession[], at = tree) => keysOf(p, changed, at).then(() => null, (e: { reason: string }) => e.reason);

describe('LOG-2 a log key that follows another', () => {
	test('is led to from each before it', async () => {
		expect(await keysOf(p, successions, tree)).toEqual([a, b, c].map(line));
		expect(await keysOf(p, successions.slice(1), tree)).toEqual([b, c].map(line));
		expect(await keysOf(p, [], tree)).toEqual([]);
		expect(readSuccessions(JSON.parse(JSON.stringify(writeSuccessions(successions.toReversed()))))).toEqual(successions);
	});

	const text = `probant/log-key/v1\n${line(a)}\n${line(b)}\n`;
	const spoil = (note: string, n: number) => note.split('\n').map((l, i, all) => (i === all.length - 1 - n ? `${l.slice(0, -8)}${l.at(-8) === 'A' ? 'B' : 'A'}${l.slice(-7)}` : l)).join('\n');

	// Each is what one check alone sees.
	test.each<[string, () => Promise<string>, string]>([
		['which the older has not signed', async () => signNote(p, text, b.verifier, b.signer), 'note-unsigned'],
		['which the newer has not signed', async () => signNote(p, text, a.verifier, a.signer), 'note-unsigned'],
		['under a wrong signature of the older', async () => spoil(ab, 2), 'note-signature'],
		['under a wrong signature of the newer', async () => spoil(ab, 1), 'note-signature'],
		['signed by another in the older’s place', async () => cosignNote(p, await signNote(p, text, a.verifier, c.signer), b.verifier, b.signer), 'note-signature'],
		['which is the same key', async () => signNote(p, text.replaceAll(line(b), line(a)), a.verifier, a.signer), 'succession-keys'],
		['of another log', async () => signSuccession(p, a, newKey('b.example/log')), 'succession-keys'],
		['of something else', async () => cosignNote(p, await signNote(p, text.replace('log-key', 'other'), a.verifier, a.signer), b.verifier, b.signer), 'succession']
	])('%s is refused', async (_, make, reason) => {
		const note = await make();
		await expect(openSuccession(p, note)).rejects.toMatchObject({ reason });
		const made = await log([body(note)], [{ at: 0, note }]);
		expect(await fault(made.successions, made.tree)).toBe(reason);
	});

	test('that the tree does not hold is refused, and one whose entry is of something else', async () => {
		const [first] = successions;
		expect(await fault([{ ...first!, index: 2 }])).toBe('succession-inclusion');
		expect(await fault([{ ...first!, inclusion: first!.inclusion.slice(1) }])).toBe('succession-inclusion');
		expect(await fault(successions, { ...tree, root: new Uint8Array(32) })).toBe('succession-inclusion');
		expect(await fault([{ ...first!, opening: new Uint8Array(32) }])).toBe('succession-entry');
		expect(await fault([{ ...first!, note: bc }])).toBe('succession-entry');
		for (const wrong of [{ op: 'key.create' }, { res: 'denied' as const }]) {
			const made = await log([body(ab, wrong)], [{ at: 0, note: ab }]);
			expect(await fault(made.successions, made.tree)).toBe('succession-entry');
		}
		expect(await fault(successions, { ...tree, origin: 'b.example/log' })).toBe('succession-origin');
	});

	test('out of order, or after a gap, is refused', async () => {
		const [d, e] = [newKey(), newKey()];
		const de = await signSuccession(p, d, e);
		expect(await fault(successions.toReversed())).toBe('succession-order');
		const gap = await log([body(ab), body(de)], [{ at: 0, note: ab }, { at: 1, note: de }]);
		expect(await fault(gap.successions, gap.tree)).toBe('succession-order');
		const early = await log([body(bc), body(ab)], [{ at: 1, note: ab }, { at: 0, note: bc }]);
		expect(await fault(early.successions, early.tree)).toBe('succession-order');
	});

	test('are read in the order of the log, whatever their order in JSON', () => {
		const [json] = Object.values(writeSuccessions(successions));
		expect(readSuccessions({ 9007199254740991: json, 4294967297: json, 4294967296: json, 0: json }).map((s) => s.index)).toEqual([0, 4294967296, 4294967297, 9007199254740991]);
	});

	test('is not read from what no one wrote', () => {
		const [json] = Object.values(writeSuccessions(successions));
		for (const bad of [null, [], 'x', { x: json }, { '01': json }, { 1: null }, { 1: { ...json, more: '1' } }, { 1: { ...json, note: 1 } }, { 1: { ...json, inclusion: base64(new Uint8Array(33)) } }]) expect(() => readSuccessions(bad), JSON.stringify(bad)).toThrow(expect.objectContaining({ code: 'malformed' }));
	});
});
