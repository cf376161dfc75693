import { expect, test } from 'vitest';
import { correct } from '#lib/server/envelopes/correct.ts';
import { delegate } from '#lib/server/envelopes/delegate.ts';
import { dossierSheet } from '#lib/server/envelopes/dossier-sheet.ts';
import { cancel, follow, send } from '#lib/server/envelopes/send.ts';
import { confirmSharing, sendConfirmed } from '#lib/server/envelopes/send-confirmed.ts';
import { sharing } from '#lib/server/envelopes/sharing.ts';
import { giveNumber } from '#lib/server/envelopes/sign-here.ts';
import { giveOwnNumber, ownNumber } from '#lib/server/identity/own-number.ts';
import { actsVersion } from '#lib/server/legal/excluded-acts.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { evidenceOf } from '../support/evidence.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, mails, work, sent, draft, enter } = await createEnvelopes(world);
const anna = { name: 'Anna Eriksson', email: 'anna@test.example', number: '06 12 34 57 91', locale: 'fr', level: 2, surname: 'Eriksson', givenNames: 'Anna' } as const;
const couple = [zoe, { ...bob, email: zoe.email, number: zoe.number }] as const;
const noted = (id: string) => world.owner<{ noted: string; kind: string; sender: boolean; people: number; person: string | null }[]>`select noted, kind, sender, cardinality(signers) as people, person from contact_sharing where envelope = ${id} order by at, kind`;
const events = (id: string) => world.owner<{ res: string }[]>`select convert_from(body, 'utf8')::jsonb->>'res' as res from event where convert_from(body, 'utf8')::jsonb->>'op' = 'envelope.sharing' and convert_from(body, 'utf8')::jsonb->>'obj' = ${id}`;
const ownMail = (await world.owner<[{ email: string }]>`select email from person where id = ${ada.person}`)[0].email;

test('SIGN-21 two signers sharing an address and a number: nothing is sent before the sender has confirmed exactly that; an event, the evidence and the page say so', async () => {
	const id = await draft([...couple]);
	await expect(sendConfirmed(ada.ctx, id, { acts: actsVersion, sharing: '' })).rejects.toMatchObject({ kind: 'invalid', reason: 'sharing-unconfirmed' });
	const seen = await sharing(ada.ctx, id);
	expect(seen.shared).toMatchObject([{ kind: 'email', value: zoe.email, names: [zoe.name, bob.name], sender: false }, { kind: 'number', value: '+33612345678' }]);
	const second = (await follow(ada.ctx, id)).signers[1]!;
	await correct(ada.ctx, id, second.id, { ...bob, email: zoe.email }); // meanwhile: the number is not shared any more
	await expect(sendConfirmed(ada.ctx, id, { acts: actsVersion, sharing: seen.digest })).rejects.toMatchObject({ reason: 'sharing-unconfirmed' });
	expect(await noted(id)).toEqual([]);
	const { digest } = await sharing(ada.ctx, id);
	await sendConfirmed(ada.ctx, id, { acts: actsVersion, sharing: digest });
	expect(await noted(id)).toEqual([{ noted: 'send', kind: 'email', sender: false, people: 2, person: ada.person }]);
	expect(await events(id)).toEqual([{ res: 'ok' }]);
	expect((await sharing(ada.ctx, id)).shared).toHaveLength(1);
	await cancel(ada.ctx, id);
	const dossier = await evidenceOf(worker, world, id);
	expect(dossier.sharing).toMatchObject([{ kind: 'email', value: zoe.email, sender: false, noted: 'send', by: 'Ada' }]);
	expect(dossierSheet(dossier, new Date()).rows.find(([label]) => label.startsWith('Adresse e-mail partagée'))![1]).toContain('Zoë Müller, Bob Łuczak ; confirmé');
});

test('SIGN-21 the sender’s own address, the one where answers go, and their own number count; a copy to the sender does not; another client sees nothing', async () => {
	await giveOwnNumber(ada.ctx, '06 98 11 22 33');
	expect(await ownNumber(ada.ctx)).toBe('+33698112233');
	await expect(giveOwnNumber(ada.ctx, '12')).rejects.toMatchObject({ reason: 'number-malformed' });
	await world.owner`insert into letterhead (client, reply_to) values (${ada.client}, 'contact@client.example') on conflict (client) do update set reply_to = excluded.reply_to`;
	const id = await draft([{ ...zoe, email: ownMail }, { ...bob, number: '+33 6 98 11 22 33' }, { ...zoe, name: 'Troisième', email: 'contact@client.example', number: '06 12 34 56 79' }, { ...zoe, name: 'Copie', email: bob.email, number: '', role: 'copy' }]);
	const { shared, digest } = await sharing(ada.ctx, id);
	expect(new Map(shared.map((s) => [s.names.join(), `${s.kind} ${s.sender}`]))).toEqual(new Map([[zoe.name, 'email true'], ['Troisième', 'email true'], [bob.name, 'number true']]));
	await expect(send(ada.ctx, id)).rejects.toMatchObject({ reason: 'sharing-unconfirmed' });
	const stranger = await world.administrator();
	expect((await sharing(stranger.ctx, id)).shared).toEqual([]);
	await expect(confirmSharing(stranger.ctx, id, digest)).rejects.toMatchObject({ kind: 'not-found' });
	await confirmSharing(ada.ctx, id, digest);
	await send(ada.ctx, id);
	expect((await noted(id)).map((n) => n.sender)).toEqual([true, true, true]);
	await cancel(ada.ctx, id);
	await giveOwnNumber(ada.ctx, '');
	expect(await ownNumber(ada.ctx)).toBe('');
});

test('SIGN-21 a correction, a delegation or a signer’s own number that makes a contact shared is confirmed and recorded; a correction of the name alone asks nothing', async () => {
	const id = await sent([{ ...zoe, email: 'a@test.example' }, { ...bob, email: 'b@test.example', number: '' }], { delegable: true });
	const [one, two] = (await follow(ada.ctx, id)).signers;
	await expect(correct(ada.ctx, id, two!.id, { ...bob, email: 'a@test.example', number: '' })).rejects.toMatchObject({ kind: 'invalid', reason: 'same-contact' });
	await correct(ada.ctx, id, two!.id, { ...bob, email: 'a@test.example', number: '' }, true);
	await correct(ada.ctx, id, two!.id, { ...bob, name: 'Robert', email: 'a@test.example', number: '' });
	expect(await noted(id)).toMatchObject([{ noted: 'correct', kind: 'email', people: 2, person: ada.person }]);
	await work();
	const { ctx } = await enter('a@test.example');
	expect(ctx.signer).toBe(one!.id);
	await expect(delegate(ctx, { name: 'Ève', email: ownMail, number: '', reason: '' })).rejects.toMatchObject({ reason: 'same-contact' });
	await delegate(ctx, { name: 'Ève', email: ownMail, number: '', reason: '', shared: 'yes' });
	await work();
	expect((await noted(id)).at(-1)).toMatchObject({ noted: 'delegate', kind: 'email', sender: true, person: null });
	expect(mails.find((m) => m.subject.startsWith('Demande déléguée'))!.text).toContain('sert aussi à une autre personne');
	const number = '06 98 76 54 32';
	await correct(ada.ctx, id, two!.id, { ...bob, name: 'Robert', email: 'a@test.example', number });
	const eve = await enter(ownMail);
	await expect(giveNumber(eve.ctx, number)).rejects.toMatchObject({ reason: 'same-contact' });
	await giveNumber(eve.ctx, number, true);
	expect((await noted(id)).at(-1)).toMatchObject({ noted: 'number', kind: 'number', people: 2, person: null });
	expect(await events(id)).toHaveLength(3);
});

test('SIGN-21 SIGN-3 at level 2 a number stays one person’s: refused when prepared, on a correction and on a signer’s own, confirmed or not', async () => {
	await expect(draft([anna, { ...bob, number: anna.number }])).rejects.toMatchObject({ kind: 'invalid', reason: 'same-number' });
	const id = await sent([{ ...anna, step: 1 }, { ...bob, email: 'c@test.example', number: '', step: 1 }]);
	const [first, second] = (await follow(ada.ctx, id)).signers;
	await expect(correct(ada.ctx, id, second!.id, { ...bob, email: 'c@test.example', number: anna.number }, true)).rejects.toMatchObject({ reason: 'same-number' });
	const { ctx } = await enter('c@test.example');
	await expect(giveNumber(ctx, anna.number, true)).rejects.toMatchObject({ reason: 'same-number' });
	await correct(ada.ctx, id, first!.id, { ...anna, email: 'c@test.example' }, true); // an address may be
	const loose = await draft([anna, { ...bob, email: 'd@test.example' }]);
	const [, other] = (await follow(ada.ctx, loose)).signers;
	await expect(correct(ada.ctx, loose, other!.id, { ...bob, email: 'd@test.example', number: anna.number })).rejects.toMatchObject({ reason: 'same-number' });
});
