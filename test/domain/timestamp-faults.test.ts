import { expect, test } from 'vitest';
import * as safes from '#lib/server/safes.ts';
import * as stage from '#lib/server/documents/stage.ts';
import * as read from '#lib/server/documents/read.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { createHostileTsa, type Mood } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const worker = { ...world.worker, tsa: tsa.authority };
const ada = await world.administrator();
const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;

async function deposited() {
	const { id } = await stage.create(ada.ctx, { safe, name: 'a.txt', length: 5 });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield new TextEncoder().encode('hello');
	})());
	return deposit(ada.ctx, { stage: id });
}
const events = (version: string) => world.owner<{ res: string; reason: string | null }[]>`
	select convert_from(body, 'utf8')::json ->> 'res' as res, o.value as reason from event e left join event_opening o on o.event = e.id and o.name = 'reason'
	where convert_from(body, 'utf8')::json ->> 'op' = 'document.timestamp' and convert_from(body, 'utf8')::json ->> 'obj' = ${version} order by e.id`;

const refusals: [Mood, string, RegExp][] = [
	['down', 'TimestampUnavailable', /503/],
	['slow', 'TimestampUnavailable', /cannot be reached/],
	['huge', 'TimestampUnavailable', /larger/],
	['html', 'TimestampUnavailable', /text\/html/],
	['redirect', 'TimestampUnavailable', /cannot be reached/],
	['rejects', 'TimestampRefused', /systemFailure/],
	['wrong-imprint', 'TimestampRefused', /imprint/],
	['wrong-nonce', 'TimestampRefused', /nonce/],
	['no-nonce', 'TimestampRefused', /nonce/],
	['wrong-policy', 'TimestampRefused', /policy/],
	['untrusted', 'TimestampRefused', /chain/],
	['expired', 'TimestampRefused', /chain/],
	['not-a-tsa', 'TimestampRefused', /chain/],
	['tampered', 'TimestampRefused', /signature/]
];

test.each(refusals)('SAFE-4 an authority that is %s leaves the deposit pending and says why; it is stamped later', async (mood, name, why) => {
	const { version, document } = await deposited();
	tsa.mood = mood;
	await expect(timestamp(worker, { version })).rejects.toMatchObject({ name, message: expect.stringMatching(why) });
	expect(await world.owner`select from timestamp_token where version = ${version}`).toHaveLength(0);
	expect((await read.metadata(ada.ctx, document)).versions[0]!.timestamp).toBeNull();
	expect(await events(version)).toMatchObject([{ res: 'error', reason: expect.stringMatching(why) }]);
	tsa.mood = 'honest';
	await timestamp(worker, { version });
	expect((await read.metadata(ada.ctx, document)).versions[0]!.timestamp).toMatchObject({ quality: { kind: 'third-party' } });
	expect((await events(version)).map(({ res }) => res)).toEqual(['error', 'ok']);
});

test('SAFE-4 100 stampings of one version at once store one token and one event', async () => {
	const { version } = await deposited();
	tsa.mood = 'honest';
	await Promise.all(Array.from({ length: 100 }, () => timestamp(worker, { version })));
	expect(await world.owner`select from timestamp_token where version = ${version}`).toHaveLength(1);
	expect((await events(version)).map(({ res }) => res)).toEqual(['ok']);
});
