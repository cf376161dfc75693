// A remote signing service over the CSC API v2: the signer's credential is looked up, its certificate judged by us, one hash authorized (SAD) and signed, the signature verified before anyone gets it.
// Credentials that a service lets its client authorize alone (auth mode `implicit`). A PIN, a one-time password or a consent at the service is asked of a person, and not done here.

import { z } from 'zod';
import { oid } from '#crypto/asn1/oid.ts';
import { integer, sequence } from '#crypto/asn1/write.ts';
import { base64, equal, fromBase64 } from '#crypto/bytes.ts';
import { digest, type Primitives, type SignatureAlgorithm, type Signer } from '#crypto/primitives.ts';
import { hashOf, hashOid } from '#crypto/x509/algorithm.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { KeyUsed } from '../keys/one-time.ts';
import { cscConnection, CscRefusal, type CscAccount, type CscConnection } from './csc-connection.ts';
import { requirePerson } from './person.ts';
import { SigningRefused, SigningUnavailable, type Person, type RemoteService, type SigningService } from './signing-service.ts';

export interface CscService extends CscAccount, RemoteService {
	readonly primitives: Primitives;
	/** DER of the roots its certificates must lead to. */
	readonly anchors: readonly Uint8Array[];
}

/** So many credentials of one signer are looked at. */
const mostCredentials = 10;

/** signAlgo as the API names it, our first choice first. ECDSA and RSA PKCS #1 v1.5; RSASSA-PSS is not asked for. */
const algorithms: readonly (readonly [signAlgo: string, algorithm: SignatureAlgorithm])[] = [
	[oid.ecdsaWithSHA256, { scheme: 'ecdsa', hash: 'SHA-256' }],
	[oid.ecdsaWithSHA384, { scheme: 'ecdsa', hash: 'SHA-384' }],
	[oid.ecdsaWithSHA512, { scheme: 'ecdsa', hash: 'SHA-512' }],
	[oid.ecPublicKey, { scheme: 'ecdsa', hash: 'SHA-256' }],
	[oid.sha256WithRSAEncryption, { scheme: 'rsa-pkcs1', hash: 'SHA-256' }],
	[oid.sha512WithRSAEncryption, { scheme: 'rsa-pkcs1', hash: 'SHA-512' }],
	[oid.rsaEncryption, { scheme: 'rsa-pkcs1', hash: 'SHA-256' }]
];

const infoShape = z.object({ specs: z.string(), methods: z.array(z.string()) });
const listShape = z.object({ credentialIDs: z.array(z.string().min(1).max(1000)) });
const credentialShape = z.object({
	key: z.object({ status: z.string(), algo: z.array(z.string()) }),
	cert: z.object({ status: z.string().default('valid'), certificates: z.array(z.base64()).min(1).max(10) }),
	auth: z.object({ mode: z.string() })
});
const authorizeShape = z.object({ SAD: z.string().min(1).max(65_536) });
const signShape = z.object({ signatures: z.array(z.base64()).length(1) });

interface Credential {
	readonly id: string;
	readonly signAlgo: string;
	readonly algorithm: SignatureAlgorithm;
	/** The signer's first, the root last. */
	readonly path: readonly Certificate[];
}

/** ECDSA-Sig-Value (RFC 3279 §2.2.3); services that answer r ‖ s are understood. */
function encoded(algorithm: SignatureAlgorithm, signature: Uint8Array): Uint8Array<ArrayBuffer> {
	const half = signature.length / 2;
	const raw = algorithm.scheme === 'ecdsa' && [32, 48, 66].includes(half) && !(signature[0] === 0x30 && signature[1] === signature.length - 2);
	return raw ? sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half))) : new Uint8Array(signature);
}

/** The signer's own credential that can sign now. Throws SigningRefused with why each was left. */
async function credentialOf(service: CscService, connection: CscConnection, person: Person, at: number): Promise<Credential> {
	const { credentialIDs } = await connection.call('credentials/list', { userID: person.user, maxResults: mostCredentials }, listShape);
	const left: string[] = [];
	for (const id of credentialIDs.slice(0, mostCredentials)) {
		try {
			const { key, cert, auth } = await connection.call('credentials/info', { credentialID: id, certificates: 'chain', certInfo: true, authInfo: true }, credentialShape);
			if (key.status !== 'enabled') throw new SigningRefused(`its key is ${key.status.slice(0, 20)}`);
			if (cert.status !== 'valid') throw new SigningRefused(`its certificate is ${cert.status.slice(0, 20)}`);
			if (auth.mode !== 'implicit') throw new SigningRefused(`auth mode ${auth.mode.slice(0, 20)}: a person would be asked at the service`);
			const [signAlgo, algorithm] = algorithms.find(([known]) => key.algo.includes(known)) ?? [];
			if (!signAlgo || !algorithm) throw new SigningRefused('no algorithm of its key is known here');
			const path = await requirePerson(service.primitives, { certificates: cert.certificates.map(fromBase64), anchors: service.anchors, person, at });
			return { id, signAlgo, algorithm, path };
		} catch (error) {
			if (!(error instanceof SigningRefused)) throw error;
			left.push(error.message);
		}
	}
	throw new SigningRefused(left.length ? `no credential of this signer can be used: ${left.join('; ')}` : 'the service has no credential for this signer');
}

/** Authorizes and signs one hash. A SAD that is not taken, such as one that has ended, is replaced once. */
async function signHash({ primitives }: CscService, connection: CscConnection, { id, signAlgo, algorithm, path }: Credential, tbs: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
	const hash = hashOf(algorithm);
	const of = { hashes: [base64(digest(primitives, hash, tbs))], hashAlgorithmOID: hashOid(hash) };
	for (let again = true; ; again = false) {
		const { SAD } = await connection.call('credentials/authorize', { credentialID: id, numSignatures: 1, ...of }, authorizeShape);
		try {
			const { signatures } = await connection.call('signatures/signHash', { credentialID: id, SAD, ...of, signAlgo }, signShape);
			const signature = encoded(algorithm, fromBase64(signatures[0]!));
			if (!(await primitives.verify(algorithm, path[0]!.spki, tbs, signature))) throw new SigningRefused('signatures/signHash: no signature of this hash by this certificate');
			return signature;
		} catch (error) {
			if (!again || !(error instanceof CscRefusal)) throw error;
		}
	}
}

export function csc(service: CscService, connection: CscConnection = cscConnection(service)): SigningService {
	const { name, listed } = service;
	return {
		remote: { name, listed },
		async certify({ person, at }) {
			const credential = await credentialOf(service, connection, person, at);
			const [leaf, ...above] = credential.path;
			let used = false;
			const signer: Signer = {
				algorithm: credential.algorithm,
				sign(tbs) {
					if (used) return Promise.reject(new KeyUsed());
					used = true;
					return signHash(service, connection, credential, tbs);
				}
			};
			const anchor = above.at(-1) ?? leaf!;
			return { signer, certificate: leaf!.der, chain: above.filter((c) => !equal(c.der, anchor.der)).map((c) => c.der), anchor: anchor.der };
		},
		async look() {
			const { specs, methods } = await connection.call('info', {}, infoShape).catch((error: unknown) => Promise.reject(error instanceof SigningRefused ? new SigningUnavailable(error.message, { cause: error }) : error));
			const lacking = ['credentials/list', 'credentials/info', 'credentials/authorize', 'signatures/signHash'].filter((method) => !methods.includes(method));
			if (!specs.startsWith('2.') || lacking.length) throw new SigningUnavailable(`CSC API ${specs.slice(0, 20)}${lacking.length ? `, without ${lacking.join(', ')}` : ''}`);
		}
	};
}
