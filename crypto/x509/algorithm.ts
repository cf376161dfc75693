// AlgorithmIdentifier of hashes and signatures (RFC 3279, 4055, 5754, 5758, 8410), both ways.

import { oid } from '../asn1/oid.ts';
import { Fields, only, tag, type Node, context } from '../asn1/der.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import type { Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { HashName, SignatureAlgorithm } from '../primitives.ts';

const hashOids: Record<HashName, string> = {
	MD5: oid.md5,
	'SHA-1': oid.sha1,
	'SHA-224': oid.sha224,
	'SHA-256': oid.sha256,
	'SHA-384': oid.sha384,
	'SHA-512': oid.sha512,
	'SHA3-224': oid.sha3_224,
	'SHA3-256': oid.sha3_256,
	'SHA3-384': oid.sha3_384,
	'SHA3-512': oid.sha3_512,
	SHAKE256: oid.shake256
};
const hashNames = new Map(Object.entries(hashOids).map(([name, dotted]) => [dotted, name as HashName]));

const rsa: Partial<Record<string, HashName>> = {
	[oid.md5WithRSAEncryption]: 'MD5',
	[oid.sha1WithRSAEncryption]: 'SHA-1',
	[oid.sha224WithRSAEncryption]: 'SHA-224',
	[oid.sha256WithRSAEncryption]: 'SHA-256',
	[oid.sha384WithRSAEncryption]: 'SHA-384',
	[oid.sha512WithRSAEncryption]: 'SHA-512',
	[oid.rsaWithSHA3_224]: 'SHA3-224',
	[oid.rsaWithSHA3_256]: 'SHA3-256',
	[oid.rsaWithSHA3_384]: 'SHA3-384',
	[oid.rsaWithSHA3_512]: 'SHA3-512'
};
const ecdsa: Partial<Record<string, HashName>> = {
	[oid.ecdsaWithSHA1]: 'SHA-1',
	[oid.ecdsaWithSHA224]: 'SHA-224',
	[oid.ecdsaWithSHA256]: 'SHA-256',
	[oid.ecdsaWithSHA384]: 'SHA-384',
	[oid.ecdsaWithSHA512]: 'SHA-512',
	[oid.ecdsaWithSHA3_224]: 'SHA3-224',
	[oid.ecdsaWithSHA3_256]: 'SHA3-256',
	[oid.ecdsaWithSHA3_384]: 'SHA3-384',
	[oid.ecdsaWithSHA3_512]: 'SHA3-512'
};

interface Identifier {
	readonly algorithm: string;
	readonly parameters: Node | null;
}

function identifier(node: Node): Identifier {
	const f = new Fields(node, tag.sequence, 'AlgorithmIdentifier');
	const algorithm = value.oid(f.next(tag.oid));
	const [parameters = null] = f.rest();
	return { algorithm, parameters };
}

/** Parameters are absent or NULL (RFC 5754 §2). */
function noParameters({ algorithm, parameters }: Identifier): void {
	if (parameters && (parameters.tag !== tag.null || parameters.content.length)) throw new CryptoError('malformed', 'algorithm', `${algorithm}: parameters`);
}

/** The hash of a DigestAlgorithmIdentifier. Throws CryptoError `unsupported` on one we do not know. */
export function readHash(node: Node): HashName {
	const id = identifier(node);
	noParameters(id);
	const name = hashNames.get(id.algorithm);
	if (!name) throw new CryptoError('unsupported', 'hash-algorithm', id.algorithm);
	return name;
}

export const hashOid = (name: HashName): string => hashOids[name];

/** DigestAlgorithmIdentifier without parameters (RFC 5754 §2). */
export const writeHash = (name: HashName): Bytes => write.sequence(write.oid(hashOid(name)));

/** RSASSA-PSS-params (RFC 4055 §3.1), every default applied. */
function pss(parameters: Node | null): SignatureAlgorithm {
	if (!parameters) throw new CryptoError('unsupported', 'pss-parameters', 'PSS without parameters');
	const f = new Fields(parameters, tag.sequence, 'RSASSA-PSS-params');
	const at = (n: number) => {
		const node = f.optional(context(n));
		return node && only(node, 'RSASSA-PSS-params');
	};
	const hashNode = at(0);
	const hash = hashNode ? readHash(hashNode) : 'SHA-1';
	const mask = at(1);
	let mgfHash: HashName = 'SHA-1';
	if (mask) {
		const { algorithm, parameters: inner } = identifier(mask);
		if (algorithm !== oid.mgf1 || !inner) throw new CryptoError('unsupported', 'pss-parameters', `mask ${algorithm}`);
		mgfHash = readHash(inner);
	}
	const salt = at(2);
	const saltLength = salt ? value.smallInteger(salt) : 20;
	const trailer = at(3);
	if (trailer && value.smallInteger(trailer) !== 1) throw new CryptoError('unsupported', 'pss-parameters', 'trailer');
	f.end();
	return { scheme: 'rsa-pss', hash, mgfHash, saltLength };
}

/**
 * The scheme of a signature AlgorithmIdentifier. In CMS, `rsaEncryption` and `ecPublicKey` leave the hash to digestAlgorithm: pass it as `digest` (RFC 3370 §3.2, RFC 5753).
 * Throws CryptoError `unsupported` or `malformed`.
 */
export function readSignatureAlgorithm(node: Node, digest?: HashName): SignatureAlgorithm {
	const id = identifier(node);
	if (id.algorithm === oid.rsassaPss) return pss(id.parameters);
	noParameters(id);
	const rsaHash = rsa[id.algorithm];
	if (rsaHash) return { scheme: 'rsa-pkcs1', hash: rsaHash };
	const ecdsaHash = ecdsa[id.algorithm];
	if (ecdsaHash) return { scheme: 'ecdsa', hash: ecdsaHash };
	if (id.algorithm === oid.ed25519) return { scheme: 'ed25519' };
	if (id.algorithm === oid.ed448) return { scheme: 'ed448' };
	if (digest && id.algorithm === oid.rsaEncryption) return { scheme: 'rsa-pkcs1', hash: digest };
	if (digest && id.algorithm === oid.ecPublicKey) return { scheme: 'ecdsa', hash: digest };
	throw new CryptoError('unsupported', 'signature-algorithm', id.algorithm);
}

/** AlgorithmIdentifier of a scheme. */
export function writeSignatureAlgorithm(algorithm: SignatureAlgorithm): Bytes {
	const find = (table: Partial<Record<string, HashName>>, hash: HashName): Bytes => {
		const dotted = Object.keys(table).find((key) => table[key] === hash);
		if (!dotted) throw new CryptoError('unsupported', 'signature-algorithm', `${algorithm.scheme} with ${hash}`);
		return write.oid(dotted);
	};
	switch (algorithm.scheme) {
		case 'rsa-pkcs1':
			return write.sequence(find(rsa, algorithm.hash), write.nul());
		case 'ecdsa':
			return write.sequence(find(ecdsa, algorithm.hash));
		case 'rsa-pss': {
			const mask = write.sequence(write.oid(oid.mgf1), writeHash(algorithm.mgfHash));
			const parameters = write.sequence(write.explicit(0, writeHash(algorithm.hash)), write.explicit(1, mask), write.explicit(2, write.integer(algorithm.saltLength)));
			return write.sequence(write.oid(oid.rsassaPss), parameters);
		}
		case 'ed25519':
			return write.sequence(write.oid(oid.ed25519));
		case 'ed448':
			return write.sequence(write.oid(oid.ed448));
	}
}

/** The hash a scheme works with; Ed25519 and Ed448 in CMS demand SHA-512 and SHAKE256 (RFC 8419 §3). */
export function hashOf(algorithm: SignatureAlgorithm): HashName {
	if (algorithm.scheme === 'ed448') return 'SHAKE256';
	return algorithm.scheme === 'ed25519' ? 'SHA-512' : algorithm.hash;
}
