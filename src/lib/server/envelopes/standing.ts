// Where a signature stands, as the signing page follows it: read at every hint, in one statement, so that what it says belongs together.

import { DomainError } from '../errors.ts';
import { maximumTries } from './code-limits.ts';
import type { SignerContext } from './door.ts';
import type { SignerState } from './send.ts';
import type { Trouble } from './setback.ts';
import type { EnvelopeState } from './turnstile.ts';

/** Taken by no provider yet (`delayed`) or never (`refused`); then what its provider says became of it. */
export type CodeDelivery = 'delayed' | 'refused' | 'delivered' | 'undelivered' | null;

export interface Standing {
	readonly state: SignerState;
	readonly envelope: EnvelopeState;
	/** Code accepted, signature being made: `signed` with its timestamp still asked for, or `failed`. */
	readonly intent: 'ready' | 'signed' | 'released' | 'failed' | null;
	/** Why the last signature did not come about, until one does. */
	readonly trouble: Trouble | null;
	/** Of the code that is good now; 0 without one. */
	readonly triesLeft: number;
	/** Of its last SMS. */
	readonly delivery: CodeDelivery;
	/** What became of the attempt asked about; null until the worker has looked. */
	readonly outcome: 'right' | 'wrong' | 'expired' | 'exhausted' | 'taken' | null;
}

/** @param attempt one of this signer's, or null. `not-found` / `attempt` for any other */
export async function standing(ctx: SignerContext, attempt: string | null): Promise<Standing> {
	const [row] = await ctx.tx(
		(tx) => tx<(Omit<Standing, 'triesLeft'> & { attempt: string | null; tries: number | null })[]>`
			select s.state, e.state as envelope, i.state as intent,
				(select x.trouble from signing_intent x where x.signer = s.id and x.state <> 'released' order by x.place desc limit 1) as trouble,
				c.tries, (select case when m.state = 'failed' then 'refused' when m.state = 'waiting' and m.tries > 0 then 'delayed' else m.delivery end from message m where m.subject = c.id order by m.created_at desc limit 1) as delivery,
				a.id as attempt, a.outcome
			from signer s join envelope e on e.id = s.envelope
				left join lateral (select x.state from signing_intent x where x.signer = s.id order by x.place desc limit 1) i on true
				left join challenge c on c.signer = s.id and c.action = 'sign' and c.ended_at is null and c.expires_at > app.now()
				left join attempt a on a.id = ${attempt} and exists (select from challenge h where h.id = a.challenge and h.signer = s.id)
			where s.id = ${ctx.signer}`
	);
	if (!row) throw new DomainError('not-found', 'envelope');
	if (attempt && !row.attempt) throw new DomainError('not-found', 'attempt');
	const { attempt: _, tries, ...rest } = row;
	return { ...rest, triesLeft: tries === null ? 0 : maximumTries - tries };
}
