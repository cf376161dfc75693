// What goes wrong while one deposits or signs, over HTTP and in both languages: what is said of it, the event it leaves, and that nothing is lost by it. In a browser, and files that are wrong inside: test/e2e/safe/bad-input.spec.ts.

import { expect, test } from 'vitest';
import * as read from '#lib/server/documents/read.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { sentence } from '#lib/i18n/reasons.ts';
import { words as safeWords } from '#lib/i18n/safe.ts';
import { words } from '#lib/i18n/sign.ts';
import { createEnvelopes } from '../support/envelopes.ts';
import { createHostileTsa, type Mood } from '../support/tsa.ts';
import { createSite } from './site.ts';

const site = await createSite();
const tsa = await createHostileTsa();
const worker = { ...site.worker, tsa: tsa.authority };
const asWeb = async () => {
	const who = await site.world.administrator();
	return { ...who, ctx: site.of(who.person, who.client) };
};
const { ada, safe, work, sent, enter, ask, lastSecret } = await createEnvelopes({ ...site.world, web: site.parts, worker, administrator: asWeb });
const { cookie: member } = await site.session(ada.person, ada.client);
const locales = ['fr', 'en'] as const;
type Locale = (typeof locales)[number];

let people = 0;
/** Someone who is asked to sign, has come in, and is about to type. */
async function someone(locale: Locale) {
	const who = { name: 'Zoë Müller', email: `zoe-${++people}@test.example`, number: `+336124${String(people).padStart(5, '0')}`, locale };
	const envelope = await sent([who]);
	const link = lastSecret(who.email);
	const { signer, cookie, ctx } = await enter(who.email);
	const headers = { origin: site.origin, cookie: `__Host-signing=${cookie}` };
	/** Types a code as the page does; answers the status and the sentence that the page shows. */
	async function type(code: string): Promise<{ status: number; says: string | null }> {
		const answer = await fetch(`${site.origin}/signing/${signer}?/sign`, { method: 'POST', headers: { ...headers, accept: 'application/json', 'x-sveltekit-action': 'true' }, body: new URLSearchParams({ code }) });
		const { type: kind, status, data } = (await answer.json()) as { type: string; status: number; data: string };
		const [place, ...values] = JSON.parse(data) as [{ reason?: number }, ...unknown[]];
		return { status, says: kind === 'failure' ? sentence(locale, String(values[place.reason! - 1])) : null };
	}
	const page = async () => (await fetch(`${site.origin}/signing/${signer}`, { headers: { ...headers, accept: 'text/html' } })).text();
	const events = (op: string, about = signer) => site.owner<{ res: string; reason: string | null }[]>`
		select b ->> 'res' as res, (select value from event_opening o where o.event = e.id and o.name = 'reason') as reason from event e cross join lateral (select convert_from(body, 'UTF8')::json as b) x
		where b ->> 'op' = ${op} and ${about} in (b ->> 'actor', b ->> 'obj') order by e.id`;
	const state = async () => (await follow(ada.ctx, envelope)).state;
	return { envelope, signer, link, type, page, events, state, code: () => ask(ctx, who.name) };
}
/** How many versions its document has; when all is done: deposited, prepared, signed, completed. */
async function versions(envelope: string): Promise<number> {
	const [{ document }] = await site.owner<[{ document: string }]>`select document from envelope where id = ${envelope}`;
	return (await read.metadata(ada.ctx, document)).versions.length;
}
/** A page as a member reads it in a language. */
async function shown(path: string, locale: Locale): Promise<string> {
	await site.owner`update person set locale = ${locale} where id = ${ada.person}`;
	return (await fetch(`${site.origin}${path}`, { headers: { cookie: member, accept: 'text/html' } })).text();
}

/** Both languages say something of their own, and not what they say of what they do not know. */
function inBoth(reason: string): void {
	expect(new Set([...locales.map((l) => sentence(l, reason)), ...locales.map((l) => sentence(l, 'no-such-reason'))]).size, reason).toBe(4);
}

test('every refusal met here has a sentence of its own, in French and in English', () => {
	for (const reason of ['code-expired', 'already-signed', 'hash-mismatch', 'stage-incomplete', 'pdf-javascript', 'pdf-xfa', 'pdf-encrypted', 'pdf-damaged']) inBoth(reason);
	expect(words('fr').pending).not.toBe(words('en').pending);
});

const sizes: [string, string, number, string][] = [
	['no bytes', 'a.pdf', 0, 'empty-file'],
	['5 GB and one byte', 'a.pdf', 5 * 2 ** 30 + 1, 'file-too-large'],
	['../', '../a.pdf', 1, 'name-path'],
	['RTL marks', 'a\u202efdp.exe', 1, 'name-direction'],
	['CR LF', 'a\r\nb.pdf', 1, 'name-control'],
	['300 characters', `${'n'.repeat(296)}.pdf`, 1, 'name-long']
];

test.each(sizes)('SAFE-3 SAFE-7 LOG-1 an upload of %s: refused in both languages, an event, and nothing is begun', async (_, name, length, reason) => {
	const count = async () => (await site.owner<{ n: number }[]>`select (select count(*) from stage)::int + (select count(*) from document)::int as n`)[0]!.n;
	const before = await count();
	const metadata = Object.entries({ safe, name }).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
	const answer = await fetch(`${site.origin}/upload`, { method: 'POST', headers: { cookie: member, origin: site.origin, accept: 'application/json', 'tus-resumable': '1.0.0', 'upload-length': String(length), 'upload-metadata': metadata } });
	expect([answer.ok, ((await answer.json()) as { reason: string }).reason]).toEqual([false, reason]);
	inBoth(reason);
	expect(await count()).toBe(before);
	const [last] = await site.owner<{ res: string; reason: string }[]>`
		select b ->> 'res' as res, (select value from event_opening o where o.event = e.id and o.name = 'reason') as reason from event e cross join lateral (select convert_from(body, 'UTF8')::json as b) x
		where b ->> 'op' = 'document.deposit' and e.client = ${ada.client} order by e.id desc limit 1`;
	expect(last).toEqual({ res: 'denied', reason });
});

test.each(locales)('SIGN-4 LOG-1 an expired code (%s): the page says so, it is an event, the next code signs', async (locale) => {
	const zoe = await someone(locale);
	const old = await zoe.code();
	await site.owner`update challenge set expires_at = app.now() where signer = ${zoe.signer}`;
	expect(await zoe.type(old)).toEqual({ status: 410, says: sentence(locale, 'code-expired') });
	expect(await zoe.events('signer.attempt')).toEqual([{ res: 'denied', reason: 'code-expired' }]);
	expect(await zoe.state()).toBe('waiting');
	expect(await zoe.type(await zoe.code())).toMatchObject({ says: null });
	await work();
	expect(await zoe.state()).toBe('completed');
});

test.each(locales)('SIGN-4 LOG-1 a code replayed (%s) before and after it signed: the page says so, each is an event, one version is signed', async (locale) => {
	const zoe = await someone(locale);
	const code = await zoe.code();
	expect(await zoe.type(code)).toMatchObject({ says: null });
	await work(['envelopes.sign']); // right, and not signed yet
	expect(await zoe.type(code)).toEqual({ status: 409, says: sentence(locale, 'already-signed') });
	const [{ intent }] = await site.owner<[{ intent: string }]>`select id as intent from signing_intent where signer = ${zoe.signer}`;
	await sign(worker, { intent });
	expect(await zoe.type(code)).toEqual({ status: 409, says: sentence(locale, 'already-signed') });
	expect((await zoe.events('signer.attempt')).filter((e) => e.res === 'denied')).toEqual([{ res: 'denied', reason: 'already-signed' }, { res: 'denied', reason: 'already-signed' }]);
	await work();
	expect(await versions(zoe.envelope)).toBe(4);
});

test.each(locales)('SIGN-4 a second click on sign (%s): both go, one signature is made', async (locale) => {
	const zoe = await someone(locale);
	const code = await zoe.code();
	const said = await Promise.all([zoe.type(code), zoe.type(code)]);
	for (const { says } of said) expect([null, sentence(locale, 'already-signed')]).toContain(says);
	await work();
	expect(await site.owner`select state from signing_intent where signer = ${zoe.signer}`).toEqual([{ state: 'released' }]);
	expect(await zoe.state()).toBe('completed');
	expect(await versions(zoe.envelope)).toBe(4);
});

test.each(locales)('SIGN-4 a link opened by a scanner (%s): it sees who asks, in the signer’s language, and whoever comes then signs', async (locale) => {
	const zoe = await someone(locale);
	for (const agent of ['MailScanner/1.0', 'Mozilla/5.0']) {
		const door = await fetch(`${site.origin}/sign/${zoe.link}`, { headers: { accept: 'text/html', 'user-agent': agent } });
		expect([door.status, door.headers.getSetCookie()]).toEqual([200, []]);
		expect(await door.text()).toContain(words(locale).open);
	}
	expect(await zoe.type(await zoe.code())).toMatchObject({ says: null });
	await work();
	expect(await zoe.state()).toBe('completed');
});

const moods: [Mood, 'unavailable' | 'refused'][] = [
	['down', 'unavailable'],
	['slow', 'unavailable'],
	['wrong-imprint', 'refused'],
	['wrong-nonce', 'refused'],
	['untrusted', 'refused'],
	['expired', 'refused']
];

test.each(moods)('SIGN-7 SAFE-4 LOG-1 an authority that is %s: signer, sender and depositor read that the timestamp is awaited, in French and in English; it is an event, and comes later', async (mood, kind) => {
	const deposited = await site.put(ada.ctx, safe);
	for (const locale of locales) {
		tsa.mood = 'honest';
		const zoe = await someone(locale);
		await zoe.type(await zoe.code());
		await work(['envelopes.sign']);
		const [{ intent }] = await site.owner<[{ intent: string }]>`select id as intent from signing_intent where signer = ${zoe.signer}`;
		tsa.mood = mood;
		await expect(sign(worker, { intent })).rejects.toThrow();
		await expect(timestamp(worker, { version: deposited.version })).rejects.toThrow();
		expect(await zoe.page()).toContain(words(locale).pending);
		expect(await shown(`/envelopes/${zoe.envelope}`, locale)).toContain(safeWords(locale).pendingStamp);
		expect(await shown(`/documents/${deposited.document}`, locale)).toContain(safeWords(locale).stampFailures[kind]);
		expect((await zoe.events('signer.sign', intent)).at(-1)).toMatchObject({ res: 'error', reason: expect.any(String) });
		tsa.mood = 'honest';
		await sign(worker, { intent });
		await work();
		expect(await zoe.state()).toBe('completed');
	}
	await timestamp(worker, { version: deposited.version });
	expect(await shown(`/documents/${deposited.document}`, 'fr')).not.toContain(safeWords('fr').stampFailures[kind]);
}, 120_000);
