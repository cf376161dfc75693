// SIGN-10: prepaid credits, on a real database: what is bought is available, held or consumed, whatever happens at the same moment.

import { randomInt } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { withActor, type Context, type WorkerContext } from '#lib/server/context.ts';
import * as credits from '#lib/server/credits.ts';
import { connect } from '#lib/server/db/pool.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { expire } from '#lib/server/envelopes/complete.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { cancel, send } from '#lib/server/envelopes/send.ts';
import * as safes from '#lib/server/safes.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const operator = withActor({ ...world.web, database: connect(world.owner) }, { person: null, client: null, via: 'cli' });
/** A client that pays, with a document. */
async function payer() {
	const { ctx: free, client, person } = await world.administrator();
	const ctx: Context = { ...free, settings: { ...free.settings, privateInstance: false } };
	await world.owner`update client set verified_at = app.now() where id = ${client}`;
	const { id: safe } = await safes.create(ctx, { name: 'Contracts' });
	const bytes = await contract();
	const { id } = await stage.create(ctx, { safe, name: 'contract.pdf', length: bytes.length });
	await stage.write(ctx, id, 0, (async function* () { yield bytes; })());
	const { document } = await deposit(ctx, { stage: id });
	const worker: WorkerContext = withActor(world.worker, { person: null, client, via: 'worker' });
	return { ctx, client, person, safe, document, worker };
}
type Payer = Awaited<ReturnType<typeof payer>>;
let ada: Payer;
beforeAll(async () => void (ada = await payer()));

const buy = (client: string, units: number) => credits.purchase(operator, { client, level: 1, units, reference: 'F-2026-001' });
const two: { name: string; email: string; number: string; locale: 'fr' | 'en' }[] = [
	{ name: 'Hugo Lefèvre', email: 'hugo@test.example', number: '+33612345678', locale: 'fr' },
	{ name: 'Inès Roux', email: 'ines@test.example', number: '+33687654321', locale: 'fr' }
];
const prepared = ({ ctx, document }: Payer) => prepareEnvelope(ctx, { document, title: 'Contract', note: '', days: 30, signers: two });
const refusals = async (op: string) => (await world.owner<{ body: Uint8Array }[]>`select body from event`).map(({ body }) => JSON.parse(Buffer.from(body).toString()) as { op: string; res: string }).filter((e) => e.op === op && e.res === 'denied').length;

test('SIGN-10 no credit, no send; a purchase makes it go; what is not signed comes back at the end', async () => {
	const envelope = await prepared(ada);
	await expect(send(ada.ctx, envelope)).rejects.toMatchObject({ kind: 'forbidden', reason: 'no-credit' });
	expect(await refusals('envelope.send')).toBe(1);
	expect(await world.owner`select state from envelope where id = ${envelope}`).toEqual([{ state: 'draft' }]);
	await buy(ada.client, 1);
	await expect(send(ada.ctx, envelope)).rejects.toMatchObject({ reason: 'no-credit' });
	await buy(ada.client, 4);
	await send(ada.ctx, envelope);
	expect(await credits.balances(ada.ctx)).toEqual([{ level: 1, purchased: 5, available: 3, held: 2, consumed: 0, reviews: 0 }]);
	await cancel(ada.ctx, envelope);
	expect(await credits.balances(ada.ctx)).toEqual([{ level: 1, purchased: 5, available: 5, held: 0, consumed: 0, reviews: 0 }]);
	const ledger = await credits.entries(ada.ctx);
	expect(ledger.map(({ kind, units, reference }) => ({ kind, units, reference }))).toEqual([
		{ kind: 'return', units: 2, reference: null },
		{ kind: 'hold', units: 2, reference: null },
		{ kind: 'purchase', units: 4, reference: 'F-2026-001' },
		{ kind: 'purchase', units: 1, reference: 'F-2026-001' }
	]);
	expect(ledger[0]!.envelope?.id).toBe(envelope);
	expect(await credits.entries(ada.ctx, ledger[1]!.id, 1)).toEqual([ledger[2]]);
});

test('SIGN-10 a unit is of its signer’s level: neither level pays for the other, and short of one nothing is held of either', async () => {
	const bo = await payer();
	const [one, other] = two as [(typeof two)[0], (typeof two)[0]];
	const envelope = await prepareEnvelope(bo.ctx, { document: bo.document, title: 'Contract', note: '', days: 30, signers: [one, { ...other, level: 2, surname: 'Roux', givenNames: 'Inès' }] });
	await buy(bo.client, 5);
	await expect(send(bo.ctx, envelope)).rejects.toMatchObject({ reason: 'no-credit' });
	expect(await credits.balances(bo.ctx)).toEqual([{ level: 1, purchased: 5, available: 5, held: 0, consumed: 0, reviews: 0 }]);
	await credits.purchase(operator, { client: bo.client, level: 2, units: 1, reference: 'F-2026-002' });
	await send(bo.ctx, envelope);
	expect(await credits.balances(bo.ctx)).toEqual([{ level: 1, purchased: 5, available: 4, held: 1, consumed: 0, reviews: 0 }, { level: 2, purchased: 1, available: 0, held: 1, consumed: 0, reviews: 0 }]);
	await cancel(bo.ctx, envelope);
	expect((await credits.balances(bo.ctx)).map((b) => b.available)).toEqual([5, 1]);
});

test('SIGN-10 who signed is paid for, who did not is given back when the envelope expires', async () => {
	const envelope = await prepared(ada);
	await send(ada.ctx, envelope);
	const [first] = await world.owner<{ id: string }[]>`select id from signer where envelope = ${envelope} order by position`;
	await ada.worker.tx((tx) => credits.consume(tx, first!.id));
	await ada.worker.tx((tx) => credits.consume(tx, first!.id));
	await world.owner`update envelope set expires_at = app.now() where id = ${envelope}`;
	await expire(world.worker, { envelope });
	expect(await credits.balances(ada.ctx)).toEqual([{ level: 1, purchased: 5, available: 4, held: 0, consumed: 1, reviews: 0 }]);
});

test('SAFE-1 SIGN-10 a client sees its own credits alone, and changes none by itself', async () => {
	const eve = await payer();
	expect(await credits.balances(eve.ctx)).toEqual([]);
	expect(await credits.entries(eve.ctx)).toEqual([]);
	const envelope = await prepared(ada);
	await send(ada.ctx, envelope);
	await expect(eve.ctx.tx((tx) => tx`select app.hold_credits(${envelope})`)).rejects.toThrow();
	await eve.ctx.tx((tx) => credits.giveBack(tx, envelope));
	expect(await credits.balances(ada.ctx)).toMatchObject([{ held: 2 }]);
	for (const statement of [`select app.purchase_credits('${eve.client}', 1::smallint, 9, 'x')`, `select app.consume_credit('${envelope}')`, `insert into credit (client, level, purchased, available) values ('${eve.client}', 1, 9, 9)`, 'update credit set available = available + 1', 'delete from credit_hold', "update credit_entry set units = 1"])
		await expect(eve.ctx.tx((tx) => tx.unsafe(statement)), statement).rejects.toMatchObject({ code: '42501' });
	await expect(world.owner`delete from credit_entry`).rejects.toThrow();
	await cancel(ada.ctx, envelope);
});

test('SIGN-10 10,000 interleavings of three acts at once: never negative, the sum conserved, each act once', { timeout: 600_000 }, async () => {
	const eve = await payer();
	const drafts = await world.owner<{ envelope: string; signers: string[] }[]>`
		with e as (
			insert into envelope (client, safe, document, reference, title, created_by, expires_at)
			select ${eve.client}, ${eve.safe}, ${eve.document}, 'TEST-' || lpad(n::text, 4, '0'), 'x', ${eve.person}, app.now() + interval '1 day' from generate_series(1, 6000) n returning id, reference
		), s as (
			insert into signer (client, envelope, position, name, email, number, field)
			select ${eve.client}, e.id, p, 'x', 'x@test.example', '+33612345678', e.reference || p from e, generate_series(1, 3) p where p <= 1 + ('x' || right(md5(e.reference), 1))::bit(4)::int % 3 returning id, envelope
		) select envelope, array_agg(id) as signers from s group by envelope`;
	expect(drafts.length).toBe(6000);
	await buy(eve.client, 7);
	let bought = 7;
	const sent: { envelope: string; signers: string[] }[] = [];
	const counts = { held: 0, refused: 0 };
	const pick = <T>(all: readonly T[]) => (all.length ? all[randomInt(all.length)] : undefined);
	const acts = [
		async () => {
			const draft = drafts.pop();
			if (!draft) return;
			try {
				await eve.ctx.tx((tx) => credits.hold(tx, eve.ctx, draft.envelope));
				sent.push(draft);
				counts.held++;
			} catch (error) {
				expect(error).toMatchObject({ reason: 'no-credit' });
				drafts.push(draft);
				counts.refused++;
			}
		},
		async () => {
			const signer = pick(pick(sent)?.signers ?? []);
			if (signer) await eve.worker.tx((tx) => credits.consume(tx, signer));
		},
		async () => {
			const envelope = pick(sent)?.envelope;
			if (envelope) await (randomInt(2) ? eve.ctx : eve.worker).tx((tx) => credits.giveBack(tx, envelope));
		},
		async () => {
			if (randomInt(4)) return;
			bought += 2;
			await buy(eve.client, 2);
		}
	];
	for (let round = 0; round < 10_000; round++) {
		await Promise.all(Array.from({ length: 3 }, () => pick(acts)!()));
		if (sent.length > 40) sent.splice(0, 20);
		if (round % 500 && round !== 9999) continue;
		const [state] = await world.owner<Record<string, number>[]>`
			select c.purchased::int, c.available::int, c.held::int, c.consumed::int,
				(select coalesce(sum(units) filter (where kind = 'purchase'), 0)::int from credit_entry where client = c.client) as bought,
				(select coalesce(sum(case kind when 'hold' then -units when 'consume' then 0 else units end), 0)::int from credit_entry where client = c.client) as left,
				(select count(*)::int from credit_hold where client = c.client and state = 'held') as open,
				(select count(*)::int from credit_hold where client = c.client and state = 'consumed') as used,
				(select coalesce(sum(units) filter (where kind = 'consume'), 0)::int from credit_entry where client = c.client) as paid
			from credit c where c.client = ${eve.client}`;
		const { purchased, available, held, consumed } = state!;
		expect(Math.min(available!, held!, consumed!)).toBeGreaterThanOrEqual(0);
		expect(state).toEqual({ purchased: available! + held! + consumed!, available, held, consumed, bought: purchased, left: available, open: held, used: consumed, paid: consumed });
		expect(purchased).toBe(bought);
	}
	expect(Math.min(counts.held, counts.refused)).toBeGreaterThan(100);
});

test('SIGN-10 SIGN-14 a digitised signature holds a unit of its own, of level 0: those of level 1 do not pay for it', async () => {
	const eve = await payer();
	const envelope = await prepareEnvelope(eve.ctx, { document: eve.document, title: 'Report', note: '', days: 30, signers: [{ ...two[0]!, manner: 'digitised' }, { ...two[1]!, manner: 'in-person' }] });
	await buy(eve.client, 5);
	await expect(send(eve.ctx, envelope)).rejects.toMatchObject({ reason: 'no-credit' });
	await credits.purchase(operator, { client: eve.client, level: 0, units: 1, reference: 'F-2026-002' });
	await send(eve.ctx, envelope);
	expect((await credits.balances(eve.ctx)).map(({ level, available, held }) => ({ level, available, held }))).toEqual([{ level: 0, available: 0, held: 1 }, { level: 1, available: 4, held: 1 }]);
});
