// OPS-3, signature: web, worker or PostgreSQL is killed (SIGKILL) at a named step and started again. An attempt that was answered ends in one signed version.

import { describe, expect, test, vi } from 'vitest';
import { appoint } from '#lib/server/identity-check/officers.ts';
import { createDepositor } from './depositor.ts';
import { startInstance, type Victim } from './instance.ts';
import { killsAt } from './kills.ts';
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
const { name, kills } = killsAt(steps, ['attempt written, not answered', 'signing intent written', 'B-B stored', 'release not committed', 'released']);

const made = new Map<string, Awaited<ReturnType<typeof createSigner>>>();
const nameOf = (kill: { victim: Victim; step: string }) => `${kill.victim} at ${kill.step}`;

describe(`OPS-3 signature, ${name}`, () => {
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

test('OPS-3 the jobs of a killed worker, a signature and a timestamp, are started again by another within 10 s', async () => {
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
	const stopped = ['envelopes.attempt', 'evidence.timestamp'];
	const held = (await instance.heldJobs()).filter(({ task }) => stopped.includes(task)); // what else runs just then may end before the kill
	expect([...new Set(held.map(({ task }) => task))].sort()).toEqual(stopped);
	await instance.start('worker');
	const epoch = async () => (await owner<{ epoch: number }[]>`select epoch from signing_intent where signer = ${signer.signer}`)[0]!.epoch;
	const before = await epoch();
	const [{ at: killed }] = await owner<[{ at: Date }]>`select clock_timestamp() as at`;
	const from = performance.now();
	process.kill(first, 'SIGKILL');
	/** Of each job that the dead worker held, when another one started it; a job may end sooner than one looks. */
	const again = async () => {
		const taken = await instance.taken();
		return held.map(({ id, by }) => taken.find((t) => t.job === id && t.by !== by && t.at > killed)?.at);
	};
	await vi.waitUntil(async () => (await epoch()) > before, { timeout: 60_000, interval: 50 });
	expect(performance.now() - from, 'the signature is claimed by another').toBeLessThan(10_000);
	await vi.waitUntil(async () => (await again()).every(Boolean), { timeout: 60_000, interval: 50 });
	for (const at of await again()) expect(at!.getTime() - killed.getTime()).toBeLessThan(10_000);
	const released = async () => (await owner`select from signer where id = ${signer.signer} and state = 'signed'`).count === 1;
	await vi.waitUntil(released, { timeout: 60_000, interval: 50 });
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
});

/** Kills at a moment and starts again what was killed. */
const killed = (victim: Victim, moment: Moment) => instance.killAt(victim, moment).then(() => instance.restart(victim));
/** What is kept of an envelope that ended. */
const ended = async (envelope: string) =>
	(await instance.owner<{ state: string; evidence: string[]; messages: string }[]>`
		select e.state, array(select substr(d.name, length(e.reference) + 4) from document d where d.safe = e.safe and d.name like e.reference || ' – %' order by d.name) as evidence,
			(select string_agg(m.kind, ' ' order by m.kind) from message m where m.kind in ('closed', 'declined') and m.subject in (select id from signer s where s.envelope = e.id)) as messages
		from envelope e where id = ${envelope}`)[0];

test('OPS-3 signature: worker killed at: link mail sent, not noted', async () => {
	await instance.settled();
	const gone = killed('worker', { role: 'worker', statement: /update message set state = 'sent'/, when: 'before' });
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	await gone;
	await signer.type(await signer.code());
	await signer.signed();
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
});

test('OPS-3 signature: worker killed at: evidence file not committed', async () => {
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	const code = await signer.code();
	await instance.settled();
	const gone = killed('worker', { role: 'worker', statement: /update envelope set evidence/, when: 'uncommitted' });
	await signer.type(code);
	await gone;
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
	expect(await ended(signer.envelope)).toMatchObject({ state: 'completed', evidence: ['attestation 1.pdf', 'dossier de preuve.pdf'] });
});

test('OPS-3 signature: worker killed at: the release of the second of three, then their completion', async () => {
	const first = await createSigner(instance, ada.ctx, ada.safe, { others: 2 });
	const all = [first, ...first.others];
	const codes = await Promise.all(all.map((signer) => signer.code()));
	await all[0]!.type(codes[0]!);
	await all[0]!.signed();
	const released = killed('worker', { role: 'worker', statement: /update signing_intent set state = 'released'/, when: 'uncommitted' });
	await Promise.all(all.slice(1).map((signer, i) => signer.type(codes[i + 1]!)));
	await released;
	await killed('worker', { role: 'worker', statement: /update envelope set state = 'completed'/, when: 'uncommitted' });
	await instance.settled();
	await instance.whole('worker');
	const versions = await instance.owner<{ signers: number }[]>`
		select (select count(*)::int from signer s where s.signed_version = v.id) as signers from version v where v.document = ${first.document} order by number`;
	expect(versions.map((v) => v.signers)).toEqual([0, 0, 1, 1, 1, 0]);
	expect(await ended(first.envelope)).toMatchObject({ state: 'completed', evidence: ['attestation 1.pdf', 'attestation 2.pdf', 'attestation 3.pdf', 'dossier de preuve.pdf'] });
});

test('OPS-3 SIGN-3 signature: worker killed between a certificate in the signer’s name and its signature: it is revoked, another one signs', async () => {
	await appoint(ada.ctx, ada.ctx.actor.person!, true);
	const signer = await createSigner(instance, ada.ctx, ada.safe, { officer: ada.ctx });
	const code = await signer.code();
	await instance.settled();
	const gone = killed('worker', { role: 'worker', statement: /insert into one_time_certificate/, when: 'committed' });
	await signer.type(code);
	await gone;
	await signer.signed();
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
	const issued = await instance.owner`select o.kept_at is not null as kept, c.revoked_at is not null as revoked from one_time_certificate o join certificate c on c.serial = o.serial join signing_intent i on i.id = o.intent where i.signer = ${signer.signer} order by o.issued_at`;
	expect(issued).toEqual([{ kept: false, revoked: true }, { kept: true, revoked: false }]);
});

test('OPS-3 decline: web killed at: declined, not answered', async () => {
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	const gone = killed('web', { role: 'web', statement: /update envelope set state = 'declined'/, when: 'committed' });
	await signer.decline();
	await gone;
	await instance.settled();
	await instance.whole('web');
	expect(await ended(signer.envelope)).toEqual({ state: 'declined', evidence: ['dossier de preuve.pdf'], messages: 'declined' });
});

test('OPS-3 expiry: worker killed at: not committed', async () => {
	const signer = await createSigner(instance, ada.ctx, ada.safe);
	const gone = killed('worker', { role: 'worker', statement: /update envelope e set state = 'expired'/, when: 'uncommitted' });
	await instance.owner`update envelope set expires_at = app.now() where id = ${signer.envelope}`;
	await gone;
	await vi.waitUntil(async () => (await ended(signer.envelope))!.state === 'expired', { timeout: 60_000, interval: 50 });
	await instance.settled();
	await instance.whole('worker');
	expect(await ended(signer.envelope)).toEqual({ state: 'expired', evidence: ['dossier de preuve.pdf'], messages: 'closed' });
});
