import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodePrimitives as p, specAlgorithm, type KeySpec } from '#lib/server/keys/primitives.ts';
import { webPrimitives } from '#lib/client/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, pemOf, year, type Holder } from '../../test/support/pki.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { concat, utf8 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type HashName } from '../primitives.ts';
import { hashOf, writeHash, writeSignatureAlgorithm } from '../x509/algorithm.ts';
import { attribute, names, readEssCertId, signingCertificateV2 } from './attributes.ts';
import { assemble, signedAttributes, withUnsignedAttribute, type ToBeSigned } from './build.ts';
import { readSignedData, type SignedData } from './signed-data.ts';
import { verifySignedData } from './verify.ts';

const pki = await createPki();
const content = utf8('what is signed');
const signer = await pki.issue('signer');
const twin = await pki.issue('signer');

/** Signs `attributes` (those of baseline unless given) as `by`. */
async function signed(
	by: Holder,
	wishes: { attributes?: readonly Uint8Array[]; hash?: HashName; certificates?: readonly Uint8Array[]; key?: Holder['signer'] } = {}
): Promise<Uint8Array> {
	const hash = wishes.hash ?? hashOf(by.signer.algorithm);
	const usual = signedAttributes(p, { contentDigest: digest(p, hash, content), hash, certificate: by.certificate });
	const toBeSigned: ToBeSigned = wishes.attributes ? { ...usual, tbs: write.setOf(...wishes.attributes) } : usual;
	const key = wishes.key ?? by.signer;
	return assemble(toBeSigned, {
		signature: await key.sign(toBeSigned.tbs),
		algorithm: by.signer.algorithm,
		certificates: wishes.certificates ?? [by.certificate.der, ...by.chain]
	});
}

const now = epoch + year / 2;
const over = (data: SignedData, of: Uint8Array = content) => ({ contentDigest: digest(p, data.signerInfo.digestAlgorithm, of), contentType: oid.data, existed: now });

async function failures(der: Uint8Array, of: Uint8Array = content): Promise<string[]> {
	const data = readSignedData(der);
	const verdict = await verifySignedData(p, data, over(data, of));
	expect(verdict.intact).toBe(verdict.checks.every((c) => c.outcome === 'passed' || c.outcome === 'not-checked'));
	return verdict.checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}`);
}

const contentType = attribute(oid.contentType, write.oid(oid.data));
const messageDigest = attribute(oid.messageDigest, write.octetString(digest(p, 'SHA-256', content)));
const certificateOf = (holder: Holder) => attribute(oid.signingCertificateV2, signingCertificateV2(p, holder.certificate, 'SHA-256'));

test('RFC 5652: what we sign, openssl, our server and our browser verify, for every kind of key', async () => {
	for (const spec of ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-3072'] satisfies KeySpec[]) {
		const by = await pki.issue(`signer ${spec}`, { spec });
		const der = await signed(by);
		expect(by.signer.algorithm).toEqual(specAlgorithm[spec]);
		for (const primitives of [p, webPrimitives]) {
			const data = readSignedData(der);
			const verdict = await verifySignedData(primitives, data, over(data));
			expect(verdict).toMatchObject({ intact: true, baseline: true });
			expect(verdict.signer?.der).toEqual(by.certificate.der);
		}
		if (spec === 'ed25519') continue; // OpenSSL 3.0 passes a digest to EdDSA in CMS and refuses its own; RFC 8419 has none
		const files = { 's.der': der, content, 'root.pem': pemOf(pki.root.certificate.der) };
		const when = String((epoch + year / 2) / 1000);
		const { text } = run(
			'openssl',
			[
				'cms',
				'-verify',
				'-cades',
				'-binary',
				'-inform',
				'DER',
				'-in',
				's.der',
				'-content',
				'content',
				'-CAfile',
				'root.pem',
				'-purpose',
				'any',
				'-attime',
				when,
				'-out',
				'x'
			],
			files
		);
		expect(text, spec).toMatch(/successful/i);
	}
});

test('what openssl signs, in DER or streamed BER, we verify', async () => {
	const script =
		'openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -subj /CN=other -days 30 2>/dev/null && openssl cms -sign -cades -binary -md sha256 -in content -signer c.pem -inkey k.pem -outform DER -nosmimecap "$@" | base64 -w0 && echo';
	for (const [options, ber] of [
		[[], false],
		[['-stream', '-nodetach'], true]
	] as const) {
		const line = /^[A-Za-z0-9+/=]{400,}$/m.exec(run('sh', ['-c', script, 'sh', ...options], { content }).text)![0];
		const der = new Uint8Array(Buffer.from(line, 'base64'));
		if (ber) expect(() => readSignedData(der)).toThrow(CryptoError);
		const data = readSignedData(der, { ber });
		if (ber) expect(data.content).toEqual(content);
		const verdict = await verifySignedData(p, data, over(data));
		expect(verdict.checks.filter((c) => c.outcome !== 'passed')).toEqual([]);
		expect(verdict.baseline).toBe(false); // openssl adds a signing-time
	}
});

describe('SECURITY “CMS”: each lie is caught by its own check', () => {
	const withAttributes = async (...attributes: Uint8Array[]) => failures(await signed(signer, { attributes }));

	test('content-type', async () => {
		expect(await withAttributes(messageDigest, certificateOf(signer))).toEqual(['content-type failed']);
		expect(await withAttributes(attribute(oid.contentType, write.oid(oid.tstInfo)), messageDigest, certificateOf(signer))).toEqual([
			'content-type failed'
		]);
		expect(await withAttributes(contentType, contentType, messageDigest, certificateOf(signer))).toEqual(['content-type failed']);
	});

	test('message-digest', async () => {
		expect(await failures(await signed(signer), utf8('another content'))).toEqual(['message-digest failed']);
		expect(await withAttributes(contentType, certificateOf(signer))).toEqual(['message-digest failed']);
		expect(await withAttributes(contentType, messageDigest, messageDigest, certificateOf(signer))).toEqual(['message-digest failed']);
		const two = attribute(oid.messageDigest, write.octetString(digest(p, 'SHA-256', content)), write.octetString(new Uint8Array(32)));
		expect(await withAttributes(contentType, two, certificateOf(signer))).toEqual(['message-digest failed']);
	});

	test('signing-certificate: named by ESSCertIDv2, never the first of the bag', async () => {
		expect(await withAttributes(contentType, messageDigest, certificateOf(twin))).toEqual(['signing-certificate indeterminate']);
		const reversed = await signed(signer, { certificates: [twin.certificate.der, signer.certificate.der] });
		expect(await failures(reversed)).toEqual([]);
		expect(await failures(await signed(signer, { certificates: [twin.certificate.der] }))).toContain('signing-certificate indeterminate');
	});

	test('a signature without ESSCertID is judged, and said to be less: no baseline; a time-stamp token must have one', async () => {
		const data = readSignedData(await signed(signer, { attributes: [contentType, messageDigest] }));
		const verdict = await verifySignedData(p, data, over(data));
		expect(verdict).toMatchObject({ intact: true, baseline: false });
		expect(verdict.checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}`)).toEqual(['signing-certificate not-checked']);
		const token = await verifySignedData(p, { ...data, contentType: oid.tstInfo }, { ...over(data), contentType: oid.tstInfo });
		expect(token.checks.find((c) => c.name === 'signing-certificate')!.outcome).toBe('indeterminate');
	});

	test('RFC 5035 §3: the certificate named is of this hash, this issuer and this number, as far as they are given', () => {
		const id = readEssCertId(read(signingCertificateV2(p, signer.certificate, 'SHA-256')), 2);
		expect([names(p, id, signer.certificate), names(p, { ...id, issuer: null, serialNumber: null }, signer.certificate)]).toEqual([true, true]);
		for (const wrong of [{ digest: new Uint8Array(32) }, { issuer: signer.certificate.subject.der }, { serialNumber: 5n }]) expect(names(p, { ...id, ...wrong }, signer.certificate)).toBe(false);
	});

	test('RFC 5652 §5.4: signed attributes are verified as they stand, and in DER when they stand otherwise', async () => {
		const der = await signed(signer);
		expect(readSignedData(der).signerInfo.tbs).toHaveLength(1);
		const body = read(der).children[1]!.children[0]!.children;
		const info = body.at(-1)!.children[0]!.children;
		const turned = write.tlv(0xa0, ...info[3]!.children.map((c) => c.raw).reverse());
		const other = write.sequence(write.oid(oid.signedData), write.explicit(0, write.sequence(...body.slice(0, -1).map((c) => c.raw), write.setOf(write.sequence(...info.map((c, i) => (i === 3 ? turned : c.raw)))))));
		expect(readSignedData(other).signerInfo.tbs).toHaveLength(2);
		expect(await failures(other)).toEqual([]);
	});

	test('algorithms: the mask is of the hash, the protection says no more, ends are those of the digest and of the key', async () => {
		const data = readSignedData(await signed(signer));
		const of = async (change: Partial<SignedData['signerInfo']>, existed = now) => {
			const { checks } = await verifySignedData(p, { ...data, digestAlgorithms: ['SHA-256', 'SHA-1'], signerInfo: { ...data.signerInfo, ...change } }, { ...over(data), existed });
			return checks.filter((c) => c.outcome !== 'passed' && c.name.startsWith('algorithm')).map((c) => c.detail);
		};
		const pss = (mgfHash: HashName) => ({ algorithm: { scheme: 'rsa-pss', hash: 'SHA-256', mgfHash, saltLength: 32 } }) as const;
		expect([await of(pss('SHA-256')), await of(pss('SHA-1'))]).toEqual([[], ['mask SHA-1']]);
		expect(await of({ digestAlgorithm: 'SHA-1' })).toEqual(['digest SHA-1, signature SHA-256', expect.stringContaining('SHA-1: nothing proves') as string]);
		expect(await of({ digestAlgorithm: 'SHA-1' }, Date.UTC(2009, 0, 1))).toEqual(['digest SHA-1, signature SHA-256']);
		const protection = attribute(oid.cmsAlgorithmProtection, write.sequence(writeHash('SHA-256'), write.implicit(1, writeSignatureAlgorithm(signer.signer.algorithm)), write.nul()));
		expect(await withAttributes(contentType, messageDigest, certificateOf(signer), protection)).toEqual(['algorithms indeterminate']);
	});

	test('what cannot be asked says why; a failure of the host is no verdict', async () => {
		const data = readSignedData(await signed(signer, { certificates: [] }));
		const { checks } = await verifySignedData(p, data, over(data));
		expect(checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}: ${c.detail}`)).toEqual(['signing-certificate indeterminate: the certificate the signature names is not there', 'signature-value not-checked: nothing to check it with']);
		const whole = readSignedData(await signed(signer, { attributes: [contentType, messageDigest] }));
		const token = await verifySignedData(p, { ...whole, contentType: oid.tstInfo }, { ...over(whole), contentType: oid.tstInfo });
		expect(token.checks.find((c) => c.name === 'signing-certificate')!.detail).toBe('no signing-certificate attribute');
		const bare = { ...whole, signerInfo: { ...whole.signerInfo, signedAttributes: null } };
		expect((await verifySignedData(p, bare, over(bare))).checks.find((c) => c.name === 'signature-value')).toMatchObject({ outcome: 'failed', detail: 'no signed attributes' });
		const named = readSignedData(await signed(signer));
		for (const broken of [{ ...p, hash: () => { throw new Error('no hardware'); } }, { ...p, verify: () => Promise.reject(new Error('no hardware')) }]) await expect(verifySignedData(broken, named, over(named))).rejects.toThrow('no hardware');
	});

	test('signature-value', async () => {
		expect(await failures(await signed(signer, { key: twin.signer }))).toEqual(['signature-value failed']);
	});

	test('algorithms: a weak digest, or one the signature does not use', async () => {
		const attributes = [contentType, attribute(oid.messageDigest, write.octetString(digest(p, 'SHA-512', content))), certificateOf(signer)];
		expect(await failures(await signed(signer, { attributes, hash: 'SHA-512' }))).toEqual(['algorithms indeterminate']);
		const protection = (hash: HashName, scheme: Uint8Array) =>
			attribute(oid.cmsAlgorithmProtection, write.sequence(writeHash(hash), write.implicit(1, scheme)));
		const own = writeSignatureAlgorithm(signer.signer.algorithm);
		expect(await withAttributes(contentType, messageDigest, certificateOf(signer), protection('SHA-256', own))).toEqual([]);
		expect(await withAttributes(contentType, messageDigest, certificateOf(signer), protection('SHA-512', own))).toEqual([
			'algorithms indeterminate'
		]);
		const other = writeSignatureAlgorithm({ scheme: 'ed25519' });
		expect(await withAttributes(contentType, messageDigest, certificateOf(signer), protection('SHA-256', other))).toEqual([
			'algorithms indeterminate'
		]);
		const fields = read(await signed(signer)).children[1]!.children[0]!.children.map((c) => c.raw);
		const unannounced = write.sequence(fields[0]!, write.setOf(writeHash('SHA-384')), ...fields.slice(2));
		expect(await failures(write.sequence(write.oid(oid.signedData), write.explicit(0, unannounced)))).toEqual(['algorithms indeterminate']);
	});

	test('several signers, or trailing bytes, are malformed', async () => {
		const der = await signed(signer);
		expect(() => readSignedData(concat(der, Uint8Array.of(0)))).toThrow(/trailing/);
		const data = read(der).children[1]!.children[0]!;
		const info = data.children.at(-1)!.children[0]!.raw;
		const twice = write.sequence(...data.children.slice(0, -1).map((c) => c.raw), write.setOf(info, info));
		expect(() => readSignedData(write.sequence(write.oid(oid.signedData), write.explicit(0, twice)))).toThrow(/2 SignerInfos/);
	});
});

test('an unsigned attribute is added beside the signature, which it does not touch', async () => {
	const der = await signed(signer);
	const stamped = withUnsignedAttribute(
		withUnsignedAttribute(der, oid.signatureTimeStampToken, write.nul()),
		oid.revocationInfoArchival,
		write.nul()
	);
	expect(await failures(stamped)).toEqual([]);
	const { signerInfo } = readSignedData(stamped);
	expect(signerInfo.unsignedAttributes.map((a) => a.type).sort()).toEqual([oid.signatureTimeStampToken, oid.revocationInfoArchival].sort());
	expect(signerInfo.signature).toEqual(readSignedData(der).signerInfo.signature);
});

test('whatever the bytes, reading ends in a value or a CryptoError, and a flipped bit of what is signed is refused', async () => {
	const der = await signed(signer);
	const { tbs } = readSignedData(der).signerInfo;
	const start = Buffer.from(der).indexOf(Buffer.from(tbs[0]!.subarray(1)));
	await fc.assert(
		fc.asyncProperty(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
			const altered = der.slice();
			altered[at]! ^= mask;
			try {
				const wrong = await failures(altered);
				if (at >= start) expect(wrong).not.toEqual([]);
			} catch (error) {
				if (!(error instanceof CryptoError)) throw error;
			}
		}),
		{ numRuns: 300 }
	);
});
