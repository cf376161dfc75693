// Our own files, in every level and algorithm, before other people's checkers; and each with one change in what is signed, before ours.
// PROBANT_MATRIX is how many.

import { PDF } from '@libpdf/core';
import { expect, test } from 'vitest';
import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import { webcrypto } from 'node:crypto';
import { nodePrimitives as p, type KeySpec } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year, type Holder } from '../../test/support/pki.ts';
import { answers, contract, mark, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { concat, fromLatin1 } from '../bytes.ts';
import { readByteRange } from '../pdf/byte-range.ts';
import { openDocument } from '../pdf/document.ts';
import { read } from '../asn1/der.ts';
import { signatureFields } from './fields.ts';
import { dictOf, isArray, isStream } from '../pdf/objects.ts';
import { validate } from './validate.ts';

const day = 86_400_000;
const at = epoch + year / 2;
const pki = await createPki();
const authority = await pki.authority();
const specs: readonly KeySpec[] = ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'ed25519', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'rsa-pss-2048', 'rsa-pss-3072', 'rsa-pss-4096'];
const levels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
const count = Number(process.env.PROBANT_MATRIX ?? 500);
const trust = { anchors: [pki.root.certificate.der] };
const chainPem = pemOf(...authority.chain);
const rootPem = pemOf(pki.root.certificate.der);
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as unknown as Crypto }));

const holders = new Map<KeySpec, { holder: Holder; ocsp: Uint8Array[] }>();
for (const spec of specs) {
	const holder = await pki.issue(`Signer ${spec}`, { spec });
	holders.set(spec, { holder, ocsp: await answers(pki, [holder, authority], at + 1000) });
}

interface Made {
	readonly pdf: Uint8Array;
	readonly ocsp: readonly Uint8Array[];
}

/** `n` counts all files: whether object streams are used turns with each round of the grid, so that every algorithm and level has both. */
async function make(spec: KeySpec, level: (typeof levels)[number], n: number): Promise<Made> {
	const { holder, ocsp } = holders.get(spec)!;
	const empty = withFields(await contract({ useObjectStreams: Math.floor(n / (specs.length * levels.length)) % 2 === 1, pages: 1 + (n % 3) }), ['a']);
	const signed = await signField(empty, 'a', holder, { at, authority: level === 'B-B' ? null : authority, wishes: { appearance: await mark(`${spec} ${n}`) } });
	if (level === 'B-B' || level === 'B-T') return { pdf: signed, ocsp };
	const extended = withDss(signed, ocsp);
	return { pdf: level === 'B-LTA' ? await stamped(extended, authority, at + 2000) : extended, ocsp: [] };
}

/** Of each signature: what it covers, and its CMS without padding. */
function signatures(pdf: Uint8Array): { ranges: readonly (readonly [number, number])[]; content: Uint8Array; cms: Uint8Array; subFilter: unknown }[] {
	const document = openDocument(pdf);
	return signatureFields(document).map((f) => {
		const d = dictOf(document.resolve(f.dict.map.get('V')))!;
		const { ranges, contents } = readByteRange(document, d);
		return { ranges: ranges!, content: concat(...ranges!.map(([a, b]) => pdf.subarray(a, b))), cms: read(contents!, { trailing: true }).raw, subFilter: (d.map.get('SubFilter') as { name: string }).name };
	});
}

/** Where the first page's content begins in the file: a change there leaves all else readable. */
function contentOf(pdf: Uint8Array): number {
	const document = openDocument(pdf);
	const contents = document.entry(document.pages()[0]!.page, 'Contents');
	const content = isArray(contents) ? document.resolve(contents.items[0]) : contents;
	if (!isStream(content)) throw new Error('no content');
	return content.raw.byteOffset - pdf.byteOffset;
}

/** RFC 8419 has no digest; OpenSSL 3.0 gives EdDSA one in CMS. NSS, under pdfsig, and mutool have neither Ed25519 nor, in CMS, PSS. pkijs 4 has no Ed25519 in CMS. */
const judges = (tool: 'openssl' | 'pdfsig' | 'mutool', spec: KeySpec) => spec !== 'ed25519' && !(tool !== 'openssl' && spec.startsWith('rsa-pss'));

async function acceptedByOthers(pdf: Uint8Array, spec: KeySpec): Promise<void> {
	const files = { 'a.pdf': pdf };
	expect(run('qpdf', ['--check', 'a.pdf'], files).text).toContain('No syntax or stream encoding errors found');
	const made = signatures(pdf);
	const mutool = run('mutool', ['sign', '-v', 'a.pdf'], files).text;
	const said = judges('mutool', spec) ? /The document is unchanged since signing|The signature is valid but there have been edits since signing/g : /Verifying signature/g; // a later signature or DSS is an edit to it
	expect(mutool.match(said)?.length, mutool).toBeGreaterThanOrEqual(made.filter((s) => s.subFilter !== 'ETSI.RFC3161').length);
	expect(mutool).not.toMatch(/repair/i);
	const loaded = await PDF.load(pdf.slice());
	expect(loaded.getForm()!.getSignatureFields().every((f) => f.isSigned())).toBe(true);
	if (judges('pdfsig', spec)) expect(run('pdfsig', ['-nocert', 'a.pdf'], files).text).toContain('Signature is Valid');
	for (const { content, cms, subFilter } of made) {
		if (subFilter === 'ETSI.RFC3161') {
			expect(run('openssl', ['ts', '-verify', '-token_in', '-in', 't.der', '-data', 'content', '-CAfile', 'root.pem', '-untrusted', 'chain.pem', '-attime', String(at / 1000 + 10)], { 't.der': cms, content, 'root.pem': rootPem, 'chain.pem': chainPem }).text).toContain('Verification: OK');
			continue;
		}
		if (!judges('openssl', spec)) continue;
		const when = ['-CAfile', 'root.pem', '-cades', '-purpose', 'any', '-attime', String(at / 1000)];
		expect(run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'c.der', '-content', 'content', ...when, '-out', 'out'], { 'c.der': cms, content, 'root.pem': rootPem }).text).toMatch(/successful/i);
		const info = new pkijs.ContentInfo({ schema: fromBER(cms.slice().buffer).result });
		const data = new pkijs.SignedData({ schema: info.content });
		expect(await data.verify({ signer: 0, data: content.slice().buffer })).toBe(true);
	}
}

test(`SIGN-7 ${count} files of ours, in every level and algorithm, pass every checker that can judge them; with one change in what is signed we refuse each`, { timeout: 1_200_000 }, async () => {
	const grid = specs.flatMap((spec) => levels.map((level) => ({ spec, level })));
	for (let n = 0; n < count; n++) {
		const { spec, level } = grid[n % grid.length]!;
		const { pdf, ocsp } = await make(spec, level, n);
		const report = await validate(p, pdf, { trust, at: at + day / 2, revocation: ocsp });
		expect(report, `${spec} ${level}`).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ level }, ...(level === 'B-LTA' ? [{ kind: 'document-timestamp' }] : [])] });
		await acceptedByOthers(pdf, spec);
		const [{ ranges }] = signatures(pdf) as [ReturnType<typeof signatures>[number]];
		const [[, first], [second, end]] = ranges as [readonly [number, number], readonly [number, number]];
		const places = first + end - second;
		const place = (n * 7919) % places;
		const altered = pdf.slice();
		altered[place < first ? place : second + place - first]! ^= 1 << (n % 8);
		const refused = await validate(p, altered, { trust, at: at + day / 2, revocation: ocsp });
		expect(refused.indication, `${spec} ${level}, byte ${place}`).toBe('TOTAL-FAILED');
		if (refused.signatures.length) expect(refused.signatures.map((s) => s.integrity), `${spec} ${level}, byte ${place}`).toContain('altered');
		else expect(refused.reasons, `${spec} ${level}, byte ${place}`).not.toEqual([]); // it no longer reads as a file with a signature
		const drawn = pdf.slice();
		drawn[contentOf(pdf) + (n % 20)]! ^= 1 << (n % 8);
		const seen = await validate(p, drawn, { trust, at: at + day / 2, revocation: ocsp });
		expect(seen, `${spec} ${level}, the page`).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' });
		expect(seen.signatures.map((s) => s.integrity), `${spec} ${level}, the page`).toEqual(seen.signatures.map(() => 'altered'));
	}
});

test('SIGN-7 ten signers in turn on one file, then B-LTA: all ten valid in every checker', { timeout: 120_000 }, async () => {
	const names = Array.from({ length: 10 }, (_, i) => `f${i}`);
	const signers = await Promise.all(names.map((name) => pki.issue(name)));
	let pdf = withFields(await contract({ pages: 3 }), names);
	for (const [i, name] of names.entries()) pdf = await signField(pdf, name, signers[i]!, { at: at + i * 1000, authority, wishes: { appearance: await mark(name) } });
	pdf = await stamped(withDss(pdf, await answers(pki, [...signers, authority], at + 20_000)), authority, at + 30_000);
	const report = await validate(p, pdf, { trust, at: at + day });
	expect(report.indication).toBe('TOTAL-PASSED');
	expect(report.signatures.filter((s) => s.kind === 'signature').map((s) => [s.indication, s.level, s.coverage])).toEqual(names.map(() => ['TOTAL-PASSED', 'B-LTA', 'whole-revision']));
	await acceptedByOthers(pdf, 'ecdsa-p256');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text.match(/Signature is Valid/g)).toHaveLength(10);
	expect(fromLatin1(pdf.subarray(0, 8))).toMatch(/^%PDF-/);
});
