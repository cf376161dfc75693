// What a report says of files at the edge of what can be judged, and what time-stamps of other revisions do not prove.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { forge } from '../../test/support/forge.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { fromLatin1, hex, latin1 } from '../bytes.ts';
import { revocationInfoArchival } from '../cms/attributes.ts';
import { openDocument } from '../pdf/document.ts';
import { array, dict, hexString, name, number, withEntries, type Dict, type PdfArray, type Ref } from '../pdf/objects.ts';
import { beginRevision } from '../pdf/revision.ts';
import { writeOcspResponse } from '../x509/ocsp.ts';
import { validate, type ValidationInput } from './validate.ts';

const day = 86_400_000;
const at = epoch + year / 2;
const pki = await createPki();
const root = pki.root.certificate.der;
const [seal, authority] = [await pki.issue('Sceau'), await pki.authority()];
const ocsp = await answers(pki, [seal, authority], at + 1000);
const fields = withFields(await contract(), ['a', 'b']);
const judge = (pdf: Uint8Array, more: Partial<ValidationInput> = {}) => validate(p, pdf, { trust: { anchors: [root] }, at: at + 20 * day, revocation: ocsp, ...more });
const problems = (checks: readonly { name: string; outcome: string; sub?: string }[]) => checks.filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate').map((c) => `${c.name} ${c.sub}`);
const forged = (f: Partial<Parameters<typeof forge>[2]>) => forge(fields, seal, { at, authority, ...f });
const sound = await forged({});

/** The CMS inside /Contents replaced, padded to the same length. */
const withCms = (pdf: Uint8Array, cms: Uint8Array) => latin1(fromLatin1(pdf).replace(/<30[0-9a-f]+>/, (c) => `<${hex(cms).padEnd(c.length - 2, '0')}>`));

test('LOG-5 what a byte range covers is told in one of four words, and no part of a report is missing without a CMS', async () => {
	const coverage = async (pdf: Uint8Array) => (await judge(pdf)).signatures.map((s) => s.coverage);
	const bent = (to: string) => latin1(fromLatin1(sound).replace(/\/ByteRange \[[^\]]*\]/, (r) => `/ByteRange [${to}]`.padEnd(r.length)));
	expect([await coverage(sound), await coverage(withDss(sound, ocsp)), await coverage(bent('0 10 20 30')), await coverage(bent('0 10'))]).toEqual([['whole-file'], ['whole-revision'], ['partial'], ['none']]);
	const [nothing] = (await judge(withCms(sound, Uint8Array.of(0x30, 0xff)))).signatures;
	expect(nothing).toMatchObject({ indication: 'TOTAL-FAILED', level: 'none', signer: null, timestamp: null, renewal: false });
	expect(nothing!.checks.map((c) => c.name)).toEqual(['signature-dictionary', 'subfilter', 'byte-range', 'coverage', 'cms-format', 'later-changes', 'no-hidden-objects']);
	expect(await judge(latin1('hello'))).toMatchObject({ indication: 'TOTAL-FAILED', renewal: false, signatures: [] });
	// Of a signature that covers no revision nothing comes after it, and nothing is inside: what is hidden is not asked.
	expect((await judge(bent('0 10'))).signatures[0]!.checks.find((c) => c.name === 'no-hidden-objects')).toMatchObject({ outcome: 'not-checked', clause: 'ISO 32000-1 §7.5.4, §7.5.7' });
});

test('LOG-5 signatures are told in the order they were made, whatever their fields; one that covers no revision hides no change after another', async () => {
	const both = await signField(await signField(fields, 'b', seal, { at, authority }), 'a', seal, { at: at + day, authority });
	expect((await judge(both)).signatures.map((s) => [s.field, s.revision])).toEqual([['b', 3], ['a', 4]]);
	const bent = latin1(fromLatin1(withDss(both, ocsp)).replace(/\/ByteRange \[[^\]]*\]/, (r) => '/ByteRange [0 10 20 30]'.padEnd(r.length)));
	expect((await judge(bent)).signatures.map((s) => [s.field, s.revision, s.changes.map((c) => c.kind)])).toEqual([['b', 0, []], ['a', 4, ['dss']]]);
});

test('signatures that wait for revocation data are judged for their own times alone: twice as many cost about twice as much', async () => {
	const cost = async (names: readonly string[]) => {
		let pdf = withFields(await contract(), names);
		for (const [i, name] of names.entries()) pdf = await signField(pdf, name, seal, { at: at + i * day, authority });
		let hashes = 0;
		const report = await validate({ ...p, hash: (name) => (hashes++, p.hash(name)) }, pdf, { trust: { anchors: [root] }, at: at + 20 * day });
		expect(report.signatures.map((s) => s.subIndication)).toEqual(names.map(() => 'TRY_LATER'));
		return hashes;
	};
	expect((await cost(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])) / (await cost(['a', 'b', 'c', 'd']))).toBeLessThan(2.5);
});

test('a CMS past the limits, or of an algorithm not done here, is unknown; one that is malformed is wrong', async () => {
	const verdict = async (pdf: Uint8Array) => {
		const [s] = (await judge(pdf)).signatures;
		return [s!.indication, s!.subIndication, s!.checks.find((c) => c.name === 'cms-format')!.outcome];
	};
	const unknown = ['INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE', 'indeterminate'];
	let deep: Uint8Array = write.nul();
	for (let i = 0; i < 45; i++) deep = write.sequence(deep);
	expect(await verdict(withCms(sound, deep))).toEqual(unknown);
	const body = (der: Uint8Array) => read(der).children[1]!.children[0]!.children.map((c) => c.raw);
	const strange = (der: Uint8Array) => write.sequence(write.oid(oid.signedData), write.explicit(0, write.sequence(...body(der).map((f, i) => (i === 1 ? write.setOf(write.sequence(write.oid('1.2.3'))) : f)))));
	expect(await verdict(await forged({ cms: strange, authority: null }))).toEqual(unknown);
	expect(await verdict(withCms(sound, write.sequence(write.integer(1))))).toEqual(['TOTAL-FAILED', 'FORMAT_FAILURE', 'failed']);
});

test('LOG-5 the word for who signed: a person has a surname or a given name, all else is a seal', async () => {
	const kind = async (subject: Parameters<typeof pki.issue>[1] & object) => (await judge(await forge(fields, await pki.issue('x', subject), { at, authority: null }))).signatures[0]!.signer!.kind;
	expect([await kind({ subject: [['surname', 'Martin']] }), await kind({ subject: [['givenName', 'Anne']] }), await kind({ subject: [['commonName', 'Anne Martin']] })]).toEqual(['person', 'person', 'seal']);
});

test('EN 319 102-1 §5.6.3: a document time-stamp proves nothing of what was signed after it', async () => {
	const archived = await stamped(withDss(fields, ocsp), authority, at);
	const later = await signField(archived, 'a', seal, { at: at + 5 * day, authority: null });
	expect((await judge(later, { revocation: await answers(pki, [seal, authority], at + 20 * day) })).signatures.find((s) => s.kind === 'signature')).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-B', timestamp: null });
	const token = await forge(archived, seal, { at: at + 5 * day, authority });
	const stampedLater = (await judge(token, { revocation: await answers(pki, [seal, authority], at + 6 * day) })).signatures.find((s) => s.kind === 'signature')!;
	expect([problems(stampedLater.checks), stampedLater.level]).toEqual([[], 'B-T']);
});

test('EN 319 102-1 §5.6.2.3: nor of the revocation data inside a later signature', async () => {
	const responder = await pki.issue('OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck', notAfter: epoch + year });
	const say = { status: { status: 'good' }, producedAt: at, thisUpdate: at, nextUpdate: at + 400 * day } as const;
	const own = await writeOcspResponse(p, responder, { certificate: seal.certificate, issuer: pki.ca.certificate }, say);
	const rest = await answers(pki, [authority], at + 1000);
	const archived = await stamped(withDss(fields, rest), authority, at);
	const pdf = await signField(archived, 'a', seal, { at: at + day, authority: null, more: { attributes: [revocationInfoArchival({ ocsp: [own] })] } });
	const of = async (when: number) => problems((await judge(pdf, { at: when, revocation: await answers(pki, [], when) })).signatures.find((s) => s.kind === 'signature')!.checks);
	expect([await of(at + 2 * day), await of(epoch + 1.1 * year)]).toEqual([[], ['revocation TRY_LATER']]);
});

test('EN 319 102-1 §5.6.3: every document time-stamp counts, not the last that was judged alone', async () => {
	const responder = await pki.issue('OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck', notAfter: epoch + year });
	const about = await writeOcspResponse(p, responder, { certificate: seal.certificate, issuer: pki.ca.certificate }, { status: { status: 'good' }, producedAt: at + 1000, thisUpdate: at + 1000, nextUpdate: at + day });
	const rest = await answers(pki, [authority], at + 3000);
	const between = withDss(await stamped(sound, authority, at + 500), [about, ...rest]);
	const report = await judge(await stamped(between, authority, at + 2000), { at: epoch + 1.5 * year, revocation: [] });
	expect(report.signatures.flatMap((s) => problems(s.checks))).toEqual([]);
});

test('a CMS in BER is judged with the data it carries', async () => {
	const made = await signField(fields, 'a', seal, { at, authority: null, more: { crls: await lists(pki, at - 1000) } });
	const ber = latin1(fromLatin1(made).replace(/<3082([0-9a-f]{4})([0-9a-f]+)>/, (_, n: string, rest: string) => `<3080${rest.slice(0, parseInt(n, 16) * 2)}0000${rest.slice(parseInt(n, 16) * 2)}>`));
	expect(ber).not.toEqual(made);
	for (const pdf of [made, ber]) expect((await judge(pdf, { at: at + 1000, revocation: [] })).indication).toBe('TOTAL-PASSED');
});

test('certificates that cannot be read lead nowhere, and a failure of the host is no verdict', async () => {
	expect((await judge(sound, { intermediates: [latin1('no certificate')] })).indication).toBe('TOTAL-PASSED');
	await expect(validate({ ...p, verify: () => Promise.reject(new Error('no hardware')) }, sound, { trust: { anchors: [root] }, at })).rejects.toThrow('no hardware');
});

test('a value that is no dictionary is no signature; one written in its field is judged where the field stands; 500 are judged', async () => {
	const document = openDocument(sound);
	const field = (document.catalog.map.get('AcroForm') as Dict | Ref);
	const form = (document.resolve(field) as Dict).map.get('Fields') as PdfArray;
	const writer = beginRevision(document);
	writer.set(form.items[1] as Ref, withEntries(document.resolve(form.items[1]) as Dict, { V: number(5) }));
	expect((await judge(writer.finish(p.random(16)).bytes)).signatures).toHaveLength(1);
	const dictionary = dict({ Type: name('Sig'), SubFilter: name('ETSI.CAdES.detached'), ByteRange: array(number(0)), Contents: hexString(Uint8Array.of(0)) });
	const direct = beginRevision(openDocument(fields));
	const empty = (openDocument(fields).resolve(openDocument(fields).catalog.map.get('AcroForm')) as Dict).map.get('Fields') as PdfArray;
	direct.set(empty.items[0] as Ref, withEntries(openDocument(fields).resolve(empty.items[0]) as Dict, { V: dictionary }));
	expect((await judge(direct.finish(p.random(16)).bytes)).signatures[0]!.checks[0]).toMatchObject({ name: 'signature-dictionary', outcome: 'passed' });
	const many = (n: number) => {
		const all = beginRevision(openDocument(fields));
		for (let i = 0; i < n; i++) all.set(all.allocate(), dictionary);
		return judge(all.finish(p.random(16)).bytes);
	};
	expect((await many(500)).signatures).toHaveLength(500);
	expect(await many(501)).toMatchObject({ indication: 'TOTAL-FAILED', signatures: [], reasons: ['too-many-signatures'] });
});
