// Identifiers of algorithms, names and keys as they are read: each deviation has its own refusal.

import { describe, expect, test } from 'vitest';
import { createPki } from '../../test/support/pki.ts';
import { generateKey } from '#lib/server/keys/primitives.ts';
import { read } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { hashOf, readHash, readSignatureAlgorithm, writeHash, writeSignatureAlgorithm } from './algorithm.ts';
import { readCertificate, serialNumberHex } from './certificate.ts';
import { readExtensions } from './extensions.ts';
import { keySize, signatureEnd } from './lifetimes.ts';
import { readName, writeName } from './name.ts';

const identifier = (id: string, ...parameters: Uint8Array[]) => read(write.sequence(write.oid(id), ...parameters));
const refusal = (code: string, reason: string) => expect.objectContaining({ code, reason }) as object;
const pki = await createPki();

describe('RFC 4055, 5754, 5758: AlgorithmIdentifier', () => {
	test('parameters are absent or NULL, of hashes and of signatures', () => {
		for (const id of [oid.sha256, oid.sha256WithRSAEncryption, oid.ecdsaWithSHA256]) {
			const open = id === oid.sha256 ? readHash : readSignatureAlgorithm;
			expect(() => open(identifier(id))).not.toThrow();
			expect(() => open(identifier(id, write.nul()))).not.toThrow();
			for (const parameters of [write.integer(1), write.tlv(0x05, Uint8Array.of(0)), write.sequence()]) expect(() => open(identifier(id, parameters)), id).toThrow(refusal('malformed', 'algorithm'));
		}
	});

	test('PSS states its parameters, with MGF1 and the trailer of the standard, and nothing more', () => {
		const pss = (...fields: Uint8Array[]) => readSignatureAlgorithm(identifier(oid.rsassaPss, write.sequence(...fields)));
		const mask = (id: string, ...inner: Uint8Array[]) => write.explicit(1, write.sequence(write.oid(id), ...inner));
		expect(pss()).toEqual({ scheme: 'rsa-pss', hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 });
		expect(pss(write.explicit(0, writeHash('SHA-256')), mask(oid.mgf1, writeHash('SHA-384')), write.explicit(2, write.integer(32)), write.explicit(3, write.integer(1)))).toEqual({ scheme: 'rsa-pss', hash: 'SHA-256', mgfHash: 'SHA-384', saltLength: 32 });
		expect(() => readSignatureAlgorithm(identifier(oid.rsassaPss))).toThrow(refusal('unsupported', 'pss-parameters'));
		for (const fields of [[mask('1.2.3', writeHash('SHA-256'))], [mask(oid.mgf1)], [write.explicit(3, write.integer(2))]]) expect(() => pss(...fields)).toThrow(refusal('unsupported', 'pss-parameters'));
		expect(() => pss(write.explicit(4, write.integer(2)))).toThrow(/a field too many/);
	});

	test('in CMS a key’s own identifier leaves the hash to the digest algorithm; alone it says nothing', () => {
		expect(readSignatureAlgorithm(identifier(oid.rsaEncryption), 'SHA-256')).toEqual({ scheme: 'rsa-pkcs1', hash: 'SHA-256' });
		expect(readSignatureAlgorithm(identifier(oid.ecPublicKey), 'SHA-384')).toEqual({ scheme: 'ecdsa', hash: 'SHA-384' });
		for (const [id, digest] of [[oid.rsaEncryption, undefined], [oid.ecPublicKey, undefined], ['1.2.3', 'SHA-256']] as const) expect(() => readSignatureAlgorithm(identifier(id), digest), id).toThrow(refusal('unsupported', 'signature-algorithm'));
	});

	test('RFC 8410, 8419: Ed448 out and back, its hash; a hash that a scheme has no identifier for is not written', () => {
		expect(readSignatureAlgorithm(read(writeSignatureAlgorithm({ scheme: 'ed448' })))).toEqual({ scheme: 'ed448' });
		expect([hashOf({ scheme: 'ed448' }), hashOf({ scheme: 'ed25519' }), hashOf({ scheme: 'ecdsa', hash: 'SHA-384' })]).toEqual(['SHAKE256', 'SHA-512', 'SHA-384']);
		expect(() => writeSignatureAlgorithm({ scheme: 'ecdsa', hash: 'MD5' })).toThrow(refusal('unsupported', 'signature-algorithm'));
	});
});

describe('RFC 5280 §4.1.2.4: names', () => {
	const rdn = (value: Uint8Array) => write.sequence(write.setOf(write.sequence(write.oid(oid.commonName), value)));
	test('are a SEQUENCE of SETs that are not empty', () => {
		expect(() => readName(read(write.setOf(write.setOf())))).toThrow(/Name: tag/);
		expect(() => readName(read(write.sequence(write.sequence())))).toThrow(/RelativeDistinguishedName: tag/);
		expect(() => readName(read(write.sequence(write.setOf())))).toThrow(/empty RelativeDistinguishedName/);
	});
	test('RFC 4514 §2.4: a value that is no string is shown by its bytes', () => {
		expect(readName(read(rdn(write.integer(5)))).rdns).toEqual([[{ type: 'commonName', value: '#020105' }]]);
		expect(readName(read(rdn(write.utf8String('x')))).rdns).toEqual([[{ type: 'commonName', value: 'x' }]]);
	});
	test('appendix A: each attribute is written as the string type it has', () => {
		const types = (['countryName', 'serialNumber', 'emailAddress', 'domainComponent', 'commonName'] as const).map((type) => read(writeName([[type, 'FR']])).children[0]!.children[0]!.children[1]!.tag);
		expect(types).toEqual([0x13, 0x13, 0x16, 0x16, 0x0c]);
	});
});

describe('RFC 5280 §4.1, §4.2: certificates', () => {
	const { der } = pki.ca.certificate;
	const parts = read(der).children.map((c) => c.raw);
	const fields = read(parts[0]!).children.map((c) => c.raw);
	const withTbs = (tbs: readonly Uint8Array[], algorithm = parts[1]!) => readCertificate(write.sequence(write.sequence(...tbs), algorithm, parts[2]!));

	test('the algorithm inside is the one outside; extensions are of version 3; none is there twice', () => {
		expect(withTbs(fields).serialNumber).toBe(pki.ca.certificate.serialNumber);
		expect(() => withTbs(fields, writeSignatureAlgorithm({ scheme: 'ecdsa', hash: 'SHA-384' }))).toThrow(/two signature algorithms/);
		expect(() => withTbs(fields.slice(1))).toThrow(/without version 3/);
		expect(() => withTbs([write.explicit(0, write.integer(1)), ...fields.slice(1)])).toThrow(/without version 3/);
		const one = write.sequence(write.oid('1.2.3'), write.octetString());
		expect(readExtensions(read(write.sequence(one)))).toHaveLength(1);
		expect(() => readExtensions(read(write.sequence(one, one)))).toThrow(/an extension twice/);
	});

	test('addresses of answers and of issuers are told apart; what is no address is none', async () => {
		const { certificate } = await pki.issue('x', { ocsp: 'http://x.example/ocsp', caIssuers: 'http://x.example/ca' });
		expect([certificate.ocsp, certificate.caIssuers]).toEqual([['http://x.example/ocsp'], ['http://x.example/ca']]);
		const access = write.sequence(write.oid(oid.authorityInfoAccess), write.octetString(write.sequence(write.sequence(write.oid(oid.ocsp), write.explicit(4, writeName([['commonName', 'x']]))))));
		expect(withTbs([...fields.slice(0, 7), write.explicit(3, write.sequence(access))]).ocsp).toEqual([]);
	});

	test('serial numbers in whole octets, with a minus where one is negative', () => {
		expect([0n, 5n, 255n, 256n, -5n].map((serialNumber) => serialNumberHex({ serialNumber }))).toEqual(['00', '05', 'ff', '0100', '-05']);
	});
});

describe('ETSI TS 119 312: sizes of keys and their ends', () => {
	const ec = (octets: number, first: number) => write.sequence(write.sequence(write.oid(oid.ecPublicKey), write.oid('1.2.840.10045.3.1.1')), write.bitString(new Uint8Array(octets).fill(first, 0, 1)));
	const rsa = (bits: number) => write.sequence(write.sequence(write.oid(oid.rsaEncryption), write.nul()), write.bitString(write.sequence(write.integer(1n << BigInt(bits - 1)), write.integer(65537))));
	const day = (n: number) => Date.UTC(n, 0, 1);

	test('a point on a curve, whole or compressed; a modulus', () => {
		expect(keySize(ec(49, 4))).toEqual({ kind: 'ec', bits: 192 });
		expect([keySize(ec(25, 2)), keySize(ec(25, 3))]).toEqual([{ kind: 'ec', bits: 192 }, { kind: 'ec', bits: 192 }]);
		expect(keySize(rsa(2047))).toEqual({ kind: 'rsa', bits: 2047 });
		expect(keySize(generateKey('ed25519').spki)).toEqual({ kind: 'other', bits: 256 });
	});

	test('the earlier end of hash and key, the key’s of equal ones; none for those still relied on', () => {
		const sha256 = { scheme: 'ecdsa', hash: 'SHA-256' } as const;
		expect(signatureEnd(sha256, ec(65, 4))).toBeNull();
		expect(signatureEnd(sha256, ec(49, 4))).toEqual({ what: 'elliptic curve of 192 bits', at: day(2013) });
		expect(signatureEnd({ scheme: 'rsa-pkcs1', hash: 'SHA-256' }, rsa(2048))).toBeNull();
		expect(signatureEnd({ scheme: 'rsa-pkcs1', hash: 'SHA-256' }, rsa(2047))).toEqual({ what: 'RSA of 2047 bits', at: day(2023) });
		expect(signatureEnd({ scheme: 'rsa-pkcs1', hash: 'SHA-1' }, rsa(2047))).toEqual({ what: 'SHA-1', at: day(2009) });
		expect(signatureEnd({ scheme: 'rsa-pkcs1', hash: 'SHA-1' }, rsa(1400))).toEqual({ what: 'RSA of 1400 bits', at: day(2009) });
		expect(signatureEnd({ scheme: 'rsa-pkcs1', hash: 'SHA-1' }, rsa(1023))).toEqual({ what: 'RSA of 1023 bits', at: -Infinity });
		expect(signatureEnd({ scheme: 'rsa-pkcs1', hash: 'MD5' }, rsa(1400))).toEqual({ what: 'MD5', at: day(2005) });
		expect(signatureEnd({ scheme: 'ed25519' }, generateKey('ed25519').spki)).toBeNull();
	});
});

