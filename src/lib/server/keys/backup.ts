// A copy of both key directories in one file under a passphrase: header line, then AES-256-GCM over JSON; the key is scrypt's (RFC 7914).
// What a backup must be to count: read back, opened, and found equal to the keys in use.

import { createHash, scrypt } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { base64, fromBase64, fromUtf8, hex, utf8 } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { nodePrimitives } from './primitives.ts';
import { KeyProblem } from './vault.ts';

/** The two directories. */
export interface KeyDirectories {
	readonly storage: string;
	readonly signing: string;
}

type Copy = { readonly [place in keyof KeyDirectories]: Readonly<Record<string, string>> };

interface Header {
	readonly format: 'probant-keys/1';
	readonly N: number;
	readonly r: number;
	readonly p: number;
	readonly salt: string;
	readonly nonce: string;
}

const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const keyFile = /^(kek-\d{4}\.key|[a-z][a-z0-9-]*\.json)$/;
const marker = (directories: KeyDirectories) => join(directories.signing, 'backup-confirmed');

const derive = (passphrase: string, salt: Uint8Array, { N, r, p }: Pick<Header, 'N' | 'r' | 'p'>): Promise<Uint8Array> =>
	new Promise((done, failed) => scrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 << 20 }, (error, key) => (error ? failed(error) : done(key))));

async function readDirectory(directory: string): Promise<Record<string, string>> {
	const names = (await readdir(directory)).filter((name) => keyFile.test(name)).sort();
	return Object.fromEntries(await Promise.all(names.map(async (name) => [name, base64(await readFile(join(directory, name)))])));
}

const copy = async ({ storage, signing }: KeyDirectories): Promise<Copy> => ({ storage: await readDirectory(storage), signing: await readDirectory(signing) });
const fingerprint = (keys: Copy): string => hex(createHash('sha256').update(JSON.stringify(keys)).digest());

async function write(path: string, content: string | Uint8Array, mode: number): Promise<void> {
	const handle = await open(path, 'wx', mode);
	try {
		await handle.writeFile(content);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Writes the backup to a new file (0600). KeyProblem on a passphrase under 12 characters. */
export async function backup(directories: KeyDirectories, path: string, passphrase: string): Promise<void> {
	if (passphrase.length < 12) throw new KeyProblem('the passphrase of a backup has at least 12 characters');
	const salt = nodePrimitives.random(16);
	const nonce = nodePrimitives.random(12);
	const header: Header = { format: 'probant-keys/1', ...cost, salt: base64(salt), nonce: base64(nonce) };
	const line = utf8(JSON.stringify(header));
	const sealed = await nodePrimitives.aesGcmSeal(await derive(passphrase, salt, cost), nonce, line, utf8(JSON.stringify(await copy(directories))));
	await write(path, Buffer.concat([line, utf8('\n'), sealed]), 0o600);
}

function readHeader(path: string, line: Uint8Array): Header {
	try {
		const header = JSON.parse(fromUtf8(line)) as Header;
		if (header.format === 'probant-keys/1' && header.N === cost.N && header.r === cost.r && header.p === cost.p) return header;
	} catch (error) {
		throw new KeyProblem(`${path}: not a backup of keys`, { cause: error });
	}
	throw new KeyProblem(`${path}: not a backup of keys that this version reads`);
}

/** Opens a backup. KeyProblem names a file that is none, another passphrase or altered bytes. */
async function read(path: string, passphrase: string): Promise<Copy> {
	const bytes = new Uint8Array(await readFile(path));
	const end = bytes.indexOf(0x0a);
	if (end < 0) throw new KeyProblem(`${path}: not a backup of keys`);
	const line = bytes.subarray(0, end);
	const header = readHeader(path, line);
	const key = await derive(passphrase, fromBase64(header.salt), header);
	try {
		return JSON.parse(fromUtf8(await nodePrimitives.aesGcmOpen(key, fromBase64(header.nonce), line, bytes.subarray(end + 1)))) as Copy;
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		throw new KeyProblem(`${path}: another passphrase, or the file was altered`, { cause: error });
	}
}

/** Reads a backup back and notes that it holds the keys in use. KeyProblem when it holds others. */
export async function confirmBackup(directories: KeyDirectories, path: string, passphrase: string): Promise<void> {
	const there = fingerprint(await copy(directories));
	if (fingerprint(await read(path, passphrase)) !== there) throw new KeyProblem(`${path}: holds other keys than those in use; make a new backup`);
	await rm(`${marker(directories)}.new`, { force: true });
	await write(`${marker(directories)}.new`, `${there}\n`, 0o400);
	await rename(`${marker(directories)}.new`, marker(directories));
}

/** KeyProblem unless a backup of exactly these keys was confirmed. */
export async function requireBackup(directories: KeyDirectories): Promise<void> {
	const noted = await readFile(marker(directories), 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
	const next = "run 'probant keys backup FILE' and 'probant keys confirm-backup FILE'";
	if (noted === null) throw new KeyProblem(`${directories.signing}: no backup was confirmed; ${next}`);
	if (noted.trim() !== fingerprint(await copy(directories))) throw new KeyProblem(`${directories.signing}: the keys changed since a backup was confirmed; ${next}`);
}

/** Writes the keys of a backup into two directories that hold none. */
export async function restore(directories: KeyDirectories, path: string, passphrase: string): Promise<void> {
	const keys = await read(path, passphrase);
	for (const place of ['storage', 'signing'] as const) {
		const directory = directories[place];
		await mkdir(directory, { recursive: true, mode: 0o700 });
		await chmod(directory, 0o700);
		if (Object.keys(await readDirectory(directory)).length) throw new KeyProblem(`${directory}: holds keys already`);
	}
	for (const place of ['storage', 'signing'] as const)
		for (const [name, content] of Object.entries(keys[place])) {
			if (!keyFile.test(name)) throw new KeyProblem(`${path}: names a file that is no key`);
			await write(join(directories[place], name), fromBase64(content), 0o400);
		}
}
