// Certificates of our own CA in signers' names, each for one signature: registered before its key signs, revoked when that signature is not kept.
// Its authority is on no trusted list: what it makes at level 2 is called a level 2 process, unlisted CA, and nothing more.

import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import { append } from '../audit/append.ts';
import * as certificates from '../certificates.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import type { Certified } from '../signing-service/signing-service.ts';

/** Certificates made for this intent whose signature is not kept: the worker that held the key was killed, or lost its claim, or the signature was given up. */
export async function revokeUnused(own: WorkerContext, intent: string): Promise<void> {
	const unused = await own.tx((tx) => tx<{ serial: string }[]>`select o.serial from one_time_certificate o join certificate c on c.serial = o.serial where o.intent = ${intent} and o.kept_at is null and c.revoked_at is null`);
	for (const { serial } of unused) await certificates.revoke(own, { serial, reason: 'superseded' });
}

export interface Issued {
	readonly client: string;
	readonly intent: string;
	readonly signer: string;
	/** The identity check whose acceptance it stands on; null at level 1. */
	readonly check: string | null;
	/** As in the certificate. */
	readonly name: string;
}

/** Takes up what our CA has just made, and answers for it from now on. Answers what keeps it, in the transaction that stores its signature. */
export async function register(own: WorkerContext, tx: Tx, { certificate: der }: Certified, { client, intent, signer, check, name }: Issued): Promise<(tx: Tx) => Promise<unknown>> {
	const serial = serialNumberHex(readCertificate(der));
	await certificates.register(tx, [{ der, issuer: 'ca' }]);
	await tx`insert into one_time_certificate (serial, client, intent, identity_check) values (${serial}, ${client}, ${intent}, ${check})`;
	await certificates.answer(own, tx, [serial]);
	await append(tx, { op: 'certificate.issue', safe: null, obj: serial, actor: signer, values: { intent, name, ...(check === null ? {} : { identity: check }) } });
	return (later) => later`update one_time_certificate set kept_at = app.now() where serial = ${serial}`;
}

/** In the transaction that gives up its signature: the certificate counts as unused again, and is revoked before another is issued. */
export const letGo = (tx: Tx, intent: string) => tx`update one_time_certificate set kept_at = null where intent = ${intent}`;

/** What is said of the certificates in the signers' names of an envelope: DER OCSP answers as of `now` (milliseconds). */
export async function answers(ctx: WorkerContext, envelope: string, now: number): Promise<Uint8Array[]> {
	const serials = await ctx.tx((tx) => tx<{ serial: string }[]>`select o.serial from one_time_certificate o join signing_intent i on i.id = o.intent where i.envelope = ${envelope} and o.kept_at is not null`);
	return ctx.tx((tx) => certificates.statusAt(ctx, tx, serials.map((s) => s.serial), now));
}
