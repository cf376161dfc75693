// A browser comes back to a log that went on, and to others that did not. The log is real: its leaves, tiles, keys and signatures.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { hex, utf8 } from '#crypto/bytes.ts';
import { signCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { commitment, writeBody, writeEntry } from '#crypto/tlog/entry.ts';
import { append, inclusionProof, leafHash, treeHash, type NodeReader } from '#crypto/tlog/merkle.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { noteCommitment, signSuccession, writeSuccessions, type LogKey, type Succession } from '#crypto/tlog/succession.ts';
import { parseTile } from '#crypto/tlog/tile.ts';
import { checkLog, LogUnreachable, type FetchLog, type Memory } from './log-memory.ts';
import { webPrimitives as p } from './primitives.ts';

function logKey(name = 'safe.test/log'): LogKey {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
	return { verifier: { name, key }, signer: { algorithm: { scheme: 'ed25519' }, sign: async (tbs) => new Uint8Array(sign(null, tbs, privateKey)) } };
}

/** A log of these leaves under these keys; `successions` lead from the first to the last. */
function logOf(leaves: readonly Uint8Array[], key: LogKey, successions: (read: NodeReader, size: number) => Promise<Succession[]> = async () => []): FetchLog {
	const tree = (async () => new Map((await append(p, () => Promise.reject(new Error('nothing is older')), 0, leaves)).map((n) => [`${n.level}/${n.index}`, n.hash])))();
	const read: NodeReader = async (level, index) => (level === 0 ? leaves[index]! : (await tree).get(`${level}/${index}`)!);
	return async (path) => {
		if (path === 'keys') {
			const root = await treeHash(p, read, leaves.length);
			const checkpoint = await signCheckpoint(p, { origin: key.verifier.name, size: leaves.length, root }, key.verifier, key.signer);
			return utf8(JSON.stringify({ checkpoint, verifier: formatVerifier(p, key.verifier), keys: writeSuccessions(await successions(read, leaves.length)) }));
		}
		const at = parseTile(path);
		if (!at) return null;
		const hashes = await Promise.all(Array.from({ length: at.width }, (_, i) => read(8 * at.level, 256 * at.index + i)));
		return Buffer.concat(hashes);
	};
}

const key = logKey();
const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(p, utf8(String(i))));
let kept: Map<string, string>;
let memory: Memory;
const visit = (log: FetchLog) => checkLog(p, log, memory);
const of = (size: number) => logOf(leaves.slice(0, size), key);

beforeEach(() => {
	kept = new Map();
	memory = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
});

test('LOG-7 the browser keeps the checkpoint of its first visit and accepts what goes on from it, however far', async () => {
	let before = 0;
	for (const size of [1, 2, 3, 255, 256, 257, 300, 300, 511, 513, 65_535, 65_537, 70_000]) {
		expect(await visit(of(size))).toEqual({ kind: before ? 'goes-on' : 'first', size });
		before = size;
	}
});

test('LOG-3 LOG-7 a log changed, cut short, signed by a stranger or gone is not shown to go on, at this visit and every later one', async () => {
	await visit(of(300));
	const memoryBefore = [...kept];
	const changed = leaves.with(7, leaves[8]!);
	const cases: [string, FetchLog][] = [
		['history', logOf(changed.slice(0, 300), key)],
		['history', logOf(changed.slice(0, 700), key)],
		['shorter', of(299)],
		['key', logOf(leaves.slice(0, 301), logKey())],
		['absent', async () => null],
		['malformed', async () => utf8('{}')],
		['malformed', async () => utf8('<html>')],
		['history', async (path) => (path === 'keys' ? of(301)(path) : null)],
		['history', async (path) => (path === 'keys' ? of(301)(path) : new Uint8Array(7))],
		['malformed', async (path) => utf8(Buffer.from((await of(301)(path))!).toString().replace('\\n301\\n', '\\n302\\n'))]
	];
	for (const [why, log] of [...cases, ...cases]) expect(await visit(log), why).toMatchObject({ kind: 'unproven', why });
	expect([...kept]).toEqual(memoryBefore);
	expect(await visit(of(301))).toEqual({ kind: 'goes-on', size: 301 });
});

test('LOG-7 a new log is told as one, and an unreachable server proves nothing either way', async () => {
	const unreachable: FetchLog = () => Promise.reject(new LogUnreachable('503'));
	expect(await visit(unreachable)).toEqual({ kind: 'unknown' });
	expect(await visit(async () => null)).toEqual({ kind: 'unknown' }); // nothing was signed yet
	await visit(of(5));
	expect(await visit(unreachable)).toEqual({ kind: 'unknown' });
	expect(await visit(logOf(leaves.slice(0, 9), logKey('safe.test/log-2')))).toMatchObject({ kind: 'replaced' });
	expect(await visit(of(6))).toEqual({ kind: 'goes-on', size: 6 });
	await expect(checkLog(p, async () => utf8('{}'), { getItem: () => null, setItem: () => {} })).rejects.toMatchObject({ name: 'CryptoError' }); // nothing to compare with, nothing to say
});

test('LOG-7 a key that followed the one of the last visit is accepted once both have signed so in the log', async () => {
	await visit(of(5));
	const next = logKey();
	const note = await signSuccession(p, key, next);
	const opening = new Uint8Array(randomBytes(32));
	const body = writeBody({ v: 1, t: '2026-11-23T12:00:00.000Z', op: 'log.key', safe: null, actor: 'system', via: 'cli', obj: 'safe.test/log', res: 'ok', c: { [noteCommitment]: hex(commitment(p, { name: noteCommitment, key: opening, value: note })) } });
	const entry = writeEntry(body, { seq: 1, prev: null });
	const rotated = logOf([...leaves.slice(0, 5), leafHash(p, entry)], next, async (read, size) => [{ note, opening, entry, index: 5, inclusion: await inclusionProof(p, read, 5, size) }]);
	expect(await visit(logOf([...leaves.slice(0, 5), leafHash(p, entry)], next))).toMatchObject({ kind: 'unproven', why: 'key' }); // not shown
	expect(await visit(rotated)).toEqual({ kind: 'goes-on', size: 6 });
});
