// A worker that is cut off at a statement: what it had done before is there, what comes after is not.

import { withActor, type WorkerContext } from '#lib/server/context.ts';
import type { Tx } from '#lib/server/db/pool.ts';

/** The same worker, whose transactions fail with `killed` at the first statement like this one. */
export function cutAt(worker: WorkerContext, statement: RegExp): WorkerContext {
	const cut = (tx: Tx) =>
		new Proxy(tx, {
			apply(target, self, args: unknown[]): unknown {
				if (Array.isArray(args[0]) && 'raw' in args[0] && statement.test(args[0].join('?'))) throw new Error('killed');
				return Reflect.apply(target as never, self, args);
			}
		});
	const { database } = worker;
	return withActor({ ...worker, database: { ...database, tx: (actor, act) => database.tx(actor, (tx) => act(cut(tx))) } }, worker.actor);
}

/** Where a B-B is stored. */
export const storing = /update signing_intent set state = 'signed'/;
