// A pool, and the one way into a transaction: with the actor set, so that row-level security knows who asks.

import type { Sql, TransactionSql } from 'postgres';
import { hintsOf, type Hints } from './hints.ts';

/** Who asks. `client` is the tenant whose rows row-level security opens. Null: nobody is known yet, or no tenant. */
export interface Actor {
	readonly person: string | null;
	readonly client: string | null;
	/** How they came: fixed words of the log's `via`. */
	readonly via: 'web' | 'api' | 'cli' | 'link' | 'worker';
}

export type Tx = TransactionSql;

export interface Database {
	readonly sql: Sql;
	/** One transaction in which row-level security knows the actor. No network or object I/O inside. */
	tx<T>(actor: Actor, act: (tx: Tx) => Promise<T>): Promise<T>;
	/** What changed, as it changes. */
	readonly hints: Hints;
	close(): Promise<void>;
}

/** A database behind one pool. */
export function connect(sql: Sql): Database {
	return {
		sql,
		async tx(actor, act) {
			return (await sql.begin(async (tx) => {
				const asking = tx`select set_config('app.actor', ${actor.person ?? ''}, true), set_config('app.client', ${actor.client ?? ''}, true), set_config('app.via', ${actor.via}, true)`.execute();
				return (await Promise.all([act(tx), asking]))[0]; // the first statement is sent right behind it: one round trip less
			})) as Awaited<ReturnType<typeof act>>;
		},
		hints: hintsOf(sql),
		close: () => sql.end({ timeout: 5 })
	};
}
