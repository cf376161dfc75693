// In whose name a signature is made, and by whose key: at level 2, and at level 1 where the sender claims it, a certificate in the signer's own name; else null, and the service seal signs.

import { wayOf } from '#lib/i18n/way.ts';
import { withActor, type WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { identityOf } from '../identity-check/accepted.ts';
import type { Certified, RemoteService } from '../signing-service/signing-service.ts';
import type { Claim } from './claim.ts';
import { ConsentOutdated, consents } from './consent.ts';
import { register, revokeUnused } from './one-time.ts';
import { certified, record } from './remote.ts';

export interface Signatory extends Certified {
	/** As in the certificate. */
	readonly name: string;
	/** Null: our own CA. */
	readonly remote: RemoteService | null;
	/** In the transaction that stores its signature. */
	readonly keep: (tx: Tx) => Promise<unknown>;
}

type Identified = { readonly check: string | null; readonly surname: string; readonly givenNames: string };

/** At level 2 whom an officer accepted; at level 1 whom the client declares. Throws `forbidden` / `identity-needed`. */
async function identified(tx: Tx, c: Claim): Promise<Identified> {
	if (c.level === 2) return identityOf(tx, c.signer);
	const [row] = await tx<Omit<Identified, 'check'>[]>`select surname, given_names as "givenNames" from signer where id = ${c.signer} and advanced`;
	if (!row) throw new DomainError('forbidden', 'identity-needed');
	return { check: null, ...row };
}

/** A key and a certificate for the signer of an intent, recorded before it signs. Any earlier one of this intent is revoked first. Throws `forbidden` / `identity-needed`, ConsentOutdated when the signer agreed to another way of signing than that of now, and what the service throws. */
export async function signatory(ctx: WorkerContext, c: Claim): Promise<Signatory | null> {
	if (c.level === 0 || (c.level === 1 && !c.advanced)) return null;
	await revokeUnused(ctx, c.id);
	const own = withActor(ctx, { ...ctx.actor, client: c.client });
	const service = c.level === 2 ? own.signingService : own.builtIn;
	const { remote } = service;
	if (c.consent !== consents[wayOf(c, remote).way]) throw new ConsentOutdated('who certifies the signature has changed since the signer agreed');
	const [person, now] = await own.tx(async (tx) => [await identified(tx, c), (await tx<[{ now: Date }]>`select app.now() as now`)[0].now.getTime()] as const);
	const { surname, givenNames } = person;
	const ask = () => service.certify({ person: { surname, givenNames, user: c.email }, policy: `${own.settings.policy}.${c.level === 2 ? 2 : 3}`, at: now });
	const made = remote ? await certified(own, ask, now) : await ask();
	const name = `${givenNames} ${surname}`;
	const keep = await own.tx(async (tx) => {
		const { check } = await identified(tx, c); // accepted still
		const issued = { client: c.client, intent: c.id, signer: c.signer, check, name };
		return remote ? record(own, tx, made, issued, remote) : register(own, tx, made, issued);
	});
	return { ...made, name, remote, keep };
}
