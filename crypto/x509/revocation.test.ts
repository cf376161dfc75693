import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year } from '../../test/support/pki.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { concat } from '../bytes.ts';
import type { Signer } from '../primitives.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { serialNumberHex, type Certificate } from './certificate.ts';
import { answerOfList } from './crl-answer.ts';
import { allReasons } from './crl-scope.ts';
import { readCrl, writeCrl } from './crl.ts';
import { readOcspResponse, writeOcspResponse, type OcspAnswer } from './ocsp.ts';
import { heldSince, revocationStatus } from './revocation.ts';

const at = epoch + year / 2;
const day = 86_400_000;
const pki = await createPki();
const leaf = await pki.issue('leaf');
const twin = await pki.issue('another leaf');
const path = [leaf.certificate, pki.ca.certificate];
const good: OcspAnswer = { status: { status: 'good' }, producedAt: at, thisUpdate: at, nextUpdate: at + day };
const revoked = (since: number): OcspAnswer => ({ ...good, status: { status: 'revoked', at: since, reason: 1 } });
const about = { certificate: leaf.certificate, issuer: pki.ca.certificate };
const answerOf = (der: Uint8Array) => readOcspResponse(p, der, leaf.certificate, pki.ca.certificate);
const lists = { number: 7n, thisUpdate: at, nextUpdate: at + day, revoked: [] };

describe('RFC 6960: OCSP', () => {
	test('what we make is what openssl and we read, by the issuer and by its delegate', async () => {
		const delegate = await pki.issue('responder', {
			extKeyUsage: { purposes: ['ocspSigning'], critical: true },
			revocation: 'ocsp-nocheck'
		});
		for (const responder of [pki.ca, delegate]) {
			for (const answer of [good, revoked(at - day)]) {
				const der = await writeOcspResponse(p, responder, about, answer);
				expect(await answerOf(der)).toMatchObject(answer);
				const files = {
					'r.der': der,
					'root.pem': pemOf(pki.root.certificate.der),
					'ca.pem': pemOf(pki.ca.certificate.der),
					'leaf.pem': pemOf(leaf.certificate.der)
				};
				const when = ['-attime', String(at / 1000), '-validity_period', String(20 * 365 * 86_400)];
				const { text } = run(
					'openssl',
					['ocsp', '-respin', 'r.der', '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-CAfile', 'root.pem', '-verify_other', 'ca.pem', ...when],
					files
				);
				expect(text).toContain('Response verify OK');
				expect(text).toContain(`leaf.pem: ${answer.status.status}`);
			}
		}
	});

	test('an answer about another certificate is none', async () => {
		expect(await answerOf(await writeOcspResponse(p, pki.ca, { ...about, certificate: twin.certificate }, good))).toBeNull();
	});

	test('only the issuer and whom it delegated may answer', async () => {
		const outsider = await pki.issue('no responder');
		await expect(answerOf(await writeOcspResponse(p, outsider, about, good))).rejects.toMatchObject({ reason: 'ocsp-responder' });
		const stranger = await (await createPki()).issue('responder', { extKeyUsage: { purposes: ['ocspSigning'], critical: true } });
		await expect(answerOf(await writeOcspResponse(p, stranger, about, good))).rejects.toMatchObject({ reason: 'ocsp-responder' });
		const late = await pki.issue('responder', { extKeyUsage: { purposes: ['ocspSigning'], critical: true }, notAfter: at - 1000 });
		await expect(answerOf(await writeOcspResponse(p, late, about, good))).rejects.toMatchObject({ reason: 'ocsp-responder' });
		await expect(
			answerOf(await writeOcspResponse(p, { signer: twin.signer, certificate: pki.ca.certificate }, about, good))
		).rejects.toMatchObject({ reason: 'ocsp-signature' });
	});

	test('an error status carries no answer', async () => {
		await expect(answerOf(write.sequence(write.tlv(0x0a, Uint8Array.of(3))))).rejects.toMatchObject({ reason: 'ocsp-status' });
	});
});

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

	test('another issuer’s list says nothing; a forged one is refused', async () => {
		const other = await createPki();
		expect(await answer(await writeCrl(other.root, lists))).toBeNull();
		await expect(answer(await writeCrl({ ...pki.ca, signer: twin.signer }, lists))).rejects.toMatchObject({ reason: 'crl-signature' });
		const muted = { ...pki.ca.certificate, keyUsage: ['keyCertSign'] as const };
		await expect(answer(await writeCrl(pki.ca, lists), leaf.certificate, muted)).rejects.toMatchObject({ reason: 'crl-issuer' });
		await expect(writeCrl(leaf, lists)).rejects.toMatchObject({ reason: 'not-a-crl-issuer' });
	});

	/** A list of the CA's with one more extension, signed. */
	async function extended(id: string, critical: boolean, content: Uint8Array, signer: Signer = pki.ca.signer): Promise<Uint8Array> {
		const fields = read(await writeCrl(pki.ca, lists)).children[0]!.children.map((c) => c.raw);
		const existing = read(fields.pop()!).children[0]!.children.map((c) => c.raw);
		const added = write.sequence(write.oid(id), ...(critical ? [write.boolean(true)] : []), write.octetString(content));
		const tbs = write.sequence(concat(...fields), write.explicit(0, write.sequence(...existing, added)));
		return write.sequence(tbs, writeSignatureAlgorithm(signer.algorithm), write.bitString(await signer.sign(tbs)));
	}

	test('§5.2.5, §6.3.3: a list answers for its scope alone; one not understood is refused', async () => {
		const scope = (part: Uint8Array) => extended(oid.issuingDistributionPoint, true, write.sequence(part));
		await expect(extended('1.2.3.4', true, write.nul()).then(answer)).rejects.toMatchObject({ reason: 'crl-extension' });
		expect(await reasons(await extended('1.2.3.4', false, write.nul()))).toBe(allReasons);
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
		const delta = await extended(oid.deltaCRLIndicator, true, write.integer(1));
		expect(await reasons(delta)).toBe(0);
		expect((await revocationStatus(p, path, heldSince(at, { crls: [delta] }), at)).status).toBe('unknown');
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

	test('bytes that are no answer are unknown, never good', async () => {
		expect(await status([Uint8Array.of(1, 2, 3)], [Uint8Array.of(4)])).toBe('unknown');
	});
});
