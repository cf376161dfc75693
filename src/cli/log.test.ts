// A worker that runs on while its database is put back to before: it brings the log up to the anchor, or signs nothing until a new log is begun.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { append } from '#lib/server/audit/append.ts';
import { connect } from '#lib/server/db/pool.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { keepWorker } from '../../test/support/worker.ts';

const database = await createTestDatabase();
const sql = database.connect('owner');
const data = mkdtempSync(join(tmpdir(), 'probant-log-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const env = { DATA_DIRECTORY: data, DATABASE_URL_WORKER: database.url('worker'), DATABASE_URL_OWNER: database.url('owner'), DATABASE_URL_JOBS: database.url('jobs') };

async function probant(...args: string[]): Promise<{ status: number | null; said: string }> {
	const child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env: { PATH: process.env.PATH, ...env } });
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
	const status = await new Promise<number | null>((ok) => child.once('exit', ok));
	return { status, said };
}
const happen = () => connect(sql).tx({ person: null, client: null, via: 'cli' }, (tx) => append(tx, { op: 'operator.act', safe: null, obj: 'instance', values: { act: 'test' } }));
const last = async () => (await sql<{ size: number; note: string }[]>`select size::int, note from checkpoint order by size desc limit 1`)[0] ?? { size: 0, note: '' };
const ops = async () => (await sql<{ op: string }[]>`select convert_from(e.body, 'UTF8')::json ->> 'op' as op from log_leaf l join event e on e.id = l.event order by l.index`).map(({ op }) => op);
const until = (what: () => Promise<void>) => vi.waitFor(what, { timeout: 30_000, interval: 200 });
async function signed(n: number): Promise<void> {
	const { size } = await last();
	for (let i = 0; i < n; i++) await happen();
	await until(async () => expect((await last()).size).toBeGreaterThanOrEqual(size + n));
}
/** Every event has its leaf, and the last checkpoint covers them all. */
async function settled(): Promise<void> {
	const [now] = await sql<[{ size: number; waiting: number }]>`select size::int, (select count(*)::int from event e where not exists (select from log_leaf l where l.event = e.id)) as waiting from log_head`;
	expect(now).toEqual({ size: (await last()).size, waiting: 0 });
}

test('LOG-2 OPS-4 a worker whose database was restored recovers its log by itself; with the entries gone it waits for probant log new', async () => {
	expect((await probant('keys', 'make')).status).toBe(0);
	await keepWorker(env);
	await signed(3);
	const restore = await database.snapshot();
	await signed(4);
	await until(settled); // events of the worker’s own come between
	const ahead = await last();

	await restore();
	await until(async () => expect(await ops()).toContain('log.recovered'));
	await until(async () => expect((await last()).size).toBeGreaterThan(ahead.size));
	expect(await sql`select note from checkpoint where size = ${ahead.size}`).toEqual([{ note: ahead.note }]);
	expect(await probant('log', 'new', '--give-up-the-old')).toMatchObject({ status: 1, said: expect.stringContaining('log-goes-on') });

	const anchored = join(data, 'objects', 'objects', 'anchor');
	for (const file of readdirSync(anchored, { recursive: true, withFileTypes: true })) if (file.isFile() && file.parentPath.includes('/entries')) rmSync(join(file.parentPath, file.name));
	await restore();
	await happen();
	const then = [await last(), await ops()];
	await new Promise((done) => setTimeout(done, 3000));
	expect([await last(), await ops()]).toEqual(then); // nothing is signed, nothing gets a leaf
	expect(await probant('log', 'new')).toMatchObject({ status: 2 });
	const { status, said } = await probant('log', 'new', '--give-up-the-old');
	expect({ status, said }).toMatchObject({ status: 0, said: expect.stringMatching(/lacks the entries[^]*\/log-2\+/) });
	await until(async () => expect((await last()).note).toMatch(/^localhost(:\d+)?\/log-2\n/));
	expect((await ops())[0]).toBe('log.started');
	await signed(1);
}, 120_000);
