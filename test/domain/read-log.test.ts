import { expect, test } from 'vitest';
import * as safes from '#lib/server/safes.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { open } from '#lib/server/documents/read.ts';
import { logPageSize, readLog } from '#lib/server/documents/read-log.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { append } from '#lib/server/audit/append.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const ada = await world.administrator();

async function safeWithDeposit() {
	const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
	const { id } = await stage.create(ada.ctx, { safe, name: 'a.txt', length: 5 });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield new TextEncoder().encode('hello');
	})());
	return { safe, ...(await deposit(ada.ctx, { stage: id })) };
}
const ops = (events: readonly { op: string }[]) => events.map(({ op }) => op);

test('SAFE-2 the log of a safe is read newest first, with who, what and where; reading it is an event of it', async () => {
	const { safe, version } = await safeWithDeposit();
	await open(ada.ctx, version);
	await assign(world.worker);
	const events = await readLog(ada.ctx, safe);
	expect(ops(events)).toEqual(['log.read', 'document.open', 'document.deposit', 'safe.create']);
	expect(events[0]!.leaf).toBeNull();
	expect(events[2]).toMatchObject({ name: 'Ada', via: 'web', res: 'ok', obj: version, values: { size: '5' }, leaf: { seq: 2 } });
	expect(events[2]!.actor).not.toBe(ada.person);
});

test('SAFE-2 the log is filtered by document, operation and time', async () => {
	const { safe, document, version } = await safeWithDeposit();
	await open(ada.ctx, version);
	expect(ops(await readLog(ada.ctx, safe, { document }))).toEqual(['log.read', 'document.open', 'document.deposit']);
	expect(ops(await readLog(ada.ctx, safe, { op: 'document.open' }))).toEqual(['document.open']);
	expect(await readLog(ada.ctx, safe, { until: new Date('2020-01-01') })).toEqual([]);
	expect((await readLog(ada.ctx, safe, { from: new Date('2020-01-01') })).length).toBeGreaterThan(3);
	for (const wrong of [{ before: 'x' }, { document: 'x' }, { from: new Date('no') }, { op: 'x' as 'log.read' }]) {
		await expect(readLog(ada.ctx, safe, wrong)).rejects.toMatchObject({ reason: 'log-filter' });
	}
});

test('SAFE-2 pages follow each other without a gap, and one reading of many pages is one event', async () => {
	const { safe } = await safeWithDeposit();
	await ada.ctx.tx(async (tx) => {
		for (let i = 0; i < logPageSize; i++) await append(tx, { op: 'document.open', safe, obj: String(i) });
	});
	const first = await readLog(ada.ctx, safe);
	const second = await readLog(ada.ctx, safe, { before: first.at(-1)!.id });
	expect([first.length, ops(second)]).toEqual([logPageSize, ['document.open', 'document.deposit', 'safe.create']]);
	expect(ops(await readLog(ada.ctx, safe, { op: 'log.read' }))).toHaveLength(2);
});

test('SAFE-1 the log of a safe is read with the right to audit alone, and only where the safe is open', async () => {
	const { safe } = await safeWithDeposit();
	const eve = await world.person(ada.client, 'reader');
	await expect(readLog(eve.ctx, safe)).rejects.toMatchObject({ kind: 'not-found' });
	await safes.grant(ada.ctx, { safe, person: eve.person, rights: ['read'] });
	await expect(readLog(eve.ctx, safe)).rejects.toMatchObject({ reason: 'right-missing' });
	expect(await readLog(ada.ctx, safe, { op: 'safe.require' })).toMatchObject([{ res: 'denied', values: { right: 'audit' } }]);
	await safes.grant(ada.ctx, { safe, person: eve.person, rights: ['audit'] });
	expect((await readLog(eve.ctx, safe)).length).toBeGreaterThan(4);
	await expect(readLog((await world.administrator()).ctx, safe)).rejects.toMatchObject({ kind: 'not-found' });
});

test('LOG-2 an erased person’s events stay, without name and values', async () => {
	const { safe } = await safeWithDeposit();
	await world.owner`delete from event_opening o using event e where e.id = o.event and e.safe = ${safe}`;
	await world.owner`delete from pseudonym where person = ${ada.person}`;
	expect((await readLog(ada.ctx, safe, { op: 'document.deposit' }))[0]).toMatchObject({ name: null, values: {} });
});
