// What a signature that did not come about leaves: another try of its own accord, later and later; or its signer asked again. Nobody behind them in the queue waits for ever.

import { append } from '../audit/append.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { failureOf } from '../evidence/failure.ts';
import { RevocationUnavailable } from '../evidence/revocation-data.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { SigningRefused, SigningUnavailable } from '../signing-service/signing-service.ts';
import { SelfCheckFailed } from './claim.ts';
import { ConsentOutdated } from './consent.ts';
import { giveUpKept } from './kept.ts';
import { revokeUnused } from './one-time.ts';
import { holdEnvelope } from './turnstile.ts';

/** The document is not what the signer read plus other signers' signatures: they are asked to read it again. */
export class NotShown extends Error {
	override name = 'NotShown';
}

/** `service-down`, `service-refused`: of the remote signing service. `fault`: anything else, such as storage that does not answer. */
export type Trouble = 'not-shown' | 'consent-outdated' | 'identity-needed' | 'self-check' | 'service-down' | 'service-refused' | 'fault';

/** The signer is asked again at once: waiting would change nothing. */
const final: readonly (Trouble | null)[] = ['not-shown', 'consent-outdated', 'identity-needed', 'service-refused'];
/** It is waited out. */
const passing: readonly (Trouble | null)[] = ['fault', 'service-down'];

/** Seconds to the first new try after our own check refused, and by how much each wait is longer than the one before. */
const [first, longer] = [5, 4];
/** Signatures made and refused by our own check before the signer is asked for another code. */
const mostRefused = 4;
/** For how long what passes is waited out, the job coming back with its back-off. */
const patience = '1 day';

interface Failed {
	readonly id: string;
	readonly client: string;
	readonly envelope: string;
	readonly signer: string;
	readonly safe: string;
	readonly epoch: number;
}

/** Null: the timestamp authority failed. The person has signed, and it is asked again for as long as it takes. */
function troubleOf(error: unknown): Trouble | null {
	if (failureOf(error)) return null;
	if (error instanceof NotShown) return 'not-shown';
	if (error instanceof SelfCheckFailed) return 'self-check';
	if (error instanceof ConsentOutdated) return 'consent-outdated';
	if (error instanceof SigningUnavailable || error instanceof RevocationUnavailable) return 'service-down';
	if (error instanceof SigningRefused) return 'service-refused';
	return error instanceof DomainError && error.reason === 'identity-needed' ? 'identity-needed' : 'fault'; // an acceptance that lapsed since the code
}

/** The first of those whose codes were accepted and whose signatures are not in the document yet. */
export async function next(tx: Tx, envelope: string): Promise<void> {
	const [head] = await tx<{ id: string }[]>`select id from signing_intent where envelope = ${envelope} and state in ('ready', 'signed') order by place limit 1`;
	if (head) await enqueue(tx, 'envelopes.sign', { intent: head.id });
}

/** The signature that our check refused is made anew, with another certificate. Until then it rests, under an epoch of its own: its last holder renews the lease no more. */
async function anew(tx: Tx, c: Failed): Promise<void> {
	await giveUpKept(tx, c.id, 'ready');
	await tx`update signing_intent set epoch = epoch + 1, lease_until = app.now() + ${first} * power(${longer}::float8, failures - 1) * interval '1 second' where id = ${c.id}`;
}

/** It is over: the signer reads again and asks for another code, and whoever is next in the queue goes on. */
async function over(tx: Tx, { id, signer, envelope }: Failed): Promise<void> {
	await giveUpKept(tx, id, 'failed');
	await tx`update signer set state = 'opened' where id = ${signer} and state = 'signing'`;
	await next(tx, envelope);
}

/** What an error leaves of a claimed signature; nothing when another worker has taken it. */
export async function setBack(own: WorkerContext, c: Failed, error: unknown): Promise<void> {
	const trouble = troubleOf(error);
	const reason = (error as Error).message.slice(0, 500);
	const discarded = await own.tx(async (tx) => {
		await holdEnvelope(tx, c.envelope);
		const [open] = await tx<{ failures: number; late: boolean }[]>`
			select failures, created_at < app.now() - ${patience}::interval as late from signing_intent where id = ${c.id} and epoch = ${c.epoch} and state in ('ready', 'signed') for no key update`;
		if (!open) return false;
		const ends = final.includes(trouble) || (trouble === 'self-check' && open.failures + 1 >= mostRefused) || (passing.includes(trouble) && open.late);
		await tx`update signing_intent set lease_until = null where id = ${c.id}`;
		if (trouble) await tx`update signing_intent set failures = failures + 1, trouble = ${trouble}, failure = ${reason} where id = ${c.id}`;
		if (ends) await over(tx, c);
		else if (trouble === 'self-check') await anew(tx, c);
		if (!passing.includes(trouble) || ends || !open.failures) await append(tx, { op: 'signer.sign', safe: c.safe, obj: c.id, res: 'error', actor: c.signer, values: { reason } });
		return ends || trouble === 'self-check';
	});
	if (discarded) await revokeUnused(own, c.id);
}
