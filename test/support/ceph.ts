// A real S3: Ceph's gateway from Debian's packages, one monitor, one memory-backed OSD, loopback only. Gone with the test file.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const programs = ['/usr/bin/ceph-mon', '/usr/bin/ceph-osd', '/usr/bin/radosgw', '/usr/bin/radosgw-admin', '/usr/bin/ceph', '/usr/bin/monmaptool', '/usr/bin/setpriv'];

/** Why there is no Ceph here; null when there is. */
export const cephMissing: string | null = programs.every((p) => existsSync(p)) ? null : 'the packages ceph-mon, ceph-osd, radosgw, ceph-common, util-linux are not installed';

export interface Ceph {
	readonly endpoint: string;
	readonly accessKey: string;
	readonly secretKey: string;
	/** Makes another user, who owns nothing of the first one's. */
	user(id: string): { readonly accessKey: string; readonly secretKey: string };
	stop(): Promise<void>;
}

async function until(what: string, ready: () => boolean | Promise<boolean>): Promise<void> {
	for (const end = Date.now() + 90_000; Date.now() < end; ) {
		if (await ready()) return;
		await new Promise((r) => setTimeout(r, 100));
	}
	throw new Error(`Ceph: ${what} did not come up`);
}

/** Starts it and makes a user. Its daemons sometimes miss each other when they start (one time in five here): then all of it is started anew. */
export async function startCeph(): Promise<Ceph> {
	for (let tries = 1; ; tries++) {
		try {
			return await start();
		} catch (error) {
			if (tries === 3) throw error;
		}
	}
}

async function start(): Promise<Ceph> {
	const directory = mkdtempSync(join(tmpdir(), 'probant-ceph-'));
	const [monPort, gatewayPort] = [await freePort(), await freePort()];
	const fsid = randomUUID();
	const conf = join(directory, 'ceph.conf');
	writeFileSync(
		conf,
		`[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${monPort}
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
public network = 127.0.0.0/8
ms bind ipv6 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
osd crush chooseleaf type = 0
osd crush update on start = false
osd objectstore = memstore
memstore device bytes = 2147483648
run dir = ${directory}
admin socket = ${directory}/$name.asok
log file = ${directory}/$name.log
mon data = ${directory}/mon
osd data = ${directory}/osd
keyring = ${directory}/keyring
pid file =
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw s3 auth use sts = false
`
	);
	writeFileSync(join(directory, 'keyring'), '');
	mkdirSync(join(directory, 'osd'));
	const tool = (command: string, ...args: string[]): string => {
		const { status, stdout, stderr } = spawnSync(command, ['-c', conf, ...args], { encoding: 'utf8', timeout: 120_000 });
		if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
		return stdout;
	};
	/** A command to the monitor, which is not there all at once: every one of them may be repeated. */
	const ask = async (...args: string[]): Promise<string> => {
		let answer = '';
		let trouble = '';
		await until(`ceph ${args.join(' ')}`, () => {
			const { status, stdout, stderr } = spawnSync('ceph', ['-c', conf, '--connect-timeout', '5', ...args], { encoding: 'utf8', timeout: 20_000 });
			[answer, trouble] = [stdout, stderr];
			return status === 0;
		}).catch((error: Error) => Promise.reject(new Error(`${error.message}: ${trouble}`)));
		return answer;
	};
	const children: ChildProcess[] = [];
	/** Dies with its parent, however that ends. */
	const daemon = (command: string, ...args: string[]) => children.push(spawn('setpriv', ['--pdeathsig', 'KILL', command, '-f', '-c', conf, ...args], { stdio: 'ignore', cwd: directory }));
	const stop = async (): Promise<void> => {
		const gone = children.map((child) => new Promise<void>((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done())));
		for (const child of children) child.kill('SIGKILL');
		await Promise.all(gone);
		rmSync(directory, { recursive: true, force: true });
	};
	try {
		const map = join(directory, 'monmap');
		const made = spawnSync('monmaptool', ['--create', '--addv', 'a', `[v1:127.0.0.1:${monPort}]`, '--fsid', fsid, map], { encoding: 'utf8' });
		if (made.status !== 0) throw new Error(`monmaptool: ${made.stderr}`);
		tool('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
		daemon('ceph-mon', '-i', 'a');
		const osd = randomUUID();
		await ask('osd', 'new', osd);
		await ask('osd', 'crush', 'add', '0', '1', 'root=default');
		tool('ceph-osd', '--mkfs', '-i', '0', '--osd-uuid', osd);
		daemon('ceph-osd', '-i', '0');
		await until('the OSD', async () => (await ask('osd', 'stat')).includes('1 up'));
		const user = (id: string) => {
			const { keys } = JSON.parse(tool('radosgw-admin', 'user', 'create', `--uid=${id}`, `--display-name=${id}`)) as { keys: { access_key: string; secret_key: string }[] };
			return { accessKey: keys[0]!.access_key, secretKey: keys[0]!.secret_key };
		};
		const first = user('probant');
		daemon('radosgw', '-n', 'client.rgw.a');
		const endpoint = `http://127.0.0.1:${gatewayPort}`;
		await until('the gateway', () => fetch(endpoint).then((r) => r.ok, () => false));
		return { endpoint, ...first, user, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
