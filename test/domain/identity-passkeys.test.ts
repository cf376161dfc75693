import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import * as passkeys from '#lib/server/identity/passkeys.ts';
import * as sessions from '#lib/server/identity/sessions.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const nobody = withActor(world.web, { person: null, client: null, via: 'web' });
const { origin } = world.web.settings;

async function enrolled() {
	const caller = { source: randomUUID(), agent: 'test' };
	const { person, ctx } = await world.administrator();
	await world.owner`update person set confirmed_at = app.now() where id = ${person}`;
	const secret = await ctx.tx((tx) => sessions.start(ctx, tx, person, { by: 'password', agent: 'test' }));
	const session = (await sessions.find(nobody, secret))!;
	const key = createAuthenticator(origin);
	const { challenge } = await passkeys.registrationOptions(ctx, session);
	await passkeys.add(ctx, session, key.create(challenge), 'laptop');
	const ask = async () => (await passkeys.authenticationOptions(nobody, caller, null)).challenge;
	return { caller, person, ctx, session, secret, key, ask };
}

test('ACC-2 a passkey signs in, and counts as a step-up', async () => {
	const { caller, person, key, ask } = await enrolled();
	const session = await sessions.find(nobody, await passkeys.login(nobody, caller, key.get(await ask(), { userHandle: person })));
	expect(session).toMatchObject({ person, steppedUp: true });
});

test('ACC-2 a challenge is good once, for five minutes, and for its purpose', async () => {
	const { caller, ctx, session, key, ask } = await enrolled();
	const challenge = await ask();
	await passkeys.login(nobody, caller, key.get(challenge));
	await expect(passkeys.login(nobody, caller, key.get(challenge))).rejects.toThrow('passkey-refused');
	const late = await ask();
	await world.owner`update webauthn_challenge set expires_at = app.now() where challenge = ${late}`;
	await expect(passkeys.login(nobody, caller, key.get(late))).rejects.toThrow('passkey-refused');
	const other = (await passkeys.authenticationOptions(ctx, caller, session)).challenge;
	await expect(passkeys.login(nobody, caller, key.get(other))).rejects.toThrow('passkey-refused');
	const lied = await ask();
	await expect(passkeys.login(nobody, caller, key.get(lied, { verified: false }))).rejects.toThrow('passkey-refused');
	await expect(passkeys.login(nobody, caller, key.get(lied))).rejects.toThrow('passkey-refused'); // spent by the lie
});

test.each([
	['another origin', { origin: 'https://safe.test.evil.example' }],
	['a port', { origin: `${origin}:8443` }],
	['another RP id', { rpId: 'test' }],
	['no user verification', { verified: false }],
	['another person', { userHandle: randomUUID() }]
])('ACC-2 a login with %s is refused and logged', async (_, said) => {
	const { caller, key, ask } = await enrolled();
	const failed = async () => (await world.owner`select from event where convert_from(body, 'UTF8')::json ->> 'op' = 'session.fail'`).length;
	const before = await failed();
	await expect(passkeys.login(nobody, caller, key.get(await ask(), said))).rejects.toMatchObject({ kind: 'unauthenticated', reason: 'passkey-refused' });
	expect(await failed()).toBe(before + 1);
});

test.each([
	['another origin', { origin: 'https://evil.example' }],
	['another RP id', { rpId: 'evil.example' }],
	['no user verification', { verified: false }]
])('ACC-2 a new passkey with %s is refused', async (_, said) => {
	const { ctx, session } = await enrolled();
	const { challenge } = await passkeys.registrationOptions(ctx, session);
	await expect(passkeys.add(ctx, session, createAuthenticator(origin).create(challenge, said), 'x')).rejects.toThrow('passkey-refused');
	expect(await passkeys.list(ctx)).toHaveLength(1);
});

test('ACC-2 a challenge for a new passkey is its asker’s alone', async () => {
	const [a, b] = [await enrolled(), await enrolled()];
	const { challenge } = await passkeys.registrationOptions(a.ctx, a.session);
	await expect(passkeys.add(b.ctx, b.session, createAuthenticator(origin).create(challenge), 'x')).rejects.toThrow('passkey-refused');
});

test('ACC-2 a copied passkey whose counter stands still, another signature, and garbage are refused', async () => {
	const { caller, person, key, ask } = await enrolled();
	await world.owner`update passkey set counter = 100 where person = ${person}`;
	await expect(passkeys.login(nobody, caller, key.get(await ask()))).rejects.toThrow('passkey-refused');
	const answer = JSON.parse(key.get(await ask())) as { response: { signature: string } };
	answer.response.signature = (JSON.parse(key.get('other')) as typeof answer).response.signature;
	await expect(passkeys.login(nobody, caller, JSON.stringify(answer))).rejects.toThrow('passkey-refused');
	for (const text of ['', '[]', '{}', '{"id":"x","response":{"clientDataJSON":"%"}}', 'null']) await expect(passkeys.login(nobody, caller, text), text).rejects.toThrow('passkey-refused');
});

test('ACC-2 a step-up is by one’s own passkey; keys are changed only after one; removing one ends the other sessions', async () => {
	const a = await enrolled();
	const b = await enrolled();
	const { challenge } = await passkeys.authenticationOptions(a.ctx, a.caller, a.session);
	await expect(passkeys.stepUp(a.ctx, a.caller, a.session, b.key.get(challenge))).rejects.toThrow('passkey-refused');
	const again = (await passkeys.authenticationOptions(a.ctx, a.caller, a.session)).challenge;
	const next = (await sessions.find(nobody, await passkeys.stepUp(a.ctx, a.caller, a.session, a.key.get(again))))!;
	expect(await sessions.find(nobody, a.secret)).toBeNull();
	const other = await passkeys.login(nobody, a.caller, a.key.get(await a.ask()));
	const stale = { ...next, steppedUp: false };
	const [{ id }] = (await passkeys.list(a.ctx)) as [passkeys.Passkey];
	await expect(passkeys.remove(a.ctx, stale, id)).rejects.toThrow('step-up-needed');
	await expect(passkeys.remove(b.ctx, b.session, id)).rejects.toMatchObject({ kind: 'not-found' });
	await passkeys.remove(a.ctx, next, id);
	expect(await sessions.find(nobody, other)).toBeNull();
	await expect(passkeys.login(nobody, a.caller, a.key.get(await a.ask()))).rejects.toThrow('passkey-refused');
});
