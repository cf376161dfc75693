// Hostile programs in the sandbox, each held by one limit: the same program with that limit wide goes through, or finds what it looks for outside.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bubblewrap } from './bubblewrap.ts';
import type { Limits } from './sandbox.ts';

const sandbox = await bubblewrap();
const wide: Limits = { memory: 1 << 30, cpu: 20, wall: 20, output: 8 << 20, scratch: 8 << 20, processes: 64 };
const why = existsSync('/usr/bin/bwrap') ? 'user namespaces forbidden' : 'bubblewrap not installed';
const boxed = (name: string, act: () => Promise<void>) => (sandbox ? test(name, act) : test.skip(`${name} (skipped: ${why})`));

async function perl(script: string, limits: Partial<Limits> = {}, files: Record<string, Uint8Array> = {}) {
	const { output, ...outcome } = await sandbox!.run({ program: 'perl', arguments: ['-e', `$| = 1; ${script}`], files, limits: { ...wide, ...limits } });
	return { ...outcome, text: Buffer.from(output).toString() };
}

/** Whether a process of this machine has `word` among its arguments. */
const running = (word: string) => readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && existsSync(`/proc/${pid}/cmdline`) && attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).includes(word));
const attempt = (read: () => string) => {
	try {
		return read();
	} catch {
		return ''; // it ended meanwhile
	}
};

boxed('SIGN-3 a program gets its files and gives its output and status', async () => {
	const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
	const copied = await sandbox!.run({ program: 'cat', arguments: ['one', 'two.bin'], files: { one: Buffer.from('1'), 'two.bin': bytes }, limits: wide });
	expect(copied).toMatchObject({ status: 0, stopped: null });
	expect(Buffer.compare(copied.output, Buffer.concat([Buffer.from('1'), bytes]))).toBe(0);
	expect(await perl('print STDERR "why"; exit 3')).toMatchObject({ status: 3, complaint: 'why' });
	expect(() => sandbox!.run({ program: '../bin/cat', arguments: [], limits: wide })).toThrow('plain name');
	expect(() => sandbox!.run({ program: 'cat', arguments: [], files: { '../x': new Uint8Array() }, limits: wide })).toThrow('plain name');
});

boxed('SIGN-3 one that connects finds no network, not even this machine’s', async () => {
	const server = createServer((socket) => socket.on('error', () => {}).end());
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	const { port } = server.address() as { port: number };
	const script = `use Socket; socket(S, PF_INET, SOCK_STREAM, 0); print connect(S, sockaddr_in(${port}, inet_aton("127.0.0.1"))) ? "reached" : "no way: $!"`;
	const outside = await new Promise<string>((ok) => execFile('perl', ['-e', script], (_, out) => ok(out)));
	expect(outside).toBe('reached');
	expect((await perl(script)).text).toMatch(/^no way/);
	server.close();
});

boxed('SIGN-3 one that forks gets no more processes than it may', async () => {
	const script = 'my $n = 0; while ($n < 30) { my $p = fork; last unless defined $p; if (!$p) { sleep 600; exit } $n++ } print $n';
	expect((await perl(script, { wall: 2 })).text).toBe('30');
	const few = Number((await perl(script, { wall: 2, processes: 10 })).text);
	expect(few).toBeGreaterThan(0);
	expect(few).toBeLessThan(10);
});

boxed('SIGN-3 one that allocates is refused the memory', async () => {
	const script = 'my $n = 300; my $x = "a" x ($n << 20); print length $x';
	expect((await perl(script)).text).toBe(String(300 << 20));
	const refused = await perl(script, { memory: 200 << 20 });
	expect(refused).toMatchObject({ text: '', stopped: null, complaint: expect.stringContaining('Out of memory') as string });
	expect(refused.status).not.toBe(0);
});

boxed('SIGN-3 one that writes without end is stopped, on its output and in its files', async () => {
	const flood = await sandbox!.run({ program: 'yes', arguments: [], limits: { ...wide, output: 100_000 } });
	expect(flood).toMatchObject({ stopped: 'output' });
	expect(flood.output.length).toBeLessThanOrEqual(100_000);
	const script = 'for my $f (1 .. 9) { open my $h, ">", $f; for (1 .. 10) { print $h "a" x 100_000 or exit 7 } close $h or exit 8 } print "all"';
	expect(await perl(script, { scratch: 20 << 20 })).toMatchObject({ text: 'all', status: 0 });
	expect(await perl(script, { scratch: 4 << 20 })).toMatchObject({ text: '', stopped: null });
	expect((await perl('open my $h, ">", "/dev/shm/x" or die $!; print "wrote"')).text).toBe('');
	expect((await perl('open my $h, ">", "/usr/x" or die $!; print "wrote"')).text).toBe('');
});

boxed('SIGN-3 one that computes for ever runs out of processor time', async () => {
	expect(await perl('1 while 1', { cpu: 1 })).toMatchObject({ stopped: null, status: expect.toBeOneOf([137, 152]) as number });
});

boxed('SIGN-3 one that waits for ever is killed by the clock, with all it started', async () => {
	const mark = `left-behind-${process.pid}`;
	const waiting = perl(`if (!fork) { use POSIX; POSIX::setsid(); exec "perl", "-e", "sleep 600", "${mark}" } sleep 600`, { wall: 1 });
	await expect.poll(() => running(mark)).toBe(true);
	expect(await waiting).toMatchObject({ stopped: 'wall', status: 137 });
	await expect.poll(() => running(mark)).toBe(false);
});

boxed('SIGN-3 one that looks around finds neither accounts, data, environment nor other processes', async () => {
	const data = mkdtempSync(join(tmpdir(), 'probant-data-'));
	writeFileSync(join(data, 'secret'), 'secret', { mode: 0o644 });
	expect(execFileSync('perl', ['-e', 'print -e shift', join(data, 'secret')], { encoding: 'utf8' })).toBe('1');
	process.env.CANARY = 'canary';
	const looks = await perl(`for my $f ("/etc/shadow", "/etc/passwd", "/root", "/home", "/var/lib/probant", "${data}/secret", "${process.cwd()}/package.json") { print "$f " if -e $f } print join " ", grep { /CANARY|KEY|URL/ } keys %ENV; print join " ", grep { m{/proc/([0-9]+)} && $1 > 2 } glob "/proc/*"`);
	delete process.env.CANARY;
	rmSync(data, { recursive: true });
	expect(looks).toMatchObject({ status: 0, text: '' });
});
