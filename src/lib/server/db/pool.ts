// A pool, and the one way into a transaction: with the actor set, so that row-level security knows who asks.

import postgres, { type Sql, type TransactionSql } from 'postgres';
import { hintsOf, type Hints } from './hints.ts';
import { together } from './together.ts';

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

/** Connections to a server, at most `max`; `prepare` is off behind a transaction pooler, where a statement prepared on one connection is run on another. One that went is looked for again within a second, however long it was gone (the driver's own patience grows to twenty). */
export const pool = (url: string, max: number, prepare = true): Sql => postgres(url, { max, prepare, onnotice: () => {}, backoff: (tries) => Math.min(2 ** tries / 100, 1) });

/** In the select list of the worker, of a row it reads: from there on the transaction acts for that row's client. */
export const actsFor = (tx: Tx, client: string) => tx`set_config('app.client', ${tx(client)}::text, true)`;

/** A database behind one pool. `listening`: where LISTEN goes, when it cannot go through that pool. */
export function connect(sql: Sql, listening: Sql = sql): Database {
	return {
		sql,
		async tx(actor, act) {
			return (await sql.begin(async (tx) => {
				const asking = tx`select set_config('app.actor', ${actor.person ?? ''}, true), set_config('app.client', ${actor.client ?? ''}, true), set_config('app.via', ${actor.via}, true)`.execute();
				return (await together([act(tx), asking]))[0]; // the first statement is sent right behind it: one round trip less
			})) as Awaited<ReturnType<typeof act>>;
		},
		hints: hintsOf(listening),
		close: async () => void (await Promise.all([...new Set([sql, listening])].map((one) => one.end({ timeout: 5 }))))
	};
}
