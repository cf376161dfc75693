// What is said of the bytes alone: it follows no trust, no certificate and no time.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { concat, fromLatin1, hex, latin1 } from '../bytes.ts';
import { openDocument } from '../pdf/document.ts';
import { preflight } from '../pdf/preflight.ts';
import { beginRevision } from '../pdf/revision.ts';
import { digest } from '../primitives.ts';
import { makeToken } from '../tsp/response.ts';
import { embeddedCms, embedTimestamp, signatureValue } from './embed.ts';
import { integrityOf, reasonsOf } from './integrity.ts';
import { fileOf, prepare } from './prepare.ts';
import type { Check, CheckName, SubIndication } from './report.ts';
import { sign } from './sign.ts';
import { validate } from './validate.ts';

const pki = await createPki();
const seal = await pki.issue('Sceau');
const authority = await pki.authority();
const at = epoch + year / 2;
const root = pki.root.certificate.der;
const tokenOver = (imprint: Uint8Array) => makeToken(p, authority, { hash: 'SHA-256', imprint, nonce: 1n, policy: null, certReq: true }, { genTime: at, serialNumber: 1n, accuracy: 1000 });
const bare = await sign(p, prepare(withFields(await contract(), ['a', 'b']), { field: 'a', signingTime: at, contentsSize: 12_000, id: p.random(16) }), seal);
const bt = embedTimestamp(bare, await tokenOver(digest(p, 'SHA-256', signatureValue(embeddedCms(bare)))));
const blta = await stamped(withDss(bt, await answers(pki, [seal, authority], at + 1000)), authority, at + 2000);

const judge = (pdf: Uint8Array, anchors = [root], when = at + 10_000) => validate(p, pdf, { trust: { anchors }, at: when });
const integrities = async (pdf: Uint8Array, ...more: [anchors?: Uint8Array[], when?: number]) => (await judge(pdf, ...more)).signatures.map((s) => s.integrity);

/** The file with other bytes of the same length where `from` first stands. */
function changed(pdf: Uint8Array, from: string, to: string): Uint8Array {
	const out = pdf.slice();
	out.set(latin1(to), Buffer.from(pdf).indexOf(from));
	return out;
}

test('LOG-5 intact is said of the bytes whoever signed them, and whenever', async () => {
	expect(await integrities(blta)).toEqual(['intact', 'intact']);
	expect(await integrities(blta, [])).toEqual(['intact', 'intact']);
	expect(await integrities(blta, [root], at + 40 * year)).toEqual(['intact', 'intact']);
	const untrusted = await judge(blta, []);
	expect(untrusted).toMatchObject({ indication: 'INDETERMINATE', reasons: [] });
	expect(untrusted.signatures.map((s) => s.reasons)).toEqual([['timestamp-chain', 'certificate-chain'], ['timestamp-chain']]);
	expect((await judge(blta)).signatures.map((s) => s.reasons)).toEqual([[], []]);
});

test('LOG-5 a changed byte of what is signed, or of the signature, is altered', async () => {
	const content = await judge(changed(blta, '595 842', '695 842'));
	expect(content.signatures.map((s) => [s.integrity, s.reasons[0]])).toEqual([['altered', 'message-digest'], ['altered', 'timestamp-imprint']]);
	const value = Buffer.from(bt).indexOf(hex(signatureValue(embeddedCms(bare))));
	const spoiled = bt.slice();
	spoiled[value + 20] = bt[value + 20] === 0x30 ? 0x31 : 0x30;
	expect((await judge(spoiled)).signatures).toMatchObject([{ integrity: 'altered', reasons: expect.arrayContaining(['signature-value']) }]);
});

/** A revision that says nothing, with a body before it that nothing names. */
const withOrphan = (pdf: Uint8Array, orphan = '900 0 obj\n<</Note 1>>\nendobj\n') => {
	const { bytes } = beginRevision(openDocument(pdf)).finish(new Uint8Array(16));
	const later = fromLatin1(bytes.subarray(pdf.length)).replace(/startxref\n(\d+)/, (_, at: string) => `startxref\n${Number(at) + orphan.length}`);
	return concat(pdf, latin1(orphan + later));
};

test('LOG-5 ARCHITECTURE §6 what only a repairing reader would see: after the signature it is altered; inside what is signed it is intact, and not passed', async () => {
	expect(await integrities(withOrphan(bt, ''))).toEqual(['intact']);
	const after = await judge(withOrphan(bt));
	expect(after).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', signatures: [{ integrity: 'altered', reasons: expect.arrayContaining(['no-hidden-objects']) }] });
	const within = await judge(await signField(withOrphan(withFields(await contract(), ['a'])), 'a', seal, { at, authority }));
	expect(within).toMatchObject({ indication: 'INDETERMINATE', signatures: [{ integrity: 'intact', reasons: expect.arrayContaining(['no-hidden-objects']) }] });
	const beside = await judge(await signField(withFields(await contract(), ['a']), 'a', seal, { at, authority, wishes: { reason: '900 0 obj' } })); // in the revision that is signed, a string that a search takes for an object
	expect(beside).toMatchObject({ indication: 'INDETERMINATE', signatures: [{ integrity: 'intact', reasons: expect.arrayContaining(['no-hidden-objects']) }] });
	const between = await signField(withOrphan(bt), 'b', seal, { at, authority });
	expect((await judge(between)).signatures.map((s) => [s.indication, s.integrity, s.reasons.includes('no-hidden-objects')])).toEqual([['TOTAL-FAILED', 'altered', true], ['INDETERMINATE', 'intact', true]]);
	expect(preflight(withOrphan(await contract())).refusals).toEqual([{ reason: 'dormant-content', detail: expect.stringContaining('nothing names') }]);
	expect(preflight(withOrphan(await contract(), '')).refusals).toEqual([]);
});

test('LOG-5 bytes after the end are altered; a field filled afterwards is not', async () => {
	expect(await integrities(new Uint8Array(Buffer.concat([bt, latin1('\n1 0 obj\n<</A 1>>\nendobj\n')])))).toEqual(['altered']);
	const two = await signField(bt, 'b', seal, { at, authority });
	expect(await integrities(two)).toEqual(['intact', 'intact']);
});

const passed = (name: CheckName): Check => ({ name, clause: '', outcome: 'passed' });
const all: readonly CheckName[] = ['byte-range', 'coverage', 'later-changes', 'message-digest', 'signature-value'];
const stamp: readonly CheckName[] = ['byte-range', 'coverage', 'later-changes', 'timestamp-imprint', 'timestamp-signature'];
const but = (names: readonly CheckName[], name: CheckName, outcome: Check['outcome'], sub?: SubIndication): Check[] => names.map((n) => (n === name ? { name, clause: '', outcome, ...(sub ? { sub } : {}) } : passed(n)));

test('LOG-5 each part alone: failed is altered, open or not asked is unknown', () => {
	expect(integrityOf('signature', all.map(passed), [])).toBe('intact');
	expect(integrityOf('document-timestamp', stamp.map(passed), [])).toBe('intact');
	const subs: Partial<Record<CheckName, SubIndication>> = { 'message-digest': 'HASH_FAILURE', 'signature-value': 'SIG_CRYPTO_FAILURE', 'timestamp-imprint': 'HASH_FAILURE', 'timestamp-signature': 'SIG_CRYPTO_FAILURE' };
	for (const [kind, names] of [['signature', all], ['document-timestamp', stamp]] as const)
		for (const name of names) {
			expect(integrityOf(kind, but(names, name, 'failed', subs[name]), []), `${kind} ${name}`).toBe('altered');
			expect(integrityOf(kind, but(names, name, 'indeterminate'), []), `${kind} ${name}`).toBe('unknown');
			expect(integrityOf(kind, but(names, name, 'not-checked'), []), `${kind} ${name}`).toBe('unknown');
			expect(integrityOf(kind, names.filter((n) => n !== name).map(passed), []), `${kind} ${name}`).toBe('unknown');
		}
	const wrongCertificate = [...stamp.map(passed), { name: 'timestamp-signature', clause: '', outcome: 'failed', sub: 'NO_SIGNING_CERTIFICATE_FOUND' } as const];
	expect(integrityOf('document-timestamp', wrongCertificate, [])).toBe('unknown');
});

test('LOG-5 a field name that leads to two fields leaves it unknown, bytes after its end alter it; damage that was signed does not', () => {
	const failing = (name: CheckName) => integrityOf('signature', all.map(passed), [{ name, clause: '', outcome: 'failed' }]);
	expect([failing('field-names-unique'), failing('structure-strict')]).toEqual(['unknown', 'intact']);
	expect(integrityOf('signature', all.map(passed), [{ name: 'no-uncovered-bytes', clause: '', outcome: 'failed' }])).toBe('altered');
});

test('LOG-5 reasons: the word of each check that failed or stayed open, once', () => {
	const checks: Check[] = [passed('byte-range'), { name: 'timestamp-present', clause: '', outcome: 'not-checked' }, { name: 'revocation', clause: '', outcome: 'indeterminate' }, { name: 'timestamp-chain', clause: '', outcome: 'failed' }, { name: 'timestamp-chain', clause: '', outcome: 'indeterminate' }, { name: 'pdf-readable', clause: '', outcome: 'failed', reason: 'not-a-pdf' }];
	expect(reasonsOf(checks)).toEqual(['revocation', 'timestamp-chain', 'not-a-pdf']);
});

test('LOG-5 a signature whose certificate is not there could not be judged: unknown, not altered', async () => {
	const elsewhere = await createPki('Elsewhere');
	const other = await elsewhere.issue('other');
	const prepared = prepare(withFields(await contract(), ['a']), { field: 'a', signingTime: at, contentsSize: 8000, id: p.random(16) });
	const bytes = fileOf(await sign(p, prepared, { signer: seal.signer, certificate: { ...seal.certificate, der: other.certificate.der }, chain: [] }));
	const [signature] = (await judge(bytes)).signatures;
	expect(signature).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_SIGNING_CERTIFICATE_FOUND', integrity: 'unknown', signer: null });
});
