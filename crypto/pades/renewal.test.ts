// "Valid when made, needs renewal": time alone took a verdict away. What never was in order, or was revoked, is not that.

import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { writeOcspResponse } from '../x509/ocsp.ts';
import { validate, type ValidationInput } from './validate.ts';

const day = 86_400_000;
const pki = await createPki();
const root = pki.root.certificate.der;
const seal = await pki.issue('Sceau', { notAfter: epoch + 2 * year });
const authority = await pki.authority();
const at = epoch + year / 2;
const late = epoch + 6 * year;
const signed = async (by: typeof authority | null = authority, time = at) => signField(withFields(await contract(), ['a', 'b']), 'a', seal, { at: time, authority: by });
const data = await answers(pki, [seal, authority], at + 1000);
const blt = withDss(await signed(), data);
const blta = await stamped(blt, authority, at + 2000);
const judge = (pdf: Uint8Array, when: number, more: Partial<ValidationInput> = {}) => validate(p, pdf, { trust: { anchors: [root] }, at: when, ...more });

test('SIGN-7 its authority’s certificate ended: it was in order at its last time-stamp, and needs a renewal', async () => {
	expect(await judge(blta, at + day)).toMatchObject({ indication: 'TOTAL-PASSED', renewal: false, signatures: [{ renewal: false }, { renewal: false }] });
	expect(await judge(blta, late)).toMatchObject({ indication: 'INDETERMINATE', renewal: true, signatures: [{ renewal: true, integrity: 'intact' }, { renewal: true, reasons: ['timestamp-chain'] }] });
	expect(await judge(blt, late)).toMatchObject({ indication: 'INDETERMINATE', renewal: true });
});

test('SIGN-7 an algorithm was given up since: needs a renewal; given up before: does not, it never passed', async () => {
	const start = Date.parse('2007-01-01T00:00:00Z');
	const key = () => {
		const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		return { signer: nodeSigner(privateKey, { scheme: 'rsa-pkcs1', hash: 'SHA-1' }), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
	};
	const past = await createPki('Past', { start, key });
	const holder = await past.issue('signer', { key: key() });
	const made = async (time: number) => {
		const tsa = await past.authority({ key: key() });
		return withDss(await signField(withFields(await contract(), ['a']), 'a', holder, { at: time, authority: tsa }), { crls: await lists(past, time) });
	};
	const now = { trust: { anchors: [past.root.certificate.der] }, at: Date.parse('2010-06-01T00:00:00Z') };
	expect(await validate(p, await made(Date.parse('2008-06-01T00:00:00Z')), now)).toMatchObject({ indication: 'INDETERMINATE', renewal: true });
	expect(await validate(p, await made(Date.parse('2009-06-01T00:00:00Z')), now)).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
});

test('SIGN-7 without a time-stamp, without revocation data, or from an unknown issuer there is nothing to renew', async () => {
	expect(await judge(withDss(await signed(null), data), late)).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
	expect(await judge(await signed(), late)).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
	expect(await judge(blta, late, { trust: { anchors: [] } })).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
	expect(await judge(blta, at - day)).toMatchObject({ renewal: false });
});

test('SIGN-7 data from outside count since they are known, not since the time-stamp', async () => {
	const responder = await pki.issue('OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck', notAfter: epoch + year });
	const answer = { status: { status: 'good' }, producedAt: at + 1000, thisUpdate: at + 1000, nextUpdate: at + day } as const;
	const about = await writeOcspResponse(p, responder, { certificate: seal.certificate, issuer: pki.ca.certificate }, answer);
	const bare = withDss(await signed(), data.slice(1));
	expect(await judge(withDss(bare, [about]), epoch + 1.5 * year)).toMatchObject({ indication: 'INDETERMINATE', renewal: true });
	expect(await judge(bare, epoch + 1.5 * year, { revocation: [about] })).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
});

test('SIGN-7 a revocation is no matter of time', async () => {
	const when = at + 10 * day;
	const fallen = await writeOcspResponse(p, pki.ca, { certificate: authority.certificate, issuer: pki.ca.certificate }, { status: { status: 'revoked', at: when, reason: 1 }, producedAt: when, thisUpdate: when, nextUpdate: null });
	expect(await judge(blta, at + 20 * day, { revocation: [fallen] })).toMatchObject({ indication: 'INDETERMINATE', renewal: false });
});

test('SIGN-7 one signature that needs a renewal beside one that never passed is no renewal of the file', async () => {
	const two = await signField(await signed(), 'b', await (await createPki('Elsewhere')).issue('stranger'), { at, authority });
	const report = await judge(withDss(two, data), late);
	expect(report.signatures.map((s) => s.renewal)).toEqual([true, false]);
	expect(report.renewal).toBe(false);
	const altered = blta.slice();
	altered[200]! ^= 1;
	expect(await judge(altered, late)).toMatchObject({ renewal: false });
});
