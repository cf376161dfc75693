// Once an hour the log commits to the heads of all chains and an authority stamps a checkpoint over that.

import { expect, test } from 'vitest';
import { fromHex, hex, utf8 } from '#crypto/bytes.ts';
import { openCheckpointOfAny } from '#crypto/tlog/checkpoint.ts';
import { opens, readEntry } from '#crypto/tlog/entry.ts';
import { chainFault, headsRoot, proveHead, verifyHead, type Head } from '#crypto/tlog/heads.ts';
import { leafHash, verifyInclusion } from '#crypto/tlog/merkle.ts';
import { parseVerifier } from '#crypto/tlog/note.ts';
import { hashes } from '#crypto/tlog/succession.ts';
import { append } from '#lib/server/audit/append.ts';
import { entriesOf, publish } from '#lib/server/audit/checkpoint.ts';
import { headsAt } from '#lib/server/audit/heads.ts';
import { verifierLines } from '#lib/server/audit/log-keys.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { stamped } from '#lib/server/audit/tiles.ts';
import { withActor } from '#lib/server/context.ts';
import { heads } from '#lib/server/evidence/heads.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { sweep } from '#lib/server/unfinished.ts';
import { run } from '../support/openssl.ts';
import { pemOf } from '../support/pki.ts';
import { createHostileTsa, type Mood } from '../support/tsa.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const tsa = await createHostileTsa();
const worker = { ...world.worker, tsa: tsa.authority };
const visitor = withActor(world.web, { person: null, client: null, via: 'web' });
const safes = [crypto.randomUUID(), crypto.randomUUID(), null];
const hour = (n: number) => ({ hour: new Date(Date.UTC(2026, 10, 23, n)).toISOString() });

async function happen(): Promise<void> {
	await worker.tx(async (tx) => {
		for (const [i, safe] of safes.entries()) for (let n = 0; n <= i; n++) await append(tx, { op: 'document.open', safe, obj: crypto.randomUUID() });
	});
	while (await assign(worker));
}
const rows = () => world.owner<{ hour: Date; checkpoint: string | null; token: Uint8Array | null }[]>`select h.hour, h.checkpoint, c.token from log_heads h left join checkpoint c on c.size = h.checkpoint order by hour`;
const events = (op: string) => world.owner<{ res: string }[]>`select convert_from(body, 'utf8')::json ->> 'res' as res from event where convert_from(body, 'utf8')::json ->> 'op' = ${op} order by id`;
const anchoredTokens = () => world.objects.held.filter(({ key }) => key.includes('/token/'));

test('LOG-2 nothing is said of an empty log', async () => {
	await heads(worker, hour(0));
	expect(await rows()).toEqual([]);
	await expect(stamped(visitor)).rejects.toMatchObject({ kind: 'not-found' });
});

test('LOG-2 LOG-3 the heads of an hour are committed to once, stamped once a checkpoint covers them, and whoever has the public files checks them with openssl', async () => {
	await happen();
	await Promise.all(Array.from({ length: 10 }, () => heads(worker, hour(1))));
	expect(await rows()).toMatchObject([{ checkpoint: null }]);
	while (await assign(worker));
	await publish(worker);
	await Promise.all(Array.from({ length: 10 }, () => heads(worker, hour(1))));
	expect([await events('log.heads'), await events('log.timestamp')]).toEqual([[{ res: 'ok' }], [{ res: 'ok' }]]);
	expect(await rows()).toMatchObject([{ checkpoint: '7' }]);
	expect(anchoredTokens()).toHaveLength(1);

	const { note, token, heads: json } = await stamped(visitor);
	expect(Buffer.from(token).equals(anchoredTokens()[0]!.bytes)).toBe(true);
	const files = { checkpoint: note, 'checkpoint.tst': token, 'root.pem': pemOf(...tsa.authority.anchors) };
	const verify = ['ts', '-verify', '-data', 'checkpoint', '-in', 'checkpoint.tst', '-token_in', '-CAfile', 'root.pem'];
	expect(run('openssl', verify, files)).toMatchObject({ status: 0 });
	expect(run('openssl', verify, { ...files, checkpoint: note.replace('\n7\n', '\n8\n') }).status).not.toBe(0);

	const shown = JSON.parse(json) as { entry: string; index: number; inclusion: string; openings: Record<'root' | 'size', { key: string; value: string }> };
	const { size, root } = await openCheckpointOfAny(p, note, (await verifierLines(visitor)).map((line) => parseVerifier(p, line)));
	expect(verifyInclusion(p, leafHash(p, utf8(shown.entry)), shown.index, size, hashes(Buffer.from(shown.inclusion, 'base64')), root)).toBe(true);
	const { body } = readEntry(utf8(shown.entry));
	for (const name of ['root', 'size'] as const) expect(opens(p, body, { name, key: fromHex(shown.openings[name].key), value: shown.openings[name].value })).toBe(true);
	expect(body.op).toBe('log.heads');

	const entries = await entriesOf(worker, 0, Number(shown.openings.size.value));
	const last = new Map<string | null, Head>();
	for (const entry of entries) last.set(readEntry(entry).body.safe, { safe: readEntry(entry).body.safe, seq: readEntry(entry).seq, leaf: leafHash(p, entry) });
	expect(hex(await headsRoot(p, [...last.values()]))).toBe(shown.openings.root.value);
	for (const safe of safes) {
		const own = entries.filter((entry) => readEntry(entry).body.safe === safe);
		const head = last.get(safe)!;
		expect(chainFault(p, own, head)).toBeNull();
		const proof = (await worker.tx(async (tx) => proveHead(p, await headsAt(tx, entries.length), safe)))!;
		expect(verifyHead(p, head, proof, fromHex(shown.openings.root.value))).toBe(true);
	}
});

test.each<Mood>(['down', 'wrong-imprint', 'untrusted', 'tampered'])('LOG-2 an authority that is %s leaves the hour pending, with an event; the next token covers it', async (mood) => {
	const before = (await rows()).length;
	const [past, next] = [hour(2 * before), hour(2 * before + 1)];
	await happen();
	await heads(worker, past);
	while (await assign(worker));
	await publish(worker);
	const kept = anchoredTokens().length;
	tsa.mood = mood;
	await expect(heads(worker, past)).rejects.toThrow();
	expect((await rows()).at(-1)).toMatchObject({ checkpoint: null });
	expect(anchoredTokens()).toHaveLength(kept);
	expect((await events('log.timestamp')).at(-1)).toEqual({ res: 'error' });
	tsa.mood = 'honest';
	await heads(worker, next);
	while (await assign(worker));
	await publish(worker);
	await heads(worker, next);
	expect((await rows()).slice(-2).map(({ checkpoint, token }) => [checkpoint !== null, token !== null])).toEqual([[true, true], [true, true]]);
	await heads(worker, past);
	expect(anchoredTokens()).toHaveLength(kept + 1);
});

test('LOG-2 a token anchored before a kill is taken up; one over something else is not', async () => {
	for (const spoiled of [false, true]) {
		const at = hour(100 + (await rows()).length);
		await happen();
		await heads(worker, at);
		while (await assign(worker));
		await publish(worker);
		const cut = { ...worker, tx: ((act: never) => (anchoredTokens().length > kept ? Promise.reject(new Error('killed')) : worker.tx(act))) as typeof worker.tx };
		const kept = anchoredTokens().length;
		await expect(heads(cut, at)).rejects.toThrow('killed');
		const anchored = anchoredTokens().at(-1)!;
		if (spoiled) anchored.bytes = anchoredTokens()[0]!.bytes.slice();
		const again = heads(worker, at);
		if (spoiled) await expect(again).rejects.toMatchObject({ name: 'TimestampRefused' });
		else await again;
		const row = (await rows()).at(-1)!;
		expect(row.token && Buffer.from(row.token).equals(anchored.bytes)).toBe(spoiled ? null : true);
	}
});

test('LOG-2 the sweep wants the heads of this hour, and of hours that wait', async () => {
	const [{ pending }] = await world.owner<[{ pending: number }]>`select count(*)::int as pending from log_heads where checkpoint is null`;
	await sweep(worker);
	const queued = await world.database.connect('jobs')`select key from graphile_worker.jobs where task_identifier = 'log.heads'`;
	expect(queued).toHaveLength(pending + 1);
});
