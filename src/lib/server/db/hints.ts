// Hints: the database says which things have changed, by their ids alone. One listening connection a process; a hint is never the truth, whoever hears one reads again.

import type { Sql } from 'postgres';

export interface Hints {
	/** Calls `tell` whenever something touched this id, or something may have been missed. Resolves once the database is listened to; returns how to stop. */
	hear(id: string, tell: () => void): Promise<() => void>;
}

/** The channel of app.hint() (migrations): ids with a space between. */
const channel = 'hint';

/** Hints of a database. Nothing is opened before someone listens. */
export function hintsOf(sql: Sql): Hints {
	const ears = new Map<string, Set<() => void>>();
	let listening: Promise<unknown> | undefined;

	const heard = (ids: string) => ids.split(' ').forEach((id) => ears.get(id)?.forEach((tell) => tell()));
	const missed = () => ears.forEach((all) => all.forEach((tell) => tell()));
	return {
		async hear(id, tell) {
			const all = ears.get(id) ?? new Set();
			ears.set(id, all.add(tell));
			const stop = () => {
				all.delete(tell);
				if (!all.size && ears.get(id) === all) ears.delete(id);
			};
			// `missed` is called at each (re)connection: what came between is read again
			listening ??= sql.listen(channel, heard, missed).catch((error: unknown) => ((listening = undefined), Promise.reject(error as Error)));
			try {
				await listening;
			} catch (error) {
				stop();
				throw error;
			}
			return stop;
		}
	};
}
