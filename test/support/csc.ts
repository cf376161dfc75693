// A remote signing service on loopback HTTP after the CSC API v2: its own OAuth 2.0 tokens, credentials under a CA of its own, each SAD for one hash and one use. Real in every byte, and it misbehaves on demand.

import { constants, createPrivateKey, privateEncrypt, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { p256 } from '@noble/curves/nist.js';
import { afterAll } from 'vitest';
import { oid } from '#crypto/asn1/oid.ts';
import { octetString, sequence } from '#crypto/asn1/write.ts';
import { base64, fromBase64, hex } from '#crypto/bytes.ts';
import { writeHash, hashOid } from '#crypto/x509/algorithm.ts';
import { exportKey, generateKey, nodePrimitives as p, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import type { CscService } from '#lib/server/signing-service/csc.ts';
import { createPki, epoch, year, type Pki } from './pki.ts';
import { createRevocationServer } from './revocation-server.ts';

export type Mood =
	| 'honest'
	| 'down' // 503
	| 'cut' // the connection ends without an answer
	| 'slow' // takes the request and says nothing
	| 'html'
	| 'nonsense' // JSON of another shape
	| 'huge'
	| 'redirect'
	| 'account-refused' // its tokens too
	| 'token-ended' // no token is taken any more, but a new one
	| 'tokens-refused' // not even a new one
	| 'sad-ended' // the next SAD ends before it is used
	| 'sads-ended' // each does
	| 'wrong-hash' // signs another one
	| 'wrong-key' // signs with another's key
	| 'wrong-person' // shows another's certificate
	| 'no-person' // shows a certificate without a surname
	| 'untrusted' // another root's
	| 'ended' // its certificate has
	| 'no-commitment' // a certificate for authentication
	| 'revoked'
	| 'disabled'
	| 'asks-pin'
	| 'unknown-user';

interface Held {
	readonly id: string;
	readonly user: string;
	readonly spec: 'ecdsa-p256' | 'rsa-3072';
	readonly key: KeyObject;
	readonly certificate: Uint8Array;
	readonly chain: readonly Uint8Array[];
	/** What it shows in some moods instead. */
	readonly wrong: Partial<Record<Mood, readonly Uint8Array[]>>;
}

type Answer = readonly [status: number, body: unknown];
const refused = (error: string, description: string, status = 400): Answer => [status, { error, error_description: description }];

const account = { clientId: 'probant', clientSecret: 'a secret of the client: éà+/&' };

/** Of a digest, PKCS #1 v1.5 or ECDSA: the service never sees what was hashed. */
function signDigest({ spec, key }: Held, digest: Uint8Array): Uint8Array {
	if (spec === 'ecdsa-p256') return p256.sign(digest, fromBase64(key.export({ format: 'jwk' }).d!.replaceAll('-', '+').replaceAll('_', '/') + '='), { prehash: false, format: 'der' });
	return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, sequence(writeDigestAlgorithm(), octetString(digest)));
}
const writeDigestAlgorithm = () => sequence(writeHash('SHA-256').subarray(2), Uint8Array.of(5, 0)); // DigestInfo has NULL parameters (RFC 8017 §9.2)

async function body(request: IncomingMessage): Promise<string> {
	return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
}

export interface CscServer {
	mood: Mood;
	/** Methods asked for, in order. */
	readonly asked: string[];
	/** Digests it signed, hexadecimal. */
	readonly signed: string[];
	/** Tokens and SADs it gave. */
	readonly secrets: string[];
	readonly pki: Pki;
	/** What it says of its certificates. */
	readonly revocation: Awaited<ReturnType<typeof createRevocationServer>>;
	readonly url: string;
	/** To reach it. */
	readonly service: CscService;
	/** A credential of this person. */
	enrol(person: { readonly user: string; readonly surname: string; readonly givenNames: string }, spec?: Held['spec']): Promise<void>;
}

export async function createCscServer(): Promise<CscServer> {
	const revocation = await createRevocationServer();
	const pki = await createPki('Remote', { issuing: { crl: `${revocation.url}root.crl` } });
	revocation.pki = pki;
	const elsewhere = await createPki('Elsewhere');
	const credentials: Held[] = [];
	const tokens = new Set<string>();
	const sads = new Map<string, { readonly credential: string; readonly hash: string; readonly ended: boolean }>();
	const secret = () => {
		const made = base64(p.random(32));
		server.secrets.push(made);
		return made;
	};
	const give = (): Answer => {
		const made = secret();
		tokens.add(made);
		return [200, { access_token: made, token_type: 'Bearer', expires_in: 3600 }];
	};

	function login(request: IncomingMessage, text: string): Answer {
		if (server.mood === 'account-refused') return refused('invalid_client', 'no', 401);
		if (request.url!.endsWith('/auth/login')) {
			const wanted = `Basic ${Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64')}`;
			return request.headers.authorization === wanted ? give() : refused('authentication_error', 'no', 401);
		}
		const form = new URLSearchParams(text);
		if (request.headers['content-type'] !== 'application/x-www-form-urlencoded' || form.get('grant_type') !== 'client_credentials') return refused('unsupported_grant_type', 'no');
		return form.get('client_id') === account.clientId && form.get('client_secret') === account.clientSecret && form.get('scope') === 'service' ? give() : refused('invalid_client', 'no', 401);
	}

	function method(name: string, input: Record<string, unknown>): Answer {
		const { mood } = server;
		if (name === 'info') return [200, { specs: '2.0.0.2', name: 'Test', authType: ['oauth2client', 'basic'], methods: ['info', 'auth/login', 'credentials/list', 'credentials/info', 'credentials/authorize', 'signatures/signHash'] }];
		if (name === 'credentials/list') {
			const own = credentials.filter((c) => c.user === input.userID);
			return own.length && mood !== 'unknown-user' ? [200, { credentialIDs: own.map((c) => c.id) }] : refused('invalid_request', `Invalid parameter userID ${String(input.userID)}`);
		}
		const credential = credentials.find((c) => c.id === input.credentialID);
		if (!credential) return refused('invalid_request', 'Invalid parameter credentialID');
		if (name === 'credentials/info') {
			const shown = credential.wrong[mood] ?? [credential.certificate, ...credential.chain];
			return [200, {
				description: 'A person',
				key: { status: mood === 'disabled' ? 'disabled' : 'enabled', algo: credential.spec === 'ecdsa-p256' ? [oid.ecdsaWithSHA256] : [oid.rsaEncryption], len: 3072 },
				cert: { status: mood === 'revoked' ? 'revoked' : 'valid', certificates: shown.map(base64) },
				auth: { mode: mood === 'asks-pin' ? 'explicit' : 'implicit' },
				SCAL: '2',
				multisign: 1
			}];
		}
		const [hash, more] = (input.hashes ?? []) as string[];
		if (!hash || more || input.hashAlgorithmOID !== hashOid('SHA-256') || fromBase64(hash).length !== 32) return refused('invalid_request', 'Invalid parameter hashes');
		if (name === 'credentials/authorize') {
			if (input.numSignatures !== 1) return refused('invalid_request', 'Invalid parameter numSignatures');
			const SAD = secret();
			sads.set(SAD, { credential: credential.id, hash, ended: mood === 'sad-ended' || mood === 'sads-ended' });
			if (mood === 'sad-ended') server.mood = 'honest';
			return [200, { SAD, expiresIn: 300 }];
		}
		if (name !== 'signatures/signHash') return refused('invalid_request', 'no such method', 404);
		const sad = sads.get(String(input.SAD));
		sads.delete(String(input.SAD)); // of one use
		if (!sad || sad.credential !== credential.id || sad.hash !== hash) return refused('invalid_request', 'Invalid parameter SAD');
		if (sad.ended) return refused('sad_expired', 'The SAD has ended');
		if (input.signAlgo !== (credential.spec === 'ecdsa-p256' ? oid.ecdsaWithSHA256 : oid.rsaEncryption)) return refused('invalid_request', 'Invalid parameter signAlgo');
		const digest = mood === 'wrong-hash' ? p.random(32) : fromBase64(hash);
		const by = mood === 'wrong-key' ? credentials.find((c) => c.spec === credential.spec && c !== credential)! : credential;
		server.signed.push(hex(digest));
		return [200, { signatures: [base64(signDigest(by, digest))] }];
	}

	async function answer(request: IncomingMessage): Promise<Answer> {
		const text = await body(request);
		const name = request.url!.replace('/csc/v2/', '');
		server.asked.push(name);
		if (name === 'oauth2/token' || name === 'auth/login') return login(request, text);
		const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
		if (server.mood === 'token-ended') {
			tokens.clear();
			server.mood = 'honest';
		}
		if (name !== 'info' && (!tokens.has(token) || server.mood === 'tokens-refused' || server.mood === 'account-refused')) return refused('invalid_token', token, 401);
		return server.mood === 'nonsense' ? [200, { hello: 'world' }] : method(name, JSON.parse(text) as Record<string, unknown>);
	}

	const http = createServer((request, response) => {
		const { mood } = server;
		if (mood === 'cut') return void response.destroy();
		answer(request).then(
			([status, content]) => {
				if (mood === 'slow') return;
				if (mood === 'down') return void response.writeHead(503).end('{}');
				if (mood === 'redirect') return void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
				response.writeHead(status, { 'content-type': 'application/json' });
				response.end(mood === 'html' ? '<html>' : mood === 'huge' ? Buffer.alloc(2 << 20, ' ') : JSON.stringify(content));
			},
			(error: unknown) => response.destroy(error as Error)
		);
	});
	await new Promise<void>((ok) => http.listen(0, '127.0.0.1', ok));
	afterAll(() => {
		http.closeAllConnections();
		http.close();
	});
	const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/csc/v2`;
	const server: CscServer = {
		mood: 'honest',
		asked: [],
		signed: [],
		secrets: [],
		pki,
		revocation,
		url,
		service: { name: 'Signatures de test', listed: null, primitives: p, anchors: [pki.root.certificate.der], url, authorization: { kind: 'oauth2', url: `${url}/oauth2/token` }, ...account },
		async enrol({ user, surname, givenNames }, spec = 'ecdsa-p256') {
			const { privateKey, spki } = generateKey(spec);
			const key = { signer: nodeSigner(privateKey, specAlgorithm[spec]), spki };
			const named = (family: string): { subject: [['countryName', string], ['commonName', string], ['surname', string], ['givenName', string], ['serialNumber', string]] } => ({ subject: [['countryName', 'FR'], ['commonName', `${givenNames} ${family}`], ['surname', family], ['givenName', givenNames], ['serialNumber', 'PNOFR-0001']] });
			const good = { key, keyUsage: ['nonRepudiation'] as const, crl: `${revocation.url}ca.crl`, ...named(surname) };
			const shown = async (from: Pki, wishes: Parameters<Pki['issue']>[1]) => {
				const { certificate, chain } = await from.issue(surname, wishes);
				return [certificate.der, ...chain];
			};
			const [certificate, ...chain] = await shown(pki, good);
			const wrong = {
				'wrong-person': await shown(pki, { ...good, ...named('Autre') }),
				'no-person': await shown(pki, { ...good, subject: [['countryName', 'FR'], ['commonName', `${givenNames} ${surname}`]] }),
				untrusted: await shown(elsewhere, good),
				ended: await shown(pki, { ...good, notBefore: epoch, notAfter: epoch + year / 12 }),
				'no-commitment': await shown(pki, { ...good, keyUsage: ['digitalSignature'] })
			};
			credentials.push({ id: `c${credentials.length}`, user, spec, key: createPrivateKey({ key: Buffer.from(exportKey(privateKey)), format: 'der', type: 'pkcs8' }), certificate: certificate!, chain, wrong });
		}
	};
	return server;
}
