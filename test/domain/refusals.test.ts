// Whatever is refused leaves an event, whoever asked and however little there was to be found.

import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { countRefusals } from '#lib/server/audit/refusals.ts';
import { withActor } from '#lib/server/context.ts';
import { decideCopy, askForCopy } from '#lib/server/conversion/copies.ts';
import { control } from '#lib/server/documents/control.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { dispose } from '#lib/server/documents/dispose.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { layout } from '#lib/server/envelopes/fields.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import * as send from '#lib/server/envelopes/send.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { receiptOf } from '#lib/server/evidence/receipt.ts';
import { changePassword } from '#lib/server/identity/login.ts';
import { refuseOrigin } from '#lib/server/identity/origin.ts';
import * as passkeys from '#lib/server/identity/passkeys.ts';
import * as sessions from '#lib/server/identity/sessions.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const { ada, safe, sent, enter } = await createEnvelopes(world);
let stranger: Person;
beforeEach(async () => void (stranger = await world.administrator()));

interface Written {
	readonly op: string;
	readonly res: string;
	readonly obj: string;
	readonly values: Record<string, string>;
}
const events = (client: string | null, op: string) => world.owner<Written[]>`
	select b ->> 'op' as op, b ->> 'res' as res, b ->> 'obj' as obj, (select coalesce(json_object_agg(o.name, o.value), '{}') from event_opening o where o.event = e.id) as values
	from event e cross join lateral (select convert_from(body, 'utf8')::json as b) x where e.client is not distinct from ${client} and b ->> 'op' = ${op} and b ->> 'res' = 'denied' order by e.id`;

async function deposited(name = 'a.txt') {
	const { id } = await stage.create(ada.ctx, { safe, name, length: 5 });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield new TextEncoder().encode('hello');
	})());
	return deposit(ada.ctx, { stage: id });
}
const mine = await deposited();
const envelope = await sent([zoe]);

const byId: Readonly<Record<string, readonly [what: string, id: string, act: (who: Person, id: string) => Promise<unknown>]>> = {
	'an opening': ['version', mine.version, ({ ctx }, id) => read.open(ctx, id)],
	'metadata': ['document', mine.document, ({ ctx }, id) => read.metadata(ctx, id)],
	'a control': ['document', mine.document, ({ ctx }, id) => control(ctx, id, [])],
	'a receipt': ['version', mine.version, ({ ctx }, id) => receiptOf(ctx, id, 'json')],
	'a disposal': ['document', mine.document, ({ ctx }, id) => dispose(ctx, { document: id, confirmation: 'a.txt' })],
	'an envelope': ['envelope', envelope, ({ ctx }, id) => send.follow(ctx, id)],
	'a cancellation': ['envelope', envelope, ({ ctx }, id) => send.cancel(ctx, id)],
	'a reminder': ['envelope', envelope, ({ ctx }, id) => send.remind(ctx, id)],
	'its fields': ['envelope', envelope, ({ ctx }, id) => layout(ctx, id)],
	'a preparation': ['document', mine.document, ({ ctx }, id) => prepareEnvelope(ctx, { document: id, title: 'T', note: '', days: 1, signers: [zoe] })],
	'a flat copy': ['document', mine.document, ({ ctx }, id) => askForCopy(ctx, id)],
	'a flat copy’s approval': ['copy', randomUUID(), ({ ctx }, id) => decideCopy(ctx, id, 'approved')]
};

test.each(Object.entries(byId))('LOG-1 %s asked for by another client, or of what is not there, is refused alike and leaves an event each', async (_, [what, id, act]) => {
	const none = randomUUID();
	for (const asked of [id, none]) await expect(act(stranger, asked)).rejects.toMatchObject({ kind: 'not-found', reason: what });
	expect(await events(stranger.client, 'safe.require')).toMatchObject([id, none].map((asked) => ({ obj: stranger.client, values: { what, asked } })));
});

test('LOG-1 a disposal with another name, or of what waits for signatures, is refused with an event; so is opening what was disposed of', async () => {
	const { document, version } = await deposited('b.txt');
	await expect(dispose(ada.ctx, { document, confirmation: 'B.TXT' })).rejects.toMatchObject({ reason: 'confirmation-differs' });
	const { document: waiting, title } = await send.follow(ada.ctx, envelope);
	expect(title).not.toBe('');
	const { name } = await read.metadata(ada.ctx, waiting);
	await expect(dispose(ada.ctx, { document: waiting, confirmation: name })).rejects.toMatchObject({ reason: 'in-envelope' });
	expect(await events(ada.client, 'document.dispose')).toMatchObject([
		{ obj: document, values: { reason: 'confirmation-differs' } },
		{ obj: waiting, values: { reason: 'in-envelope' } }
	]);
	await dispose(ada.ctx, { document, confirmation: 'b.txt' });
	await expect(read.open(ada.ctx, version)).rejects.toMatchObject({ kind: 'gone', reason: 'destroyed' });
	expect(await events(ada.client, 'document.open')).toMatchObject([{ obj: version, values: { reason: 'destroyed' } }]);
});

test('LOG-1 a reminder too soon, and of an envelope that waits for nobody, is refused with an event', async () => {
	const id = await sent([{ ...zoe, number: '+33612340001' }]);
	await send.remind(ada.ctx, id);
	await expect(send.remind(ada.ctx, id)).rejects.toMatchObject({ reason: 'reminders' });
	await send.cancel(ada.ctx, id);
	await expect(send.remind(ada.ctx, id)).rejects.toMatchObject({ reason: 'envelope-state' });
	expect((await events(ada.client, 'envelope.remind')).map((e) => [e.obj, e.values.reason])).toEqual([[id, 'reminders'], [id, 'envelope-state']]);
});

test('LOG-1 what cannot be a code is refused with an event', async () => {
	await sent([{ ...zoe, number: '+33612340002' }]);
	const { ctx } = await enter(zoe.email);
	await expect(here.attempt(ctx, '12345')).rejects.toMatchObject({ kind: 'invalid', reason: 'code-shape' });
	expect(await events(ada.client, 'signer.attempt')).toMatchObject([{ obj: ctx.envelope, values: { reason: 'code-shape' } }]);
});

test('LOG-1 ACC-2 each thing that wants a step-up and has none is refused with an event', async () => {
	const { ctx, person, client } = stranger;
	const nobody = withActor(world.web, { person: null, client: null, via: 'web' });
	const secret = await ctx.tx((tx) => sessions.start(ctx, tx, person, { by: 'password', agent: 'test' }));
	const session = { ...(await sessions.find(nobody, secret))!, steppedUp: false };
	for (const act of [() => changePassword(ctx, session, 'x'), () => passkeys.registrationOptions(ctx, session), () => passkeys.add(ctx, session, '{}', ''), () => passkeys.remove(ctx, session, 'x')]) {
		await expect(act()).rejects.toMatchObject({ kind: 'forbidden', reason: 'step-up-needed' });
	}
	expect(await events(client, 'session.step-up')).toMatchObject(Array.from({ length: 4 }, () => ({ obj: session.id, values: { reason: 'step-up-needed' } })));
});

test('LOG-1 requests of another origin are counted: one event a minute for each source, however many they are', async () => {
	const nobody = withActor(world.web, { person: null, client: null, via: 'web' });
	await Promise.all(Array.from({ length: 100 }, () => expect(refuseOrigin(nobody, '203.0.113.9')).rejects.toMatchObject({ kind: 'forbidden', reason: 'other-origin' })));
	await expect(refuseOrigin(nobody, '203.0.113.10')).rejects.toMatchObject({ reason: 'other-origin' });
	expect(await events(null, 'request.refuse')).toEqual([]);
	await world.owner`update app.clock set shift = '3 minutes'`;
	await countRefusals(world.worker);
	await countRefusals(world.worker);
	const counted = (await events(null, 'refusal.counted')).filter(({ values }) => values.op === 'request.refuse').map(({ values }) => Number(values.count));
	expect(counted.reduce((sum, n) => sum + n, 0)).toBe(101);
	expect(counted.length).toBeLessThanOrEqual(3); // the hundred may have begun in one minute and ended in the next
	expect(JSON.stringify(await world.owner`select source from refusal`)).not.toContain('203.0.113');
});
