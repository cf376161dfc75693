// What anyone may ask for, with an account or without: answers depend on links and secrets alone.

import { secretHash } from '#lib/server/identity/sessions.ts';
import { current } from '#lib/server/identity/terms.ts';
import { everyone, nothing, type Rows, type Target } from '../row.ts';
import { secretOf } from '../site.ts';

const dead = () => ['x'.repeat(43)];
/** A live link of what a person is mailed. */
async function confirming({ site, person }: Target): Promise<[string]> {
	const secret = secretOf();
	await site.owner`insert into confirmation (person, hash) values (${person}, ${secretHash(secret)})`;
	return [secret];
}
async function resetting({ site, person }: Target): Promise<[string]> {
	const secret = secretOf();
	await site.owner`insert into password_reset (person, hash) values (${person}, ${secretHash(secret)})`;
	return [secret];
}
async function settingUp({ site }: Target): Promise<[string]> {
	const secret = secretOf();
	await site.owner`insert into setup_link (hash) values (${secretHash(secret)})`;
	return [secret];
}
/** An invitation to the asker's own address. */
async function inviting({ site, client, person, asker }: Target): Promise<[string]> {
	const secret = secretOf();
	await site.owner`update person set confirmed_at = app.now() where id = ${asker}`;
	await site.owner`insert into invitation (client, email, role, invited_by, hash) values (${client}, ${`${asker ?? 'guest'}@test.example`}, 'reader', ${person}, ${secretHash(secret)})`;
	return [secret];
}
const signing = async ({ site, ctx, safe }: Target) => [(await site.invited(ctx, await safe())).link];
async function embedding({ site, ctx, safe }: Target): Promise<[string]> {
	const { envelope, signer } = await site.invited(ctx, await safe());
	return [await site.embedded(ctx, envelope, signer)];
}
/** A link to what is signed. */
async function copying({ site, client, ctx, safe }: Target): Promise<[string]> {
	const secret = secretOf();
	const { envelope, signer } = await site.invited(ctx, await safe());
	await site.owner`update envelope set state = 'completed', closed_at = app.now() where id = ${envelope}`;
	await site.owner`insert into signed_copy_link (client, signer, hash) values (${client}, ${signer}, ${secretHash(secret)})`;
	return [secret];
}
const covered = (path: string) => async ({ site }: Target) => (await site.sequence(), [path]);
const report = async ({ site, client }: Target) => Object.values(await site.texted(client));

export const publicRows: Rows = {
	'GET /': everyone(200),
	'GET /(public)/register': everyone(200),
	'POST /(public)/register': everyone(400),
	'GET /(public)/login': everyone(200),
	'POST /(public)/login?/password': { ...everyone(401), form: (t) => ({ email: `${t.person}@test.example`, password: 'wrong' }) },
	'POST /(public)/login?/passkey': { ...everyone(401), form: () => ({ answer: '{}' }) },
	'POST /(public)/login/passkey': everyone(200),
	'POST /(public)/logout': everyone(303),
	'POST /(public)/language': { ...everyone(303), form: () => ({ locale: 'en' }) },
	'GET /(public)/forgotten': everyone(200),
	'POST /(public)/forgotten': { ...everyone(200), form: (t) => ({ email: `${t.person}@test.example` }) },
	'GET /(public)/reset/[token]': { ...everyone(200), params: dead },
	'GET /(public)/reset/[token] # live': { ...everyone(200), params: resetting },
	'POST /(public)/reset/[token]': { ...everyone(410), params: dead, form: () => ({ password: 'vélo crépuscule tarmac' }) },
	'POST /(public)/reset/[token] # live': { ...everyone(303), params: resetting, form: () => ({ password: 'vélo crépuscule tarmac' }) },
	'GET /(public)/confirm/[token]': { ...everyone(200), params: dead },
	'GET /(public)/confirm/[token] # live': { ...everyone(200), params: confirming },
	'POST /(public)/confirm/[token]': { ...everyone(410), params: dead },
	'POST /(public)/confirm/[token] # live': { ...everyone(303), params: confirming },
	'GET /(public)/invitation/[token]': { ...everyone(200), params: dead },
	'GET /(public)/invitation/[token] # live': { ...everyone(200), params: inviting },
	'POST /(public)/invitation/[token]': { ...everyone(410, { nobody: 401 }), params: dead },
	'POST /(public)/invitation/[token] # live': { ...everyone(303, { nobody: 401 }), params: inviting },
	'POST /(public)/invitation/[token] # to another address': { ...everyone(410, { nobody: 401 }), params: (t) => inviting({ ...t, asker: null }) },
	'GET /(public)/setup/[token]': { ...everyone(200), params: dead },
	'GET /(public)/setup/[token] # live': { ...everyone(200), params: settingUp },
	'POST /(public)/setup/[token]': { ...everyone(400), params: dead },
	'POST /(public)/setup/[token] # live': { ...everyone(303), params: settingUp, form: () => ({ email: `${crypto.randomUUID()}@test.example`, name: 'Op', password: 'vélo crépuscule tarmac', terms: current.version }) },
	'GET /(public)/sign/[token]': { ...everyone(200), params: dead },
	'GET /(public)/sign/[token] # live': { ...everyone(200), params: signing },
	'POST /(public)/sign/[token]': { ...everyone(410), params: dead },
	'POST /(public)/sign/[token] # live': { ...everyone(303), params: signing },
	'GET /(public)/embed/[token]': { ...everyone(200), params: dead },
	'GET /(public)/embed/[token] # live': { ...everyone(200), params: embedding },
	'POST /(public)/embed/[token]': { ...everyone(410), params: dead },
	'POST /(public)/embed/[token] # live': { ...everyone(303), params: embedding },
	'GET /(public)/copy/[token]': { ...everyone(200), params: dead },
	'GET /(public)/copy/[token] # live': { ...everyone(200), params: copying },
	'POST /(public)/copy/[token]?/code': { ...everyone(410), params: dead },
	'POST /(public)/copy/[token]?/code # live': { ...everyone(200), params: copying },
	'POST /(public)/copy/[token]?/open': { ...everyone(410), params: dead, form: () => ({ code: '000000' }) },
	'POST /(public)/copy/[token]?/open # live, no code asked for': { ...everyone(410), params: copying, form: () => ({ code: '000000' }) },
	'GET /(public)/copy/[token]/withdraw': { ...everyone(303), params: dead },
	'GET /(public)/copy/[token]/withdraw # live, no session': { ...everyone(303), params: copying },
	'POST /(public)/copy/[token]/withdraw': { ...everyone(303), params: dead, form: () => ({ name: 'Zoë', email: 'zoe@test.example' }) }, // shown the door
	'POST /(public)/copy/[token]/withdraw # live, no session': { ...everyone(303), params: copying, form: () => ({ name: 'Zoë', email: 'zoe@test.example' }) },
	'GET /(public)/copy/[token]/[what]': { ...everyone(410), params: () => [...dead(), 'document'] },
	'GET /(public)/copy/[token]/[what] # live, no session': { ...everyone(401), params: async (t) => [...(await copying(t)), 'document'] },
	'GET /(public)/locked': everyone(303), // nothing is locked, here and below: sent to the dashboard. matrix.test.ts asks with a session that is
	'POST /(public)/locked?/password': { ...everyone(303), form: () => ({ password: 'wrong' }) },
	'POST /(public)/locked?/passkey': { ...everyone(303), form: () => ({ answer: '{}' }) },
	'POST /(public)/locked/passkey': everyone(401),
	'GET /(public)/outbox': everyone(200), // not in production: test/http/production.test.ts
	'GET /(public)/outbox/[message]': { ...everyone(404), params: () => [nothing] },
	'GET /(public)/logo/[digest]': { ...everyone(404), params: () => ['0'.repeat(64)] },
	'GET /(public)/terms': everyone(200),
	'GET /(public)/verify': everyone(200),
	'GET /(public)/log': everyone(200),
	'GET /(public)/log/[...path]': { ...everyone(404), params: () => ['nothing'] },
	'GET /(public)/log/[...path] # checkpoint': { ...everyone(200), params: covered('checkpoint') },
	'GET /(public)/log/[...path] # tile': { ...everyone(200), params: covered('tile/0/000.p/1') },
	'GET /(public)/log/[...path] # entries': { ...everyone(404), params: covered('tile/entries/000.p/1') }, // of members and auditors
	'GET /(public)/pki': everyone(200),
	'GET /(public)/pki/[file]': { ...everyone(404), params: () => ['nothing'] },
	'GET /(public)/pki/ocsp/[...request]': { ...everyone(200), params: () => ['bm9uc2Vuc2U='] },
	'POST /(public)/pki/ocsp/[...request]': { ...everyone(200), params: () => ['x'] },
	'POST /(public)/mail': everyone(404), // no token is set
	'POST /(public)/mail/[message]/[secret]': { ...everyone(400), params: () => [nothing, 'x'.repeat(43)] }, // no JSON
	'POST /(public)/mail/[message]/[secret] # without its secret': { ...everyone(404), params: () => [nothing, 'x'.repeat(43)], json: () => ({ state: 'delivered' }) },
	'POST /(public)/sms/[message]/[secret]': { ...everyone(400), params: () => [nothing, 'x'.repeat(43)] }, // no JSON
	'POST /(public)/sms/[message]/[secret] # report': { ...everyone(204), params: report, json: () => ({ state: 'delivered' }) },
	'POST /(public)/sms/[message]/[secret] # without its secret': { ...everyone(404), params: async (t) => [(await report(t))[0]!, 'x'.repeat(43)], json: () => ({ state: 'delivered' }) }
};
