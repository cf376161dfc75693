// The composition root: what every domain verb gets as its first argument. Built once per process; the hook adds `actor`.

import type { Actor, Database, Tx } from './db/pool.ts';

export interface Context {
	readonly actor: Actor;
	readonly tx: <T>(act: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** The context of one request or job: the process's parts, and who asks. */
export function withActor(database: Database, actor: Actor): Context {
	return { actor, tx: (act) => database.tx(actor, act) };
}
