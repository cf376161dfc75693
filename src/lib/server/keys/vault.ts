// Key-encryption keys in a directory of their own (0700), each a file of 32 random bytes (0400). The newest wraps; older ones still unwrap.

import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrapKey, wrapKey } from '#crypto/seal/wrap.ts';
import { concat, fromUtf8, utf8 } from '#crypto/bytes.ts';
import { nodePrimitives } from './primitives.ts';

const shape = /^kek-(\d{4})\.key$/;

/** The one error of keys on disk; its message names the file and what is wrong with it. */
export class KeyProblem extends Error {
	override name = 'KeyProblem';
}

export interface Vault {
	/** `kek-0001`: of the key that wraps now. */
	readonly id: string;
	readonly ids: readonly string[];
	/** By the newest key, one that was added since the vault was opened too. */
	wrap(key: Uint8Array, binding: readonly string[]): Promise<Uint8Array>;
	/** Throws CryptoError `mismatch`, KeyProblem when the wrapping key is not here. */
	unwrap(wrapped: Uint8Array, binding: readonly string[]): Promise<Uint8Array>;
	wrapperOf(wrapped: Uint8Array): string;
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
	const part = `${path}.${randomBytes(4).toString('hex')}`;
	const handle = await open(part, 'wx', 0o400);
	try {
		await handle.write(bytes);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await link(part, path); // whole or not there: other processes read the directory at any time
	await rm(part);
}

/** Destroys a key-encryption key that is not the newest. What it wrapped is lost: the caller has seen that nothing is left. */
export async function removeKey(directory: string, id: string): Promise<void> {
	const ids = [...(await readKeys(directory)).keys()];
	if (!ids.includes(id)) throw new KeyProblem(`${directory}: there is no ${id}`);
	if (id === ids.at(-1)) throw new KeyProblem(`${id}: wraps now`);
	await rm(join(directory, `${id}.key`));
}

/** Adds a key-encryption key: the first of a vault, or the next of a rotation. */
export async function addKey(directory: string): Promise<string> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
	await chmod(directory, 0o700);
	const numbers = (await readdir(directory)).flatMap((f) => shape.exec(f)?.[1] ?? []).map(Number);
	const id = `kek-${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}`;
	await write(join(directory, `${id}.key`), randomBytes(32));
	return id;
}

async function readKeys(directory: string): Promise<Map<string, Uint8Array>> {
	const files = (await readdir(directory).catch(() => [])).filter((f) => shape.test(f)).sort();
	if (!files.length) throw new KeyProblem(`${directory}: no key-encryption key`);
	const keys = new Map<string, Uint8Array>();
	for (const file of files) {
		const path = join(directory, file);
		const { mode } = await stat(path);
		if (mode & 0o077) throw new KeyProblem(`${path}: others may read it (mode ${(mode & 0o777).toString(8)})`);
		const bytes = await readFile(path);
		if (bytes.length !== 32) throw new KeyProblem(`${path}: not a key`);
		keys.set(file.slice(0, -4), new Uint8Array(bytes));
	}
	return keys;
}

const newest = (keys: ReadonlyMap<string, Uint8Array>): string => [...keys.keys()].at(-1)!;

/** Opens a vault. KeyProblem when it is empty, a file is not 32 bytes, or others may read it. Keys added later are found: a process need not start again. */
export async function openVault(directory: string): Promise<Vault> {
	let keys = await readKeys(directory);
	const wrapperOf = (wrapped: Uint8Array) => fromUtf8(wrapped.subarray(0, 8));
	return {
		id: newest(keys),
		ids: [...keys.keys()],
		async wrap(key, binding) {
			keys = await readKeys(directory);
			const id = newest(keys);
			return concat(utf8(id), await wrapKey(nodePrimitives, keys.get(id)!, key, [id, ...binding]));
		},
		async unwrap(wrapped, binding) {
			const name = wrapperOf(wrapped);
			if (!keys.has(name)) keys = await readKeys(directory);
			const key = keys.get(name);
			if (!key) throw new KeyProblem(`${directory}: ${/^kek-\d{4}$/.test(name) ? `${name} is missing` : 'wrapped by no key of a vault'}`);
			return unwrapKey(nodePrimitives, key, wrapped.subarray(8), [name, ...binding]);
		},
		wrapperOf
	};
}
