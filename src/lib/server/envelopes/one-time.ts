// A certificate in the signer's own name for one signature (SIGN-3): issued to the identity an officer accepted, registered before its key signs.
// Its authority is on no trusted list: what it makes is called a level 2 process, unlisted CA, and nothing more.

import { readCertificate, serialNumberHex, type Certificate } from '#crypto/x509/certificate.ts';
import { issueCertificate } from '#crypto/x509/issue.ts';
import { attribute } from '#crypto/x509/name.ts';
import { append } from '../audit/append.ts';
import * as certificates from '../certificates.ts';
import { withActor, type WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { identityOf } from '../identity-check/accepted.ts';
import { oneTimeKey } from '../keys/one-time.ts';
import type { CertifiedSigner } from '../keys/signing-keys.ts';

const hour = 3_600_000;
/** How long it is good for: the signature is made at once, its time-stamp may wait. */
const life = 72 * hour;

export interface Signatory extends CertifiedSigner {
	/** Of the certificate, hexadecimal. */
	readonly serial: string;
	/** As in the certificate. */
	readonly name: string;
}

/** Certificates made for this intent whose signature is not kept: the worker that held the key was killed, or lost its claim, or the signature was given up. */
export async function revokeUnused(own: WorkerContext, intent: string): Promise<void> {
	const unused = await own.tx((tx) => tx<{ serial: string }[]>`select o.serial from one_time_certificate o join certificate c on c.serial = o.serial where o.intent = ${intent} and o.kept_at is null and c.revoked_at is null`);
	for (const { serial } of unused) await certificates.revoke(own, { serial, reason: 'superseded' });
}

/**
 * A key and its certificate for the signer of an intent. Any earlier one of this intent is revoked first.
 * Profile after EN 319 412-2 under our own policy: names of the person, a random serialNumber, nonRepudiation alone. Throws DomainError `forbidden` / `identity-needed`.
 */
export async function signatory(own: WorkerContext, { intent, signer, client }: { readonly intent: string; readonly signer: string; readonly client: string }): Promise<Signatory> {
	await revokeUnused(own, intent);
	const { ca } = own.signing;
	const issuer = readCertificate(ca.certificate);
	const { signer: key, spki } = await oneTimeKey();
	const { origin, policy } = own.settings;
	return withActor(own, { ...own.actor, client }).tx(async (tx) => {
		const { check, surname, givenNames } = await identityOf(tx, signer);
		const [{ now }] = await tx<[{ now: Date }]>`select app.now() as now`;
		const name = `${givenNames} ${surname}`;
		const der = await issueCertificate(own.primitives, { signer: ca.signer, certificate: issuer }, {
			subject: [['countryName', attribute(issuer.subject, 'countryName') ?? 'FR'], ['commonName', name], ['surname', surname], ['givenName', givenNames], ['serialNumber', crypto.randomUUID()]],
			spki,
			serialNumber: own.primitives.random(16),
			notBefore: now.getTime() - 60_000,
			notAfter: Math.min(now.getTime() + life, issuer.notAfter),
			keyUsage: ['nonRepudiation'],
			policies: [{ id: `${policy}.2`, cps: `${origin}/pki` }],
			ocsp: `${origin}/pki/ocsp`,
			caIssuers: `${origin}/pki/ca.crt`,
			crl: `${origin}/pki/ca.crl`
		});
		const certificate: Certificate = readCertificate(der);
		const serial = serialNumberHex(certificate);
		await certificates.register(tx, [{ der, issuer: 'ca' }]);
		await tx`insert into one_time_certificate (serial, client, intent, identity_check) values (${serial}, ${client}, ${intent}, ${check})`;
		await certificates.answer(own, tx, [serial]);
		await append(tx, { op: 'certificate.issue', safe: null, obj: serial, actor: signer, values: { intent, identity: check, name } });
		return { serial, name, signer: key, certificate: der, chain: [ca.certificate] };
	});
}

/** In the transaction that stores its signature. */
export const keep = (tx: Tx, serial: string) => tx`update one_time_certificate set kept_at = app.now() where serial = ${serial}`;

/** In the transaction that gives up its signature: the certificate counts as unused again, and is revoked before another is issued. */
export const letGo = (tx: Tx, intent: string) => tx`update one_time_certificate set kept_at = null where intent = ${intent}`;

/** What is said of the certificates in the signers' names of an envelope: DER OCSP answers as of `now` (milliseconds). */
export async function answers(ctx: WorkerContext, envelope: string, now: number): Promise<Uint8Array[]> {
	const serials = await ctx.tx((tx) => tx<{ serial: string }[]>`select o.serial from one_time_certificate o join signing_intent i on i.id = o.intent where i.envelope = ${envelope} and o.kept_at is not null`);
	return ctx.tx((tx) => certificates.statusAt(ctx, tx, serials.map((s) => s.serial), now));
}
