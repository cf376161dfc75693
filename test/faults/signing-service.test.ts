// OPS-3, SIGN-3: the worker is killed (SIGKILL) around what it asks of a remote signing service. One signature comes of an accepted code, and our own CA issues nothing.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { appoint } from '#lib/server/identity-check/officers.ts';
import { createCscServer } from '../support/csc.ts';
import { pemOf } from '../support/pki.ts';
import { createDepositor } from './depositor.ts';
import { startInstance } from './instance.ts';
import type { Moment } from './postgres-proxy.ts';
import { createSigner } from './signer.ts';

const csc = await createCscServer();
const directory = mkdtempSync(join(tmpdir(), 'probant-csc-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const roots = join(directory, 'csc.pem');
writeFileSync(roots, pemOf(csc.pki.root.certificate.der));
const instance = await startInstance({ SIGNING_SERVICE: 'csc', CSC_NAME: csc.service.name, CSC_URL: csc.url, CSC_CLIENT_ID: csc.service.clientId, CSC_CLIENT_SECRET: csc.service.clientSecret, CSC_ANCHORS_FILE: roots });
const ada = await createDepositor(instance);
await appoint(ada.ctx, ada.ctx.actor.person!, true);

test.each<[string, RegExp, Moment['when'], number]>([
	['certificate recorded, nothing signed', /insert into remote_certificate/, 'committed', 1],
	['signed by the service, not stored', /update signing_intent set state = 'signed'/, 'before', 2],
	['stored', /update signing_intent set state = 'signed'/, 'committed', 1]
])('OPS-3 SIGN-3 signature by a remote service: worker killed at: %s', async (_, statement, when, asked) => {
	const signer = await createSigner(instance, ada.ctx, ada.safe, { officer: ada.ctx });
	const [{ email }] = await instance.owner<[{ email: string }]>`select email from signer where id = ${signer.signer}`;
	await csc.enrol({ user: email, surname: 'Müller', givenNames: 'Zoë' });
	const code = await signer.code();
	await instance.settled();
	csc.signed.length = 0;
	const gone = instance.killAt('worker', { role: 'worker', statement, when }).then(() => instance.restart('worker'));
	await signer.type(code);
	await gone;
	await signer.signed();
	await instance.settled();
	await instance.whole('worker');
	await signer.kept();
	expect(csc.signed).toHaveLength(asked);
	expect(await instance.owner`select from remote_certificate r join signing_intent i on i.id = r.intent where i.signer = ${signer.signer} and r.kept_at is not null`).toHaveLength(1);
	expect(await instance.owner`select from one_time_certificate`).toHaveLength(0);
});
