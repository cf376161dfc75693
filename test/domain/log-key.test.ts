// The log's key is rotated: an entry both keys have signed, a checkpoint signed by both, and receipts that lead from any key before to the one of now.

import { expect, test } from 'vitest';
import { verifyReceipt } from '#crypto/bundle/receipt.ts';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { formatVerifier, parseVerifier, signersOf } from '#crypto/tlog/note.ts';
import { keysOf, readSuccessions } from '#crypto/tlog/succession.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { append } from '#lib/server/audit/append.ts';
import { follow, settled, verifierLines } from '#lib/server/audit/log-keys.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { keys as publicKeys } from '#lib/server/audit/tiles.ts';
import { withActor, type WorkerContext } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { receipt, receiptOf } from '#lib/server/evidence/receipt.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import * as safes from '#lib/server/safes.ts';
import type { CheckpointKey } from '#lib/server/keys/signing-keys.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const ada = await world.administrator();
const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
const visitor = withActor(world.web, { person: null, client: null, via: 'web' });
const { log } = world.worker.signing;

function newKey(): CheckpointKey {
	const { privateKey, spki } = generateKey('ed25519');
	return { publicKey: spki.slice(-32), signer: nodeSigner(privateKey, specAlgorithm.ed25519) };
}
const holding = (newest: CheckpointKey, ...earlier: CheckpointKey[]): WorkerContext => ({ ...world.worker, signing: { ...world.worker.signing, log: { name: log.name, ...newest, earlier } } });
const line = ({ publicKey: key }: CheckpointKey) => formatVerifier(p, { name: log.name, key });

async function receiptBy(worker: WorkerContext): Promise<string> {
	const { id } = await stage.create(ada.ctx, { safe, name: 'a.txt', length: 5 });
	await stage.write(ada.ctx, id, 0, (async function* () {
		yield new TextEncoder().encode('hello');
	})());
	const { version } = await deposit(ada.ctx, { stage: id });
	await timestamp(worker, { version });
	while (await assign(worker));
	await publish(worker);
	await receipt(worker, { version });
	return new TextDecoder().decode(await receiptOf(ada.ctx, version, 'json'));
}
async function problems(text: string, ...trusted: CheckpointKey[]): Promise<string[]> {
	const { checks } = await verifyReceipt(p, new TextEncoder().encode(text), { logs: trusted.map(line), anchors: [world.root] });
	return checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}`);
}

test('LOG-2 the log’s key is rotated twice: proofs lead from each key to the one of now, and none is signed by a key gone by', async () => {
	const [b, c] = [newKey(), newKey()];
	const first = await receiptBy(world.worker);
	expect(first).not.toContain('"keys"');
	const ofA = world.worker;
	const ofB = holding(b, log);

	await follow(ofB);
	await follow(ofB);
	expect(await verifierLines(visitor)).toEqual([log, b].map(line));
	expect(await settled(ofB)).toBe(false);
	await assign(ofA);
	const anchored = world.objects.held.filter(({ key }) => key.includes('/checkpoint/')).length;
	await expect(publish(ofA)).rejects.toMatchObject({ name: 'LogKeyMissing' });
	await expect(publish(holding(b))).rejects.toMatchObject({ name: 'LogKeyMissing' }); // the old key too must sign this one
	expect(world.objects.held.filter(({ key }) => key.includes('/checkpoint/'))).toHaveLength(anchored);
	const { note } = (await publish(ofB))!;
	for (const key of [log, b]) await openCheckpoint(p, note, parseVerifier(p, line(key)));
	expect(await settled(ofB)).toBe(true);

	const second = await receiptBy(holding(b));
	await follow(holding(c, b));
	while (await assign(ofB));
	await publish(holding(c, b));
	const third = await receiptBy(holding(c));
	const lastNote = (JSON.parse(third) as { log: { checkpoint: string } }).log.checkpoint;
	expect(signersOf(p, lastNote, [log, b, c].map((k) => parseVerifier(p, line(k)))).map((v) => formatVerifier(p, v))).toEqual([line(c)]);

	expect(await problems(first, log)).toEqual([]);
	for (const key of [log, b]) expect(await problems(second, key)).toEqual([]);
	for (const key of [log, b, c]) expect(await problems(third, key)).toEqual([]);
	expect(await problems(third, newKey())).toEqual(['log-trusted indeterminate']);
	expect(await problems(second, c)).toEqual(['log-trusted indeterminate']); // a later key does not vouch for an earlier one
	expect(await problems(first, b, c)).toEqual(['log-trusted indeterminate']);

	const parsed = JSON.parse(third) as { log: { keys: Record<string, { note: string; opening: string }> } };
	const [at] = Object.keys(parsed.log.keys);
	const changed = (change: (shown: { note: string; opening: string }) => void) => {
		const copy = structuredClone(parsed);
		change(copy.log.keys[at!]!);
		return JSON.stringify(copy);
	};
	const lines = parsed.log.keys[at!]!.note.split('\n');
	for (const wrong of [lines.toSpliced(4, 1), lines.toSpliced(5, 1), lines.with(4, `${lines[4]!.slice(0, -6)}AAAAA=`), lines.with(5, `${lines[5]!.slice(0, -6)}AAAAA=`)]) {
		expect(await problems(changed((s) => (s.note = wrong.join('\n'))), c)).toContain('log-keys failed');
	}
	expect(await problems(changed((s) => (s.opening = '00'.repeat(32))), log, b, c)).toEqual(['log-keys failed']);
	const without = structuredClone(parsed);
	delete without.log.keys[at!];
	expect(await problems(JSON.stringify(without), log)).toEqual(['log-trusted indeterminate']);
	expect(await problems(JSON.stringify(without), b)).toEqual([]);

	const shown = JSON.parse(await publicKeys(visitor)) as { checkpoint: string; verifier: string; keys: unknown };
	expect(shown.verifier).toBe(line(c));
	expect(await keysOf(p, readSuccessions(shown.keys), await openCheckpoint(p, shown.checkpoint, parseVerifier(p, shown.verifier)))).toEqual([log, b, c].map(line));
});

test('LOG-2 a key that no one here holds, put among the log’s keys in the database, signs nothing and stops the signing', async () => {
	await world.owner`insert into log_key (number, verifier, event) select max(k.number) + 1, ${line(newKey())}, (select e.id from event e join log_leaf l on l.event = e.id order by e.id limit 1) from log_key k`;
	await world.worker.tx((tx) => append(tx, { op: 'log.read', safe, obj: safe }));
	await assign(world.worker);
	await expect(publish(world.worker)).rejects.toMatchObject({ name: 'LogKeyMissing' });
});
