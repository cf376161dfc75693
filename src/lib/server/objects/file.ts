// Objects as files of one machine: written aside, synced, linked into place, the directory synced. Claims no WORM: whoever owns the disk can remove a file.

import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ObjectStoreError, watched, type ObjectStore, type StoredObject } from './store.ts';

const keyShape = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
/** The version a key gets when it must not exist: one name, so that of two only one is linked. */
const first = '0';
/** Other processes write aside too: only what none can still be writing is cleared, in milliseconds. */
const abandoned = 24 * 3600_000;

/** Bytes between two syncs of a long write, so that the last one is short. */
const syncEvery = 64 << 20;

/** Bytes of a piece: most objects are one. */
const readAtOnce = 1 << 20;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
const missing = (error: unknown) => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

function failed(error: unknown, what: string): ObjectStoreError {
	if (error instanceof ObjectStoreError) return error;
	if (missing(error)) return new ObjectStoreError('not-found', what, { cause: error });
	return new ObjectStoreError('unavailable', `${what}: ${codeOf(error) ?? (error as Error).message}`, { cause: error });
}

async function syncDirectory(path: string): Promise<void> {
	const handle = await open(path, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Makes a directory below `root` durable, and those above it, also what another has made and not yet synced: its name is an entry of its parent. `durable` remembers those above, which stay. Answers whether it is new. */
async function makeDirectory(root: string, path: string, durable = new Set<string>()): Promise<boolean> {
	const made = await mkdir(path, { recursive: true });
	await syncDirectory(dirname(path));
	for (let at = dirname(path); at.length > root.length && !durable.has(at); at = dirname(at)) {
		await syncDirectory(dirname(at));
		durable.add(at);
	}
	return made !== undefined;
}

/** Removes what a killed process left half written. */
async function clear(aside: string): Promise<void> {
	for (const name of await readdir(aside)) {
		try {
			if ((await stat(join(aside, name))).mtimeMs < Date.now() - abandoned) await unlink(join(aside, name));
		} catch (error) {
			if (!missing(error)) throw error; // another process was faster
		}
	}
}

/** A version after `last`, whatever the clock says: names sort as they were made. */
function versionAfter(last: string | undefined): string {
	const stamp = Math.max(Date.now(), parseInt(last ?? '0', 16) + 1);
	return `${stamp.toString(16).padStart(12, '0')}-${randomBytes(6).toString('hex')}`;
}

/** A store under `root`, which is made. */
export async function fileStore(root: string): Promise<ObjectStore> {
	const objects = join(root, 'objects');
	const aside = join(root, 'incoming');
	await makeDirectory(root, objects);
	await makeDirectory(root, aside);
	await clear(aside);

	const durable = new Set<string>();
	const place = (key: string): string => {
		if (!keyShape.test(key) || key.length > 500) throw new ObjectStoreError('unsupported', `key ${JSON.stringify(key)}`);
		return join(objects, `${key}#`); // the mark keeps a key apart from keys below it
	};
	const fileOf = (key: string, version: string): string => {
		if (!/^[0-9a-f]+(-[0-9a-f]+)?$/.test(version)) throw new ObjectStoreError('not-found', `${key} ${version}`);
		return join(place(key), version);
	};
	const versions = async (key: string): Promise<string[]> => {
		try {
			return (await readdir(place(key))).sort();
		} catch (error) {
			if (missing(error)) return [];
			throw failed(error, key);
		}
	};
	const describe = async (key: string, version: string): Promise<StoredObject> => {
		try {
			const s = await stat(fileOf(key, version));
			return { key, version, size: s.size, storedAt: s.mtime };
		} catch (error) {
			throw failed(error, `${key} ${version}`);
		}
	};
	const latest = async (key: string): Promise<string> => {
		const last = (await versions(key)).at(-1);
		if (last === undefined) throw new ObjectStoreError('not-found', key);
		return last;
	};

	async function writeAside(body: AsyncIterable<Uint8Array>, path: string, options: { size?: number; sha256?: Uint8Array }): Promise<void> {
		const handle = await open(path, 'wx', 0o600);
		const hash = options.sha256 && createHash('sha256');
		let size = 0;
		let unsynced = 0;
		const write = async (part: Uint8Array) => {
			await handle.writeFile(part); // write() may stop short, as at the last free byte of a disk
			if ((unsynced += part.length) < syncEvery) return;
			await handle.datasync();
			unsynced = 0;
		};
		let writing = Promise.resolve();
		try {
			for await (const part of body) {
				hash?.update(part);
				size += part.length;
				await writing;
				writing = write(part);
				writing.catch(() => {}); // goes on while the source makes its next part; thrown where it is awaited
			}
			await writing;
			if (options.size !== undefined && options.size !== size) throw new ObjectStoreError('checksum', `${size} bytes instead of ${options.size}`);
			if (options.sha256 && !hash?.digest().equals(options.sha256)) throw new ObjectStoreError('checksum', 'other bytes than announced');
			await handle.sync();
		} finally {
			await writing.catch(() => {});
			await handle.close();
		}
	}

	async function* walk(directory: string, prefix: string): AsyncGenerator<StoredObject> {
		const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
			if (missing(error)) return [];
			throw failed(error, prefix);
		});
		const names = entries.map(({ name }) => (name.endsWith('#') ? name.slice(0, -1) : `${name}/`));
		for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
			if (name.endsWith('/')) yield* walk(join(directory, name), prefix + name);
			else for (const version of await versions(prefix + name)) yield describe(prefix + name, version);
		}
	}

	return {
		capabilities: { versions: true, lock: false, presign: false },
		async put(key, body, options = {}) {
			const directory = place(key);
			const temporary = join(aside, randomBytes(16).toString('hex'));
			const source = watched(body);
			try {
				await writeAside(source.bytes, temporary, options);
				const last = (await makeDirectory(objects, directory, durable)) ? undefined : (await versions(key)).at(-1);
				if (options.ifAbsent && last !== undefined) throw new ObjectStoreError('exists', key);
				const version = options.ifAbsent ? first : versionAfter(last);
				await link(temporary, fileOf(key, version));
				await syncDirectory(directory);
				return await describe(key, version);
			} catch (error) {
				if (source.threw(error)) throw error;
				throw codeOf(error) === 'EEXIST' ? new ObjectStoreError('exists', key, { cause: error }) : failed(error, key);
			} finally {
				await unlink(temporary).catch((error: unknown) => missing(error) || Promise.reject(error));
			}
		},
		async *get(key, options = {}) {
			const version = options.version ?? (await latest(key));
			let handle: FileHandle | undefined;
			try {
				handle = await open(fileOf(key, version), 'r');
				const { size } = await handle.stat();
				const end = Math.min(options.range?.end ?? size, size);
				for (let at = options.range?.start ?? 0; at < end; ) {
					const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(readAtOnce, end - at)), { position: at });
					if (!bytesRead) throw new ObjectStoreError('unavailable', `${key} ${version}: cut while it was read`);
					yield buffer.subarray(0, bytesRead);
					at += bytesRead;
				}
			} catch (error) {
				throw failed(error, `${key} ${version}`);
			} finally {
				await handle?.close();
			}
		},
		stat: async (key, version) => describe(key, version ?? (await latest(key))),
		async *list(prefix) {
			const above = prefix.slice(0, prefix.lastIndexOf('/') + 1);
			for await (const found of walk(join(objects, above), above)) if (found.key.startsWith(prefix)) yield found;
		},
		async remove(key, version) {
			try {
				await unlink(fileOf(key, version));
				await syncDirectory(place(key));
				await rmdir(place(key)).catch((error: unknown) => codeOf(error) === 'ENOTEMPTY' || missing(error) || Promise.reject(error));
			} catch (error) {
				if (!missing(error)) throw failed(error, key);
			}
		},
		retain: () => Promise.reject(new ObjectStoreError('unsupported', 'files of a disk cannot be locked')),
		presign: () => Promise.reject(new ObjectStoreError('unsupported', 'files have no address')),
		async ping() {
			await stat(objects).catch((error: unknown) => Promise.reject(new ObjectStoreError('unavailable', 'the directory is not there', { cause: error })));
		}
	};
}
