// A provider down for an hour in the middle of an envelope's life (SIGN-12, OPS-3): while it is down everyone is told what is waited for, afterwards everything ends, once.

import { expect, test } from 'vitest';
import { sweep } from '#lib/server/unfinished.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { signatures } from '#lib/server/fsck/signatures.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { TimestampUnavailable } from '#lib/server/tsa/authority.ts';
import { internalAuthority } from '#lib/server/tsa/internal.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { owner } = world;
const { ada, worker, tasks, mails, texts, work, sent, enter, ask } = await createEnvelopes(world);
tasks['evidence.timestamp'] = (x) => timestamp(worker, x);

type Part = 'SMTP' | 'SMS' | 'TSA' | 'OCSP';
const down = new Set<Part>();
let ahead = 0;
const { mailer, sms, signing } = worker;
const tsa = internalAuthority({ primitives: worker.primitives, tsa: signing.tsa, root: world.root, policy: '1.3.6.1.4.1.99999.1.1', now: () => Date.now() + ahead });
const unless = <A extends unknown[], R>(part: Part, act: (...args: A) => Promise<R>, error = new Error(`${part} is down`)) => (...args: A): Promise<R> => (down.has(part) ? Promise.reject(error) : act(...args));
Object.assign(worker, {
	mailer: { send: unless('SMTP', mailer.send) },
	sms: { send: unless('SMS', sms.send) },
	tsa: { ...tsa, request: unless('TSA', (request: Uint8Array) => tsa.request(request), new TimestampUnavailable('down')) },
	signing: { ...signing, ocsp: { ...signing.ocsp, signer: { ...signing.ocsp.signer, sign: unless('OCSP', (tbs: Uint8Array) => signing.ocsp.signer.sign(tbs)) } } }
});

/** What a worker does: whatever is queued, a failure being no more than a job that has to come back. */
async function drain(): Promise<void> {
	for (let done = false; !done; ) done = await work().then(() => true, () => false);
}
/** Lets time go by, with a sweep every five minutes. */
async function live(minutes: number): Promise<void> {
	for (let passed = 0; passed < minutes; passed += 5) {
		ahead += 5 * 60_000;
		await owner`update app.clock set shift = ${ahead} * interval '1 millisecond'`;
		await sweep(worker);
		await drain();
	}
}
/** Asks for a code; types it if it came. */
async function tries(ctx: SignerContext, name: string): Promise<void> {
	const before = texts.length;
	const code = await ask(ctx, name).catch(() => null);
	await drain();
	if (texts.length === before) return;
	await here.attempt(ctx, code ?? /(\d{6})/.exec(texts.at(-1)!.text)![1]!);
	await drain();
}
let round = 0;

test.each<Part[]>([['SMTP'], ['SMS'], ['TSA'], ['OCSP'], ['SMTP', 'SMS', 'TSA', 'OCSP']])('SIGN-12 %s down for an hour in the middle of an envelope: said meanwhile, ended after it, each mail and each signature once', { timeout: 120_000 }, async (...parts) => {
	const n = ++round;
	const [first, second] = [{ ...zoe, email: `zoe${n}@test.example`, number: `+336123450${10 + n}`, step: 1 }, { ...bob, email: `bob${n}@test.example`, number: `+337587650${10 + n}`, step: 2 }];
	const id = await sent([first, second]);
	const entered = await enter(first.email);
	const from = { mails: mails.length, texts: texts.length };
	for (const part of parts) down.add(part);
	await tries(entered.ctx, zoe.name);
	if (down.has('SMS')) {
		expect(await standing(entered.ctx, null)).toMatchObject({ delivery: 'delayed' });
		expect((await follow(ada.ctx, id)).signers[0]).toMatchObject({ state: 'opened', codeDelivery: 'delayed' });
	}
	await live(60);
	const [zoeThen, bobThen] = (await follow(ada.ctx, id)).signers;
	if (down.has('SMS')) expect(zoeThen).toMatchObject({ state: 'opened' });
	else if (down.has('TSA')) expect(zoeThen).toMatchObject({ state: 'signing', pending: true });
	else if (down.has('SMTP')) expect([zoeThen, bobThen]).toMatchObject([{ state: 'signed' }, { state: 'invited', message: { state: 'waiting', refused: false } }]);
	const early = down.has('OCSP') && down.size === 1; // they sign; what is said of the certificates is the completion's
	if (early) {
		await tries((await enter(second.email)).ctx, bob.name);
		await live(5);
		expect(await follow(ada.ctx, id)).toMatchObject({ state: 'waiting', awaits: true, signers: [{ state: 'signed' }, { state: 'signed' }] });
	}
	expect(texts).toHaveLength(from.texts + (down.has('SMS') ? 0 : early ? 2 : 1));
	if (down.has('SMS')) expect(await standing(entered.ctx, null)).toMatchObject({ triesLeft: 0 });

	down.clear();
	await live(15);
	if (parts.includes('SMS')) await tries((await enter(first.email)).ctx, zoe.name);
	if (!early) await tries((await enter(second.email)).ctx, bob.name);
	await live(15);

	const { state, signers } = await follow(ada.ctx, id);
	expect([state, ...signers.map((s) => [s.state, s.trouble, s.pending])]).toEqual(['completed', ['signed', null, false], ['signed', null, false]]);
	expect(mails.slice(from.mails).map((m) => [m.to, m.attachments?.length ?? 0]).sort()).toEqual([[second.email, 0], [first.email, 2], [second.email, 2]].sort());
	expect(texts).toHaveLength(from.texts + 2);
	const states = await owner`select s.position, i.state, count(*)::int as n from signing_intent i join signer s on s.id = i.signer where i.envelope = ${id} group by 1, 2 order by 1`;
	expect(states).toEqual([{ position: 1, state: 'released', n: 1 }, { position: 2, state: 'released', n: 1 }]);
	const versions = await owner`select v.id from version v join envelope e on e.document = v.document where e.id = ${id}`;
	expect(versions).toHaveLength(5); // deposited, frozen, one for each signature, made to last
	expect(await owner`select id from message where state in ('waiting', 'failed')`).toEqual([]);
	expect(await owner`select from version v where not exists (select from timestamp_token t where t.version = v.id)`).toHaveLength(0);
	expect(await Array.fromAsync(signatures(worker, { signatures: 0 }))).toEqual([]);
});
