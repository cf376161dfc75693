import { describe, expect, test } from 'vitest';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year } from '../../test/support/pki.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { concat } from '../bytes.ts';
import type { Signer } from '../primitives.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { readCertificate, serialNumberHex, type Certificate } from './certificate.ts';
import { answerOfList } from './crl-answer.ts';
import { allReasons } from './crl-scope.ts';
import { readCrl, writeCrl, type CrlTemplate } from './crl.ts';
import { issueCertificate, type CertificateTemplate } from './issue.ts';
import type { NameParts } from './name.ts';
import { writeOcspResponse, type OcspAnswer } from './ocsp.ts';
import { revocationStatus } from './revocation.ts';
import { heldSince, sortRevocation } from './revocation-data.ts';

const at = epoch + year / 2;
const day = 86_400_000;
const pki = await createPki();
const leaf = await pki.issue('leaf');
const twin = await pki.issue('another leaf');
const path = [leaf.certificate, pki.ca.certificate];
const good: OcspAnswer = { status: { status: 'good' }, producedAt: at, thisUpdate: at, nextUpdate: at + day };
const revoked = (since: number): OcspAnswer => ({ ...good, status: { status: 'revoked', at: since, reason: 1 } });
const about = { certificate: leaf.certificate, issuer: pki.ca.certificate };
const lists = { number: 7n, thisUpdate: at, nextUpdate: at + day, revoked: [] };

/** A list of the CA's with one more extension, signed. */
async function listWith(id: string, critical: boolean, content: Uint8Array, more: Partial<CrlTemplate> = {}, { signer } = pki.ca): Promise<Uint8Array> {
	const fields = read(await writeCrl(pki.ca, { ...lists, ...more })).children[0]!.children.map((c) => c.raw);
	const existing = read(fields.pop()!).children[0]!.children.map((c) => c.raw);
	const added = write.sequence(write.oid(id), ...(critical ? [write.boolean(true)] : []), write.octetString(content));
	const tbs = write.sequence(concat(...fields), write.explicit(0, write.sequence(...existing, added)));
	return write.sequence(tbs, writeSignatureAlgorithm(signer.algorithm), write.bitString(await signer.sign(tbs)));
}

/** A list of the CA's without one of its extensions, signed. */
async function withoutExtension(id: string, more: Partial<CrlTemplate> = {}): Promise<Uint8Array> {
	const fields = read(await writeCrl(pki.ca, { ...lists, ...more })).children[0]!.children.map((c) => c.raw);
	const kept = read(fields.pop()!).children[0]!.children.filter((e) => read(write.oid(id)).content.join() !== e.children[0]!.content.join()).map((c) => c.raw);
	const tbs = write.sequence(concat(...fields), write.explicit(0, write.sequence(...kept)));
	return write.sequence(tbs, writeSignatureAlgorithm(pki.ca.signer.algorithm), write.bitString(await pki.ca.signer.sign(tbs)));
}

describe('RFC 5280 §5: CRL', () => {
	const trusted = { status: 'unknown', detail: 'nobody asked', revokedAt: null } as const;
	/** What a list says, with the issuers of a path and nothing else at hand. */
	const answer = (der: Uint8Array, certificate: Certificate = leaf.certificate, issuer = pki.ca.certificate) => {
		const held = { list: readCrl(der), since: at };
		const question = { path: [certificate, issuer, pki.root.certificate], certificates: [], lists: [held], control: Infinity, status: async () => trusted };
		return answerOfList(p, question, held);
	};
	const reasons = async (der: Uint8Array, certificate?: Certificate) => (await answer(der, certificate))?.reasons ?? null;

	test('what we make is what openssl and we read', async () => {
		const entries = [{ serialNumber: leaf.certificate.serialNumber, at: at - day, reason: 4 }];
		const der = await writeCrl(pki.ca, { ...lists, revoked: entries });
		expect(await answer(der)).toMatchObject({ status: { status: 'revoked', at: at - day, reason: 4 }, thisUpdate: at, nextUpdate: at + day });
		expect(await answer(der, twin.certificate)).toMatchObject({ status: { status: 'good' } });
		const { text } = run('openssl', ['crl', '-inform', 'DER', '-in', 'c.crl', '-CAfile', 'ca.pem', '-text', '-noout'], {
			'c.crl': der,
			'ca.pem': pemOf(pki.ca.certificate.der)
		});
		expect(text).toContain('verify OK');
		expect(text.toLowerCase()).toContain(serialNumberHex(leaf.certificate));
		expect(text).toContain('Superseded');
	});

	test('§5.2.1, §5.3.1: the key that signs is named, not critically; reasons may be critical; other forms of issuer are refused', async () => {
		const list = readCrl(await writeCrl(pki.ca, lists));
		expect(list.authorityKeyIdentifier).toEqual(pki.ca.certificate.subjectKeyIdentifier);
		const extensions = (der: Uint8Array) => read(der).children[0]!.children.at(-1)!.children[0]!.children;
		expect(extensions(await writeCrl(pki.ca, lists))[0]!.children).toHaveLength(2); // id and value: critical is left out
		const entry = (id: string, content: Uint8Array) => write.sequence(write.integer(5), write.time(at), write.sequence(write.sequence(write.oid(id), write.boolean(true), write.octetString(content))));
		const withEntry = async (one: Uint8Array) => {
			const [version, algorithm, issuer, from, until, tagged] = read(await writeCrl(pki.ca, lists)).children[0]!.children.map((c) => c.raw);
			const tbs = write.sequence(version!, algorithm!, issuer!, from!, until!, write.sequence(one), tagged!);
			return write.sequence(tbs, algorithm!, write.bitString(Uint8Array.of(1)));
		};
		expect(readCrl(await withEntry(entry(oid.cRLReason, write.integer(4, 0x0a)))).entries[0]).toMatchObject({ serialNumber: 5n, reason: 4 });
		expect(readCrl(await withEntry(entry(oid.invalidityDate, write.generalizedTime(at)))).entries[0]).toMatchObject({ reason: null });
		expect(readCrl(await withEntry(entry(oid.certificateIssuer, write.sequence(write.explicit(4, twin.certificate.subject.der))))).entries[0]!.issuer.der).toEqual(twin.certificate.subject.der);
		await expect(withEntry(entry(oid.certificateIssuer, write.sequence(write.ia5String('x', 0x86)))).then(readCrl)).rejects.toMatchObject({ reason: 'crl-entry' });
		await expect(withEntry(entry('1.2.3', write.nul())).then(readCrl)).rejects.toMatchObject({ reason: 'crl-extension' });
		const [tbs, , signature] = read(await writeCrl(pki.ca, lists)).children.map((c) => c.raw);
		expect(() => readCrl(write.sequence(tbs!, writeSignatureAlgorithm({ scheme: 'ed25519' }), signature!))).toThrow(/two signature algorithms/);
	});

	test('§6.3.3 (f): the signer has the name and the key identifier the list states, where both state one', async () => {
		const unnamed = await withoutExtension(oid.authorityKeyIdentifier);
		expect((await answer(unnamed))?.status).toEqual({ status: 'good' });
		expect((await answer(await writeCrl(pki.ca, lists), leaf.certificate, { ...pki.ca.certificate, subjectKeyIdentifier: null }))?.status).toEqual({ status: 'good' });
		await expect(answer(await writeCrl(pki.ca, lists), leaf.certificate, { ...pki.ca.certificate, subjectKeyIdentifier: new Uint8Array(20) })).rejects.toMatchObject({ reason: 'crl-signature' });
		// By the root's key and with its key identifier, in the name of the CA.
		const borrowed = await writeCrl({ signer: pki.root.signer, certificate: { ...pki.root.certificate, subject: pki.ca.certificate.subject } }, lists);
		await expect(answer(borrowed)).rejects.toMatchObject({ reason: 'crl-signature' });
	});

	test('another issuer’s list says nothing; a forged one is refused', async () => {
		const other = await createPki();
		expect(await answer(await writeCrl(other.root, lists))).toBeNull();
		await expect(answer(await writeCrl({ ...pki.ca, signer: twin.signer }, lists))).rejects.toMatchObject({ reason: 'crl-signature' });
		const muted = { ...pki.ca.certificate, keyUsage: ['keyCertSign'] as const };
		await expect(answer(await writeCrl(pki.ca, lists), leaf.certificate, muted)).rejects.toMatchObject({ reason: 'crl-issuer' });
		await expect(writeCrl(leaf, lists)).rejects.toMatchObject({ reason: 'not-a-crl-issuer' });
	});

	test('the longest list we make is read back; a longer one is not made', async () => {
		const entries = (n: number) => Array.from({ length: n }, (_, i) => ({ serialNumber: (1n << 150n) + BigInt(i), at: at - day, reason: 1 }));
		expect(readCrl(await writeCrl(pki.ca, { ...lists, revoked: entries(25_000) })).entries.at(-1)!.serialNumber).toBe((1n << 150n) + 24_999n);
		await expect(writeCrl(pki.ca, { ...lists, revoked: entries(25_001) })).rejects.toMatchObject({ reason: 'crl-size' });
	});

	test('§5.2.5, §6.3.3: a list answers for its scope alone; one not understood is refused', async () => {
		const scope = (part: Uint8Array) => listWith(oid.issuingDistributionPoint, true, write.sequence(part));
		await expect(listWith('1.2.3.4', true, write.nul()).then(answer)).rejects.toMatchObject({ reason: 'crl-extension' });
		expect(await reasons(await listWith('1.2.3.4', false, write.nul()))).toBe(allReasons);
		expect(await reasons(await scope(write.boolean(true, 0x81)))).toBe(allReasons); // users
		expect(await reasons(await scope(write.boolean(true, 0x82)))).toBeNull(); // authorities
		expect(await reasons(await scope(write.boolean(true, 0x85)))).toBeNull(); // attribute certificates
		expect(await reasons(await scope(write.implicit(3, write.namedBits([1, 4]))))).toBe((1 << 1) | (1 << 4));
		const point = write.explicit(0, write.explicit(0, write.ia5String('http://x.example/crl', 0x86)));
		expect(await reasons(await scope(point))).toBeNull();
		const pointed = (await pki.issue('pointed', { crl: 'http://x.example/crl' })).certificate;
		expect(await reasons(await scope(point), pointed)).toBe(allReasons);
		const made = await writeCrl(pki.ca, { ...lists, scope: { uri: 'http://x.example/crl', only: 'users' } });
		expect(await reasons(made, pointed)).toBe(allReasons);
		expect(await reasons(made)).toBeNull();
		const { text } = run('openssl', ['crl', '-inform', 'DER', '-in', 'c.crl', '-text', '-noout'], { 'c.crl': made });
		expect(text).toMatch(/Issuing Distribution Point: critical\s+Full Name:\s+URI:http:\/\/x.example\/crl\s+Only User Certificates/);
	});

	test('§5.2.4: a delta list without its complete one answers for nothing, but can revoke', async () => {
		const delta = await listWith(oid.deltaCRLIndicator, true, write.integer(1));
		expect(await reasons(delta)).toBe(0);
		expect((await revocationStatus(p, path, heldSince(at, { crls: [delta] }), at)).status).toBe('unknown');
	});

	test('§5.2.4, §6.3.3 (c): a delta list changes a complete one of the same scope and key alone', async () => {
		const entry = (reason: number) => ({ revoked: [{ serialNumber: leaf.certificate.serialNumber, at: at - day, reason }] });
		const held = await writeCrl(pki.ca, { ...lists, ...entry(6) });
		const updated = async (more: Partial<CrlTemplate>, signer = pki.ca, base = 7) => {
			const delta = await listWith(oid.deltaCRLIndicator, true, write.integer(base), { number: 8n, ...more }, signer);
			return (await revocationStatus(p, path, heldSince(at, { crls: [held, delta] }), at)).status;
		};
		expect(await updated(entry(8))).toBe('good');
		expect(await updated(entry(1))).toBe('revoked');
		expect(await updated(entry(8), twin), 'under another key').toBe('unknown');
		expect(await updated({ ...entry(8), scope: { uri: 'http://x.example/part' } }), 'of another scope').toBe('unknown');
		expect(await updated(entry(8), pki.ca, 8), 'to a later list').toBe('unknown');
		expect(await updated({ ...entry(8), number: 7n }), 'not newer').toBe('unknown');
		const unnumbered = await withoutExtension(oid.cRLNumber, entry(6));
		const delta = (number: bigint, reason: number, base = 7) => listWith(oid.deltaCRLIndicator, true, write.integer(base), { number, thisUpdate: at + Number(number) * 1000, ...entry(reason) });
		const all = async (...crls: Uint8Array[]) => (await revocationStatus(p, path, heldSince(at, { crls }), at)).status;
		expect(await all(unnumbered, await delta(8n, 8, 0)), 'to a list without a number').toBe('unknown');
		for (const deltas of [[await delta(8n, 6), await delta(9n, 8)], [await delta(9n, 8), await delta(8n, 6)]]) expect(await all(held, ...deltas), 'the newest of several').toBe('good');
	});

	test('§5.2.4: a newer complete list is no delta to an older one', async () => {
		const [older, newer] = [readCrl(await writeCrl(pki.ca, lists)), readCrl(await writeCrl(pki.ca, { ...lists, number: 8n, thisUpdate: at + day, nextUpdate: at + 2 * day }))];
		const held = [older, newer].map((list) => ({ list, since: at }));
		const question = { path: [leaf.certificate, pki.ca.certificate, pki.root.certificate], certificates: [], lists: held, control: Infinity, status: async () => trusted };
		expect(await answerOfList(p, question, held[0]!)).toMatchObject({ thisUpdate: at, nextUpdate: at + day });
	});

	test('§6.3.3 (b): of several names of a point one is enough', async () => {
		const uris = ['http://a.example/crl', 'http://b.example/crl'].map((uri) => write.ia5String(uri, 0x86));
		const extension = { id: oid.cRLDistributionPoints, critical: false, value: write.sequence(write.sequence(write.explicit(0, write.explicit(0, ...uris)))) };
		const pointed: Certificate = { ...leaf.certificate, extensions: [extension] };
		for (const name of uris) expect(await reasons(await listWith(oid.issuingDistributionPoint, true, write.sequence(write.explicit(0, write.explicit(0, name)))), pointed)).toBe(allReasons);
	});
});

describe('EN 319 102-1 §5.2.5: status of a path at a time', () => {
	const status = async (ocsp: Uint8Array[], crls: Uint8Array[] = [], when = at) =>
		(await revocationStatus(p, path, heldSince(when, { ocsp, crls }), when)).status;
	const response = (answer: OcspAnswer) => writeOcspResponse(p, pki.ca, about, answer);
	const list = (since: number) =>
		writeCrl(pki.ca, { ...lists, revoked: [{ serialNumber: leaf.certificate.serialNumber, at: since, reason: null }] });

	test('nobody says: unknown; either source suffices; the revoked wins', async () => {
		expect(await status([])).toBe('unknown');
		expect(await status([await response(good)])).toBe('good');
		expect(await status([], [await writeCrl(pki.ca, lists)])).toBe('good');
		expect(await status([await response(good)], [await list(at - day)])).toBe('revoked');
		expect(await status([await response(revoked(at))], [await writeCrl(pki.ca, lists)])).toBe('revoked');
	});

	test('a revocation after the proven time does not count; an answer too old or a responder that does not know is unknown', async () => {
		expect(await status([await response(revoked(at + 1000))])).toBe('good');
		expect(await status([await response(good)], [], at + 2 * day)).toBe('unknown');
		expect(await status([], [await writeCrl(pki.ca, lists)], at + 2 * day)).toBe('unknown');
		expect(await status([await response({ ...good, status: { status: 'unknown' } })])).toBe('unknown');
	});

	test('of a path each certificate must be good, and the one that is not is named', async () => {
		const of = (data: Parameters<typeof heldSince>[1]) => revocationStatus(p, [leaf.certificate, pki.ca.certificate, pki.root.certificate], heldSince(at, data), at);
		expect(await of({ ocsp: [await response(good)] })).toEqual({ status: 'unknown', detail: 'intermediate 1: no answer about it', revokedAt: null });
		const rootList = (...serialNumbers: bigint[]) => writeCrl(pki.root, { ...lists, revoked: serialNumbers.map((serialNumber) => ({ serialNumber, at: at - day, reason: 1 })) });
		expect(await of({ crls: [await rootList()] })).toMatchObject({ status: 'unknown', detail: 'the certificate: no answer about it' });
		expect(await of({ crls: [await rootList(pki.ca.certificate.serialNumber)] })).toMatchObject({ status: 'revoked', detail: expect.stringContaining('intermediate 1') as string });
	});

	test('a list that cannot be read says why, and a failure of the host is no answer', async () => {
		expect((await revocationStatus(p, path, heldSince(at, { crls: [Uint8Array.of(0x30)] }), at)).detail).toBe('the certificate: cut off at byte 0');
		const broken = { ...p, verify: () => Promise.reject(new Error('no hardware')) };
		await expect(revocationStatus(broken, path, heldSince(at, { crls: [await writeCrl(pki.ca, lists)] }), at)).rejects.toThrow('no hardware');
	});

	test('answers and lists are told apart by what they begin with', async () => {
		const [ocsp, crl] = [await response(good), await writeCrl(pki.ca, lists)];
		expect(sortRevocation([crl, ocsp])).toEqual({ ocsp: [ocsp], crls: [crl] });
		expect(() => sortRevocation([Uint8Array.of(1)])).toThrow(expect.objectContaining({ code: 'malformed' }));
	});

	test('bytes that are no answer are unknown, never good', async () => {
		expect(await status([Uint8Array.of(1, 2, 3)], [Uint8Array.of(4)])).toBe('unknown');
	});

	test('a certificate on hold is unknown until a later answer lifts the hold', async () => {
		const held = await writeCrl(pki.ca, { ...lists, revoked: [{ serialNumber: leaf.certificate.serialNumber, at: at - day, reason: 6 }] });
		const verdict = await revocationStatus(p, path, heldSince(at, { crls: [held], ocsp: [await response(good)] }), at);
		expect(verdict).toMatchObject({ status: 'unknown', detail: expect.stringContaining('on hold') as string });
		expect(await status([await response({ ...good, thisUpdate: at + 1000 })], [held])).toBe('good');
	});

	test('RFC 5280 §3.3, RFC 6960 §4.4.4: an answer after the certificate’s end counts only where ended ones are kept', async () => {
		const ended = await pki.issue('ended', { notAfter: at - 1000 });
		const of = async (data: Parameters<typeof heldSince>[1]) => (await revocationStatus(p, [ended.certificate, pki.ca.certificate], heldSince(at, data), at - 2000)).status;
		const asked = { certificate: ended.certificate, issuer: pki.ca.certificate };
		expect(await of({ ocsp: [await writeOcspResponse(p, pki.ca, asked, good)] })).toBe('unknown');
		expect(await of({ crls: [await writeCrl(pki.ca, lists)] })).toBe('unknown');
		expect(await of({ crls: [await listWith(oid.expiredCertsOnCRL, false, write.generalizedTime(at - 500))] })).toBe('unknown');
		expect(await of({ crls: [await listWith(oid.expiredCertsOnCRL, false, write.generalizedTime(at - 1000))] })).toBe('good');
		expect(await of({ crls: [await writeCrl(pki.ca, { ...lists, revoked: [{ serialNumber: ended.certificate.serialNumber, at: at - day, reason: 1 }] })] })).toBe('revoked');
	});

	test('RFC 5280 §6.3.3 (l): partial lists count together, when they cover all reasons', async () => {
		const some = (...reasons: number[]) => listWith(oid.issuingDistributionPoint, true, write.sequence(write.implicit(3, write.namedBits(reasons))));
		const [security, rest] = [await some(1, 2, 8), await some(3, 4, 5, 6, 7)];
		expect(await status([], [security])).toBe('unknown');
		expect(await status([], [rest])).toBe('unknown');
		expect(await status([], [security, rest])).toBe('good');
	});
});

describe('RFC 5280 §6.3.3 (f): lists under another key than that of the certificate’s issuer', () => {
	const root = pki.root.certificate;
	const caName: NameParts = [['countryName', 'FR'], ['organizationName', 'Probant test'], ['commonName', 'Test issuing CA']];
	/** Another key in the issuing CA's name. */
	async function another(issuer: { signer: Signer; certificate: Certificate }, more: Partial<CertificateTemplate> = {}) {
		const { privateKey, spki } = generateKey('ecdsa-p256');
		const template = { subject: caName, spki, serialNumber: p.random(16), notBefore: epoch, notAfter: epoch + year, keyUsage: ['cRLSign'] as const, ...more };
		return { signer: nodeSigner(privateKey, specAlgorithm['ecdsa-p256']), certificate: readCertificate(await issueCertificate(p, issuer, template)) };
	}
	const rootsList = (...revoked: Certificate[]) => writeCrl(pki.root, { ...lists, revoked: revoked.map((c) => ({ serialNumber: c.serialNumber, at: at - day, reason: 1 })) });
	const verdict = async (crls: (Uint8Array | Promise<Uint8Array>)[], ...certificates: Certificate[]) =>
		revocationStatus(p, [...path, root], heldSince(at, { crls: await Promise.all(crls), certificates }), at);

	test('certified by the CA’s superior: it serves when its certificate is at hand and good', async () => {
		const second = await another(pki.root);
		const list = await writeCrl(second, lists);
		expect(await verdict([list, rootsList()], second.certificate)).toMatchObject({ status: 'good' });
		expect(await verdict([list, rootsList()])).toMatchObject({ status: 'unknown', detail: expect.stringContaining('not signed by the issuer') as string });
		expect(await verdict([list, rootsList(second.certificate)], second.certificate)).toMatchObject({ status: 'unknown', detail: expect.stringContaining('signer: revoked') as string });
		const entry = { serialNumber: leaf.certificate.serialNumber, at: at - day, reason: 1 };
		expect(await verdict([writeCrl(second, { ...lists, revoked: [entry] }), rootsList()], second.certificate)).toMatchObject({ status: 'revoked' });
		const ended = await another(pki.root, { notAfter: at - 1000 });
		expect(await verdict([writeCrl(ended, lists), rootsList()], ended.certificate)).toMatchObject({ status: 'unknown', detail: expect.stringContaining('signer: expired') as string });
	});

	test('its key revoked after it signed: what it signed counts when proven to be older than that', async () => {
		const second = await another(pki.root);
		const list = readCrl(await writeCrl(second, lists));
		const question = { path: [...path, root], certificates: [second.certificate], lists: [], control: at + year, status: async () => ({ status: 'good', detail: '', revokedAt: at + 500 }) as const };
		expect(await answerOfList(p, question, { list, since: at })).toMatchObject({ until: at + 500 });
		const delegate = await pki.issue('responder', { extKeyUsage: { purposes: ['ocspSigning'], critical: true }, crl: 'http://x.example/r' });
		const answer = await writeOcspResponse(p, delegate, about, good);
		const later = await writeCrl(pki.ca, { ...lists, thisUpdate: at + 9000, scope: { uri: 'http://x.example/r' }, revoked: [{ serialNumber: delegate.certificate.serialNumber, at: at + 5000, reason: 1 }] });
		const known = async (since: number) => (await revocationStatus(p, path, heldSince(since, { ocsp: [answer], crls: [later] }), at)).status;
		expect([await known(at + 5000), await known(at + 5001)]).toEqual(['good', 'unknown']);
	});

	test('certified by the CA itself: its status does not rest on its own list', async () => {
		const second = await another(pki.ca, { crl: 'http://x.example/keys' });
		const list = await writeCrl(second, lists);
		const ofKeys = writeCrl(pki.ca, { ...lists, scope: { uri: 'http://x.example/keys' } });
		expect(await verdict([list, rootsList()], second.certificate)).toMatchObject({ status: 'unknown', detail: expect.stringContaining('rests on itself') as string });
		expect(await verdict([list, ofKeys, rootsList()], second.certificate)).toMatchObject({ status: 'good' });
	});

	test('the CA’s name under another CA of the same root is not the CA', async () => {
		const neighbour = await another(pki.root, { subject: [['commonName', 'neighbour']], keyUsage: ['keyCertSign', 'cRLSign'], ca: { pathLength: null } });
		const impostor = await another(neighbour);
		const crls = [writeCrl(impostor, lists), writeCrl(neighbour, lists), rootsList()];
		expect(await verdict(crls, impostor.certificate, neighbour.certificate)).toMatchObject({ status: 'unknown', detail: expect.stringContaining('signer: no-path') as string });
	});

	test('16 signers of answers are asked about, not more', async () => {
		const delegate = (uri?: string) => pki.issue('responder', { extKeyUsage: { purposes: ['ocspSigning'], critical: true }, ...(uri ? { crl: uri } : {}) });
		const useless = await Promise.all(Array.from({ length: 16 }, async () => writeOcspResponse(p, await delegate(), about, good)));
		const last = await writeOcspResponse(p, await delegate('http://x.example/r'), about, good);
		const crls = [await writeCrl(pki.ca, { ...lists, scope: { uri: 'http://x.example/r' } })];
		const of = async (...ocsp: Uint8Array[]) => revocationStatus(p, path, heldSince(at, { ocsp, crls }), at);
		expect(await of(...useless.slice(1), last)).toMatchObject({ status: 'good' });
		expect(await of(...useless, last)).toMatchObject({ status: 'unknown', detail: 'the certificate: too many signers of answers' });
	});

	test('two that vouch for each other rest on themselves', async () => {
		const [one, other] = [await another(pki.ca), await another(pki.ca)];
		const of = (by: typeof one) => writeCrl(by, lists);
		expect(await verdict([of(one), of(other), rootsList()], one.certificate, other.certificate)).toMatchObject({ status: 'unknown', detail: expect.stringContaining('rests on itself') as string });
	});

	test('signers that vouch for each other in a ring are not followed in every order', async () => {
		const ring = await Promise.all(Array.from({ length: 9 }, () => another(pki.ca)));
		const crls = [...ring.map((signer) => writeCrl(signer, lists)), rootsList()];
		expect(await verdict(crls, ...ring.map((signer) => signer.certificate))).toMatchObject({ status: 'unknown' });
	});
});
