import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import * as material from '../../test/fuzz/material.ts';
import { fromUtf8, utf8 } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { canonical } from '../tlog/entry.ts';
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
		expect(await judge(utf8(other))).toMatchObject({ indication: 'TOTAL-FAILED', receipt: null, checks: [{ name: 'format', outcome: 'failed' }] });
	}
});
