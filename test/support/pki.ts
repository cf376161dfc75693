// A real PKI in memory: root, issuing CA, and whatever certificates a test asks for, at the times it asks for.

import { base64, equal } from '#crypto/bytes.ts';
import type { Signer } from '#crypto/primitives.ts';
import type { Authority } from '#crypto/tsp/response.ts';
import { readCertificate, type Certificate } from '#crypto/x509/certificate.ts';
import { issueCertificate, type CertificateTemplate } from '#crypto/x509/issue.ts';
import { pem } from '#crypto/x509/pem.ts';
import { generateKey, nodePrimitives, nodeSigner, specAlgorithm, type KeySpec } from '#lib/server/keys/primitives.ts';

export const epoch = Date.parse('2026-01-01T00:00:00Z');
export const year = 365 * 86_400_000;

export interface Holder {
	readonly signer: Signer;
	readonly certificate: Certificate;
	/** Up to, but without, the root. DER. */
	readonly chain: readonly Uint8Array[];
}

type Wishes = Partial<Omit<CertificateTemplate, 'spki' | 'serialNumber'>> & { readonly spec?: KeySpec; /** A key made elsewhere. */ readonly key?: { readonly signer: Signer; readonly spki: Uint8Array } };

function keyOf(spec: KeySpec) {
	const { privateKey, spki } = generateKey(spec);
	return { signer: nodeSigner(privateKey, specAlgorithm[spec]), spki };
}

async function make(issuer: Holder | null, name: string, wishes: Wishes): Promise<Holder> {
	const spec = wishes.spec ?? 'ecdsa-p256';
	const { signer, spki } = wishes.key ?? keyOf(spec);
	const der = await issueCertificate(nodePrimitives, issuer ?? { signer, certificate: null }, {
		subject: [['countryName', 'FR'], ['organizationName', 'Probant test'], ['commonName', name]],
		notBefore: epoch,
		notAfter: epoch + 5 * year,
		keyUsage: ['digitalSignature'],
		...wishes,
		spki,
		serialNumber: nodePrimitives.random(16)
	});
	const chain = issuer && !selfIssued(issuer) ? [issuer.certificate.der, ...issuer.chain] : [];
	return { signer, certificate: readCertificate(der), chain };
}

const selfIssued = ({ certificate }: Holder) => equal(certificate.subject.der, certificate.issuer.der);

export interface Pki {
	readonly root: Holder;
	readonly ca: Holder;
	/** A certificate under the CA. */
	issue(name: string, wishes?: Wishes): Promise<Holder>;
	/** A timestamp authority under the CA. */
	authority(wishes?: Wishes): Promise<Authority>;
	/** The same root with another issuing CA, of fifteen years from then on. */
	succeed(from: number): Promise<Pki>;
}

/** `start`: when its root and issuing CA begin. `key`: how both sign; default ECDSA P-256. `issuing`: what else the issuing CA's certificate holds. */
export async function createPki(name = 'Test', { start = epoch, key, issuing: more }: { start?: number; key?: () => NonNullable<Wishes['key']>; issuing?: Wishes } = {}): Promise<Pki> {
	const ca = () => ({ keyUsage: ['keyCertSign', 'cRLSign'] as const, ca: { pathLength: null }, notBefore: start, ...(key ? { key: key() } : {}) });
	const root = await make(null, `${name} root`, { ...ca(), notAfter: start + 30 * year });
	const issuing = await make(root, `${name} issuing CA`, { ...ca(), ca: { pathLength: 0 }, notAfter: start + 15 * year, ...more });
	const under = (issuing: Holder): Pki => {
		const issue = (subject: string, wishes: Wishes = {}) => make(issuing, subject, { notBefore: start, notAfter: start + 5 * year, ...wishes });
		return {
			root,
			ca: issuing,
			issue,
			async authority(wishes = {}) {
				const holder = await issue(`${name} TSA`, { extKeyUsage: { purposes: ['timeStamping'], critical: true }, ...wishes });
				return { ...holder, policy: '1.3.6.1.4.1.99999.1.1' };
			},
			succeed: async (from) => under(await make(root, `${name} issuing CA`, { ...ca(), ca: { pathLength: 0 }, notBefore: from, notAfter: Math.min(from + 15 * year, root.certificate.notAfter) }))
		};
	};
	return under(issuing);
}

/** PEM of certificates, for other people's tools. */
export const pemOf = (...certificates: readonly Uint8Array[]): string => certificates.map((der) => pem('CERTIFICATE', base64(der))).join('');
