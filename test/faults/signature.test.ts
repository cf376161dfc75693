// OPS-3, signature: web, worker or PostgreSQL is killed (SIGKILL) at a named step and started again. An attempt that was answered ends in one signed version.

import { expect, test, vi } from 'vitest';
import { createDepositor } from './depositor.ts';
import { startInstance, type Victim } from './instance.ts';
import type { Moment } from './postgres-proxy.ts';
import { createSigner } from './signer.ts';

const instance = await startInstance();
const ada = await createDepositor(instance);

/** From when on the kill is waited for: from asking for the code, or from typing it. */
type Phase = 'code' | 'type';
const at = (phase: Phase, role: Moment['role'], statement: RegExp, when: Moment['when']) => ({ phase, moment: { role, statement, when } });
const steps: Record<string, { phase: Phase; moment: Moment }> = {
	'challenge not committed': at('code', 'web', /insert into challenge/, 'uncommitted'),
	'challenge written, not answered': at('code', 'web', /insert into challenge/, 'committed'),
	'code sent, not noted': at('code', 'worker', /update message set state = 'sent'/, 'before'),
	'attempt not committed': at('type', 'web', /insert into attempt/, 'uncommitted'),
	'attempt written, not answered': at('type', 'web', /insert into attempt/, 'committed'),
	'attempt counted': at('type', 'worker', /update challenge set tries/, 'committed'),
	'signing intent not committed': at('type', 'worker', /insert into signing_intent/, 'uncommitted'),
	'signing intent written': at('type', 'worker', /insert into signing_intent/, 'committed'),
	'prepared bytes stored, no row': at('type', 'worker', /update signing_intent set state = 'signed'/, 'before'),
	'B-B stored': at('type', 'worker', /update signing_intent set state = 'signed'/, 'committed'),
	'release not committed': at('type', 'worker', /update signing_intent set state = 'released'/, 'uncommitted'),
	'released': at('type', 'worker', /update signing_intent set state = 'released'/, 'committed'),
	'completion not committed': at('type', 'worker', /update envelope set state = 'completed'/, 'uncommitted'),
	'completed': at('type', 'worker', /update envelope set state = 'completed'/, 'committed')
};
/** PostgreSQL is killed at some of them. */
const also = ['attempt written, not answered', 'signing intent written', 'B-B stored', 'release not committed', 'released'];
const kills = Object.entries(steps).flatMap(([step, { phase, moment }]) => [moment.role as Victim, ...(also.includes(step) ? ['postgres' as const] : [])].map((victim) => ({ step, victim, phase, moment })));

const made = new Map<string, Awaited<ReturnType<typeof createSigner>>>();
const nameOf = (kill: { victim: Victim; step: string }) => `${kill.victim} at ${kill.step}`;

test.each(kills)('OPS-3 signature: $victim killed at: $step', async ({ victim, step, phase, moment }) => {
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	made.set(nameOf({ victim, step }), signer);
	const killed = () => instance.killAt(victim, moment).then(() => instance.restart(victim));
	const early = phase === 'code' ? killed() : null;
	const code = await signer.code();
	await early;
	const late = phase === 'type' ? killed() : null;
	await signer.type(code);
	await late;
	await instance.whole(victim);
});

test.each(kills)('OPS-3 signature: signed once, though $victim was killed at: $step', async (kill) => {
	const signer = made.get(nameOf(kill))!;
	await signer.signed();
	await instance.settled();
	await signer.kept();
});

test('OPS-3 signature: worker killed at: timestamp asked', async () => {
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	const code = await signer.code();
	await instance.settled();
	instance.tsa.mood = 'slow';
	const asked = instance.tsa.nextRequest();
	await signer.type(code);
	await asked;
	instance.kill('worker');
	expect((await instance.findings()).counts.signatures).toBeGreaterThan(0);
	await instance.whole('worker');
	instance.tsa.mood = 'honest';
	await instance.restart('worker');
	await signer.signed();
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
});

test('OPS-3 the jobs of a killed worker, a signature and a timestamp, are taken up by another within 10 s', async () => {
	const { owner } = instance;
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	const code = await signer.code();
	await instance.settled();
	const signing = instance.holdAt({ role: 'worker', statement: /update signing_intent set state = 'released'/, when: 'before' });
	await signer.type(code);
	await signing;
	const stamping = instance.holdAt({ role: 'worker', statement: /insert into timestamp_token/, when: 'before' });
	await ada.upload();
	await stamping;
	const first = instance.pid('worker');
	const held = await instance.heldJobs();
	expect(held.length).toBe(2);
	await instance.start('worker');
	const killed = performance.now();
	process.kill(first, 'SIGKILL');
	const left = async () => (await instance.heldJobs()).some((job) => held.some((h) => h.id === job.id && h.by === job.by));
	const released = async () => (await owner`select from signer where id = ${signer.signer} and state = 'signed'`).count === 1;
	await vi.waitUntil(async () => !(await left()), { timeout: 60_000, interval: 50 });
	expect(performance.now() - killed).toBeLessThan(10_000);
	await vi.waitUntil(released, { timeout: 60_000, interval: 50 });
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
});
