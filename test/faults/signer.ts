// A signer's browser: opens the mailed link, reads, consents, asks for the code, types it, over HTTP; what got no answer is tried again.

import { createHash, randomInt } from 'node:crypto';
import { expect, vi } from 'vitest';
import { wayOf } from '#lib/i18n/way.ts';
import { withActor, type Context } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { consents } from '#lib/server/envelopes/consent.ts';
import { inside } from '#lib/server/envelopes/door.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { send } from '#lib/server/envelopes/send.ts';
import * as capture from '#lib/server/identity-check/capture.ts';
import { decide } from '#lib/server/identity-check/decide.ts';
import { pngOf } from '../support/pictures.ts';
import { contract } from '../support/signing.ts';
import type { Instance } from './instance.ts';

/** The person of level 2, whose identity an officer accepts here (`officer`). */
const identified = { level: 2, surname: 'Müller', givenNames: 'Zoë', birthDate: '1990-05-17' } as const;

/** An envelope sent to signers who are asked together; the first one has come in. At level 2 their identity is accepted by then. */
export async function createSigner(instance: Instance, sender: Context, safe: string, { others = 0, officer = null }: { readonly others?: number; readonly officer?: Context | null } = {}) {
	const { owner } = instance;
	const bytes = await contract();
	const { id } = await stage.create(sender, { safe, name: 'contrat.pdf', length: bytes.length });
	await stage.write(sender, id, 0, (async function* () {
		yield bytes;
	})());
	const { document } = await deposit(sender, { stage: id });
	const someone = () => ({ name: 'Zoë Müller', email: `${crypto.randomUUID()}@test.example`, number: `+33612${String(randomInt(1e6)).padStart(6, '0')}`, locale: 'fr', step: 1 }) as const;
	const people = Array.from({ length: others + 1 }, () => (officer ? { ...someone(), ...identified } : someone()));
	const envelope = await prepareEnvelope(sender, { document, title: 'Contrat', note: '', days: 1, signers: people });
	await send(sender, envelope);
	const ids = await owner<{ id: string }[]>`select id from signer where envelope = ${envelope} order by position`;
	const all = await Promise.all(people.map((person, i) => comeIn(instance, { envelope, document, signer: ids[i]!.id, ...person }, officer)));
	return { ...all[0]!, others: all.slice(1) };
}

interface Invited {
	readonly envelope: string;
	readonly document: string;
	readonly signer: string;
	readonly email: string;
	readonly number: string;
}

/** Opens the mailed link. */
async function comeIn(instance: Instance, { envelope, document, signer, email, number }: Invited, officer: Context | null) {
	const { owner, origin } = instance;
	let cookie = '';
	async function ask(path: string, form?: Record<string, string>): Promise<Response | null> {
		const headers = { origin, cookie, accept: form ? 'application/json' : '*/*', ...(form ? { 'x-sveltekit-action': 'true' } : {}) };
		const response = await fetch(new URL(path, origin), { method: form ? 'POST' : 'GET', headers, redirect: 'manual', ...(form ? { body: new URLSearchParams(form) } : {}) }).catch(() => null);
		return response && response.status >= 500 ? null : response;
	}
	const until = <T>(act: () => Promise<T | null | undefined | false>): Promise<T> => vi.waitUntil(async () => (await act()) || false, { timeout: 80_000, interval: 50 }) as Promise<T>;
	/** An action's answer: `success`, or `failure` with a reason in its data. */
	const act = (name: string, form: Record<string, string>) => until(async () => (await (await ask(`/signing/${signer}?/${name}`, form))?.json()) as { type: string; status: number; data: string } | undefined);
	const outbox = (channel: string, after: Date, shape: RegExp, to: string) =>
		until(async () => {
			const rows = await owner<{ body: string }[]>`select body from outbox where channel = ${channel} and recipient = ${to} and at >= ${after} order by at desc limit 1`.catch(() => []);
			return shape.exec(rows[0]?.body ?? '')?.[1];
		});

	const secret = await outbox('mail', new Date(0), /\/sign\/(\S{43})/, email);
	const entered = await until(() => ask(`/sign/${secret}`, {}));
	cookie = entered.headers.getSetCookie().find((c) => c.startsWith('__Host-signing='))!.split(';')[0]!;
	if (officer) {
		const own = await inside(withActor(instance.web, { person: null, client: null, via: 'link' }), cookie.slice(cookie.indexOf('=') + 1), signer);
		await capture.begin(own, { document: 'passport', notice: capture.noticeVersion });
		await capture.addImage(own, { side: 'front', bytes: pngOf(800, 560) });
		await capture.submit(own);
		const [check] = await until(async () => {
			const rows = await owner<{ id: string }[]>`select id from identity_check where signer = ${signer} and state = 'to-review'`;
			return rows.length ? rows : null;
		});
		await decide(officer, check!.id, { verdict: 'accept', reason: 'Compared by eye' });
	}

	return {
		envelope,
		signer,
		document,
		/** Reads the bytes, consents, asks for a code and waits for it. */
		async code(): Promise<string> {
			const shown = await until(async () => (await ask(`/signing/${signer}/content`))?.arrayBuffer());
			const sha256 = createHash('sha256').update(new Uint8Array(shown)).digest('hex');
			const [{ now }] = await owner<[{ now: Date }]>`select app.now() as now`;
			const texts = (await until(async () => (await ask(`/signing/${signer}/texts`))?.json())) as { kind: string; version: string; sha256: string }[];
			const agreed = Object.fromEntries(texts.map((text) => [text.kind, `${text.version} ${text.sha256}`]));
			const asked = await act('code', { consent: consents[wayOf({ level: officer ? 2 : 1, advanced: false }, instance.web.settings.remote).way], pagesReached: '1', sha256, values: JSON.stringify({ name: 'Zoë Müller', drawing: null, texts: agreed }) });
			expect(asked.type, asked.data).toBe('success');
			return outbox('sms', now, /\b(\d{6})\b/, number);
		},
		/** Types the code until it has an answer; then the person has done their part. */
		async type(code: string): Promise<void> {
			const typed = await act('sign', { code });
			if (typed.type !== 'success') expect(typed.data, 'an attempt whose answer was cut off was kept').toMatch(/already-signed|envelope-closed|code-expired/);
		},
		/** Declines until it has an answer. */
		async decline(): Promise<void> {
			const declined = await act('decline', { reason: 'Non' });
			if (declined.type !== 'success') expect(declined.data, 'a refusal whose answer was cut off was kept').toMatch(/envelope-closed|signing-session/);
		},
		/** Whether the page says that it is signed. */
		signed: () =>
			until(async () => {
				const response = await ask(`/signing/${signer}/events`);
				const reader = response?.ok ? response.body!.getReader() : null;
				const first = await reader?.read().catch(() => null); // the state as it is; what follows is not waited for
				await reader?.cancel();
				const { state, intent } = JSON.parse(/^data: (.*)$/m.exec(new TextDecoder().decode(first?.value))?.[1] ?? '{}') as { state?: string; intent?: string };
				return state === 'signed' && intent === 'released';
			}),
		/** One signed version, one completed one, the base and the deposit, in that order; the signer's copy is on its way or sent. */
		async kept(): Promise<void> {
			const versions = await owner<{ number: number; by: string; released: boolean }[]>`
				select v.number, convert_from(e.body, 'UTF8')::jsonb ->> 'actor' as by, v.id = (select signed_version from signer where id = ${signer}) as released from version v join event e on e.id = v.event where document = ${document} order by number`;
			expect(versions.map(({ number, released }) => [number, released])).toEqual([[1, false], [2, false], [3, true], [4, false]]);
			expect(versions.map(({ by }) => by === signer)).toEqual([false, false, true, false]);
			expect(await owner`select e.state, (select count(*)::int from message m where m.subject = ${signer} and m.kind = 'signed-copy') as copies from envelope e where id = ${envelope}`).toEqual([{ state: 'completed', copies: 1 }]);
		}
	};
}
