import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyReceipt } from '#crypto/bundle/receipt.ts';
import { validate } from '#crypto/pades/validate.ts';
import { formatVerifier } from '#crypto/tlog/note.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { publish, verifierOf } from '#lib/server/audit/checkpoint.ts';
import { control } from '#lib/server/documents/control.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import { destroy, dispose } from '#lib/server/documents/dispose.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { sweep } from '#lib/server/documents/sweep.ts';
import { NotCovered, receipt, receiptOf } from '#lib/server/evidence/receipt.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { TimestampUnavailable } from '#lib/server/tsa/authority.ts';
import * as safes from '#lib/server/safes.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
async function* pieces(bytes: Uint8Array, size = 300_000) {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
	return Buffer.concat(await Array.fromAsync(source));
}
async function upload(who: Person, safe: string, bytes: Uint8Array, wishes: { name?: string; sha256?: Uint8Array } = {}): Promise<string> {
	const s = await stage.create(who.ctx, { safe, name: wishes.name ?? 'contrat.pdf', length: bytes.length, ...(wishes.sha256 ? { sha256: wishes.sha256 } : {}) });
	expect(await stage.write(who.ctx, s.id, 0, pieces(bytes))).toBe(bytes.length);
	return s.id;
}
const ops = async (client: string) => (await world.owner`select convert_from(body, 'utf8')::json ->> 'op' as op, convert_from(body, 'utf8')::json ->> 'res' as res from event where client = ${client} order by id`).map((e) => `${e.op} ${e.res}`);
async function home() {
	const ada = await world.administrator();
	return { ada, safe: (await safes.create(ada.ctx, { name: 'Contrats' })).id };
}
async function sequence() {
	await assign(world.worker);
	await publish(world.worker);
}

test('SAFE-2 SAFE-3 SAFE-4 SAFE-5 a deposit is kept byte for byte, stamped, and its receipt checks without us', async () => {
	const { ada, safe } = await home();
	const bytes = randomBytes(2_500_000);
	const made = await deposit(ada.ctx, { stage: await upload(ada, safe, bytes, { sha256: sha256(bytes) }) });
	expect(made).toMatchObject({ sha256: Buffer.from(sha256(bytes)).toString('hex'), size: bytes.length });
	expect((await all((await read.open(ada.ctx, made.version)).bytes)).equals(bytes)).toBe(true);
	expect((await all((await read.open(ada.ctx, made.version, { start: 1_048_000, end: 1_049_000 })).bytes)).equals(bytes.subarray(1_048_000, 1_049_000))).toBe(true);

	expect((await read.metadata(ada.ctx, made.document)).versions[0]).toMatchObject({ timestamp: null, receipt: false });
	expect(await world.database.connect('jobs')`select payload from graphile_worker._private_jobs`).toEqual([{ payload: { version: made.version } }]);
	await expect(receiptOf(ada.ctx, made.version, 'json')).rejects.toMatchObject({ reason: 'receipt-pending' });
	await timestamp(world.worker, { version: made.version });
	await timestamp(world.worker, { version: made.version });
	await expect(receipt(world.worker, { version: made.version })).rejects.toBeInstanceOf(NotCovered);
	await sequence();
	await receipt(world.worker, { version: made.version });
	const [known] = (await read.metadata(ada.ctx, made.document)).versions;
	expect(known).toMatchObject({ receipt: true, timestamp: { quality: { kind: 'internal' } }, event: made.event });

	const json = await receiptOf(ada.ctx, made.version, 'json');
	const trust = { logs: [formatVerifier(p, verifierOf(world.worker))], anchors: [world.root], fileSha256: sha256(bytes) };
	const report = await verifyReceipt(p, json, trust);
	expect(report.checks.filter((c) => c.outcome !== 'passed')).toEqual([]);
	expect(report.indication).toBe('TOTAL-PASSED');
	expect(new TextDecoder().decode(json)).not.toContain(ada.person);

	const pdf = await receiptOf(ada.ctx, made.version, 'pdf');
	const sealed = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(sealed).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ level: 'B-LT', signer: { kind: 'seal' } }] });

	expect(await control(ada.ctx, made.document, [world.root])).toMatchObject([{ finding: 'intact', timestamp: 'valid' }]);
	expect(await ops(ada.client)).toEqual(['safe.create ok', 'document.deposit ok', 'document.open ok', 'document.timestamp ok', 'document.receipt ok', 'document.control ok']);
});

test('LOG-2 LOG-3 each part of a receipt has a change that its own check catches', async () => {
	const { ada, safe } = await home();
	const made = await deposit(ada.ctx, { stage: await upload(ada, safe, randomBytes(100)) });
	await timestamp(world.worker, { version: made.version });
	await sequence();
	await receipt(world.worker, { version: made.version });
	const text = new TextDecoder().decode(await receiptOf(ada.ctx, made.version, 'json'));
	const trust = { logs: [formatVerifier(p, verifierOf(world.worker))], anchors: [world.root] };
	const problems = async (changed: string, t: typeof trust & { fileSha256?: Uint8Array } = trust) => {
		const r = await verifyReceipt(p, new TextEncoder().encode(changed), t);
		return r.checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome}`);
	};
	expect(await problems(text)).toEqual([]);
	expect(await problems(text.replace('"size":100', '"size":101'))).toEqual(['openings failed']);
	expect(await problems(text.replace(/"index":(\d+)/, (_, n) => `"index":${Number(n) + 1}`))).toEqual(['inclusion failed']);
	expect(await problems(text.replace(/(\\n\\n— \S+ )(.)/, (_, a, b) => `${a}${b === 'A' ? 'B' : 'A'}`))).toContain('checkpoint failed');
	expect(await problems(text.replace(made.version, crypto.randomUUID()))).not.toEqual([]);
	expect(await problems(text, { ...trust, logs: [] })).toEqual(['log-trusted indeterminate']);
	expect(await problems(text, { ...trust, anchors: [] })).toEqual(['timestamp indeterminate']);
	expect(await problems(text, { ...trust, fileSha256: sha256(randomBytes(1)) })).toEqual(['file failed']);
	expect(await problems(` ${text}`)).toEqual(['format failed']);
	expect(await problems('{}')).toEqual(['format failed']);
});

test('SAFE-3 a wrong hash from the caller refuses the deposit, leaves an event and the upload, and no row', async () => {
	const { ada, safe } = await home();
	const id = await upload(ada, safe, randomBytes(1000), { sha256: sha256(randomBytes(1)) });
	await expect(deposit(ada.ctx, { stage: id })).rejects.toMatchObject({ kind: 'conflict', reason: 'hash-mismatch' });
	expect(await read.count(ada.ctx, safe)).toBe(0);
	expect(await ops(ada.client)).toContain('document.deposit denied');
	expect((await stage.get(ada.ctx, id)).offset).toBe(1000);
	const before = world.objects.held.length;
	expect(await sweep(world.worker)).toBe(1);
	expect(world.objects.held.length).toBe(before - 1);
});

test('bad names, no bytes and too many are refused with their reason', async () => {
	const { ada, safe } = await home();
	const reason = (name: string, length = 1) => stage.create(ada.ctx, { safe, name, length }).then(() => 'taken', (e: { reason: string }) => e.reason);
	expect(await reason('../x')).toBe('name-path');
	expect(await reason('a\u202eb')).toBe('name-direction');
	expect(await reason('a\r\nb')).toBe('name-control');
	expect(await reason('x'.repeat(300))).toBe('name-long');
	expect(await reason('Contrat « été » n° 1.pdf')).toBe('taken');
	expect(await reason('a', 0)).toBe('empty-file');
	expect(await reason('a', (64 << 20) + 1)).toBe('file-too-large');
	expect((await ops(ada.client)).filter((op) => op === 'document.deposit denied')).toHaveLength(6);
});

test('SAFE-7 one person cannot fill the disk with uploads never finished', async () => {
	const { ada, safe } = await home();
	await stage.create(ada.ctx, { safe, name: 'a', length: 1 });
	await world.owner`insert into stage (id, client, safe, person, name, length, wrapped_key, expires) select gen_random_uuid(), client, safe, person, name, length, wrapped_key, expires from stage, generate_series(1, 499) where person = ${ada.person}`;
	await expect(stage.create(ada.ctx, { safe, name: 'b', length: 1 })).rejects.toMatchObject({ kind: 'too-many', reason: 'uploads' });
	await world.owner`update stage set expires = app.now() - interval '1 second' where id = (select id from stage where person = ${ada.person} limit 1)`;
	await stage.create(ada.ctx, { safe, name: 'b', length: 1 });
});

test('SAFE-7 an upload that was cut goes on at the last whole chunk', async () => {
	const { ada, safe } = await home();
	const bytes = randomBytes(2_200_000);
	const s = await stage.create(ada.ctx, { safe, name: 'a.bin', length: bytes.length });
	await expect(stage.write(ada.ctx, s.id, 0, (async function* () {
		yield bytes.subarray(0, 1_500_000);
		throw new Error('cut');
	})())).rejects.toThrow('cut');
	expect((await stage.get(ada.ctx, s.id)).offset).toBe(1 << 20);
	await expect(deposit(ada.ctx, { stage: s.id })).rejects.toMatchObject({ reason: 'stage-incomplete' });
	await expect(stage.write(ada.ctx, s.id, 5, pieces(bytes))).rejects.toMatchObject({ reason: 'stage-offset' });
	await stage.write(ada.ctx, s.id, 1 << 20, pieces(bytes.subarray(1 << 20)));
	const made = await deposit(ada.ctx, { stage: s.id });
	expect(made.sha256).toBe(Buffer.from(sha256(bytes)).toString('hex'));
});

test('100 deposits of one upload have one effect', async () => {
	const { ada, safe } = await home();
	const id = await upload(ada, safe, randomBytes(5000));
	const tries = await Promise.allSettled(Array.from({ length: 100 }, () => deposit(ada.ctx, { stage: id })));
	expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
	expect(await read.count(ada.ctx, safe)).toBe(1);
});

test('SAFE-1 another client, and a member without the right, get nothing and leave an event', async () => {
	const { ada, safe } = await home();
	const made = await deposit(ada.ctx, { stage: await upload(ada, safe, randomBytes(10)) });
	const stranger = await world.administrator();
	await expect(read.open(stranger.ctx, made.version)).rejects.toMatchObject({ kind: 'not-found' });
	await expect(read.metadata(stranger.ctx, made.document)).rejects.toMatchObject({ kind: 'not-found' });
	await expect(read.list(stranger.ctx, safe)).rejects.toMatchObject({ kind: 'not-found' });
	expect(await ops(stranger.client)).toEqual(Array.from({ length: 3 }, () => 'safe.require denied'));
	const reader = await world.person(ada.client, 'reader');
	await expect(stage.create(reader.ctx, { safe, name: 'a', length: 1 })).rejects.toMatchObject({ kind: 'not-found' });
	await safes.grant(ada.ctx, { safe, person: reader.person, rights: ['read'] });
	await expect(stage.create(reader.ctx, { safe, name: 'a', length: 1 })).rejects.toMatchObject({ kind: 'forbidden', reason: 'right-missing' });
	expect(await read.count(reader.ctx, safe)).toBe(1);
});

test('SAFE-11 altered and missing objects are found by a control', async () => {
	const { ada, safe } = await home();
	const made = await deposit(ada.ctx, { stage: await upload(ada, safe, randomBytes(5000)) });
	const held = world.objects.held.at(-1)!;
	held.bytes[100]! ^= 1;
	expect(await control(ada.ctx, made.document, [world.root])).toMatchObject([{ finding: 'altered', timestamp: 'pending' }]);
	await expect(all((await read.open(ada.ctx, made.version)).bytes)).rejects.toMatchObject({ code: 'mismatch' });
	world.objects.held.splice(world.objects.held.indexOf(held), 1);
	expect(await control(ada.ctx, made.document, [world.root])).toMatchObject([{ finding: 'missing' }]);
	expect(await ops(ada.client)).toContain('document.anomaly error');
});

test('SAFE-2 disposal takes the key at once, then the bytes, and cannot be undone', async () => {
	const { ada, safe } = await home();
	const made = await deposit(ada.ctx, { stage: await upload(ada, safe, randomBytes(50)) });
	await expect(dispose(ada.ctx, { document: made.document, confirmation: 'no' })).rejects.toMatchObject({ reason: 'confirmation-differs' });
	const before = world.objects.held.length;
	await dispose(ada.ctx, { document: made.document, confirmation: 'contrat.pdf' });
	await expect(read.open(ada.ctx, made.version)).rejects.toMatchObject({ kind: 'gone' });
	await destroy(world.worker, { document: made.document });
	await destroy(world.worker, { document: made.document });
	expect(world.objects.held.length).toBe(before - 1);
	expect((await ops(ada.client)).slice(-3)).toEqual(['document.dispose ok', 'document.open denied', 'document.destroy ok']);
	await expect(world.owner`update document set state = 'kept', disposed_at = null where id = ${made.document}`).rejects.toMatchObject({ code: '42501' });
});

test('SAFE-4 a TSA that is down leaves the deposit pending, and an event; it is stamped later', async () => {
	const { ada, safe } = await home();
	const made = await deposit(ada.ctx, { stage: await upload(ada, safe, randomBytes(50)) });
	const down = { ...world.worker, tsa: { ...world.worker.tsa, request: () => Promise.reject(new TimestampUnavailable('down')) } };
	await expect(timestamp(down, { version: made.version })).rejects.toThrow('down');
	expect((await read.metadata(ada.ctx, made.document)).versions[0]!.timestamp).toBeNull();
	expect((await ops(ada.client)).at(-1)).toBe('document.timestamp error');
	await timestamp(world.worker, { version: made.version });
	expect((await read.metadata(ada.ctx, made.document)).versions[0]!.timestamp).not.toBeNull();
});
