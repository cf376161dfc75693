// probant keys revoke: a certificate of our CA is said to be revoked from now on, in the lists and in every answer, and in the log.

import { register, inUse, revoke, type Reason } from '#lib/server/certificates.ts';
import { composeWorker, withActor } from '#lib/server/context.ts';
import type { Settings } from '#lib/server/env.ts';
import { DomainError } from '#lib/server/errors.ts';
import { databaseOf } from './database.ts';
import { Refused } from './refused.ts';

/** @param serial hexadecimal, as `probant keys list` and the certificate's own text have it. Throws Refused when no such certificate was issued, or it is revoked. */
export async function revokeCertificate(settings: Settings, serial: string, reason: Reason): Promise<void> {
	const database = await databaseOf(settings, 'worker');
	try {
		const { parts } = await composeWorker({ ...settings, DATABASE_URL_WORKER: database.url });
		const ctx = withActor(parts, { person: null, client: null, via: 'cli' });
		try {
			await ctx.tx((tx) => register(tx, inUse(ctx.signing)));
			await revoke(ctx, { serial: serial.toLowerCase().replaceAll(':', ''), reason });
		} catch (error) {
			if (error instanceof DomainError) throw new Refused(`${serial}: ${error.reason === 'revoked' ? 'revoked before' : 'no certificate of ours has this serial number'}`, { cause: error });
			throw error;
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
}
