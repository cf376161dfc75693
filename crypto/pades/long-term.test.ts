// B-LT and B-LTA: what a file proves about the past when certificates, authorities and algorithms have ended.

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year, type Holder } from '../../test/support/pki.ts';
import { answers, contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { revocationInfoArchival } from '../cms/attributes.ts';
import { writeCrl } from '../x509/crl.ts';
import { writeOcspResponse } from '../x509/ocsp.ts';
import type { SigningData } from './sign.ts';
import type { Report } from './report.ts';
import { validate } from './validate.ts';

const day = 86_400_000;
const pki = await createPki();
const root = pki.root.certificate.der;
const seal = await pki.issue('Sceau', { notAfter: epoch + 2 * year });
const authority = await pki.authority();
const at = epoch + year / 2;
const ocsp = await answers(pki, [seal, authority], at + 1000);

const judge = (pdf: Uint8Array, when: number, wishes: Partial<Parameters<typeof validate>[2]> = {}): Promise<Report> => validate(p, pdf, { trust: { anchors: [root] }, at: when, ...wishes });
const problems = (report: Report) => [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate').map((c) => `${c.name} ${c.sub}`);
const levels = (report: Report) => report.signatures.filter((s) => s.kind === 'signature').map((s) => s.level);
const signed = async (holder: Holder = seal, time = at, by: typeof authority | null = authority) => signField(withFields(await contract(), ['a']), 'a', holder, { at: time, authority: by });

const bt = await signed();
const blt = withDss(bt, ocsp);
const blta = await stamped(blt, authority, at + 2000);

describe('SIGN-7 levels are what the file alone shows', () => {
	test('B-B, B-T, B-LT, B-LTA, and nothing open but what time brings', async () => {
		expect(levels(await judge(await signed(seal, at, null), at + day, { revocation: ocsp }))).toEqual(['B-B']);
		expect(levels(await judge(bt, at + day, { revocation: ocsp }))).toEqual(['B-T']);
		expect(levels(await judge(blt, at + day))).toEqual(['B-LT']);
		const report = await judge(blta, at + day);
		expect(problems(report)).toEqual([]);
		expect(report.indication).toBe('TOTAL-PASSED');
		expect(report.signatures.map((s) => [s.kind, s.level, s.coverage])).toEqual([['signature', 'B-LTA', 'whole-revision'], ['document-timestamp', 'none', 'whole-file']]);
		expect(report.signatures[0]!.changes.map((c) => [c.kind, c.allowed])).toEqual([['dss', true], ['document-timestamp', true]]);
		expect(report.signatures[1]).toMatchObject({ field: `t${at + 2000}`, timestamp: { proven: true, time: new Date(at + 2000).toISOString() } });
	});

	test('a document time-stamp alone makes B-T; data that come after it make no B-LTA', async () => {
		const plain = await signed(seal, at, null);
		expect(levels(await judge(await stamped(plain, authority, at + 500), at + day, { revocation: ocsp }))).toEqual(['B-T']);
		expect(levels(await judge(withDss(await stamped(bt, authority, at + 500), ocsp), at + day))).toEqual(['B-LT']);
	});

	test('a certificate of the path that is not in the file is no B-LT', async () => {
		const alone = withDss(await signed({ ...seal, chain: [] }, at, { ...authority, chain: [] }), ocsp);
		const outside = { intermediates: [pki.ca.certificate.der] };
		expect(await judge(alone, at + day, outside)).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ level: 'B-T' }] });
		const complete = withDss(alone, { certificates: [pki.ca.certificate.der] });
		expect(levels(await judge(complete, at + day))).toEqual(['B-LT']);
	});

	test('a document time-stamp whose authority is unknown, or says nothing of its revocation, archives nothing', async () => {
		const other = await createPki('Elsewhere');
		const foreign = await judge(await stamped(blt, await other.authority(), at + 2000), at + day);
		expect(foreign).toMatchObject({ indication: 'INDETERMINATE', signatures: [{ level: 'B-LT' }, { subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' }] });
		const silent = await judge(await stamped(blt, await pki.authority(), at + 2000), at + day);
		expect(silent).toMatchObject({ indication: 'INDETERMINATE', signatures: [{ level: 'B-LT' }, { subIndication: 'TRY_LATER' }] });
	});

	test('data given again are not stored again', async () => {
		const again = withDss(blt, { ocsp, crls: [] });
		expect(again.length - blt.length).toBeLessThan(1500);
		expect(levels(await judge(again, at + day))).toEqual(['B-LT']);
	});
});

describe('revocation lists serve as answers do', () => {
	test('in the document security store: good is B-LT, revoked before the proven time fails', async () => {
		const report = await judge(withDss(bt, { crls: await lists(pki, at + 1000) }), at + day);
		expect(problems(report)).toEqual([]);
		expect(levels(report)).toEqual(['B-LT']);
		const { serialNumber } = seal.certificate;
		const revoked = await judge(withDss(bt, { crls: await lists(pki, at + 1000, [{ serialNumber, at: at - 1000, reason: 4 }]) }), at + day);
		expect(revoked).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
		const later = await judge(withDss(bt, { crls: await lists(pki, at + 3000, [{ serialNumber, at: at + 2000, reason: 4 }]) }), at + day);
		expect(later.indication).toBe('TOTAL-PASSED');
	});

	test('inside the CMS: SignedData.crls, and Adobe’s revocationInfoArchival; judged, but no B-LT', async () => {
		const crls = await lists(pki, at - 1000);
		const { serialNumber } = seal.certificate;
		const revoked = await lists(pki, at - 1000, [{ serialNumber, at: at - 2000, reason: 1 }]);
		const holding = async (more: SigningData) => judge(await signField(withFields(await contract(), ['a']), 'a', seal, { at, authority, more }), at + day);
		for (const inside of [(crls: Uint8Array[]) => ({ crls }), (crls: Uint8Array[]) => ({ attributes: [revocationInfoArchival({ crls })] })]) {
			const report = await holding(inside(crls));
			expect(problems(report)).toEqual([]);
			expect(levels(report)).toEqual(['B-T']);
			expect(await holding(inside(revoked))).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
		}
		expect((await holding({ attributes: [revocationInfoArchival({ ocsp: await answers(pki, [seal, authority], at - 1000) })] })).indication).toBe('TOTAL-PASSED');
	});

	test('from outside', async () => {
		expect((await judge(bt, at + day, { crls: await lists(pki, at + 1000) })).indication).toBe('TOTAL-PASSED');
	});

	test('a list of another CA, or by another key, says nothing', async () => {
		const other = await createPki();
		const forged = await writeCrl({ ...pki.ca, signer: seal.signer }, { number: 1n, thisUpdate: at + 1000, nextUpdate: at + day, revoked: [] });
		const [, ofRoot] = await lists(pki, at + 1000);
		for (const crls of [await lists(other, at + 1000), [forged, ofRoot!]]) expect((await judge(withDss(bt, { crls }), at + day)).indication).toBe('INDETERMINATE');
	});
});

describe('EN 319 102-1 §5.6: past signature validation', () => {
	const late = epoch + 4.5 * year;
	test('the signer’s certificate ended: what is proven before its end passes, what is not does not', async () => {
		expect((await judge(blta, late)).indication).toBe('TOTAL-PASSED');
		expect((await judge(await signed(seal, at, null), late, { revocation: ocsp })).indication).not.toBe('TOTAL-PASSED');
		const after = await signed(seal, epoch + 2.5 * year);
		const report = await judge(withDss(after, await answers(pki, [seal, authority], epoch + 2.5 * year + 1000)), late);
		expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'EXPIRED' });
	});

	test('the authority ended: a second document time-stamp made before carries the proof on; none does not', async () => {
		const next = await pki.authority({ notBefore: epoch + 3 * year, notAfter: epoch + 9 * year });
		const renewal = epoch + 4 * year;
		const again = await stamped(withDss(blta, { crls: await lists(pki, renewal) }), next, renewal + 1000);
		const then = epoch + 6 * year;
		const report = await judge(again, then);
		expect(problems(report)).toEqual([]);
		expect(levels(report)).toEqual(['B-LTA']);
		expect(report.signatures.map((s) => s.indication)).toEqual(['TOTAL-PASSED', 'TOTAL-PASSED', 'TOTAL-PASSED']);
		expect((await judge(blta, then)).indication).toBe('INDETERMINATE');
		expect(problems(await judge(blta, then))).toContain('timestamp-chain OUT_OF_BOUNDS_NO_POE');
		const tooLate = await stamped(withDss(blta, { crls: await lists(pki, then) }), next, then + 1000);
		expect((await judge(tooLate, then + day)).indication).toBe('INDETERMINATE');
	});

	test('the key of the authority is compromised later: what a document time-stamp proved before stands, the rest falls', async () => {
		const other = await pki.authority();
		const own = await answers(pki, [seal, authority, other], at + 1000);
		const archived = await stamped(withDss(bt, own), other, at + day);
		const say = (when: number) => writeOcspResponse(p, pki.ca, { certificate: authority.certificate, issuer: pki.ca.certificate }, { status: { status: 'revoked', at: when, reason: 1 }, producedAt: when, thisUpdate: when, nextUpdate: null });
		const after = { revocation: [await say(at + 10 * day)] };
		expect((await judge(archived, at + 20 * day, after)).indication).toBe('TOTAL-PASSED');
		expect(problems(await judge(withDss(bt, own), at + 20 * day, after))).toEqual(['timestamp-revocation REVOKED_NO_POE', 'revocation TRY_LATER']);
		expect(problems(await judge(archived, at + 20 * day, { revocation: [await say(at + day / 2)] }))).toEqual(['timestamp-revocation REVOKED_NO_POE']);
	});

	test('an answer whose signer has ended counts only when it is proven to be older', async () => {
		const responder = await pki.issue('OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck', notAfter: epoch + year });
		const say = { status: { status: 'good' }, producedAt: at + 1000, thisUpdate: at + 1000, nextUpdate: at + day } as const;
		const about = (certificate: Holder['certificate']) => writeOcspResponse(p, responder, { certificate, issuer: pki.ca.certificate }, say);
		const data = { ocsp: [await about(seal.certificate), ...ocsp.slice(1)] };
		const held = withDss(bt, data);
		expect((await judge(held, at + day)).indication).toBe('TOTAL-PASSED');
		expect(problems(await judge(held, epoch + 1.5 * year))).toEqual(['revocation TRY_LATER']);
		const report = await judge(await stamped(held, authority, at + 2000), epoch + 1.5 * year);
		expect(problems(report)).toEqual([]);
		expect(levels(report)).toEqual(['B-LTA']);
	});

	test('the CA was revoked since: its answers count only when they are proven to be older', async () => {
		const [ofCa] = await lists(pki, at + 1000);
		const fallen = await writeCrl(pki.root, { number: 2n, thisUpdate: at + 10 * day, nextUpdate: at + 400 * day, revoked: [{ serialNumber: pki.ca.certificate.serialNumber, at: at + 5 * day, reason: 4 }] });
		const held = withDss(bt, { crls: [ofCa!] });
		const then = { crls: [fallen] };
		expect(problems(await judge(held, at + 20 * day, then))).toEqual(['timestamp-revocation TRY_LATER', 'revocation TRY_LATER']);
		expect(problems(await judge(await stamped(held, authority, at + 2000), at + 20 * day, then))).toEqual(['timestamp-revocation TRY_LATER', 'revocation TRY_LATER', 'timestamp-revocation TRY_LATER']);
		const other = await createPki('Second');
		const second = await other.authority();
		const archived = await stamped(withDss(held, await answers(other, [second], at + 1500)), second, at + 2000);
		const trust = { anchors: [root, other.root.certificate.der] };
		expect((await judge(archived, at + 20 * day, { ...then, trust })).indication).toBe('TOTAL-PASSED');
	});

	test('a token that states a later time than that at which it is proven to exist is no proof', async () => {
		const early = await stamped(withDss(await signed(seal, at + 10 * day), await answers(pki, [seal, authority], at + 10 * day)), authority, at);
		expect(problems(await judge(early, at + 20 * day))).toContain('timestamp-order TIMESTAMP_ORDER_FAILURE');
	});
});

describe('algorithms are relied on until their end (ETSI TS 119 312)', () => {
	const start = Date.parse('2007-01-01T00:00:00Z');
	const rsaKey = (bits: number, hash: 'SHA-1' | 'SHA-256') => () => {
		const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
		return { signer: nodeSigner(privateKey, { scheme: 'rsa-pkcs1', hash }), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
	};

	/** A file signed under an old PKI, archived by a sound authority at `archived`. */
	async function old(key: ReturnType<typeof rsaKey>, archived: number): Promise<Report> {
		const past = await createPki('Past', { start, key });
		const sound = await createPki('Sound', { start });
		const holder = await past.issue('signer', { key: key() });
		const tsa = await sound.authority({ notAfter: start + 14 * year });
		const crls = [...(await lists(past, archived)), ...(await lists(sound, archived))];
		const file = await stamped(withDss(await signed(holder, archived - day, null), { crls }), tsa, archived + 1000);
		return validate(p, file, { trust: { anchors: [past.root.certificate.der, sound.root.certificate.der] }, at: start + 10 * year });
	}

	test('SHA-1: proven before 2009 passes, after is unknown', async () => {
		const key = rsaKey(2048, 'SHA-1');
		const before = await old(key, Date.parse('2008-06-01T00:00:00Z'));
		expect(problems(before)).toEqual([]);
		expect(levels(before)).toEqual(['B-LTA']);
		const after = await old(key, Date.parse('2010-06-01T00:00:00Z'));
		expect(after).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' });
		expect(problems(after)).toEqual(['algorithm-lifetimes CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'certificate-chain CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'revocation TRY_LATER']);
	});

	test('RSA of 1536 bits: proven before 2016 passes, after is unknown', async () => {
		const key = rsaKey(1536, 'SHA-256');
		expect(problems(await old(key, Date.parse('2010-06-01T00:00:00Z')))).toEqual([]);
		expect(problems(await old(key, Date.parse('2016-06-01T00:00:00Z')))).toContain('algorithm-lifetimes CRYPTO_CONSTRAINTS_FAILURE_NO_POE');
	});
});

test('SIGN-7 a B-LTA file is sound to other tools: qpdf, pdfsig, mutool', () => {
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': blta }).text).toContain('No syntax or stream encoding errors found');
	const { text } = run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': blta });
	expect(text.match(/Signature is Valid/g), text).toHaveLength(1); // poppler 22 does not judge ETSI.RFC3161
	expect(text).toContain('Total document signed');
	expect(run('mutool', ['sign', '-v', 'a.pdf'], { 'a.pdf': blta }).text).not.toMatch(/digest failure|repair|changed since/i);
});
