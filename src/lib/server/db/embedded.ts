// Embedded PostgreSQL: initdb once, then adopt the server a killed parent left, or start one.
// PostgreSQL refuses root, so root drops to nobody and keeps the data where nobody can go.

import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { binaries, type Account } from './binaries.ts';
import { isOurs, readPostmaster } from './postmaster.ts';

/** A running server. */
export interface Embedded {
	/** Where the cluster, its log and its passwords are. */
	readonly directory: string;
	readonly port: number;
	readonly pid: number;
	/** True when the server was already running and was taken over. */
	readonly adopted: boolean;
	/** Connection URL of a role (default: the superuser) on a database (default: postgres). */
	url(role?: string, database?: string): string;
	/** The password of a role, made and kept on first request (32 hexadecimal digits). */
	password(role: string): string;
	/** Ends the server (fast shutdown: transactions roll back, what is committed is on disk). */
	stop(): Promise<void>;
}

const nobody = { uid: 65534, gid: 65534 };
const account: Account = process.getuid?.() === 0 ? nobody : {};

/** The directory itself, or as root, when nobody cannot reach it, one under /var/lib named after it. */
function reachable(directory: string): string {
	if (account.uid === undefined) return directory;
	for (let at = dirname(directory); ; at = dirname(at)) {
		if (existsSync(at) && !(statSync(at).mode & 0o001)) {
			return join('/var/lib/probant', createHash('sha256').update(directory).digest('hex').slice(0, 16));
		}
		if (at === dirname(at)) return directory;
	}
}

async function freePort(wanted: number): Promise<number> {
	const open = (port: number) =>
		new Promise<number>((ok, fail) => {
			const server = createServer().once('error', fail);
			server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
				const { port: got } = server.address() as { port: number };
				server.close(() => ok(got));
			});
		});
	return open(wanted).catch(() => open(0));
}

function passwords(file: string): (role: string) => string {
	const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
	return (role) => {
		if (!kept[role]) {
			kept[role] = randomBytes(16).toString('hex');
			writeFileSync(file, JSON.stringify(kept, null, '\t'), { mode: 0o600 });
		}
		return kept[role];
	};
}

function initialise(initdb: string, directory: string, data: string, password: string): void {
	rmSync(data, { recursive: true, force: true });
	mkdirSync(data, { recursive: true, mode: 0o700 });
	const pwfile = join(directory, 'pwfile');
	writeFileSync(pwfile, password, { mode: 0o600 });
	if (account.uid !== undefined) {
		for (const path of [data, pwfile]) chownSync(path, nobody.uid, nobody.gid);
		chmodSync(directory, 0o711); // the server passes through it; what else is in it keeps its own mode
	}
	const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
	const made = spawnSync(initdb, ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${pwfile}`, ...locale, '-k'], {
		...account,
		encoding: 'utf8',
		cwd: '/'
	});
	rmSync(pwfile);
	if (made.status !== 0) throw new Error(`initdb: ${made.stderr || made.error?.message}`);
	writeFileSync(join(directory, 'initialised'), '');
}

function launch(postgres: string, directory: string, data: string, port: number, settings: Readonly<Record<string, string>>): number {
	const log = join(directory, 'server.log');
	const fd = openSync(log, existsSync(log) && statSync(log).size > 10 << 20 ? 'w' : 'a', 0o600);
	const options = Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...settings });
	const child = spawn(postgres, ['-D', data, '-p', String(port), ...options.flatMap(([k, v]) => ['-c', `${k}=${v}`])], {
		...account,
		cwd: '/',
		detached: true,
		stdio: ['ignore', fd, fd]
	});
	child.on('error', () => {}); // no pid: the wait below reports it
	child.unref();
	closeSync(fd);
	return child.pid ?? 0;
}

/** Waits for the server of `data` to accept connections; undefined when it ended or `pid` never became it. */
async function ready(data: string, pid: number): Promise<{ pid: number; port: number } | undefined> {
	for (;;) {
		const seen = readPostmaster(data);
		if (seen?.pid === pid && seen.status === 'ready') return { pid, port: seen.port };
		if (!alive(pid)) return undefined;
		await delay(10);
	}
}

function alive(pid: number): boolean {
	try {
		return pid > 0 && process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

async function end(pid: number): Promise<void> {
	if (alive(pid)) process.kill(pid, 'SIGINT');
	for (let tries = 0; alive(pid); tries++) {
		if (tries === 2000) process.kill(pid, 'SIGQUIT'); // 20 s: immediate shutdown, recovery at the next start
		await delay(10);
	}
}

/** The server a killed parent left on this cluster, once it is ready; a stale lock file is removed. */
async function adopt(data: string): Promise<{ pid: number; port: number } | undefined> {
	const left = readPostmaster(data);
	if (!left) return undefined;
	if (alive(left.pid) && isOurs(left.pid, data)) return ready(data, left.pid);
	rmSync(join(data, 'postmaster.pid'), { force: true }); // its number may be another program's by now
	return undefined;
}

/**
 * A running cluster under `directory` (made when missing; as root possibly moved, see `Embedded.directory`).
 * `settings` are server parameters of a newly started server. Throws when it cannot start, with the log's last lines.
 */
export async function startEmbedded(directory: string, settings: Readonly<Record<string, string>> = {}): Promise<Embedded> {
	const home = reachable(resolve(directory));
	mkdirSync(home, { recursive: true, mode: 0o755 });
	const data = join(home, 'cluster');
	const password = passwords(join(home, 'passwords.json'));
	const programs = binaries(home, account);
	if (!existsSync(join(home, 'initialised'))) initialise(programs.initdb, home, data, password('postgres'));

	const left = await adopt(data);
	let server = left;
	if (!server) {
		const kept = join(home, 'port');
		const port = await freePort(existsSync(kept) ? Number(readFileSync(kept, 'utf8')) : 0);
		writeFileSync(kept, String(port));
		server = await ready(data, launch(programs.postgres, home, data, port, settings));
		if (!server) throw new Error(`PostgreSQL did not start:\n${readFileSync(join(home, 'server.log'), 'utf8').split('\n').slice(-8).join('\n')}`);
	}
	const { pid, port } = server;
	return {
		directory: home,
		port,
		pid,
		adopted: left !== undefined,
		password,
		url: (role = 'postgres', database = 'postgres') => `postgres://${role}:${password(role)}@127.0.0.1:${port}/${database}`,
		stop: () => end(pid)
	};
}
