import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cephMissing, startCeph, type Ceph } from '../../../../test/support/ceph.ts';
import { createMemoryStore } from '../../../../test/support/memory-store.ts';
import { fileStore } from './file.ts';
import { s3Store } from './s3.ts';
import type { ObjectStore } from './store.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
async function* pieces(bytes: Uint8Array, size = 1 << 20) {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const part of source) parts.push(part);
	return Buffer.concat(parts);
}
const list = async (store: ObjectStore, prefix: string) => (await Array.fromAsync(store.list(prefix))).map((o) => o.key);

const directory = mkdtempSync(join(tmpdir(), 'probant-objects-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The contract of store.ts, line by line. */
function conformance(open: () => Promise<ObjectStore>): void {
	let store: ObjectStore;
	beforeAll(async () => {
		store = await open();
	}, 180_000);

	test('OPS-3 what was put is read back, whole and in ranges', async () => {
		const bytes = randomBytes(3_000_017);
		const stored = await store.put('a/whole', pieces(bytes), { size: bytes.length, sha256: sha256(bytes) });
		expect(stored).toMatchObject({ key: 'a/whole', size: bytes.length });
		expect((await all(store.get('a/whole', { version: stored.version }))).equals(bytes)).toBe(true);
		for (const [start, end] of [[0, 1], [1_048_570, 1_048_590], [bytes.length - 1, bytes.length]] as const) {
			expect((await all(store.get('a/whole', { range: { start, end } }))).equals(bytes.subarray(start, end))).toBe(true);
		}
		expect(await store.stat('a/whole')).toMatchObject({ size: bytes.length, version: stored.version });
	});

	test('an object of several parts over 5 MB, of unknown size, and an empty one', async () => {
		const bytes = randomBytes(17_000_000);
		await store.put('a/parts', pieces(bytes), { sha256: sha256(bytes) });
		expect(sha256(await all(store.get('a/parts')))).toEqual(sha256(bytes));
		await store.put('a/empty', pieces(Buffer.alloc(0)), { size: 0 });
		expect((await all(store.get('a/empty'))).length).toBe(0);
	});

	test('a second put is a second version; each is read and removed by itself', async () => {
		const one = await store.put('b/versions', pieces(Buffer.from('one')), { size: 3 });
		const two = await store.put('b/versions', pieces(Buffer.from('two')), { size: 3 });
		expect(one.version).not.toBe(two.version);
		expect(String(await all(store.get('b/versions', { version: one.version })))).toBe('one');
		expect(String(await all(store.get('b/versions')))).toBe('two');
		await store.remove('b/versions', two.version);
		expect(String(await all(store.get('b/versions')))).toBe('one');
		await store.remove('b/versions', one.version);
		await store.remove('b/versions', one.version);
		await expect(all(store.get('b/versions'))).rejects.toMatchObject({ code: 'not-found' });
	});

	test('SAFE-3 a wrong checksum or size is refused and leaves nothing', async () => {
		const bytes = randomBytes(7_000_000);
		await expect(store.put('c/wrong', pieces(bytes), { sha256: sha256(Buffer.from('x')) })).rejects.toMatchObject({ code: 'checksum' });
		await expect(store.put('c/short', pieces(bytes), { size: bytes.length + 1 })).rejects.toMatchObject({ name: 'ObjectStoreError' });
		await expect(store.put('c/cut', (async function* () {
			yield bytes.subarray(0, 1000);
			throw new Error('the connection was cut');
		})())).rejects.toThrow(/^the connection was cut$/);
		expect(await list(store, 'c/')).toEqual([]);
	});

	test('of puts that demand a new key one wins', async () => {
		const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => store.put('d/once', pieces(Buffer.from(String(i))), { size: 1, ifAbsent: true })));
		expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
		for (const t of tries) if (t.status === 'rejected') expect(t.reason).toMatchObject({ code: 'exists' });
		await expect(store.put('d/once', pieces(Buffer.from('x')), { ifAbsent: true })).rejects.toMatchObject({ code: 'exists' });
	});

	test('keys are listed in order under their prefix; what is missing is said', async () => {
		for (const key of ['e/2', 'e/10', 'e/1/x', 'e/1-a', 'e/1', 'f/1']) await store.put(key, pieces(Buffer.from('x')), { size: 1 });
		expect(await list(store, 'e/')).toEqual(['e/1', 'e/1-a', 'e/1/x', 'e/10', 'e/2']);
		await expect(store.stat('e/none')).rejects.toMatchObject({ code: 'not-found' });
		await expect(all(store.get('e/none'))).rejects.toMatchObject({ code: 'not-found' });
		await store.ping();
	});
}

describe('file store', () => {
	conformance(() => fileStore(join(directory, 'store')));

	test('SAFE-14 it claims no lock and no address', async () => {
		const store = await fileStore(join(directory, 'store'));
		expect(store.capabilities).toEqual({ versions: true, lock: false, presign: false });
		await expect(store.retain('a/whole', '0', new Date())).rejects.toMatchObject({ code: 'unsupported' });
		await expect(store.presign('a/whole', '0', 60)).rejects.toMatchObject({ code: 'unsupported' });
	});

	test('keys stay inside', async () => {
		const store = await fileStore(join(directory, 'store'));
		for (const key of ['../x', 'a/../b', '/a', 'a//b', '', '.', 'a/.']) await expect(store.put(key, pieces(Buffer.from('x'))), key).rejects.toMatchObject({ code: 'unsupported' });
	});

	test('the latest version is the one put last, with a clock that stands still or goes back', async () => {
		const store = await fileStore(join(directory, 'clock'));
		const now = vi.spyOn(Date, 'now').mockReturnValue(1_800_000_000_000);
		try {
			for (let i = 0; i < 20; i++) {
				if (i === 10) now.mockReturnValue(1_700_000_000_000);
				await store.put('a', pieces(Buffer.from(String(i))));
				expect(String(await all(store.get('a')))).toBe(String(i));
			}
		} finally {
			now.mockRestore();
		}
	});
});

/** What domain tests run on: it must keep the same contract. */
describe('store in memory, of the tests', () => {
	const memory = createMemoryStore();
	conformance(async () => memory);
});

describe.skipIf(cephMissing)(`S3 (Ceph radosgw${cephMissing ? `; left out: ${cephMissing}` : ''})`, () => {
	let ceph: Ceph;
	const client = () => {
		const { hostname, port } = new URL(ceph.endpoint);
		return new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey: ceph.accessKey, secretKey: ceph.secretKey });
	};
	const open = async (bucket = `b${randomBytes(6).toString('hex')}`) => {
		await client().makeBucket(bucket, 'default', { ObjectLocking: true });
		return s3Store({ endpoint: ceph.endpoint, region: 'default', bucket, accessKey: ceph.accessKey, secretKey: ceph.secretKey, partSize: 5 << 20 });
	};
	beforeAll(async () => {
		ceph = await startCeph();
	}, 300_000);
	afterAll(() => ceph?.stop(), 60_000);

	conformance(() => open());

	test('SAFE-14 COMPLIANCE: neither removal nor a shorter term before its end', async () => {
		const store = await open();
		expect(store.capabilities.lock).toBe(true);
		const { version } = await store.put('locked', pieces(Buffer.from('x')), { size: 1 });
		await store.retain('locked', version, new Date(Date.now() + 3600_000));
		await expect(store.remove('locked', version)).rejects.toMatchObject({ code: 'locked' });
		await expect(store.retain('locked', version, new Date(Date.now() + 60_000))).rejects.toMatchObject({ code: 'locked' });
		await store.retain('locked', version, new Date(Date.now() + 7200_000));
		expect(String(await all(store.get('locked', { version })))).toBe('x');
	});

	test('OPS-3 an upload that fails after whole parts leaves neither object nor parts, and says what its source said', async () => {
		const store = await open('unfinished');
		let sent = 0;
		const failing = store.put('cut', (async function* () {
			yield randomBytes(12 << 20);
			sent = (await client().listIncompleteUploads('unfinished', '', true).toArray()).length;
			throw new Error('the connection was cut');
		})());
		await expect(failing).rejects.toThrow(/^the connection was cut$/);
		expect(sent).toBe(1);
		expect(await client().listIncompleteUploads('unfinished', '', true).toArray()).toEqual([]);
		expect(await list(store, '')).toEqual([]);
	});

	test('a presigned address is read until it expires', async () => {
		const store = await open();
		const { version } = await store.put('shared', pieces(Buffer.from('shared')), { size: 6 });
		const address = await store.presign('shared', version, 2);
		expect(await (await fetch(address)).text()).toBe('shared');
		await expect.poll(async () => (await fetch(address)).status, { timeout: 15_000, interval: 500 }).toBe(403);
	});

	test('a wrong key, and a store that is gone, are unavailable', async () => {
		await expect(s3Store({ endpoint: ceph.endpoint, region: 'default', bucket: 'nobody', accessKey: 'x', secretKey: 'y' })).rejects.toMatchObject({ name: 'ObjectStoreError' });
		await expect(s3Store({ endpoint: 'http://127.0.0.1:9', region: 'default', bucket: 'b', accessKey: 'x', secretKey: 'y' })).rejects.toMatchObject({ code: 'unavailable' });
	});
});
