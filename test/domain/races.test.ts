// A hundred identical acts at the same moment have exactly one effect (SECURITY: Races); deposits, stampings and signatures are raced where they are tested.

import { expect, test } from 'vitest';
import { deposit } from '#lib/server/documents/deposit.ts';
import { dispose } from '#lib/server/documents/dispose.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { follow, send } from '#lib/server/envelopes/send.ts';
import { bob, createEnvelopes, zoe } from '../support/envelopes.ts';
import { contract } from '../support/signing.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, safe, mails, work } = await createEnvelopes(world);
const many = 100;

async function deposited(): Promise<string> {
	const bytes = await contract();
	const { id } = await stage.create(ada.ctx, { safe, name: 'contrat.pdf', length: bytes.length });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield bytes;
	})());
	return (await deposit(ada.ctx, { stage: id })).document;
}
const done = async (op: string, obj: string) => (await world.owner`select from event, lateral (select convert_from(body, 'utf8')::json as b) x where b ->> 'op' = ${op} and b ->> 'obj' = ${obj} and b ->> 'res' = 'ok'`).count;

/** How many succeeded; the others were refused for one of these reasons and nothing else. */
async function race(act: () => Promise<unknown>, refusals: readonly string[]): Promise<number> {
	const all = await Promise.allSettled(Array.from({ length: many }, act));
	for (const one of all) if (one.status === 'rejected') expect(refusals).toContain((one.reason as { reason?: string }).reason ?? String(one.reason));
	return all.filter((one) => one.status === 'fulfilled').length;
}

test(`SIGN-4 ${many} identical sends at once: one is sent, and each signer gets one link and one mail`, { timeout: 120_000 }, async () => {
	const id = await prepareEnvelope(ada.ctx, { document: await deposited(), title: 'Contrat', note: '', days: 30, signers: [{ ...zoe, step: 1 }, { ...bob, step: 1 }] });
	expect(await race(() => send(ada.ctx, id), ['envelope-state'])).toBe(1);
	expect(await done('envelope.send', id)).toBe(1);
	expect(await world.owner`select count(*)::int as links from link l join signer s on s.id = l.signer where s.envelope = ${id}`).toEqual([{ links: 2 }]);
	expect(await world.owner`select count(*)::int as messages from message m join link l on l.id = m.subject join signer s on s.id = l.signer where s.envelope = ${id}`).toEqual([{ messages: 2 }]);
	await work();
	expect(mails.filter((m) => m.text.includes('/sign/')).map((m) => m.to).sort()).toEqual([bob.email, zoe.email].sort());
	expect(await follow(ada.ctx, id)).toMatchObject({ state: 'waiting', signers: [{ state: 'invited' }, { state: 'invited' }] });
	await work();
});

test(`SAFE-2 ${many} identical disposals at once: one disposes, and its bytes go once`, { timeout: 120_000 }, async () => {
	const document = await deposited();
	expect(await race(() => dispose(ada.ctx, { document, confirmation: 'contrat.pdf' }), ['document'])).toBe(1);
	expect(await done('document.dispose', document)).toBe(1);
	expect(await world.owner`select state from document where id = ${document}`).toEqual([{ state: 'disposed' }]);
	const jobs = await world.database.connect('jobs')`select count(*)::int as n from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'documents.destroy' and j.payload ->> 'document' = ${document}`;
	expect(jobs).toEqual([{ n: 1 }]);
});
