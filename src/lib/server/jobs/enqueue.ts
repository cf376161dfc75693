// A job in the caller's transaction: it commits with the state it belongs to, or not at all. Ids only.

import type { Tx } from '../db/pool.ts';
import type { Task } from './allowed.ts';

/** @param key one job of a key waits at a time; a later one replaces it */
export async function enqueue(tx: Tx, task: Task, ids: Readonly<Record<string, string>>, key: string = `${task}:${Object.values(ids).join(':')}`): Promise<void> {
	await tx`select jobs.enqueue(${task}, ${tx.json(ids)}, ${key})`;
}

/** For sweeps: unless such a job waits or runs. */
export async function ensure(tx: Tx, task: Task, ids: Readonly<Record<string, string>>): Promise<void> {
	await tx`select jobs.ensure(${task}, ${tx.json(ids)}, ${`${task}:${Object.values(ids).join(':')}`})`;
}
