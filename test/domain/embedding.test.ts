// Signing inside another site's page: which sites, and URLs that are good once (SIGN-6).

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import * as door from '#lib/server/envelopes/door.ts';
import { allowedOrigins, allowOrigin, exactOrigin, forbidOrigin } from '#lib/server/envelopes/embedding-origins.ts';
import { embed, embedCookie, embeddedIn, entered, enterEmbedded, knock } from '#lib/server/envelopes/embedding.ts';
import { cancel } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { createEnvelopes, from, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, stranger, sent, enter } = await createEnvelopes(world);
await allowOrigin(ada.ctx, 'https://shop.example');
const [shop] = await allowedOrigins(ada.ctx);
const signerOf = async (envelope: string) => (await owner<{ id: string }[]>`select id from signer where envelope = ${envelope}`)[0]!.id;
const made = async (envelope: string) => (await embed(ada.ctx, envelope, { signer: await signerOf(envelope), origin: shop!.id })).split('/embed/')[1]!;
const only = (name: string, value: string) => ({ get: (asked: string) => (asked === name ? value : undefined) });

test('SIGN-6 an origin is exact and over HTTPS: nothing wider, nothing else', () => {
	expect(exactOrigin(' https://Shop.example/ ')).toBe('https://shop.example');
	expect(exactOrigin('https://shop.example:8443')).toBe('https://shop.example:8443');
	expect(exactOrigin('https://xn--bcher-kva.example')).toBe('https://xn--bcher-kva.example');
	for (const wrong of ['http://shop.example', 'https://*.example', 'https://shop.example/path', 'https://u:p@shop.example', 'https://shop.example?x', 'shop.example', 'null', '*', "https://a.example 'self'", 'https://a.example;script-src *', 'https://a.example,https://b.example', ''])
		expect(() => exactOrigin(wrong), wrong).toThrow(expect.objectContaining({ reason: 'embedding-origin' }) as Error);
});

test('SIGN-6 only an administrator says which sites, each change an event; the instance itself is none', async () => {
	const eve = await world.person(ada.client, 'contributor');
	await expect(allowOrigin(eve.ctx, 'https://evil.example')).rejects.toMatchObject({ reason: 'administrators-only' });
	await expect(eve.ctx.tx((tx) => tx`insert into embedding_origin (client, origin, added_by) values (${ada.client}, 'https://evil.example', ${eve.person})`)).rejects.toMatchObject({ code: '42501' });
	await expect(allowOrigin(ada.ctx, 'https://shop.example')).rejects.toMatchObject({ reason: 'origin-known' });
	await expect(allowOrigin(ada.ctx, ada.ctx.settings.origin)).rejects.toMatchObject({ reason: 'embedding-origin' });
	const said = await owner<{ value: string }[]>`select o.value from event_opening o join event e on e.id = o.event where convert_from(e.body, 'UTF8')::jsonb->>'op' = 'client.embed' and o.name = 'allowed'`;
	expect(said.map((s) => s.value)).toEqual(['https://shop.example']);
});

test('SIGN-6 the URL is good once, and its secret is nowhere', async () => {
	const envelope = await sent([zoe]);
	const secret = await made(envelope);
	const [kept] = await owner<[{ hash: Uint8Array }]>`select hash from embedding order by created_at desc limit 1`;
	expect(Buffer.from(kept.hash).equals(createHash('sha256').update(secret).digest())).toBe(true);
	expect(JSON.stringify(await owner`select * from event_opening`)).not.toContain(secret);
	expect(await knock(stranger, secret)).toMatchObject({ live: true, origin: 'https://shop.example' });
	expect(await knock(stranger, secret)).toMatchObject({ live: true }); // looking changes nothing
	const { signer, cookie } = await enterEmbedded(stranger, secret, null, from);
	expect(await embeddedIn(stranger, cookie, signer)).toBe('https://shop.example');
	expect(await here.task(await entered(stranger, only(embedCookie, cookie), signer))).toMatchObject({ state: 'opened', name: zoe.name });
	await expect(enterEmbedded(stranger, secret, null, from)).rejects.toMatchObject({ kind: 'gone', reason: 'embedding-dead' });
	await expect(enterEmbedded(stranger, 'x'.repeat(43), null, from)).rejects.toMatchObject({ reason: 'embedding-dead' });
	const refused = await owner`select from event where convert_from(body, 'UTF8')::jsonb->>'op' = 'signer.open' and convert_from(body, 'UTF8')::jsonb->>'res' = 'denied'`;
	expect(refused.count).toBe(1);
});

test('SIGN-6 two at once exchange it once', async () => {
	const secret = await made(await sent([zoe]));
	const both = await Promise.allSettled([enterEmbedded(stranger, secret, null, from), enterEmbedded(stranger, secret, null, from)]);
	expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('SIGN-6 it ends with ten minutes, the envelope, or its site being allowed; a session too', async () => {
	const old = await made(await sent([zoe]));
	await owner`update embedding set expires_at = app.now() where hash = ${createHash('sha256').update(old).digest()}`;
	await expect(enterEmbedded(stranger, old, null, from)).rejects.toMatchObject({ reason: 'embedding-dead' });
	const cancelled = await sent([zoe]);
	const late = await made(cancelled);
	await cancel(ada.ctx, cancelled);
	await expect(enterEmbedded(stranger, late, null, from)).rejects.toMatchObject({ reason: 'embedding-dead' });
	await expect(embed(ada.ctx, cancelled, { signer: await signerOf(cancelled), origin: shop!.id })).rejects.toMatchObject({ reason: 'envelope-state' });
	const envelope = await sent([zoe]);
	await allowOrigin(ada.ctx, 'https://former.example');
	const former = (await allowedOrigins(ada.ctx)).find((o) => o.origin === 'https://former.example')!;
	const inside = await enterEmbedded(stranger, (await embed(ada.ctx, envelope, { signer: await signerOf(envelope), origin: former.id })).split('/embed/')[1]!, null, from);
	await forbidOrigin(ada.ctx, former.id);
	expect(await embeddedIn(stranger, inside.cookie, inside.signer)).toBeNull();
	await expect(entered(stranger, only(embedCookie, inside.cookie), inside.signer)).rejects.toMatchObject({ reason: 'signing-session' });
	await expect(embed(ada.ctx, envelope, { signer: inside.signer, origin: former.id })).rejects.toMatchObject({ kind: 'not-found', reason: 'origin' });
});

test('SIGN-6 a session by a link is framed by nobody, another client’s origin is not taken, and one who signs in person is not embedded', async () => {
	const envelope = await sent([zoe]);
	const { cookie, signer } = await enter(zoe.email);
	expect(await embeddedIn(stranger, cookie, signer)).toBeNull();
	await expect(entered(stranger, only('__Host-signing', cookie), signer)).resolves.toMatchObject({ envelope });
	const other = await world.administrator();
	await allowOrigin(other.ctx, 'https://theirs.example');
	const [theirs] = await allowedOrigins(other.ctx);
	await expect(embed(ada.ctx, envelope, { signer, origin: theirs!.id })).rejects.toMatchObject({ reason: 'origin' });
	await expect(embed(other.ctx, envelope, { signer, origin: theirs!.id })).rejects.toMatchObject({ kind: 'not-found' });
	const present = await sent([{ ...zoe, manner: 'in-person' }]);
	await expect(embed(ada.ctx, present, { signer: await signerOf(present), origin: shop!.id })).rejects.toMatchObject({ reason: 'not-remote' });
	await expect(door.inside(world.web, cookie, await signerOf(present))).rejects.toMatchObject({ reason: 'signing-session' });
});
