import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';

const db = await createTestDatabase();
const web = db.connect('web');
const jobs = db.connect('jobs');

test('a job and the state it belongs to commit together or not at all', async () => {
	await expect(
		web.begin(async (tx) => {
			await tx`select jobs.enqueue('evidence.timestamp', '{"version":"a"}', 'a')`;
			throw new Error('rolled back');
		})
	).rejects.toThrow('rolled back');
	expect(await jobs`select from graphile_worker.jobs`).toHaveLength(0);
	await web`select jobs.enqueue('evidence.timestamp', '{"version":"a"}', 'a')`;
	expect(await jobs`select key from graphile_worker.jobs`).toEqual([{ key: 'a' }]);
});

test('the web role enqueues only its own tasks, and ids only', async () => {
	await expect(web`select jobs.enqueue('envelopes.sign', '{}')`).rejects.toMatchObject({ code: '42501' });
	await expect(web`select jobs.enqueue('evidence.timestamp', '{"name":"two words"}')`).rejects.toMatchObject({ code: '23514' });
	await expect(web`select jobs.enqueue('evidence.timestamp', '{"a":{"b":1}}')`).rejects.toMatchObject({ code: '23514' });
	await expect(web`select jobs.enqueue('evidence.timestamp', '["a"]')`).rejects.toMatchObject({ code: '23514' });
});

test('SIGN-11 what someone holding a phone waits for runs before what is drawn of it, whoever enqueues it and again by a sweep', async () => {
	const worker = db.connect('worker');
	await web`select jobs.enqueue('envelopes.attempt', '{"attempt":"a"}', 'attempt')`;
	await worker`select jobs.enqueue('envelopes.evidence', '{"envelope":"a"}', 'evidence'), jobs.ensure('envelopes.sign', '{"intent":"a"}', 'sign')`;
	const inOrder = await jobs`select key, priority from graphile_worker.jobs where key in ('attempt', 'sign', 'evidence') order by priority, id`;
	expect(inOrder).toEqual([{ key: 'attempt', priority: -20 }, { key: 'sign', priority: -20 }, { key: 'evidence', priority: 20 }]);
});

test('the queue is closed to the web and worker roles except through its functions', async () => {
	for (const role of ['web', 'worker'] as const) {
		const sql = db.connect(role);
		await expect(sql`select from graphile_worker._private_jobs`).rejects.toMatchObject({ code: '42501' });
		await expect(sql`select graphile_worker.add_job('envelopes.sign')`).rejects.toMatchObject({ code: '42501' });
		await expect(sql`insert into jobs.allowed values (${role}, 'x')`).rejects.toMatchObject({ code: '42501' });
		await expect(sql`select jobs.beat('{x}', '1 s')`).rejects.toMatchObject({ code: '42501' });
	}
});

test('a sweep re-enqueues what gave up and leaves alone what waits or backs off', async () => {
	const ensure = async () => (await web`select jobs.ensure('evidence.timestamp', '{"version":"b"}', 'b') as made`)[0]!.made as boolean;
	expect(await ensure()).toBe(true);
	expect(await ensure()).toBe(false);
	await jobs`update graphile_worker._private_jobs set attempts = 3, run_at = now() + interval '1 hour' where key = 'b'`;
	expect(await ensure()).toBe(false);
	const wait = async () => (await jobs`select round(extract(epoch from run_at - now()))::int as s from graphile_worker.jobs where key = 'b'`)[0]!.s as number;
	expect(await wait()).toBe(600); // the outage that it backs off from may be over
	await jobs`update graphile_worker._private_jobs set run_at = now() + interval '1 minute' where key = 'b'`;
	expect(await ensure()).toBe(false);
	expect(await wait()).toBe(60);
	await jobs`update graphile_worker._private_jobs set attempts = max_attempts where key = 'b'`;
	expect(await ensure()).toBe(true);
	expect(await jobs`select attempts from graphile_worker.jobs where key = 'b'`).toEqual([{ attempts: 0 }]);
});

test('the jobs of a worker whose heartbeat died are freed, a live one and one just started keep their own', async () => {
	await jobs`select graphile_worker.add_job('x', job_key => 'dead'), graphile_worker.add_job('x', job_key => 'live')`;
	await jobs`select graphile_worker.add_job('x', job_key => 'young')`;
	await jobs`update graphile_worker._private_jobs set locked_at = now() - case key when 'young' then interval '4 s' else '6 s' end, locked_by = key where key in ('dead', 'live', 'young')`;
	expect(await jobs`select jobs.beat('{live}', '5 s') as dead`).toEqual([{ dead: 'dead' }]);
	expect(await jobs`select key from graphile_worker.jobs where locked_by is not null order by key`).toEqual([{ key: 'live' }, { key: 'young' }]);
});
