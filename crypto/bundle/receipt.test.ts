import { expect, test } from 'vitest';
import { generateKeyPairSync, sign } from 'node:crypto';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import * as material from '../../test/fuzz/material.ts';
import { fromUtf8, hex, utf8 } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { signCheckpoint } from '../tlog/checkpoint.ts';
import { canonical, commitment, writeBody, writeEntry } from '../tlog/entry.ts';
import { append, inclusionProof, leafHash, treeHash } from '../tlog/merkle.ts';
import { formatVerifier } from '../tlog/note.ts';
import { signSuccession, type LogKey } from '../tlog/succession.ts';
import { readReceipt, verifyReceipt, writeReceipt, type Receipt, type ReceiptTrust } from './receipt.ts';

const trust: ReceiptTrust = { logs: [material.logVerifier], anchors: [material.root.certificate.der], fileSha256: digest(p, 'SHA-256', material.content) };
const text = fromUtf8(material.receipt);
const original = readReceipt(material.receipt);
const judge = (bytes: Uint8Array, wishes: Partial<ReceiptTrust> = {}) => verifyReceipt(p, bytes, { ...trust, ...wishes });
const problems = async (bytes: Uint8Array, wishes: Partial<ReceiptTrust> = {}) => (await judge(bytes, wishes)).checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}`);
const changed = (change: Partial<Receipt>) => writeReceipt({ ...original, ...change });
const inLog = (change: Partial<Receipt['log']>) => changed({ log: { ...original.log, ...change } });

test('SAFE-5 a receipt passes, proves its time, and comes back as it was', async () => {
	const report = await judge(material.receipt);
	expect(report).toMatchObject({ indication: 'TOTAL-PASSED', time: new Date(material.at).toISOString() });
	expect(report.checks.map((c) => `${c.name} ${c.outcome}`)).toEqual(['format', 'entry', 'openings', 'checkpoint', 'inclusion', 'log-trusted', 'timestamp', 'file'].map((name) => `${name} passed`));
	expect(writeReceipt(original)).toEqual(material.receipt);
});

test('SAFE-5 a receipt has one spelling: capitals in hexadecimal, a member more, an empty list of keys are refused', async () => {
	const value = JSON.parse(text);
	const others = [text.replace('0b0b', '0B0b'), canonical({ ...value, more: 1 }), canonical({ ...value, log: { ...value.log, keys: {} } }), ` ${text}`, JSON.stringify(value, null, 1), text.replace('probant/deposit-receipt/v1', 'probant/deposit-receipt/v2'), '{}', 'null', '{'];
	for (const other of others) {
		expect(other).not.toBe(text);
		expect(() => readReceipt(utf8(other)), other).toThrow(expect.objectContaining({ code: 'malformed' }));
		if (other === '{') expect(() => readReceipt(utf8(other))).toThrow('not JSON');
		expect(await judge(utf8(other))).toMatchObject({ indication: 'TOTAL-FAILED', receipt: null, checks: [{ name: 'format', outcome: 'failed' }] });
	}
});

test('SAFE-5 LOG-3 each part of a receipt has a change that its own check catches', async () => {
	const flip = (bytes: Uint8Array, at = 0) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
	const entry = (from: string, to: string) => inLog({ entry: utf8(fromUtf8(original.log.entry).replace(from, to)) });
	const { log, openings } = original;
	expect(await problems(entry('document.deposit', 'document.dispose'))).toEqual(['entry failed', 'inclusion failed']);
	expect(await problems(entry('"res":"ok"', '"res":"denied"'))).toEqual(['entry failed', 'inclusion failed']);
	expect(await problems(changed({ version: 'v2' }))).toEqual(['entry failed']);
	expect(await problems(entry('"v":1', '"v":2'))).toEqual(['entry failed']);
	expect(await problems(changed({ size: 17 }))).toEqual(['openings failed']);
	expect(await problems(changed({ type: 'text/html' }))).toEqual(['openings failed']);
	expect(await problems(changed({ document: 'd2' }))).toEqual(['openings failed']);
	expect(await problems(changed({ sha256: flip(original.sha256) }))).toEqual(['openings failed', 'timestamp failed', 'file failed']);
	expect(await problems(changed({ openings: { ...openings, type: flip(openings.type) } }))).toEqual(['openings failed']);
	expect(await problems(inLog({ checkpoint: log.checkpoint.replace('\n11\n', '\n12\n') }))).toEqual(['checkpoint failed', 'inclusion failed']);
	expect(await problems(inLog({ index: 4 }))).toEqual(['inclusion failed']);
	expect(await problems(inLog({ inclusion: log.inclusion.map((h, i) => (i === 1 ? flip(h, 31) : h)) }))).toEqual(['inclusion failed']);
	expect(await problems(changed({ token: original.token.slice(0, -1) }))).toEqual(['timestamp failed']);
	expect(await problems(material.receipt, { logs: [] })).toEqual(['log-trusted indeterminate']);
	expect(await problems(material.receipt, { anchors: [] })).toEqual(['timestamp indeterminate']);
	expect(await problems(material.receipt, { anchors: [material.seal.certificate.der] })).toEqual(['timestamp indeterminate']);
	expect(await problems(material.receipt, { fileSha256: new Uint8Array(32) })).toEqual(['file failed']);
	expect(await judge(material.receipt, { anchors: [] })).toMatchObject({ indication: 'INDETERMINATE', time: null });
	expect(await judge(material.receipt, { anchors: [], logs: [], fileSha256: new Uint8Array(32) })).toMatchObject({ indication: 'TOTAL-FAILED' });
});

/** A key of the log of the receipt. */
function logKey(): LogKey {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
	return { verifier: { name: material.logVerifier.split('+')[0]!, key }, signer: { algorithm: { scheme: 'ed25519' }, sign: async (tbs) => new Uint8Array(sign(null, tbs, privateKey)) } };
}

/** The receipt in a log whose key has changed from `from` to `to`; it states the checkpoint of `by`. */
async function succeeded(from: LogKey, to: LogKey, by = to): Promise<Receipt> {
	const note = await signSuccession(p, from, to);
	const opening = new Uint8Array(32).fill(7);
	const entry = writeEntry(writeBody({ v: 1, t: '2026-01-01T00:00:00.000Z', op: 'log.key', safe: null, actor: 'a', via: 'worker', obj: 'k', res: 'ok', c: { note: hex(commitment(p, { name: 'note', key: opening, value: note })) } }), { seq: 1, prev: null });
	const nodes = new Map((await append(p, () => Promise.reject(new Error('none')), 0, [leafHash(p, original.log.entry), leafHash(p, entry)])).map((n) => [`${n.level}/${n.index}`, n.hash]));
	const reader = async (level: number, index: number) => nodes.get(`${level}/${index}`)!;
	const checkpoint = await signCheckpoint(p, { origin: by.verifier.name, size: 2, root: await treeHash(p, reader, 2) }, by.verifier, by.signer);
	const keys = [{ note, opening, entry, index: 1, inclusion: await inclusionProof(p, reader, 1, 2) }];
	return { ...original, log: { ...original.log, verifier: formatVerifier(p, by.verifier), checkpoint, index: 0, inclusion: await inclusionProof(p, reader, 0, 2), keys } };
}

test('SAFE-5 a receipt under a later key of the log is trusted by who trusts an earlier one, as far as the successions show', async () => {
	const [from, to, other] = [logKey(), logKey(), logKey()];
	const made = await succeeded(from, to);
	const trusting = (key: LogKey) => ({ logs: [formatVerifier(p, key.verifier)] });
	expect((await judge(writeReceipt(made), trusting(from))).checks.map((c) => `${c.name} ${c.outcome}`)).toContain('log-keys passed');
	expect(await problems(writeReceipt(made), trusting(from))).toEqual([]);
	expect(await problems(writeReceipt(made), trusting(to))).toEqual([]);
	expect(await problems(writeReceipt(made), trusting(other))).toEqual(['log-trusted indeterminate']);
	expect(await problems(writeReceipt(await succeeded(from, to, other)), trusting(from))).toEqual(['log-keys failed', 'log-trusted indeterminate']);
	const forged = { ...made, log: { ...made.log, keys: made.log.keys.map((k) => ({ ...k, opening: new Uint8Array(32) })) } };
	expect(await problems(writeReceipt(forged), trusting(from))).toEqual(['log-keys failed', 'log-trusted indeterminate']);
	expect(await problems(writeReceipt(forged), trusting(to))).toEqual(['log-keys failed']);
	const why = async (receipt: Receipt) => (await judge(writeReceipt(receipt), trusting(from))).checks.find((c) => c.name === 'log-keys')?.detail;
	expect([await why(forged), await why(await succeeded(from, to, other))]).toEqual(['the entry is of something else', 'the keys lead to another one']);
	const unopened = { ...made, log: { ...made.log, checkpoint: made.log.checkpoint.replace('\n2\n', '\n3\n') } };
	expect(await problems(writeReceipt(unopened), trusting(from))).toEqual(['checkpoint failed', 'inclusion failed', 'log-keys not-checked', 'log-trusted indeterminate']);
});

test('SAFE-5 a failed part of its time-stamp outweighs an open one; a failure of the host is no verdict', async () => {
	expect(await problems(changed({ sha256: original.sha256.map((b) => b ^ 1) }), { anchors: [] })).toContain('timestamp failed');
	const broken = { ...p, verify: () => Promise.reject(new Error('no hardware')) };
	await expect(verifyReceipt(broken, material.receipt, trust)).rejects.toThrow('no hardware');
});

test('SAFE-5 a member of another kind is refused', () => {
	for (const [from, to] of [['"size":16', '"size":"16"'], ['"version":"v1"', '"version":1'], ['"type":"text/plain"', '"type":null'], ['"index":5', '"index":"5"'], ['"size":16', '"size":1.5']] as const) {
		expect(text).toContain(from);
		expect(() => readReceipt(utf8(text.replace(from, to))), to).toThrow(expect.objectContaining({ code: 'malformed' }));
	}
	const { log: _, ...withoutLog } = JSON.parse(text);
	for (const log of [undefined, null, 5, {}]) expect(() => readReceipt(utf8(JSON.stringify({ ...withoutLog, ...(log === undefined ? {} : { log }) })))).toThrow(expect.objectContaining({ code: 'malformed' }));
});
