// The signing keys of an instance: root, issuing CA, seals, TSA, OCSP, log, code and link keys, each wrapped under the signing key-encryption key in one file.

import { createHmac, createPrivateKey, randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { base64, fromBase64 } from '#crypto/bytes.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { issueCertificate, type CertificateTemplate, type Issuer } from '#crypto/x509/issue.ts';
import { exportKey, generateKey, nodePrimitives, nodeSigner, specAlgorithm, type KeySpec } from './primitives.ts';
import type { CertifiedSigner, PublicKeys, SigningKeys } from './signing-keys.ts';
import { KeyProblem, type Vault } from './vault.ts';

/** What an instance says of itself in its certificates and its log. */
export interface Instance {
	readonly operator: string;
	/** Country of the operator, ISO 3166-1. */
	readonly country: string;
	/** Host name: the log's origin, and where CRLs and answers are served. */
	readonly origin: string;
	readonly policy: string;
}

/** A key at rest. `secret` is PKCS #8 DER, or 32 bytes of an HMAC key, wrapped and bound to name and generation. */
interface Stored {
	readonly name: KeyName;
	readonly generation: number;
	readonly spec: KeySpec | 'hmac';
	readonly secret: string;
	readonly certificate: string | null;
	readonly publicKey: string | null;
	readonly made: string;
}

export const keyNames = ['root', 'ca', 'service-seal', 'instance-seal', 'tsa', 'ocsp', 'log', 'code', 'link'] as const;
export type KeyName = (typeof keyNames)[number];

const day = 86_400_000;
const binding = (name: string, generation: number) => ['probant/signing-key/v1', name, String(generation)];
const file = (directory: string, name: string) => join(directory, `${name}.json`);

async function store(directory: string, stored: Stored, as: string = stored.name): Promise<void> {
	const path = file(directory, as);
	await rm(`${path}.new`, { force: true });
	const handle = await open(`${path}.new`, 'wx', 0o400);
	try {
		await handle.writeFile(`${JSON.stringify(stored, null, '\t')}\n`);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(`${path}.new`, path);
}

async function load(directory: string, name: string): Promise<Stored> {
	const text = await readFile(file(directory, name), 'utf8').catch(() => {
		throw new KeyProblem(`${file(directory, name)}: the ${name} key is missing`);
	});
	return JSON.parse(text) as Stored;
}

/** The keys that are there. */
export async function list(directory: string): Promise<Pick<Stored, 'name' | 'generation' | 'spec' | 'made' | 'certificate'>[]> {
	const there = new Set(await readdir(directory).catch(() => []));
	return Promise.all(keyNames.filter((name) => there.has(`${name}.json`)).map((name) => load(directory, name)));
}

type Profile = Omit<CertificateTemplate, 'spki' | 'serialNumber' | 'notBefore' | 'notAfter' | 'subject'> & { readonly years: number; readonly title: string; readonly spec: KeySpec; readonly by: 'root' | 'ca' };

function profiles({ origin, policy }: Instance): Partial<Record<KeyName, Profile>> {
	const policies = [{ id: policy, cps: `${origin}/pki` }];
	const asked = { ocsp: `${origin}/pki/ocsp`, caIssuers: `${origin}/pki/ca.crt`, crl: `${origin}/pki/ca.crl` };
	return {
		root: { years: 30, title: 'racine', spec: 'ecdsa-p384', by: 'root', keyUsage: ['keyCertSign', 'cRLSign'], ca: { pathLength: 1 } },
		ca: { years: 15, title: 'autorité de certification', spec: 'ecdsa-p384', by: 'root', keyUsage: ['keyCertSign', 'cRLSign'], ca: { pathLength: 0 }, policies, ocsp: asked.ocsp, caIssuers: `${origin}/pki/root.crt`, crl: `${origin}/pki/root.crl` },
		'service-seal': { years: 5, title: 'cachet du service', spec: 'ecdsa-p256', by: 'ca', keyUsage: ['digitalSignature', 'nonRepudiation'], policies, ...asked },
		'instance-seal': { years: 5, title: 'cachet de l’instance', spec: 'ecdsa-p256', by: 'ca', keyUsage: ['digitalSignature', 'nonRepudiation'], policies, ...asked },
		tsa: { years: 5, title: 'horodatage', spec: 'ecdsa-p256', by: 'ca', keyUsage: ['digitalSignature'], extKeyUsage: { purposes: ['timeStamping'], critical: true }, policies, ...asked },
		ocsp: { years: 5, title: 'OCSP', spec: 'ecdsa-p256', by: 'ca', keyUsage: ['digitalSignature'], extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' }
	};
}

async function issuerOf(directory: string, vault: Vault, name: 'root' | 'ca'): Promise<Issuer> {
	const stored = await load(directory, name);
	return { signer: await signerOf(stored, vault), certificate: readCertificate(fromBase64(stored.certificate!)) };
}

async function signerOf(stored: Stored, vault: Vault) {
	const pkcs8 = await vault.unwrap(fromBase64(stored.secret), binding(stored.name, stored.generation));
	const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
	return nodeSigner(key, specAlgorithm[stored.spec as KeySpec]);
}

/** Makes one key, certified where it has a profile, as the given generation. `now` in milliseconds since 1970. */
export async function make(directory: string, vault: Vault, instance: Instance, name: KeyName, now: number, generation = 1): Promise<void> {
	const profile = profiles(instance)[name];
	const made = new Date(now).toISOString();
	if (!profile) {
		const pair = name === 'log' ? generateKey('ed25519') : null;
		const secret = pair ? exportKey(pair.privateKey) : randomBytes(32);
		const wrapped = await vault.wrap(secret, binding(name, generation));
		const publicKey = pair && base64(pair.spki.slice(-32));
		return store(directory, { name, generation, spec: pair ? 'ed25519' : 'hmac', secret: base64(wrapped), certificate: null, publicKey, made });
	}
	const { privateKey, spki } = generateKey(profile.spec);
	const issuer: Issuer = name === 'root' ? { signer: nodeSigner(privateKey, specAlgorithm[profile.spec]), certificate: null } : await issuerOf(directory, vault, profile.by);
	const subject = [['countryName', instance.country], ['organizationName', instance.operator], ['commonName', `${instance.operator} – ${profile.title}`]] as const;
	const notAfter = Math.min(now + profile.years * 365.25 * day, issuer.certificate?.notAfter ?? Infinity);
	const certificate = await issueCertificate(nodePrimitives, issuer, { ...profile, subject, spki, serialNumber: nodePrimitives.random(16), notBefore: now - 60_000, notAfter });
	const wrapped = await vault.wrap(exportKey(privateKey), binding(name, generation));
	return store(directory, { name, generation, spec: profile.spec, secret: base64(wrapped), certificate: base64(certificate), publicKey: null, made });
}

/** Makes the keys that are not there, issuers first. Answers their names. */
export async function makeMissing(directory: string, vault: Vault, instance: Instance, now: number): Promise<KeyName[]> {
	const there = new Set((await list(directory)).map((k) => k.name));
	const missing = keyNames.filter((name) => !there.has(name));
	for (const name of missing) await make(directory, vault, instance, name, now);
	return missing;
}

/** Wraps every key anew under the vault's newest key-encryption key. */
export async function rewrap(directory: string, vault: Vault): Promise<void> {
	const former = (await formerCas(directory)).flatMap((name) => [name, `${name}-ocsp`]);
	for (const as of [...(await list(directory)).map((key) => key.name), ...(await earlier(directory)), ...former]) {
		const stored = await load(directory, as);
		const bound = binding(stored.name, stored.generation);
		await store(directory, { ...stored, secret: base64(await vault.wrap(await vault.unwrap(fromBase64(stored.secret), bound), bound)) }, as);
	}
}

const others = async (directory: string, shape: RegExp): Promise<string[]> => (await readdir(directory)).flatMap((name) => shape.exec(name)?.[1] ?? []).sort();
/** Log keys that another follows already, `log-1`: kept until a checkpoint signed by both is out. */
const earlier = (directory: string): Promise<string[]> => others(directory, /^(log-\d+)\.json$/);
/** CAs that another follows, `ca-1`, each with its responder `ca-1-ocsp`: they answer for what they issued until they end. */
const formerCas = (directory: string): Promise<string[]> => others(directory, /^(ca-\d+)\.json$/);

/** Makes the next issuing CA, keeps the one in use beside it with its responder, and makes anew what it certifies. */
export async function succeedCa(directory: string, vault: Vault, instance: Instance, now: number): Promise<void> {
	const [ca, ocsp] = [await load(directory, 'ca'), await load(directory, 'ocsp')];
	await store(directory, ocsp, `ca-${ca.generation}-ocsp`);
	await store(directory, ca, `ca-${ca.generation}`);
	await make(directory, vault, instance, 'ca', now, ca.generation + 1);
	for (const name of ['service-seal', 'instance-seal', 'tsa', 'ocsp'] as const) await make(directory, vault, instance, name, now, (await load(directory, name)).generation + 1);
}

/** Makes the next log key and keeps the one in use beside it. */
export async function succeedLog(directory: string, vault: Vault, instance: Instance, now: number): Promise<void> {
	const stored = await load(directory, 'log');
	await store(directory, stored, `log-${stored.generation}`);
	await make(directory, vault, instance, 'log', now, stored.generation + 1);
}

/** Destroys the log keys that another follows. Answers their names. */
export async function forgetEarlier(directory: string): Promise<string[]> {
	const names = await earlier(directory);
	for (const name of names) await rm(file(directory, name));
	return names;
}

/** Unwraps the whole ring. KeyProblem names the first key that is missing. */
export async function openRing(directory: string, vault: Vault, origin: string): Promise<{ signing: SigningKeys; published: PublicKeys }> {
	const stored = Object.fromEntries(await Promise.all(keyNames.map(async (name) => [name, await load(directory, name)] as const))) as Record<KeyName, Stored>;
	const der = (name: KeyName) => fromBase64(stored[name].certificate!);
	const certify = async (key: Stored, chain: readonly Uint8Array[]): Promise<CertifiedSigner> => ({ signer: await signerOf(key, vault), certificate: fromBase64(key.certificate!), chain });
	const certified = (name: KeyName, chain: readonly Uint8Array[]): Promise<CertifiedSigner> => certify(stored[name], chain);
	const hmac = async (name: KeyName) => {
		const key = await vault.unwrap(fromBase64(stored[name].secret), binding(name, stored[name].generation));
		return (message: Uint8Array) => new Uint8Array(createHmac('sha256', key).update(message).digest());
	};
	const chain = [der('ca')];
	const checkpointKey = async (key: Stored) => ({ publicKey: fromBase64(key.publicKey!), signer: await signerOf(key, vault) });
	const before = await Promise.all((await earlier(directory)).map(async (name) => checkpointKey(await load(directory, name))));
	const log = { name: `${new URL(origin).host}/log`, ...(await checkpointKey(stored.log)), earlier: before };
	const former = await Promise.all(
		(await formerCas(directory)).map(async (name) => {
			const ca = await certify(await load(directory, name), []);
			return { ca, ocsp: await certify(await load(directory, `${name}-ocsp`), [ca.certificate]) };
		})
	);
	const signing: SigningKeys = {
		root: await certified('root', []),
		ca: await certified('ca', []),
		former,
		serviceSeal: await certified('service-seal', chain),
		instanceSeal: await certified('instance-seal', chain),
		tsa: await certified('tsa', chain),
		ocsp: await certified('ocsp', chain),
		log,
		code: await hmac('code'),
		link: await hmac('link')
	};
	return { signing, published: { root: der('root'), ca: der('ca') } };
}
