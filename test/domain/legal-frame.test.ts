import { expect, test } from 'vitest';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import { attempt } from '#lib/server/envelopes/sign-here.ts';
import { cancel } from '#lib/server/envelopes/send.ts';
import { sendConfirmed } from '#lib/server/envelopes/send-confirmed.ts';
import { actsVersion, actsWarning } from '#lib/server/legal/excluded-acts.ts';
import { defaults } from '#lib/server/legal/defaults.ts';
import { textDigest, writeText } from '#lib/server/legal/texts.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, work, sent, draft, enter, ask } = await createEnvelopes(world);
const anna = { name: 'Anna Eriksson', email: 'anna@test.example', number: '06 12 34 57 91', locale: 'fr', level: 2, surname: 'Eriksson', givenNames: 'Anna' } as const;
const events = async (op: string, obj: string) => world.owner<{ res: string; values: Record<string, string> | null }[]>`
	select convert_from(e.body, 'utf8')::jsonb->>'res' as res, (select jsonb_object_agg(o.name, o.value) from event_opening o where o.event = e.id) as values from event e
	where convert_from(e.body, 'utf8')::jsonb->>'op' = ${op} and convert_from(e.body, 'utf8')::jsonb->>'obj' = ${obj} order by e.id`;

test('SIGN-17 each envelope records the identification procedure in force when it was sent, the levels and by whom; a later version changes nothing of it', async () => {
	const first = await sent([zoe, anna]);
	const procedure = defaults['identification-procedure'][0]!;
	const digest = textDigest(world.web.primitives, procedure.fr);
	expect((await events('envelope.send', first))[0]!.values).toMatchObject({ procedure: procedure.version, 'procedure-sha256-fr': digest, levels: '1:1 2:2' });
	await writeText(ada.ctx, 'identification-procedure', { fr: 'Nous connaissons nos clients.', en: 'We know our customers.', over: procedure.version });
	const second = await sent([{ ...zoe, email: 'later@test.example' }]);
	await cancel(ada.ctx, first);
	const { ctx } = await enter('later@test.example');
	await attempt(ctx, await ask(ctx, zoe.name));
	await work();
	const [before, after] = [await evidenceOf(worker, world, first), await evidenceOf(worker, world, second)];
	expect(before.legal).toMatchObject({ procedure: { version: procedure.version, sha256: digest, words: procedure.fr }, preparedBy: 'Ada', sentBy: 'Ada', acts: null });
	expect(after.legal.procedure).toMatchObject({ version: '1', words: 'Nous connaissons nos clients.' });
	const rows = dossierSheet(before, new Date()).rows;
	expect(rows.find(([label]) => label.startsWith('Niveaux choisis'))![1]).toBe('1, 2, par / by Ada ; envoyée par / sent by Ada');
	expect(rows.find(([label]) => label.startsWith('Actes exclus'))![1]).toMatch(/non présenté/);
});

test('SIGN-17 the warning on excluded acts is confirmed in the words of now before it is sent: in an event and the evidence, with who and when', async () => {
	const id = await draft([{ ...zoe, email: 'acts@test.example' }]);
	for (const wrong of ['', '2020-01-01']) await expect(sendConfirmed(ada.ctx, id, { acts: wrong, sharing: '' })).rejects.toMatchObject({ kind: 'invalid', reason: 'acts-unconfirmed' });
	expect((await events('envelope.acts', id)).map((e) => e.res)).toEqual(['denied', 'denied']);
	expect(await events('envelope.send', id)).toEqual([]);
	await sendConfirmed(ada.ctx, id, { acts: actsVersion, sharing: '' });
	expect((await events('envelope.acts', id)).at(-1)).toMatchObject({ res: 'ok', values: { version: actsVersion } });
	await expect(sendConfirmed(ada.ctx, id, { acts: actsVersion, sharing: '' })).rejects.toMatchObject({ reason: 'envelope-state' });
	await work();
	await cancel(ada.ctx, id);
	const { legal } = await evidenceOf(worker, world, id);
	expect(legal.acts).toMatchObject({ version: actsVersion, by: 'Ada', acts: actsWarning(actsVersion, 'fr').acts });
	const words = [...actsWarning(actsVersion, 'fr').acts, actsWarning(actsVersion, 'fr').note].join(' ');
	for (const article of ['1175', '1369', '970', '2297', '1174']) expect(words).toContain(article);
	expect(actsWarning(actsVersion, 'fr').note).toMatch(/n’exclut plus les sûretés/);
});
