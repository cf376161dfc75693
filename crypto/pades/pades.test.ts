import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year } from '../../test/support/pki.ts';
import { answers, contract, mark, signField, withDss, withFields } from '../../test/support/signing.ts';
import { concat, fromLatin1, latin1 } from '../bytes.ts';
import { openDocument } from '../pdf/document.ts';
import { array, dict, name, number, stream, textString, withEntries } from '../pdf/objects.ts';
import { beginRevision } from '../pdf/revision.ts';
import { embeddedCms } from './embed.ts';
import type { Report } from './report.ts';
import { validate } from './validate.ts';

const pki = await createPki();
const seal = await pki.issue('Sceau du service');
const authority = await pki.authority();
const at = epoch + year / 2;
const root = pki.root.certificate.der;
const ocsp = await answers(pki, [seal, authority], at + 1000);
const judge = (pdf: Uint8Array, wishes: Partial<Parameters<typeof validate>[2]> = {}): Promise<Report> => validate(p, pdf, { trust: { anchors: [root] }, at: at + 86_400_000, revocation: ocsp, ...wishes });
const problems = (report: Report) => [...report.checks, ...report.signatures.flatMap((s) => s.checks)].filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate').map((c) => `${c.name} ${c.sub}`);

async function signedBy(names: readonly string[], useObjectStreams = false): Promise<Uint8Array> {
	let pdf = withFields(await contract({ useObjectStreams, pages: 2 }), names);
	for (const field of names) pdf = await signField(pdf, field, seal, { at, authority, wishes: { appearance: await mark(`Accepté : ${field}`), name: 'Zoë Müller' } });
	return pdf;
}

const one = await signedBy(['alpha']);

describe('SIGN-7 one PAdES signature per signer, each an incremental update', () => {
	test('three signers in order: each revision is B-T, and stays valid under the next', async () => {
		for (const streams of [false, true]) {
			const pdf = await signedBy(['alpha', 'beta', 'gamma'], streams);
			const report = await judge(pdf);
			expect(problems(report)).toEqual([]);
			expect(report).toMatchObject({ indication: 'TOTAL-PASSED', subIndication: null, revisions: 5 });
			expect(report.signatures.map((s) => [s.field, s.indication, s.level, s.coverage, s.revision])).toEqual([
				['alpha', 'TOTAL-PASSED', 'B-T', 'whole-revision', 3],
				['beta', 'TOTAL-PASSED', 'B-T', 'whole-revision', 4],
				['gamma', 'TOTAL-PASSED', 'B-T', 'whole-file', 5]
			]);
			expect(report.signatures[0]!.changes.map((c) => [c.kind, c.allowed])).toEqual([['signature-fill', true], ['signature-fill', true]]);
			expect(report.signatures[0]).toMatchObject({ signer: { kind: 'seal', commonName: 'Sceau du service' }, signingTime: new Date(at).toISOString(), timestamp: { proven: true, time: new Date(at).toISOString() } });
		}
	});

	test('with its validation data in the file it is B-LT and needs nothing from outside but the root', async () => {
		const report = await judge(withDss(one, ocsp), { revocation: [] });
		expect(problems(report)).toEqual([]);
		expect(report.signatures[0]).toMatchObject({ level: 'B-LT', coverage: 'whole-revision' });
		expect(report.signatures[0]!.changes.every((c) => c.allowed)).toBe(true);
		expect(problems(await judge(one, { revocation: [] }))).toEqual(['timestamp-revocation TRY_LATER', 'revocation TRY_LATER']);
	});

	test('pdfsig, qpdf, mutool and openssl accept what we make', async () => {
		const pdf = withDss(await signedBy(['alpha', 'beta']), ocsp);
		expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('No syntax or stream encoding errors found');
		const pdfsig = run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text;
		expect(pdfsig.match(/Signature is Valid/g), pdfsig).toHaveLength(2);
		expect(pdfsig.match(/ETSI\.CAdES\.detached/g)).toHaveLength(2);
		const mutool = run('mutool', ['sign', '-v', 'a.pdf'], { 'a.pdf': pdf }).text;
		expect(mutool).not.toMatch(/digest failure|repair|cannot|changed since|invalid/i);
		const document = openDocument(one);
		const text = fromLatin1(one);
		const [, a, b, c, d] = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/.exec(text)!.map(Number) as [number, number, number, number, number];
		expect(document.bytes.length).toBe(c + d);
		const content = concat(one.subarray(a, b), one.subarray(c));
		const cms = embeddedCms({ update: one.slice(), contents: { start: b, end: c } });
		const files = { 'c.der': cms, content, 'root.pem': pemOf(root) };
		const openssl = run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'c.der', '-content', 'content', '-CAfile', 'root.pem', '-cades', '-purpose', 'any', '-attime', String(at / 1000), '-out', 'out'], files);
		expect(openssl.text).toMatch(/successful/i);
	});
});

test('one flipped byte anywhere in what is signed is refused', async () => {
	const text = fromLatin1(one);
	const gap = [text.indexOf('/Contents <') + 10, text.indexOf('>', text.indexOf('/Contents <'))] as const;
	for (let i = 0; i < one.length; i += Math.ceil(one.length / 150)) {
		if (i >= gap[0] && i <= gap[1]) continue;
		const altered = one.slice();
		altered[i]! ^= 1;
		const report = await judge(altered);
		expect(report.indication, `byte ${i}`).toBe('TOTAL-FAILED');
	}
});

describe('each check has a mutation that it alone catches', () => {
	const edited = (from: string | RegExp, to: string) => latin1(fromLatin1(one).replace(from, to));
	test('not trusted is never altered', async () => {
		expect(problems(await judge(one, { trust: { anchors: [], timestampAnchors: [root] } }))).toEqual(['certificate-chain NO_CERTIFICATE_CHAIN_FOUND']);
		expect(problems(await judge(one, { trust: { anchors: [root], timestampAnchors: [] } }))).toEqual(['timestamp-chain NO_CERTIFICATE_CHAIN_FOUND']);
	});
	test('certificate-time: expired without a proven time is unknown, with one before its end it passes', async () => {
		const short = await pki.issue('Sceau court', { notAfter: epoch + year });
		const late = { at: epoch + 2 * year, revocation: await answers(pki, [short, authority], at + 1000) };
		const sealed = (a: typeof authority | null) => contract().then((pdf) => signField(withFields(pdf, ['x']), 'x', short, { at, authority: a }));
		expect(problems(await judge(await sealed(null), late))).toEqual(['certificate-time OUT_OF_BOUNDS_NO_POE', 'revocation TRY_LATER']);
		expect(problems(await judge(await sealed(authority), late))).toEqual([]);
	});
	test('timestamp-chain: an authority that ended proves nothing by itself', async () => {
		const report = await judge(one, { at: epoch + 6 * year });
		expect(report.indication).toBe('INDETERMINATE');
		expect(problems(report)).toContain('timestamp-chain OUT_OF_BOUNDS_NO_POE');
	});
	test('timestamp-revocation: a key compromised later, or revoked without a reason, proves no time; one superseded does', async () => {
		const { writeOcspResponse } = await import('../x509/ocsp.ts');
		const revoked = (reason: number | null) => writeOcspResponse(p, pki.ca, { certificate: authority.certificate, issuer: pki.ca.certificate }, { status: { status: 'revoked', at: at + 3_600_000, reason }, producedAt: at + 4_000_000, thisUpdate: at + 4_000_000, nextUpdate: null });
		for (const reason of [1, null]) expect(problems(await judge(one, { revocation: [await revoked(reason), ...ocsp] }))).toEqual(['timestamp-revocation REVOKED_NO_POE']);
		expect(problems(await judge(one, { revocation: [await revoked(4), ...ocsp] }))).toEqual([]);
	});
	test('the level is what the file carries: answers from outside, or about others, are no B-LT', async () => {
		const unrelated = withDss(one, await answers(pki, [await pki.issue('autre')], at + 1000));
		expect((await judge(unrelated)).signatures[0]).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-T' });
	});
	test('revocation: id-pkix-ocsp-nocheck excuses no signer', async () => {
		const sly = await pki.issue('sly', { revocation: 'ocsp-nocheck' });
		const pdf = await signField(withFields(await contract(), ['x']), 'x', sly, { at, authority });
		expect(problems(await judge(pdf))).toEqual(['revocation TRY_LATER']);
	});
	test('a malformed answer in the file makes nothing throw', async () => {
		const { writeOcspResponse } = await import('../x509/ocsp.ts');
		const good = await writeOcspResponse(p, pki.ca, { certificate: seal.certificate, issuer: pki.ca.certificate }, { status: { status: 'revoked', at, reason: 1 }, producedAt: at, thisUpdate: at, nextUpdate: null });
		const text = fromLatin1(good);
		const marker = text.indexOf('\xa1\x16\x18\x0f');
		expect(marker).toBeGreaterThan(0);
		for (const forged of [latin1(text.replace('\xa1\x16\x18\x0f', '\xa1\x16\x04\x0f')), latin1('junk'), new Uint8Array()]) {
			expect((await judge(withDss(one, [forged]))).indication).toBe('TOTAL-PASSED');
		}
	});
	test('certificate-usage', async () => {
		const wrong = await pki.issue('TLS', { extKeyUsage: { purposes: ['timeStamping'], critical: true } });
		const pdf = await signField(withFields(await contract(), ['x']), 'x', wrong, { at, authority });
		expect(problems(await judge(pdf, { revocation: await answers(pki, [wrong, authority], at) }))).toEqual(['certificate-usage CHAIN_CONSTRAINTS_FAILURE']);
	});
	test('signature-value: another key signed', async () => {
		const other = await pki.issue('Sceau du service');
		const pdf = await signField(withFields(await contract(), ['x']), 'x', { ...seal, signer: other.signer }, { at, authority });
		expect(problems(await judge(pdf))).toEqual(['signature-value SIG_CRYPTO_FAILURE']);
	});
	test('signing-certificate: the bag holds another certificate of the same key, name and serial', async () => {
		const other = await pki.issue('Autre');
		const lying = { ...seal, certificate: { ...seal.certificate, der: other.certificate.der } };
		const pdf = await signField(withFields(await contract(), ['x']), 'x', lying, { at, authority });
		expect((await judge(pdf)).indication).not.toBe('TOTAL-PASSED');
		expect(problems(await judge(pdf))).toContain('signing-certificate NO_SIGNING_CERTIFICATE_FOUND');
	});
	test('contents-padding, byte-range, structure', async () => {
		expect(problems(await judge(edited(/0(>\n\/M)/, '1$1')))).toEqual(['contents-padding FORMAT_FAILURE']);
		expect(problems(await judge(concat(one, latin1('x'))))).toEqual(['no-uncovered-bytes FORMAT_FAILURE']);
		const [range, , b] = /\/ByteRange \[0000000000 (\d+) (\d+)/.exec(fromLatin1(one))!;
		expect(problems(await judge(edited(range, range.replace(b!, String(Number(b) + 2).padStart(10, '0')))))).toContain('byte-range FORMAT_FAILURE');
	});
	test('encrypted, unreadable and unsigned files are told apart', async () => {
		expect(await judge(await contract())).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND' });
		expect(await judge(latin1('hello'))).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', revisions: 0 });
		const made = run('sh', ['-c', 'qpdf --encrypt user owner 256 -- a.pdf b.pdf && base64 -w0 b.pdf'], { 'a.pdf': await contract() });
		const encrypted = new Uint8Array(Buffer.from(/^[A-Za-z0-9+/=]{200,}/m.exec(made.text)![0], 'base64'));
		expect(problems(await judge(encrypted))).toEqual(['not-encrypted FORMAT_FAILURE']);
	});
	test('revocation: revoked before the proven time fails, after it does not', async () => {
		const { writeOcspResponse } = await import('../x509/ocsp.ts');
		const revoked = async (when: number) => writeOcspResponse(p, pki.ca, { certificate: seal.certificate, issuer: pki.ca.certificate }, { status: { status: 'revoked', at: when, reason: 1 }, producedAt: at + 5000, thisUpdate: at + 5000, nextUpdate: null });
		expect(problems(await judge(one, { revocation: [await revoked(at - 1), ...ocsp] }))).toEqual(['revocation REVOKED']);
		expect((await judge(one, { revocation: [await revoked(at - 1), ...ocsp] })).indication).toBe('TOTAL-FAILED');
		expect(problems(await judge(one, { revocation: [await revoked(at + 1000), ...ocsp] }))).toEqual([]);
	});
});

describe('later revisions: everything not known to be harmless is a change', () => {
	async function revised(act: (d: ReturnType<typeof openDocument>, w: ReturnType<typeof beginRevision>) => void): Promise<string[]> {
		const document = openDocument(one);
		const writer = beginRevision(document);
		act(document, writer);
		const report = await judge(writer.finish(p.random(16)).bytes);
		expect(problems(report)).toEqual(['later-changes FORMAT_FAILURE']);
		return report.signatures[0]!.changes.filter((c) => !c.allowed).map((c) => c.kind);
	}
	test('a page’s content is replaced', async () => {
		expect(await revised((d, w) => {
			const { ref, page } = d.pages()[0]!;
			const content = w.allocate();
			w.set(content, stream({}, latin1('0 0 m')));
			w.set(ref, withEntries(page, { Contents: content }));
		})).toEqual(['changed-page', 'new-object']);
	});
	test('an annotation is laid over the text', async () => {
		expect(await revised((d, w) => {
			const { ref, page } = d.pages()[0]!;
			const note = w.allocate();
			w.set(note, dict({ Type: name('Annot'), Subtype: name('FreeText'), Rect: array(number(0), number(0), number(500), number(500)), Contents: textString('x') }));
			w.set(ref, withEntries(page, { Annots: array(note) }));
		})).toEqual(['new-annotation', 'new-object']);
	});
	test('the appearance of a signed field is replaced', async () => {
		expect(await revised((d, w) => {
			const form = w.allocate();
			w.set(form, stream({ Type: name('XObject'), Subtype: name('Form'), BBox: array(number(0), number(0), number(9), number(9)) }, latin1('')));
			const num = d.numbers().find((n) => fromLatin1(d.bytes).includes(`\n${n} 0 obj\n<</Type /Annot`))!;
			const field = d.get(num);
			if (typeof field !== 'object' || field?.kind !== 'dict') throw new Error('no field');
			w.set({ kind: 'ref', num, gen: 0 }, withEntries(field, { AP: dict({ N: form }) }));
		})).toEqual(['changed-field', 'new-object']);
	});
	test('the catalog opens something', async () => {
		expect(await revised((d, w) => {
			const rootRef = d.trailer.map.get('Root') as { kind: 'ref'; num: number; gen: number };
			w.set(rootRef, withEntries(d.catalog, { OpenAction: dict({ S: name('GoTo') }) }));
		})).toEqual(['changed-catalog']);
	});
});

test('fields are refused where something speaks against signing', async () => {
	expect(() => withFields(one, ['late'])).toThrow(/signed already/);
	const document = openDocument(await contract());
	const writer = beginRevision(document);
	writer.set(document.trailer.map.get('Root') as never, withEntries(document.catalog, { OpenAction: dict({ S: name('JavaScript'), JS: textString('app.alert(1)') }) }));
	expect(() => withFields(writer.finish(p.random(16)).bytes, ['x'])).toThrow(/JavaScript/);
});
