import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import { handIn, reportMail } from '#lib/server/bounces.ts';
import { knock } from '#lib/server/envelopes/door.ts';
import { correct } from '#lib/server/envelopes/correct.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { letterhead, logo, removeLogo, setLogo, setReplyTo } from '#lib/server/letterhead.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, mails, sent, lastSecret, stranger, work } = await createEnvelopes(world);
const { owner } = world;

const crc = (bytes: Uint8Array) => ~bytes.reduce((c, b) => Array.from({ length: 8 }).reduce<number>((n) => (n >>> 1) ^ (n & 1 ? 0xedb88320 : 0), c ^ b), -1) >>> 0;
function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type), data]);
	const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(data.length);
	check.writeUInt32BE(crc(body));
	return Buffer.concat([length, body, check]);
}
function png(width: number, height: number, more: readonly Buffer[] = []): Uint8Array {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 0, 0, 0, 0], 8);
	return new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), ...more, chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))), chunk('IEND', Buffer.alloc(0))]));
}
const mailTo = (email: string) => mails.findLast((m) => m.to === email)!;
const events = (op: string, obj: string) => owner<{ res: string }[]>`select convert_from(body, 'UTF8')::jsonb->>'res' as res from event where convert_from(body, 'UTF8')::jsonb->>'op' = ${op} and convert_from(body, 'UTF8')::jsonb->>'obj' = ${obj}`;

test('every mail has text and HTML, goes out in the client’s name, and is answered to whoever sent the envelope, or where the client says', async () => {
	await sent([{ ...zoe }]);
	expect(mailTo(zoe.email)).toMatchObject({ sender: 'A client', replyTo: { name: 'Ada', address: `${ada.person}@test.example` } });
	expect(mailTo(zoe.email).html).toContain('<html lang="fr"');
	await setReplyTo(ada.ctx, { replyTo: 'contact@martin.example' });
	await sent([{ ...bob }]);
	expect(mailTo(bob.email)).toMatchObject({ replyTo: { name: 'A client', address: 'contact@martin.example' } });
	expect(mailTo(bob.email).html).toContain('<html lang="en"');
	await setReplyTo(ada.ctx, { replyTo: null });
});

test('a logo stands in mails, on the door and at its own address, without what stood beside its picture; replaced and removed, each an event', async () => {
	const place = chunk('tEXt', Buffer.from('Comment\0 taken at home'));
	await setLogo(ada.ctx, png(40, 20, [place]));
	const { logo: digest } = await letterhead(ada.ctx);
	const shown = await logo(stranger, digest!);
	expect(shown.type).toBe('image/png');
	expect(Buffer.from(shown.bytes).includes('taken at home')).toBe(false);
	expect(createHash('sha256').update(shown.bytes).digest('hex')).toBe(digest);
	await sent([{ ...zoe, email: 'logo@test.example' }]);
	const mail = mailTo('logo@test.example');
	expect(mail.html).toContain('src="cid:logo"');
	expect(mail.attachments).toMatchObject([{ cid: 'logo', type: 'image/png' }]);
	expect(Buffer.from(mail.attachments![0]!.content).equals(Buffer.from(shown.bytes))).toBe(true);
	expect(await knock(stranger, lastSecret('logo@test.example'))).toMatchObject({ logo: digest });
	await setLogo(ada.ctx, png(30, 30));
	await expect(logo(stranger, digest!)).rejects.toMatchObject({ kind: 'not-found' });
	await removeLogo(ada.ctx);
	await removeLogo(ada.ctx);
	expect(await knock(stranger, lastSecret('logo@test.example'))).toMatchObject({ logo: null });
	expect((await events('client.change', ada.client)).filter(({ res }) => res === 'ok')).toHaveLength(5); // two answers’ addresses, two logos, none
});

test('what is no small picture is refused and changes nothing; others than administrators change nothing, and their try is an event', async () => {
	await setLogo(ada.ctx, png(10, 10));
	const before = await letterhead(ada.ctx);
	for (const [bytes, reason] of [[new TextEncoder().encode('<svg onload="x">'), 'logo-type'], [png(10, 10).slice(0, 50), 'logo-damaged'], [png(2001, 1), 'logo-pixels'], [png(0, 5), 'logo-pixels'], [new Uint8Array(512 * 1024 + 1), 'logo-large']] as const) await expect(setLogo(ada.ctx, bytes), reason).rejects.toMatchObject({ reason });
	const reader = await world.person(ada.client, 'reader');
	for (const act of [() => setLogo(reader.ctx, png(5, 5)), () => removeLogo(reader.ctx), () => setReplyTo(reader.ctx, { replyTo: 'eve@test.example' })]) await expect(act()).rejects.toMatchObject({ reason: 'administrators-only' });
	expect(await letterhead(ada.ctx)).toEqual(before);
	expect(await letterhead(reader.ctx)).toEqual({ ...before, administrator: false });
	expect((await events('client.change', ada.client)).filter(({ res }) => res === 'denied')).toHaveLength(3);
	const other = await world.administrator();
	expect(await letterhead(other.ctx)).toEqual({ replyTo: null, logo: null, administrator: true });
	await expect(reader.ctx.tx((tx) => tx`update letterhead set reply_to = 'eve@test.example' returning client`)).resolves.toHaveLength(0);
});

const bounced = (message: string, action: string, status: string) => new TextEncoder().encode(`To: bounces+${message}@safe.test\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; x\r\nAction: ${action}\r\nStatus: ${status}\r\n\r\n--b--\r\n`);
async function mailed(email: string) {
	const envelope = await sent([{ ...zoe, email }]);
	const { id, report } = mailTo(email);
	const [, message, secret] = /\/mail\/([0-9a-f-]{36})\/([\w-]{43})$/.exec(report!)!;
	expect(message).toBe(id);
	const seen = async () => (await follow(ada.ctx, envelope)).signers[0]!.message;
	return { envelope, message: id, secret: secret!, seen };
}

test('SIGN-12 a mail that came back is shown beside its signer with the reason, once, with an event; a corrected address starts anew', async () => {
	const { envelope, message, secret, seen } = await mailed('gone@test.example');
	expect(await seen()).toMatchObject({ kind: 'signing-link', state: 'sent', delivery: null, reason: null });
	const told = (state: 'delivered' | 'undelivered', reason: string | null, as = secret) => reportMail(stranger, message, as, { state, reason, detail: null });
	await expect(told('undelivered', 'address', 'x'.repeat(43))).rejects.toMatchObject({ kind: 'not-found' });
	await told('delivered', null);
	expect(await seen()).toMatchObject({ delivery: 'delivered', reason: null });
	await Promise.all(Array.from({ length: 10 }, () => told('undelivered', '5.1.1'))); // by the next server
	await told('delivered', null);
	await told('undelivered', 'full');
	expect(await seen()).toMatchObject({ delivery: 'undelivered', reason: 'address' });
	expect(await events('message.delivery', message)).toEqual([{ res: 'ok' }, { res: 'error' }]);
	const { signers } = await follow(ada.ctx, envelope);
	await correct(ada.ctx, envelope, signers[0]!.id, { name: zoe.name, email: 'here@test.example', number: zoe.number, locale: 'fr' });
	await work();
	expect(await seen()).toMatchObject({ state: 'sent', delivery: null });
});

test('SIGN-12 what the operator’s mail server hands in counts with its token alone; what is delayed changes nothing', async () => {
	const { message, seen } = await mailed('full@test.example');
	const token = world.web.settings.bounceToken!;
	const hand = (raw: Uint8Array, as = token) => handIn(stranger, as, { raw, type: 'message/rfc822' });
	await expect(hand(bounced(message, 'failed', '5.2.2'), 'another token')).rejects.toMatchObject({ kind: 'unauthenticated' });
	await expect(handIn({ ...stranger, settings: { ...stranger.settings, bounceToken: null } }, '', { raw: bounced(message, 'failed', '5.2.2'), type: 'message/rfc822' })).rejects.toMatchObject({ kind: 'not-found' });
	await expect(hand(new TextEncoder().encode('Bonjour'))).rejects.toMatchObject({ reason: 'notification' });
	await expect(hand(bounced(crypto.randomUUID(), 'failed', '5.2.2'))).rejects.toMatchObject({ reason: 'message' });
	await hand(bounced(message, 'delayed', '4.4.7'));
	expect(await seen()).toMatchObject({ delivery: null });
	await hand(bounced(message, 'failed', '5.2.2'));
	expect(await seen()).toMatchObject({ delivery: 'undelivered', reason: 'full' });
	expect(await withActor(world.web, { person: null, client: null, via: 'link' }).tx((tx) => tx`select delivery from message where id = ${message}`)).toHaveLength(0); // nobody’s else
});
