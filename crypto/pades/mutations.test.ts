// For every question a report asks, a file that only this question catches.

import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import { forge, honestToken, type Forgery } from '../../test/support/forge.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year, type Holder } from '../../test/support/pki.ts';
import { answers, contract, withFields } from '../../test/support/signing.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { concat, fromLatin1, latin1 } from '../bytes.ts';
import { attribute, signingCertificateV2 } from '../cms/attributes.ts';
import { openDocument } from '../pdf/document.ts';
import { dict, name, withEntries } from '../pdf/objects.ts';
import { beginRevision } from '../pdf/revision.ts';
import { writeHash } from '../x509/algorithm.ts';
import { writeOcspResponse } from '../x509/ocsp.ts';
import { checkNames, type CheckName, type Report } from './report.ts';
import { validate } from './validate.ts';

const day = 86_400_000;
const pki = await createPki();
const root = pki.root.certificate.der;
const seal = await pki.issue('Sceau');
const other = await pki.issue('Sceau');
const authority = await pki.authority();
const stranger = await createPki('Stranger');
const at = epoch + year / 2;
const now = at + day;
const empty = withFields(await contract(), ['a']);
const ocsp = await answers(pki, [seal, other, authority], now);

const judge = (pdf: Uint8Array, wishes: Partial<Parameters<typeof validate>[2]> = {}): Promise<Report> => validate(p, pdf, { trust: { anchors: [root] }, at: now, revocation: ocsp, ...wishes });
const forged = async (f: Partial<Forgery>, holder: Holder = seal, pdf = empty) => judge(await forge(pdf, holder, { at, authority, ...f }));
const sound = await forge(empty, seal, { at, authority });
const saying = (about: Holder['certificate'], since: number, reason: number) =>
	writeOcspResponse(p, pki.ca, { certificate: about, issuer: pki.ca.certificate }, { status: { status: 'revoked', at: since, reason }, producedAt: now, thisUpdate: now, nextUpdate: null });

/** The SignedData of a ContentInfo with one of its fields replaced. */
function withField(der: Uint8Array, index: number, field: Uint8Array): Uint8Array {
	const fields = read(der).children[1]!.children[0]!.children.map((c) => c.raw);
	return write.sequence(write.oid(oid.signedData), write.explicit(0, write.sequence(...fields.map((f, i) => (i === index ? field : f)))));
}

/** Another ByteRange over the same file. */
const range = (change: (r: readonly number[], text: string) => readonly number[]) => (text: string) =>
	text.replace(/\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/, (_, ...four: string[]) => `/ByteRange [${change(four.slice(0, 4).map(Number), text).map((n) => String(n).padStart(10, '0')).join(' ')}]`);

/** A revision with an object that is not where its cross-reference says. */
function withBrokenObject(pdf: Uint8Array): Uint8Array {
	const writer = beginRevision(openDocument(pdf));
	const target = writer.allocate();
	writer.set(target, dict({ Lost: name('Object') }));
	const text = fromLatin1(writer.finish(p.random(16)).bytes);
	return latin1(text.replace(`${target.num} 0 obj\n<</Lost /Object\n>>\nendobj\n`, (body) => ' '.repeat(body.length)));
}

/** A body that no cross-reference names. */
const orphan = '1 0 obj\n<</Type/Catalog>>\nendobj\n';

const rsa1024 = () => {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
	return { signer: nodeSigner(privateKey, { scheme: 'rsa-pkcs1', hash: 'SHA-256' }), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
};

const mutations: Record<CheckName, () => Promise<Report>> = {
	'pdf-readable': () => judge(latin1('hello')),
	'not-encrypted': async () => {
		const made = run('sh', ['-c', 'qpdf --encrypt user owner 256 -- a.pdf b.pdf && base64 -w0 b.pdf'], { 'a.pdf': await contract() });
		return judge(new Uint8Array(Buffer.from(/^[A-Za-z0-9+/=]{200,}/m.exec(made.text)![0], 'base64')));
	},
	'signature-present': async () => judge(await contract()),
	'structure-strict': () => forged({}, seal, withBrokenObject(empty)),
	'field-names-unique': async () => forged({}, seal, withFields(await contract(), ['a', 'a'])),
	'no-uncovered-bytes': () => judge(concat(sound, latin1('x'))),
	'signature-dictionary': () => forged({ edit: (t) => t.replace(/\/V (\d+ 0 R)(?![\s\S]*\/V \d)/, '/W $1') }),
	subfilter: () => forged({ edit: (t) => t.replace('/ETSI.CAdES.detached', '/ETSI.CAdES.detachex') }),
	'byte-range': () => forged({ edit: range(([a, b, c, d]) => [a!, b! - 1, c!, d!]) }),
	'contents-padding': () => judge(latin1(fromLatin1(sound).replace(/0(>\n\/M)/, '1$1'))),
	coverage: () => forged({ edit: range(([a, b, c], text) => [a!, b!, c!, text.lastIndexOf('startxref') - c!]) }),
	'later-changes': () => {
		const document = openDocument(sound);
		const writer = beginRevision(document);
		writer.set(document.trailer.map.get('Root') as never, withEntries(document.catalog, { OpenAction: dict({ S: name('GoTo') }) }));
		return judge(writer.finish(p.random(16)).bytes);
	},
	'no-hidden-objects': () => {
		const writer = beginRevision(openDocument(sound));
		const later = fromLatin1(writer.finish(p.random(16)).bytes).slice(sound.length);
		return judge(concat(sound, latin1(later.replace(/startxref\n(\d+)/, (_, at: string) => `startxref\n${Number(at) + orphan.length}`).replace(/^/, orphan))));
	},
	'cms-format': () => judge(latin1(fromLatin1(sound).replace(/<30[0-9a-f]+>/, (c) => `<3000${'0'.repeat(c.length - 6)}>`))),
	'content-type': () => forged({ attributes: (u) => [attribute(oid.contentType, write.oid(oid.tstInfo)), u.messageDigest, u.signingCertificate] }),
	'message-digest': () => forged({ attributes: (u) => [u.contentType, attribute(oid.messageDigest, write.octetString(new Uint8Array(32))), u.signingCertificate] }),
	'signing-certificate': () => forged({ attributes: (u) => [u.contentType, u.messageDigest, attribute(oid.signingCertificateV2, signingCertificateV2(p, other.certificate, 'SHA-256'))] }),
	'signature-value': () => forged({ key: other.signer }),
	'signed-attributes': () => forged({ attributes: (u) => [...Object.values(u), attribute(oid.signingTime, write.time(at))] }),
	algorithms: () => forged({ cms: (der) => withField(der, 1, write.setOf(writeHash('SHA-384'))) }),
	'algorithm-lifetimes': async () => {
		const weak = await pki.issue('Sceau', { key: rsa1024() });
		return judge(await forge(empty, weak, { at, authority }), { revocation: await answers(pki, [weak, authority], now) });
	},
	'certificate-chain': () => judge(sound, { trust: { anchors: [stranger.root.certificate.der], timestampAnchors: [root] } }),
	'certificate-usage': async () => {
		const wrong = await pki.issue('TLS', { extKeyUsage: { purposes: ['timeStamping'], critical: true } });
		return judge(await forge(empty, wrong, { at, authority }), { revocation: await answers(pki, [wrong, authority], now) });
	},
	'certificate-time': async () => {
		const early = await pki.issue('Sceau', { notBefore: at + 1000 }); // one that ended before has no answer after it either
		return judge(await forge(empty, early, { at, authority }), { revocation: await answers(pki, [early, authority], now) });
	},
	revocation: async () => judge(sound, { revocation: [await saying(seal.certificate, at - 1000, 4), ...ocsp] }),
	'timestamp-present': () => forged({ authority: null }),
	'timestamp-format': () => forged({ token: () => Promise.resolve(write.nul()) }),
	'timestamp-imprint': () => forged({ token: (s) => honestToken(authority, concat(s, s), at) }),
	'timestamp-signature': () => forged({ token: (s) => honestToken({ ...authority, signer: other.signer }, s, at) }),
	'timestamp-algorithms': () => forged({ token: (s) => honestToken(authority, s, at, 'SHA-1') }),
	'timestamp-chain': () => judge(sound, { trust: { anchors: [root], timestampAnchors: [stranger.root.certificate.der] } }),
	'timestamp-revocation': async () => judge(sound, { revocation: [await saying(authority.certificate, at + 1000, 1), ...ocsp] }),
	'timestamp-order': async () => {
		const late = await answers(pki, [seal, authority], now + 2 * day);
		return judge(await forge(empty, seal, { at, authority, token: (s) => honestToken(authority, s, now + day) }), { revocation: late });
	}
};

/** What a report says that is not passed; what could not be asked only where that is the question. */
const told = (report: Report, of: CheckName): CheckName[] => {
	const all = [...report.checks, ...report.signatures.flatMap((s) => s.checks)];
	return [...new Set(all.filter((c) => c.outcome !== 'passed' && (c.outcome !== 'not-checked' || c.name === of)).map((c) => c.name))];
};

test('the file that the mutations change passes every question', async () => {
	const report = await judge(sound);
	expect(report.indication).toBe('TOTAL-PASSED');
	expect(checkNames.flatMap((of) => told(report, of))).toEqual([]);
	const asked = new Set([...report.checks, ...report.signatures.flatMap((s) => s.checks)].map((c) => c.name));
	expect([...asked].sort()).toEqual([...checkNames].sort());
});

test.each(checkNames)('LOG-5 %s: a file that it alone catches', async (of) => {
	const report = await mutations[of]();
	expect(told(report, of)).toEqual([of]);
	// What is only less, not wrong, passes and says so: no time proven, no baseline signature.
	if (of === 'timestamp-present') expect(report).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ level: 'B-B' }] });
	else if (of === 'signed-attributes') expect(report).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ level: 'none' }] });
	else expect(report.indication).not.toBe('TOTAL-PASSED');
});
