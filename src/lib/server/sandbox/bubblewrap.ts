// The sandbox by bubblewrap: new user, process, network and mount namespaces, /usr read-only, files in a memory file system of limited size.
// Does not filter system calls.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Command, Limits, Outcome, Sandbox } from './sandbox.ts';

const bwrap = '/usr/bin/bwrap';
/** Root's namespace would map to root outside: what breaks out of it must not be root. */
const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
/** Of /etc and /var, what programs need to find their libraries and fonts. */
const configuration = ['/etc/alternatives', '/etc/fonts', '/etc/ld.so.cache', '/etc/libreoffice', '/var/cache/fontconfig', '/var/lib/ghostscript'];

const walls = (limits: Limits, files: readonly string[]): string[] => [
	...['--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--clearenv'],
	...['--hostname', 'sandbox', '--setenv', 'PATH', '/usr/bin', '--setenv', 'HOME', '/work', '--setenv', 'TMPDIR', '/work', '--setenv', 'LC_ALL', 'C.UTF-8', '--setenv', 'OMP_THREAD_LIMIT', '1'],
	...['--ro-bind', '/usr', '/usr', ...['bin', 'lib', 'lib64', 'sbin'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`])],
	...configuration.flatMap((path) => ['--ro-bind-try', path, path]),
	...['--proc', '/proc', '--dev', '/dev', '--size', String(limits.scratch), '--tmpfs', '/work', '--symlink', 'work', '/tmp', '--remount-ro', '/dev', '--remount-ro', '/'],
	...files.flatMap((name, i) => ['--file', String(3 + i), `/work/${name}`]),
	...['--chdir', '/work', '--']
];

const ceilings = ({ memory, cpu, scratch, processes }: Limits): string[] => ['/usr/bin/prlimit', `--as=${memory}`, `--cpu=${cpu}`, `--fsize=${scratch}`, `--nproc=${processes}`, '--nofile=256', '--core=0', '--'];

function run({ program, arguments: args, files = {}, limits }: Command): Promise<Outcome> {
	const names = Object.keys(files);
	if (![program, ...names].every((name) => /^[\w][\w.-]*$/.test(name))) throw new Error('a plain name is demanded of programs and files in the sandbox');
	return new Promise((resolve, reject) => {
		const child = spawn(bwrap, [...walls(limits, names), ...ceilings(limits), `/usr/bin/${program}`, ...args], { ...account, cwd: '/', env: {}, detached: true, stdio: ['ignore', 'pipe', 'pipe', ...names.map(() => 'pipe' as const)] });
		let stopped: Outcome['stopped'] = null;
		const stop = (why: Exclude<Outcome['stopped'], null>): void => {
			stopped ??= why;
			if (child.pid) child.kill('SIGKILL'); // the first process of the namespace dies with it, and with that one all others
		};
		const clock = setTimeout(() => stop('wall'), limits.wall * 1000);
		const chunks: Buffer[] = [];
		let length = 0;
		let complaint = '';
		child.stdout!.on('data', (chunk: Buffer) => {
			length += chunk.length;
			if (length > limits.output) stop('output');
			else chunks.push(chunk);
		});
		child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
		names.forEach((name, i) => {
			const pipe = child.stdio[3 + i] as Writable;
			pipe.on('error', () => {}); // it ended before it read everything: the status says so
			pipe.end(files[name]);
		});
		child.on('error', (error) => {
			clearTimeout(clock);
			reject(error);
		});
		child.on('close', (code, signal) => {
			clearTimeout(clock);
			resolve({ status: code ?? (signal === 'SIGKILL' ? 137 : 128), stopped, output: Buffer.concat(chunks), complaint });
		});
	});
}

const small: Limits = { memory: 256 << 20, cpu: 5, wall: 10, output: 1000, scratch: 1 << 20, processes: 16 };

/** The sandbox, or null where this host cannot make one (no bubblewrap, user namespaces forbidden): then what needs it is off. */
export async function bubblewrap(): Promise<Sandbox | null> {
	if (!existsSync(bwrap)) return null;
	const { status, output } = await run({ program: 'cat', arguments: ['probe', '/proc/net/route'], files: { probe: Buffer.from('inside\n') }, limits: small });
	const [first, , ...routes] = Buffer.from(output).toString().trim().split('\n'); // after the heading, not one route: the network is its own
	if (status !== 0 || first !== 'inside' || routes.length > 0) return null;
	return { run, has: (program) => /^[\w.-]+$/.test(program) && existsSync(`/usr/bin/${program}`) };
}
