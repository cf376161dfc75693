import { describe, expect, test } from 'vitest';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year, type Holder } from '../../test/support/pki.ts';
import { octetString, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { serialNumberHex } from './certificate.ts';
import { writeCrl } from './crl.ts';
import { readOcspResponse, writeOcspResponse, type OcspAnswer } from './ocsp.ts';
import { revocationStatus } from './revocation.ts';
import { heldSince } from './revocation-data.ts';

const at = epoch + year / 2;
const day = 86_400_000;
const pki = await createPki();
const leaf = await pki.issue('leaf');
const twin = await pki.issue('another leaf');
const ocspSigning = { extKeyUsage: { purposes: ['ocspSigning'], critical: true } } as const;
const good: OcspAnswer = { status: { status: 'good' }, producedAt: at, thisUpdate: at, nextUpdate: at + day };
const revoked = (since: number): OcspAnswer => ({ ...good, status: { status: 'revoked', at: since, reason: 1 } });
const about = { certificate: leaf.certificate, issuer: pki.ca.certificate };
const answerOf = (der: Uint8Array) => readOcspResponse(p, der, leaf.certificate, pki.ca.certificate);

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

	test('§4.2.2.3 issuer name, issuer key and serial number must all be those asked about', async () => {
		for (const at of [1, 2, 3]) {
			const other = await remade(pki.ca, ({ single }) => {
				const id = single.children[0]!.children.map((c, i) => (i !== at ? c.raw : i === 3 ? write.integer(7) : write.octetString(new Uint8Array(20))));
				return { single: write.sequence(write.sequence(...id), ...single.children.slice(1).map((c) => c.raw)) };
			});
			expect(await answerOf(other), `field ${at}`).toBeNull();
		}
	});

	test('§4.1.1 a CertID has its four fields, and no more', async () => {
		const withId = (edit: (fields: Uint8Array[]) => Uint8Array[]) => remade(pki.ca, ({ single }) => ({ single: write.sequence(write.sequence(...edit(single.children[0]!.children.map((c) => c.raw))), ...single.children.slice(1).map((c) => c.raw)) }));
		for (const fields of [0, 1, 2, 3]) await expect(answerOf(await withId((all) => all.slice(0, fields))), `${fields} fields`).rejects.toThrow('CertID: a field is missing');
		await expect(answerOf(await withId((all) => [...all, write.integer(1)]))).rejects.toMatchObject({ code: 'malformed' });
		expect((await answerOf(await withId((all) => all)))?.status).toEqual({ status: 'good' });
	});

	test('of several certificates that come along, the one that signed is taken', async () => {
		const delegate = await pki.issue('responder', { ...ocspSigning, revocation: 'ocsp-nocheck' });
		const bytes = read(await writeOcspResponse(p, delegate, about, good)).children[1]!.children[0]!;
		const [data, algorithm, signature] = read(octetString(bytes.children[1]!)).children.map((c) => c.raw);
		const basic = write.sequence(data!, algorithm!, signature!, write.explicit(0, write.sequence(twin.certificate.der, delegate.certificate.der)));
		const response = (type: string) => write.sequence(write.tlv(tag.enumerated, Uint8Array.of(0)), write.explicit(0, write.sequence(write.oid(type), write.octetString(basic))));
		expect((await answerOf(response(oid.ocspBasic)))?.by.der).toEqual(delegate.certificate.der);
		await expect(answerOf(response('1.2.3'))).rejects.toMatchObject({ reason: 'ocsp-type' });
	});

	test('a delegate certified under an algorithm given up since counts when the answer is proven to be older', async () => {
		const old = await createPki('Old', { key: () => sha1Key() });
		const delegate = await old.issue('responder', { ...ocspSigning, revocation: 'ocsp-nocheck' });
		const subject = await old.issue('leaf');
		const der = await writeOcspResponse(p, delegate, { certificate: subject.certificate, issuer: old.ca.certificate }, good);
		const of = (since?: number) => readOcspResponse(p, der, subject.certificate, old.ca.certificate, since);
		expect(await of(Date.UTC(2008, 0, 1))).toMatchObject({ status: { status: 'good' } });
		await expect(of()).rejects.toMatchObject({ reason: 'ocsp-responder' });
		await expect(of(at)).rejects.toMatchObject({ reason: 'ocsp-responder' });
	});

	test('an error status carries no answer', async () => {
		await expect(answerOf(write.sequence(write.tlv(0x0a, Uint8Array.of(3))))).rejects.toMatchObject({ reason: 'ocsp-status' });
	});
});

/** An answer with its ResponseData changed, and signed again. `change` is given the one SingleResponse. */
async function remade(responder: Holder, change: (parts: { single: Node }) => { id?: Uint8Array; single?: Uint8Array; extensions?: Uint8Array }, answer = good): Promise<Uint8Array> {
	const bytes = read(await writeOcspResponse(p, responder, about, answer)).children[1]!.children[0]!;
	const [data, , , ...certs] = read(octetString(bytes.children[1]!)).children;
	const [id, producedAt, responses] = data!.children;
	const made = change({ single: responses!.children[0]! });
	const changed = write.sequence(made.id ?? id!.raw, producedAt!.raw, write.sequence(made.single ?? responses!.children[0]!.raw), ...(made.extensions ? [write.explicit(1, write.sequence(made.extensions))] : []));
	const signature = write.bitString(await responder.signer.sign(changed));
	const basic = write.sequence(changed, writeSignatureAlgorithm(responder.signer.algorithm), signature, ...certs.map((c) => c.raw));
	return write.sequence(write.tlv(tag.enumerated, Uint8Array.of(0)), write.explicit(0, write.sequence(write.oid(oid.ocspBasic), write.octetString(basic))));
}

const extension = (id: string, critical: boolean, content: Uint8Array) => write.sequence(write.oid(id), ...(critical ? [write.boolean(true)] : []), write.octetString(content));
const singleWith = (...extensions: Uint8Array[]) => ({ single }: { single: Node }) => ({ single: write.sequence(...single.children.map((c) => c.raw), write.explicit(1, write.sequence(...extensions))) });

/** A key that signs under SHA-1. */
function sha1Key() {
	const { privateKey, spki } = generateKey('ecdsa-p256');
	return { signer: nodeSigner(privateKey, { scheme: 'ecdsa', hash: 'SHA-1' }), spki };
}

describe('RFC 6960: what a response must be', () => {
	test('§4.2.1 a version may be stated, the responder is named by one of two, an unknown certificate has the tag of one', async () => {
		expect(await answerOf(await remade(pki.ca, () => ({ id: write.sequence() }))).catch((error: Error) => error.message)).toMatch(/ResponderID/);
		const version = write.explicit(0, write.integer(0));
		const named = write.explicit(1, pki.ca.certificate.subject.der);
		expect(await answerOf(await remade(pki.ca, () => ({ id: Uint8Array.from([...version, ...named]) })))).toMatchObject({ status: { status: 'good' } });
		let status = 0;
		await remade(pki.ca, ({ single }) => ((status = single.children[1]!.tag), {}), { ...good, status: { status: 'unknown' } });
		expect(status).toBe(0x82);
	});

	test('§4.2.1 the responder it names signed it', async () => {
		expect(await answerOf(await remade(pki.ca, () => ({ id: write.explicit(1, pki.ca.certificate.subject.der) })))).toMatchObject({ status: { status: 'good' } });
		await expect(answerOf(await remade(pki.ca, () => ({ id: write.explicit(1, leaf.certificate.subject.der) })))).rejects.toMatchObject({ reason: 'ocsp-signature' });
		await expect(answerOf(await remade(pki.ca, () => ({ id: write.explicit(2, write.octetString(new Uint8Array(20))) })))).rejects.toMatchObject({ reason: 'ocsp-signature' });
	});

	test('§4.4 nonce and archive cutoff are read, a critical extension nobody here knows is refused', async () => {
		const nonce = write.octetString(Uint8Array.of(1, 2, 3));
		expect(await answerOf(await remade(pki.ca, () => ({ extensions: extension(oid.ocspNonce, false, nonce) })))).toMatchObject({ nonce });
		expect(await answerOf(await remade(pki.ca, singleWith(extension(oid.ocspArchiveCutoff, false, write.generalizedTime(at - year)))))).toMatchObject({ archiveCutoff: at - year });
		await expect(answerOf(await remade(pki.ca, singleWith(extension('1.2.3', true, write.nul()))))).rejects.toMatchObject({ reason: 'ocsp-extension' });
		await expect(answerOf(await remade(pki.ca, () => ({ extensions: extension('1.2.3', true, write.nul()) })))).rejects.toMatchObject({ reason: 'ocsp-extension' });
		expect(await answerOf(await remade(pki.ca, singleWith(extension('1.2.3', false, write.nul()))))).toMatchObject({ archiveCutoff: null });
	});

	test('§4.4.4 an answer after the certificate’s end counts only up to its archive cutoff', async () => {
		const end = leaf.certificate.notAfter;
		const late = { ...good, producedAt: end + 2000, thisUpdate: end + 2000, nextUpdate: end + day };
		const of = async (cutoff: number | null) => {
			const der = await remade(pki.ca, cutoff === null ? () => ({}) : singleWith(extension(oid.ocspArchiveCutoff, false, write.generalizedTime(cutoff))), late);
			return (await revocationStatus(p, [leaf.certificate, pki.ca.certificate], heldSince(late.producedAt, { ocsp: [der] }), at)).status;
		};
		expect([await of(null), await of(end + 1000), await of(end)]).toEqual(['unknown', 'unknown', 'good']);
	});

	test('§4.2.2.2.1 a delegate without id-pkix-ocsp-nocheck must be in good standing itself', async () => {
		const delegate = await pki.issue('responder', ocspSigning);
		const status = async (more: { ocsp?: Uint8Array[]; crls?: Uint8Array[] }, responder = delegate) => {
			const answer = await writeOcspResponse(p, responder, about, good);
			return revocationStatus(p, [leaf.certificate, pki.ca.certificate], heldSince(at, { ...more, ocsp: [answer, ...(more.ocsp ?? [])] }), at);
		};
		const list = (...certificates: Holder[]) =>
			writeCrl(pki.ca, { number: 1n, thisUpdate: at, nextUpdate: at + day, revoked: certificates.map((c) => ({ serialNumber: c.certificate.serialNumber, at: at - day, reason: 1 })), scope: { uri: 'http://x.example/r' } });
		const pointed = await pki.issue('responder', { ...ocspSigning, crl: 'http://x.example/r' });
		expect(await status({})).toMatchObject({ status: 'unknown', detail: expect.stringContaining('the responder: no answer') as string });
		expect(await status({ crls: [await list()] }, pointed)).toMatchObject({ status: 'good' });
		expect(await status({ crls: [await list(pointed)] }, pointed)).toMatchObject({ status: 'unknown', detail: expect.stringContaining('the responder: revoked') as string });
		expect(await status({}, await pki.issue('responder', { ...ocspSigning, revocation: 'ocsp-nocheck' }))).toMatchObject({ status: 'good' });
		const ofItself = await writeOcspResponse(p, delegate, { certificate: delegate.certificate, issuer: pki.ca.certificate }, good);
		expect(await status({ ocsp: [ofItself] })).toMatchObject({ status: 'unknown', detail: expect.stringContaining('rests on itself') as string });
	});
});

test('openssl’s responder is read: good, revoked, unknown; certID under SHA-1 and SHA-256; by name and by key; with a nonce', async () => {
	// It has no clock but the machine's.
	const now = await createPki('Now', { start: Date.now() - day });
	const [leaf, twin, out] = [await now.issue('leaf'), await now.issue('another leaf'), await now.issue('revoked')];
	const keyOf = (wishes: Parameters<typeof now.issue>[1]) => {
		const { privateKey, spki } = generateKey('ecdsa-p256');
		return { pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, holder: now.issue('responder', { ...wishes, key: { signer: nodeSigner(privateKey, specAlgorithm['ecdsa-p256']), spki } }) };
	};
	const { pem, holder } = keyOf({ ...ocspSigning, revocation: 'ocsp-nocheck' });
	const row = (flag: string, { certificate }: Holder, when = '') => `${flag}\t311231235959Z\t${when}\t${serialNumberHex(certificate).toUpperCase()}\tunknown\t/CN=x\n`;
	const files = { 'ca.pem': pemOf(now.ca.certificate.der), 'r.pem': pemOf((await holder).certificate.der), 'r.key': pem, 'leaf.pem': pemOf(leaf.certificate.der), 'out.pem': pemOf(out.certificate.der), 'twin.pem': pemOf(twin.certificate.der), 'index.txt': row('V', leaf) + row('R', out, '260301000000Z,keyCompromise') };
	const respond = (certificate: string, ...options: string[]) => {
		const { text } = run('sh', ['-c', `openssl ocsp -index index.txt -CA ca.pem -rsigner r.pem -rkey r.key -ndays 1 -issuer ca.pem ${options.join(' ')} -cert ${certificate} -respout r.der -noverify >/dev/null && base64 -w0 r.der`], files);
		return new Uint8Array(Buffer.from(text.trim(), 'base64'));
	};
	const read = (der: Uint8Array, { certificate }: Holder) => readOcspResponse(p, der, certificate, now.ca.certificate);
	expect(await read(respond('leaf.pem', '-nonce'), leaf)).toMatchObject({ status: { status: 'good' }, nonce: expect.any(Uint8Array) as Uint8Array });
	expect(await read(respond('leaf.pem', '-no_nonce', '-sha256', '-resp_key_id'), leaf)).toMatchObject({ status: { status: 'good' }, nonce: null });
	expect(await read(respond('out.pem', '-sha256'), out)).toMatchObject({ status: { status: 'revoked', at: Date.parse('2026-03-01T00:00:00Z'), reason: 1 } });
	expect(await read(respond('twin.pem'), twin)).toMatchObject({ status: { status: 'unknown' } });
	expect(await read(respond('leaf.pem', '-sha256'), twin)).toBeNull();
});
