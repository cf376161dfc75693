// The queue's runner: graphile-worker under the role `jobs`, once for each lane, a heartbeat, and a sweep that re-enqueues what a killed worker left.

import { EventEmitter } from 'node:events';
import { Logger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { pool } from '../db/pool.ts';
import { lane, lanes, tasks, type Lane, type Task } from './allowed.ts';
import { createTurns, type Line } from './turn.ts';

export type Handlers = Readonly<Record<Task, (payload: never) => Promise<void>>>;

export interface Running {
	stop(): Promise<void>;
	/** When a lane came to an end by itself, and why: it never should. Its jobs would wait for ever, so the process must not live on without it. */
	readonly ended: Promise<unknown>;
}

const quiet = new Logger(() => () => {});

/** A lane without someone holding a phone fetches several jobs at once, and looks no oftener than so while it finds none: each job that comes, of whatever lane, would make each lane look. */
const aside = (size: number) => ({ size, refetchDelay: { durationMs: 100, maxAbortThreshold: Infinity } });

/**
 * Runs until stopped.
 * @param url database of the role `jobs`
 * @param sweep what the domain re-enqueues, every five seconds; its errors go to `onError`, as a task's do
 */
export async function startRunner(url: string, handlers: Handlers, sweep: () => Promise<void>, onError: (what: string, error: unknown) => void): Promise<Running> {
	const sql = pool(url, 2);
	const turns = createTurns();
	const ways = { signing: turns.first, messages: <T>(act: () => Promise<T>) => act(), sandbox: turns.line(), proof: turns.line() } satisfies Record<Lane, Line>;
	const taskList = (own: Lane): TaskList => Object.fromEntries(
		tasks.filter((name) => lane(name) === own).map((name) => [
			name,
			async (payload: unknown) => {
				try {
					await ways[own](() => handlers[name](payload as never));
				} catch (error) {
					onError(name, error);
					throw error;
				}
			}
		])
	);
	const ids: string[] = [];
	const events = new EventEmitter() as WorkerEvents;
	events.on('pool:create', ({ workerPool }) => ids.push(workerPool.id)); // a job is locked by its pool, not by one of its workers
	const start = ([own, concurrency]: [string, number]): Promise<Runner> =>
		run({ connectionString: url, taskList: taskList(own as Lane), concurrency, pollInterval: 1000, noHandleSignals: true, logger: quiet, events, preset: { worker: own === 'signing' ? {} : { localQueue: aside(concurrency) } } });
	const runners = await Promise.all(Object.entries(lanes).map(start));
	let stopped = false;
	const ended = Promise.race(runners.map(({ promise }) => promise.then(() => new Error('a lane has stopped'), (error: unknown) => error)));
	const every = (milliseconds: number, what: string, act: () => Promise<unknown>): Promise<void> =>
		(async () => {
			while (!stopped) {
				await act().catch((error: unknown) => onError(what, error));
				await new Promise((done) => setTimeout(done, milliseconds));
			}
		})();
	const loops = [every(1000, 'heartbeat', async () => sql`select jobs.beat(${ids}::text[], interval '5 seconds')`), every(5000, 'sweep', sweep)];
	return {
		ended,
		async stop() {
			stopped = true;
			await Promise.all(runners.map((runner) => runner.stop().catch((error: unknown) => onError('stop', error)))); // one that has ended says so; the others are stopped all the same
			await Promise.all(loops);
			await sql.end({ timeout: 2 });
		}
	};
}
