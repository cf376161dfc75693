import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { agreedTo, wholeTexts } from '#lib/server/envelopes/agreed.ts';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { attempt, requestCode, task } from '#lib/server/envelopes/sign-here.ts';
import { defaults } from '#lib/server/legal/defaults.ts';
import { kinds, kindsFor } from '#lib/server/legal/kinds.ts';
import { history, overview, sentenceOf, writeText, writing } from '#lib/server/legal/texts.ts';
import { allAgreed, createEnvelopes, zoe } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, work, sent, enter, ask } = await createEnvelopes(world);
const sha256 = (words: string) => createHash('sha256').update(words).digest('hex');
const first = (kind: keyof typeof defaults) => defaults[kind][0]!;
const request = async (ctx: SignerContext, texts?: Record<string, string>) => requestCode(ctx, { consent: consentVersion, pagesReached: 1, sha256: (await task(ctx)).sha256, values: { name: 'Zoë Müller', drawing: null, ...(texts ? { texts } : {}) } }, '198.51.100.1');
const consentEvents = async (envelope: string) => world.owner<{ op: string; values: Record<string, string> }[]>`
	select convert_from(e.body, 'utf8')::jsonb->>'op' as op, (select jsonb_object_agg(o.name, o.value) from event_opening o where o.event = e.id) as values from event e
	where convert_from(e.body, 'utf8')::jsonb->>'op' = 'signer.consent' and convert_from(e.body, 'utf8')::jsonb->>'obj' = ${envelope} order by e.id`;
const write = (kind: string, words: { fr: string; en: string; over: string }) => writeText(ada.ctx, kind, writing.parse(words));

test('SIGN-16 each text comes with words in both languages that say no more than they may; the consumer’s turns no burden of proof', () => {
	for (const kind of kinds) {
		for (const words of [first(kind).fr, first(kind).en]) {
			expect(sentenceOf(words).length, kind).toBeLessThanOrEqual(400);
			expect(writing.shape.fr.parse(words), kind).toBe(words);
			expect(words, kind).not.toMatch(/(?<!ni la qualité de |n’est pas |neither a |not )(signature qualifiée|qualified signature)|identité vérifiée|verified identity/);
		}
		expect(first(kind).fr.split('\n\n').length, kind).toBe(first(kind).en.split('\n\n').length);
	}
	for (const kind of ['proof-convention', 'consumer-proof-convention'] as const) {
		expect(first(kind).fr).toMatch(/article 1356/);
		expect(first(kind).fr).toMatch(/article 1368/);
		expect(first(kind).fr).toMatch(/n’établit aucune présomption irréfragable/);
	}
	expect(first('consumer-proof-convention').fr).toMatch(/aucune clause de cette convention ne vous en impose la charge \(article R\. 212-1 du code de la consommation\).*ne limite pas vos moyens de preuve \(article R\. 212-2\)/);
	expect(first('electronic-form').fr).toMatch(/exemplaire sur papier/);
	expect(kindsFor({ coded: true, certified: false }, false)).toEqual(['proof-convention', 'electronic-form', 'privacy-notice']);
	expect(kindsFor({ coded: false, certified: false }, true)).toEqual(['electronic-form', 'privacy-notice']);
	expect(kindsFor({ coded: true, certified: true }, true)).toEqual(['consumer-proof-convention', 'electronic-form', 'ca-terms', 'privacy-notice']);
});

test('SIGN-16 no code goes out while one of the texts is missing, is of another version, or has other words; what was accepted and shown is in the event and the evidence', async () => {
	const envelope = await sent([zoe]);
	const { ctx } = await enter(zoe.email);
	const { texts } = await task(ctx);
	expect(texts.map(({ kind, accept }) => [kind, accept])).toEqual([['proof-convention', true], ['electronic-form', true], ['privacy-notice', false]]);
	const all = allAgreed(texts);
	await expect(request(ctx)).rejects.toMatchObject({ kind: 'invalid', reason: 'text-needed' });
	for (const kind of Object.keys(all)) {
		const { [kind]: said, ...others } = all;
		await expect(request(ctx, others)).rejects.toMatchObject({ kind: 'invalid', reason: 'text-needed', details: { text: kind } });
		await expect(request(ctx, { ...all, [kind]: said!.replace('default', 'older') })).rejects.toMatchObject({ kind: 'conflict', reason: 'text-changed' });
		await expect(request(ctx, { ...all, [kind]: `${said!.split(' ')[0]!} ${'0'.repeat(64)}` })).rejects.toMatchObject({ reason: 'text-changed' });
	}
	await expect(request(ctx, { ...all, 'ca-terms': `default-2026-11-29 ${'0'.repeat(64)}` })).rejects.toMatchObject({ reason: 'text-changed' });
	expect(await consentEvents(envelope)).toEqual([]);
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	const digest = sha256(first('proof-convention').fr);
	expect((await consentEvents(envelope))[0]!.values).toMatchObject({ version: consentVersion, 'text-proof-convention': `accepted default-2026-11-29 ${digest}`, 'text-electronic-form': expect.stringMatching(/^accepted /) as string, 'text-privacy-notice': expect.stringMatching(/^shown /) as string });
	const dossier = await evidenceOf(worker, world, envelope);
	expect(dossier.signers[0]!.texts).toMatchObject([
		{ kind: 'proof-convention', version: 'default-2026-11-29', sha256: digest, accepted: true, words: first('proof-convention').fr },
		{ kind: 'electronic-form', accepted: true },
		{ kind: 'privacy-notice', accepted: false }
	]);
	const said = dossierSheet(dossier, new Date()).sections!.flatMap((s) => s.rows).filter(([label]) => /version default/.test(label));
	expect(said.map(([label]) => label.split(' / ')[0])).toEqual(['Convention de preuve', 'Forme électronique', 'Notice sur les données personnelles']);
	expect(said[0]![1]).toContain(digest);
	expect(said[2]![1]).toMatch(/^montrée/);
});

test('SIGN-16 a client’s own version is added over the one before, which stays; a signer who read the former is asked to read again, and the evidence has the words they accepted', async () => {
	const envelope = await sent([{ ...zoe, email: 'over@test.example' }]);
	const { ctx } = await enter('over@test.example');
	const before = allAgreed((await task(ctx)).texts);
	const second = { fr: 'J’accepte notre convention.\r\n\r\n  Article 1. Voici. \n', en: 'I accept our convention.\n\nArticle 1. Here.', over: 'default-2026-11-29' };
	expect(await write('proof-convention', second)).toBe(1);
	await expect(write('proof-convention', second)).rejects.toMatchObject({ reason: 'text-moved' });
	await expect(write('proof-convention', { ...second, over: '1' })).rejects.toMatchObject({ reason: 'text-same' });
	await expect(request(ctx, before)).rejects.toMatchObject({ reason: 'text-changed' });
	const [now] = await wholeTexts(ctx);
	expect(now).toMatchObject({ version: '1', sentence: 'J’accepte notre convention.', words: 'J’accepte notre convention.\n\nArticle 1. Voici.' });
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	await write('proof-convention', { ...second, fr: 'Encore autre chose.', over: '1' });
	expect((await history(ada.ctx, 'proof-convention')).map((v) => [v.version, v.author])).toEqual([['2', 'Ada'], ['1', 'Ada'], ['default-2026-11-29', null]]);
	expect((await overview(ada.ctx)).find((t) => t.kind === 'proof-convention')).toMatchObject({ version: '2', fr: 'Encore autre chose.' });
	const [signer] = (await evidenceOf(worker, world, envelope)).signers;
	expect(signer!.texts[0]).toMatchObject({ version: '1', words: now!.words, sha256: sha256(now!.words) });
	expect(agreedTo(now!)).toBe(`1 ${signer!.texts[0]!.sha256}`);
});

test('SIGN-16 the signers of an envelope for consumers meet the consumer’s convention, and the evidence says so', async () => {
	const envelope = await sent([{ ...zoe, email: 'consumer@test.example', consumer: true }], { contract: { subject: 'Cours de piano', priceCents: 9000, withdrawalDays: 14, runsFrom: 'conclusion' } });
	const { ctx } = await enter('consumer@test.example');
	expect((await task(ctx)).texts[0]).toMatchObject({ kind: 'consumer-proof-convention', accept: true });
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	expect((await evidenceOf(worker, world, envelope)).signers[0]!.texts.map((t) => t.kind)).toEqual(['consumer-proof-convention', 'electronic-form', 'privacy-notice']);
});

test('SIGN-16 versions are the administrators’ to add and nobody’s to change, another client’s or the web’s own', async () => {
	const eve = await world.person(ada.client, 'reader');
	await expect(history(eve.ctx, 'privacy-notice')).rejects.toMatchObject({ kind: 'forbidden', reason: 'administrators-only' });
	await expect(writeText(eve.ctx, 'privacy-notice', { fr: 'x', en: 'x', over: 'default-2026-11-29' })).rejects.toMatchObject({ reason: 'administrators-only' });
	await write('privacy-notice', { fr: 'Notre notice.', en: 'Our notice.', over: 'default-2026-11-29' });
	const denied = { code: '42501' };
	await expect(ada.ctx.tx((tx) => tx`update legal_text set fr = 'other'`)).rejects.toMatchObject(denied);
	await expect(ada.ctx.tx((tx) => tx`delete from legal_text`)).rejects.toMatchObject(denied);
	await expect(eve.ctx.tx((tx) => tx`insert into legal_text (client, kind, number, fr, en, created_by) values (${ada.client}, 'ca-terms', 1, 'x', 'x', ${eve.person})`)).rejects.toMatchObject(denied);
	const other = await world.administrator();
	expect((await overview(other.ctx)).find((t) => t.kind === 'privacy-notice')!.version).toBe('default-2026-11-29');
	await expect(history(ada.ctx, 'nothing')).rejects.toMatchObject({ kind: 'not-found' });
	expect(writing.safeParse({ fr: 'a\u202eb', en: 'x', over: '1' }).success).toBe(false);
	expect(writing.safeParse({ fr: 'x'.repeat(401), en: 'x', over: '1' }).success).toBe(false);
});
