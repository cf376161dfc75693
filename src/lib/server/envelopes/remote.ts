// Certificates in signers' names that a remote signing service holds: recorded before their key signs, with the root they lead to. Not ours to revoke: a signature that was lost on its way covers bytes nobody has.

import { hex } from '#crypto/bytes.ts';
import { digest } from '#crypto/primitives.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { append } from '../audit/append.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { revocationData } from '../evidence/revocation-data.ts';
import * as health from '../health.ts';
import { SigningUnavailable, type Certified, type RemoteService } from '../signing-service/signing-service.ts';
import type { Issued } from './one-time.ts';

/** Whatever is asked of the service tells how it is. */
async function asked<T>(ctx: WorkerContext, act: () => Promise<T>): Promise<T> {
	try {
		const answer = await act();
		await health.keep(ctx, 'signing-service', { problem: null });
		return answer;
	} catch (error) {
		if (error instanceof SigningUnavailable) await health.keep(ctx, 'signing-service', { problem: error.message });
		throw error;
	}
}

/** The service asked for nothing but its health. */
export async function lookAtService(ctx: WorkerContext): Promise<void> {
	await asked(ctx, () => ctx.signingService.look()).catch((error: unknown) => {
		if (!(error instanceof SigningUnavailable)) throw error; // that it is down is what was looked for, and is kept
	});
}

/** What the service has for a signer, its revocation asked of the certificate's own pointers. Throws SigningUnavailable, SigningRefused, RevocationUnavailable when nothing says that it is good. */
export async function certified(own: WorkerContext, act: () => Promise<Certified>, at: number): Promise<Certified> {
	const made = await asked(own, act);
	await revocationData({ ...own, at }, [[made.certificate, ...made.chain, made.anchor].map(readCertificate)]);
	return { ...made, signer: { ...made.signer, sign: (tbs) => asked(own, () => made.signer.sign(tbs)) } };
}

/** Records a certificate that is about to sign. Answers what keeps it, in the transaction that stores its signature. */
export async function record(own: WorkerContext, tx: Tx, { certificate: der, anchor }: Certified, { client, intent, signer, check, name }: Issued, { name: service, listed }: RemoteService): Promise<(tx: Tx) => Promise<unknown>> {
	const [{ id }] = await tx<[{ id: string }]>`
		insert into remote_certificate (client, intent, identity_check, service, listed, der, anchor) values (${client}, ${intent}, ${check}, ${service}, ${listed}, ${der}, ${anchor}) returning id`;
	const sha256 = hex(digest(own.primitives, 'SHA-256', der));
	await append(tx, { op: 'certificate.remote', safe: null, obj: id, actor: signer, values: { intent, name, service, sha256, ...(listed ? { listed } : {}), ...(check === null ? {} : { identity: check }) } });
	return (later) => later`update remote_certificate set kept_at = app.now() where id = ${id}`;
}

/** In the transaction that gives up its signature. */
export const letGo = (tx: Tx, intent: string) => tx`update remote_certificate set kept_at = null where intent = ${intent}`;
