// A job in the caller's transaction: it commits with the state it belongs to, or not at all. Ids only.

import type { Tx } from '../db/pool.ts';
import type { Task } from './allowed.ts';

const keyOf = (task: Task, ids: Readonly<Record<string, string>>): string => `${task}:${Object.values(ids).join(':')}`;

/** @param key one job of a key waits at a time; a later one replaces it */
export async function enqueue(tx: Tx, task: Task, ids: Readonly<Record<string, string>>, key: string = keyOf(task, ids)): Promise<void> {
	await tx`select jobs.enqueue(${task}, ${tx.json(ids)}, ${key})`;
}

export interface Wanted {
	readonly task: Task;
	readonly ids: Readonly<Record<string, string>>;
}

/** For sweeps: each unless such a job waits or runs. One statement, however many: a sweep comes back every few seconds. */
export async function ensure(tx: Tx, wanted: readonly Wanted[]): Promise<void> {
	if (!wanted.length) return;
	const rows = wanted.map(({ task, ids }) => ({ task, ids, key: keyOf(task, ids) }));
	await tx`select jobs.ensure(w.task, w.ids, w.key) from jsonb_to_recordset(${tx.json(rows)}) w (task text, ids jsonb, key text)`;
}
