// An object store in memory with the contract of the real ones, whose keeper can be malicious, slow or down.

import { createHash } from 'node:crypto';
import { concat } from '#crypto/bytes.ts';
import { ObjectStoreError, type ObjectStore, type StoredObject } from '#lib/server/objects/store.ts';

interface Held extends StoredObject {
	bytes: Uint8Array;
}

export interface MemoryStore extends ObjectStore {
	/** Every version held, in order of storing: the keeper's own hands. */
	readonly held: Held[];
	/** Refuses everything with `unavailable` while true. */
	down: boolean;
	/** Called before an object is stored: may throw, or take its time. */
	beforePut: (key: string) => void | Promise<void>;
}

export function createMemoryStore(): MemoryStore {
	const store: MemoryStore = {
		held: [],
		down: false,
		beforePut: () => {},
		capabilities: { versions: true, lock: false, presign: false },
		async put(key, body, options = {}) {
			up();
			await store.beforePut(key);
			const parts: Uint8Array[] = [];
			for await (const part of body) parts.push(part.slice());
			const bytes = concat(...parts);
			if (options.size !== undefined && options.size !== bytes.length) throw new ObjectStoreError('checksum', key);
			if (options.sha256 && !createHash('sha256').update(bytes).digest().equals(options.sha256)) throw new ObjectStoreError('checksum', key);
			if (options.ifAbsent && store.held.some((o) => o.key === key)) throw new ObjectStoreError('exists', key);
			const object = { key, version: crypto.randomUUID(), size: bytes.length, storedAt: new Date(), bytes };
			store.held.push(object);
			return object;
		},
		async *get(key, { version, range } = {}) {
			const { bytes } = find(key, version);
			const wanted = range ? bytes.subarray(range.start, range.end) : bytes;
			for (let at = 0; at < wanted.length; at += 65_536) yield wanted.slice(at, at + 65_536);
		},
		stat: async (key, version) => find(key, version),
		async *list(prefix) {
			up();
			yield* store.held.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
		},
		async remove(key, version) {
			up();
			const at = store.held.findIndex((o) => o.key === key && o.version === version);
			if (at >= 0) store.held.splice(at, 1);
		},
		retain: async () => Promise.reject(new ObjectStoreError('unsupported', 'no lock')),
		presign: async () => Promise.reject(new ObjectStoreError('unsupported', 'no address')),
		ping: async () => up()
	};
	const up = () => {
		if (store.down) throw new ObjectStoreError('unavailable', 'down');
	};
	const find = (key: string, version?: string) => {
		up();
		const object = store.held.findLast((o) => o.key === key && (!version || o.version === version));
		if (!object) throw new ObjectStoreError('not-found', key);
		return object;
	};
	return store;
}
