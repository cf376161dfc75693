// A message that no provider took: tried again, later and later, for as long as its subject stands; over when it was refused for good, or after five days (RFC 5321 §4.5.4.1).
// The row says when; a job is a hint.

import { append } from './audit/append.ts';
import type { WorkerContext } from './context.ts';
import type { Tx } from './db/pool.ts';
import { MailRefused } from './mail/mailer.ts';
import { NumberRefused } from './sms/sender.ts';

/** It was not taken; the row says what comes next. `reason` is a class of failure: it names nobody. */
export class NotTaken extends Error {
	override name = 'NotTaken';
	readonly reason: string;
	constructor(reason: string, options: { cause: unknown }) {
		super(reason, options);
		this.reason = reason;
	}
}

/** Seconds to the first new try; each wait is twice the one before, up to the longest. A code is good for ten minutes: its waits stay short. */
const [first, longest, longestForCode] = [5, 600, 30];

function reasonOf(error: unknown): string {
	if (error instanceof MailRefused) return `refused ${error.responseCode}`;
	if (error instanceof NumberRefused) return 'refused';
	const { code, name } = error as { code?: unknown; name?: unknown };
	return String(code ?? name ?? 'unknown').slice(0, 60);
}

/** What a try that failed leaves. An event at the first one, and at the last. Always throws NotTaken. */
export async function notTaken(own: WorkerContext, { id, kind }: { readonly id: string; readonly kind: string }, error: unknown): Promise<never> {
	const refused = error instanceof MailRefused || error instanceof NumberRefused;
	const reason = reasonOf(error);
	const wait = (tx: Tx) => tx`least(${kind === 'code' || kind === 'copy-code' ? longestForCode : longest}, ${first} * power(2::float8, least(tries, 20))) * interval '1 second'`;
	await own.tx(async (tx) => {
		const [row] = await tx<{ state: string; tries: number }[]>`
			update message set tries = tries + 1, failure = ${reason}, refused = ${refused}, next_try = app.now() + ${wait(tx)},
			state = case when ${refused} or created_at < app.now() - interval '5 days' then 'failed' else 'waiting' end
			where id = ${id} and state = 'waiting' returning state, tries`;
		if (row && (row.state === 'failed' || row.tries === 1)) await append(tx, { op: 'message.fail', safe: null, obj: id, res: 'error', values: { kind, state: row.state, reason } });
	});
	throw new NotTaken(reason, { cause: error });
}
