// The one question signing asks of identity checks: may this signer of level 2 be sent a code, and whose name was accepted.

import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';

/** False for a signer of level 2 without an accepted check of who they are declared to be, in its term, or whose number was not given beforehand (SIGN-3). */
export async function isAccepted(tx: Tx, signer: string): Promise<boolean> {
	const [row] = await tx<[{ accepted: boolean }]>`select app.identity_accepted(${signer}) as accepted`;
	return row.accepted;
}

/** Throws `forbidden` / `identity-needed` where `isAccepted` is false. */
export async function requireAccepted(tx: Tx, signer: string): Promise<void> {
	if (!(await isAccepted(tx, signer))) throw new DomainError('forbidden', 'identity-needed');
}

export interface AcceptedIdentity {
	readonly check: string;
	readonly surname: string;
	readonly givenNames: string;
	readonly acceptedAt: Date;
}

/** The identity a certificate in the signer's name may carry. Worker only; throws `forbidden` / `identity-needed` when there is none. */
export async function identityOf(tx: Tx, signer: string): Promise<AcceptedIdentity> {
	await requireAccepted(tx, signer);
	const [row] = await tx<AcceptedIdentity[]>`
		select k.id as check, k.surname, k.given_names as "givenNames", k.decided_at as "acceptedAt" from identity_check k join signer s on s.id = k.signer
		where k.signer = ${signer} and k.state = 'accepted' and k.valid_until > app.now() and app.same_identity(k, s) order by k.decided_at desc limit 1`;
	if (!row) throw new DomainError('forbidden', 'identity-needed'); // a signer of level 1
	return row;
}
