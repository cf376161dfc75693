// OPS-3, deposit: web, worker or PostgreSQL is killed (SIGKILL) at a named step and started again. What was acknowledged is there, and nothing is wrong.

import { describe, expect, test, vi } from 'vitest';
import { createDepositor } from './depositor.ts';
import { startInstance } from './instance.ts';
import { killsAt } from './kills.ts';
import type { Moment } from './postgres-proxy.ts';

const instance = await startInstance();
const ada = await createDepositor(instance);

const at = (role: Moment['role'], statement: RegExp, when: Moment['when']) => ({ moment: { role, statement, when } });
const steps: Record<string, { moment: Moment }> = {
	'upload announced, not committed': at('web', /insert into stage/, 'uncommitted'),
	'upload announced, not answered': at('web', /insert into stage/, 'committed'),
	'chunk staged, not committed': at('web', /update stage set holder = null.*chunks/, 'uncommitted'),
	'chunk staged, not answered': at('web', /update stage set holder = null.*chunks/, 'committed'),
	'intent written': at('web', /insert into intent/, 'committed'),
	'object written': at('web', /select from stage where id = .* for update/, 'before'),
	'deposit not committed': at('web', /insert into version/, 'uncommitted'),
	'deposit committed, before the answer': at('web', /insert into version/, 'committed'),
	'token not stored': at('worker', /insert into timestamp_token/, 'uncommitted'),
	'token stored': at('worker', /insert into timestamp_token/, 'committed'),
	'leaf not assigned': at('worker', /insert into log_leaf/, 'uncommitted'),
	'leaf assigned': at('worker', /insert into log_leaf/, 'committed'),
	'checkpoint signed, not published': at('worker', /insert into checkpoint/, 'before'),
	'checkpoint published': at('worker', /insert into checkpoint/, 'committed'),
	'receipt sealed, not committed': at('worker', /insert into receipt/, 'uncommitted'),
	'receipt stored': at('worker', /insert into receipt/, 'committed')
};
const { name, kills } = killsAt(steps, ['chunk staged, not answered', 'deposit not committed', 'deposit committed, before the answer', 'token stored', 'leaf assigned', 'checkpoint signed, not published', 'receipt sealed, not committed']);

describe(`OPS-3 deposit, ${name}`, () => {
	test.each(kills)('OPS-3 deposit: $victim killed at: $step', async ({ victim, moment }) => {
		const killed = instance.killAt(victim, moment);
		const upload = ada.upload();
		await killed;
		await instance.restart(victim);
		const made = await upload;
		await instance.whole(victim);
		await ada.kept(made);
	});
});

test('OPS-3 deposit: after all kills every deposit has its token and its receipt', async () => {
	await instance.settled();
	await instance.whole('worker');
	const counts = (await instance.findings()).counts;
	expect(counts).toMatchObject({ versions: kills.length, receipts: kills.length, timestampsPending: 0 });
});

test('OPS-3 deposit: worker killed at: timestamp asked', async () => {
	instance.tsa.mood = 'slow';
	const asked = instance.tsa.nextRequest();
	const made = await ada.upload();
	await asked;
	instance.kill('worker');
	await instance.whole('worker');
	expect((await instance.findings()).counts.timestampsPending).toBe(1);
	instance.tsa.mood = 'honest';
	await instance.restart('worker');
	await instance.settled();
	await instance.whole('worker');
	await ada.kept(made);
});

test('OPS-3 what the kills left behind is found, and the worker sweeps it', async () => {
	const { owner } = instance;
	await owner`update intent set lease = lease - interval '1 hour', swept = false`;
	const left = await owner<{ key: string }[]>`select object_key as key from intent`;
	expect(left.length).toBeGreaterThan(0);
	instance.kill('worker');
	await owner`update intent set lease = lease - interval '1 hour', swept = false`;
	expect(new Set((await instance.findings()).found.map(({ problem }) => problem))).toEqual(new Set(['intent-overdue']));
	await instance.restart('worker');
	await vi.waitUntil(async () => (await owner`select from intent where not swept`).count === 0, { timeout: 15_000 });
	await instance.settled();
	await instance.whole('worker');
	const keys = new Set((await Array.fromAsync(instance.worker.objects.list(''))).map(({ key }) => key));
	expect(left.filter(({ key }) => keys.has(key))).toEqual([]);
});
