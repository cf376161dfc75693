import { expect, test } from 'vitest';
import { preview, sendPreview } from '#lib/server/envelopes/preview.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, mails, texts, sent, work, enter, ask } = await createEnvelopes(world);
const { owner } = world;
const adaMail = `${ada.person}@test.example`;

/** An envelope not sent yet: a signer in French, an approver in English, a copy. */
async function draft() {
	const first = await sent([{ ...zoe }]);
	const { document } = await follow(ada.ctx, first);
	const envelope = await prepareEnvelope(ada.ctx, { document, title: 'Bail', note: 'Merci\r\nbeaucoup', days: 30, signers: [{ ...zoe, email: 'z2@test.example' }, { ...bob, role: 'approver', number: '' }, { ...bob, email: 'copy@test.example', number: '', role: 'copy' }] });
	return { envelope, signers: (await follow(ada.ctx, envelope)).signers };
}

test('SIGN-12 the sender sees word for word what a signer gets, but for the link and the code, which are nobody’s', async () => {
	const envelope = await sent([{ ...zoe, email: 'same@test.example' }], { note: 'Merci de signer.' });
	const [signer] = (await follow(ada.ctx, envelope)).signers;
	const shown = await preview(ada.ctx, envelope, signer!.id);
	const real = mails.findLast((m) => m.to === 'same@test.example')!;
	const hidden = (text: string) => text.replaceAll(/\/sign\/[\w-]{43}/g, '/sign/preview');
	expect(shown.mail).toEqual({ id: signer!.id, to: real.to, subject: real.subject, text: hidden(real.text), html: hidden(real.html), sender: real.sender, replyTo: real.replyTo });
	expect(JSON.stringify(shown)).not.toMatch(/\/sign\/[\w-]{43}/);
	const { ctx } = await enter('same@test.example');
	const code = await ask(ctx, 'Zoë');
	expect(shown.sms!.text).toBe(texts.at(-1)!.text.replaceAll(code, '••••••').replace(/@\S+/, '@safe.test'));
	expect(shown.sms!.to).toBe(texts.at(-1)!.to);
});

test('a draft shows each in their language: a signer a code, an approver none, a copy nothing', async () => {
	const { envelope, signers } = await draft();
	const of = (role: string) => signers.find((s) => s.role === role)!.id;
	expect(await preview(ada.ctx, envelope, of('signer'))).toMatchObject({ locale: 'fr', mail: { subject: expect.stringContaining('vous demande une signature') as string }, sms: { text: expect.stringContaining('••••••') as string } });
	expect(await preview(ada.ctx, envelope, of('approver'))).toMatchObject({ locale: 'en', mail: { subject: expect.stringContaining('asks for your approval') as string, text: expect.stringContaining('> Merci\n> beaucoup\n') as string }, sms: null });
	await expect(preview(ada.ctx, envelope, of('copy'))).rejects.toMatchObject({ reason: 'signer' });
	const other = await draft();
	await expect(preview(ada.ctx, envelope, other.signers[0]!.id)).rejects.toMatchObject({ reason: 'signer' });
	const reader = await world.person(ada.client, 'reader');
	const stranger = await world.administrator();
	for (const { ctx } of [reader, stranger]) {
		await expect(preview(ctx, envelope, of('signer'))).rejects.toMatchObject({ kind: 'not-found' });
		await expect(sendPreview(ctx, envelope, of('signer'))).rejects.toMatchObject({ kind: 'not-found' });
	}
});

test('it is sent to the sender alone, marked, with an event, ten times an hour; the signer gets nothing and no link is made', async () => {
	const { envelope, signers } = await draft();
	const [signer] = signers;
	const before = mails.length;
	await sendPreview(ada.ctx, envelope, signer!.id);
	await work();
	expect(mails.slice(before)).toMatchObject([{ to: adaMail, subject: expect.stringMatching(/^\[Aperçu\] /) as string, text: expect.stringMatching(/^Aperçu de ce que reçoit Zoë Müller/) as string }]);
	expect(mails.at(-1)!.text).not.toMatch(/\/sign\/[\w-]{43}/);
	expect((await owner`select count(*)::int as n from link where signer = ${signer!.id}`)[0]).toEqual({ n: 0 });
	expect(await owner`select 1 from event where convert_from(body, 'UTF8')::jsonb->>'op' = 'envelope.preview' and convert_from(body, 'UTF8')::jsonb->>'obj' = ${envelope}`).toHaveLength(1);
	for (let i = 1; i < 10; i++) await sendPreview(ada.ctx, envelope, signer!.id);
	await expect(sendPreview(ada.ctx, envelope, signer!.id)).rejects.toMatchObject({ reason: 'previews' });
});
