import { expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { tasks } from './allowed.ts';
import { startRunner, type Handlers } from './runner.ts';

const db = await createTestDatabase();
const jobs = db.connect('jobs');
const worker = db.connect('worker');

test('a job that takes longer than a heartbeat is run once: its worker lives', async () => {
	let runs = 0;
	let end!: () => void;
	const long = new Promise<void>((done) => (end = done));
	const none = async () => {};
	const handlers = { ...(Object.fromEntries(tasks.map((t) => [t, none])) as unknown as Handlers), 'log.heads': async () => (runs++, long) };
	const runner = await startRunner(db.url('jobs'), handlers, none, (what, error) => {
		throw new Error(what, { cause: error });
	});
	await worker`select jobs.enqueue('log.heads', '{}', 'long')`;
	await vi.waitUntil(() => runs > 0, { timeout: 10_000 });
	const [first] = await jobs<{ at: Date }[]>`select max(at) as at from jobs.heartbeat`;
	await vi.waitUntil(async () => (await jobs`select from jobs.heartbeat where at > ${first!.at}::timestamptz + interval '3 seconds'`).count > 0, { timeout: 15_000 });
	expect(await jobs`select locked_by is not null as held from graphile_worker.jobs`).toEqual([{ held: true }]);
	expect(runs).toBe(1);
	end();
	await vi.waitUntil(async () => (await jobs`select from graphile_worker.jobs`).count === 0, { timeout: 5000 });
	await runner.stop();
});

test('SIGN-4 a signature waits for no backlog of proofs, pictures and mails', async () => {
	let end!: () => void;
	const long = new Promise<void>((done) => (end = done));
	const held = new Set<string>();
	const hold = (task: string) => async () => (held.add(task), long);
	const signed: unknown[] = [];
	const handlers = { ...(Object.fromEntries(tasks.map((t) => [t, hold(t)])) as unknown as Handlers), 'envelopes.sign': async (payload: never) => void signed.push(payload) };
	const runner = await startRunner(db.url('jobs'), handlers, async () => {}, (what, error) => {
		throw new Error(what, { cause: error });
	});
	for (const task of ['messages.send', 'envelopes.first-page', 'envelopes.evidence']) for (let i = 0; i < 20; i++) await worker`select jobs.enqueue(${task}, '{}', ${`${task} ${i}`})`;
	await vi.waitUntil(() => held.size === 3, { timeout: 10_000 });
	await worker`select jobs.enqueue('envelopes.sign', ${worker.json({ intent: 'i' })}, 'sign')`;
	await vi.waitUntil(() => signed.length === 1, { timeout: 10_000 });
	expect(signed).toEqual([{ intent: 'i' }]);
	end();
	await vi.waitUntil(async () => (await jobs`select from graphile_worker.jobs`).count === 0, { timeout: 10_000 });
	await runner.stop();
});

test('OPS-3 lanes that come to an end by themselves, as when a newer version has changed the queue, are told of: their jobs must not wait for ever', async () => {
	const own = await createTestDatabase();
	const none = async () => {};
	const runner = await startRunner(own.url('jobs'), Object.fromEntries(tasks.map((t) => [t, none])) as unknown as Handlers, none, none);
	await own.connect('jobs')`select pg_notify('worker:migrate', '{"migrationNumber":1000,"breaking":true}')`;
	expect(await runner.ended).toBeInstanceOf(Error);
	process.exitCode = undefined; // the queue has set its own
	await runner.stop();
});
