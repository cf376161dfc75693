// postmaster.pid, the lock file of a PostgreSQL cluster: who runs it, on which port, in which state.
// Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Postmaster {
	readonly pid: number;
	readonly port: number;
	readonly status: string;
}

/** The lock file of the cluster in `data`, or undefined when there is none. */
export function readPostmaster(data: string): Postmaster | undefined {
	let text: string;
	try {
		text = readFileSync(join(data, 'postmaster.pid'), 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
	const lines = text.split('\n');
	return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() ?? '' };
}

/** True when the process runs the cluster in `data`, and is not a later program that got its number, nor the server of another cluster. */
export function isOurs(pid: number, data: string): boolean {
	if (process.platform !== 'linux') return new RegExp(`postgres -D ${RegExp.escape(data)}( |$)`).test(spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
	const [program = '', ...args] = commandLine(pid);
	return basename(program) === 'postgres' && args.some((arg, i) => arg === data && args[i - 1] === '-D');
}

function commandLine(pid: number): string[] {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
	} catch (error) {
		if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
		throw error;
	}
}
