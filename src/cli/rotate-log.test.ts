// The log's key rotated from the command line, under a worker that runs on.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openNote, parseVerifier } from '#crypto/tlog/note.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { keepWorker } from '../../test/support/worker.ts';

const database = await createTestDatabase();
const sql = database.connect('owner');
const data = mkdtempSync(join(tmpdir(), 'probant-rotate-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const env = { DATA_DIRECTORY: data, DATABASE_URL_WORKER: database.url('worker'), DATABASE_URL_JOBS: database.url('jobs') };

async function probant(...args: string[]): Promise<{ status: number | null; said: string }> {
	const child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env: { PATH: process.env.PATH, ...env } });
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
	const status = await new Promise<number | null>((ok) => child.once('exit', ok));
	return { status, said };
}
const logFiles = () => readdirSync(join(data, 'signing-key')).filter((name) => name.startsWith('log'));

test('LOG-2 LOG-5 probant keys rotate log, revoke: the worker takes the new key up, both sign, the old one is destroyed; and again', async () => {
	expect((await probant('keys', 'make')).status).toBe(0);
	const worker = await keepWorker(env);
	for (const turn of [1, 2]) {
		expect(await probant('keys', 'rotate', 'log')).toMatchObject({ status: 0, said: expect.stringContaining(`log-${turn}: destroyed`) });
		expect(logFiles()).toEqual(['log.json']);
		const lines = (await sql<{ verifier: string }[]>`select verifier from log_key order by number`).map(({ verifier }) => verifier);
		expect(lines).toHaveLength(turn + 1);
		const [covering] = await sql<{ note: string }[]>`
			select note from checkpoint where size > (select l.index from log_key k join log_leaf l on l.event = k.event order by k.number desc limit 1) order by size limit 1`;
		await openNote(p, covering!.note, lines.slice(-2).map((line) => parseVerifier(p, line)));
	}
	expect(worker.starts).toBeGreaterThan(1);

	// a revoked key signs nothing more: the worker ends, and comes up again with the next one alone
	const serial = /^tsa\t1\t.*\t([0-9a-f]+)$/m.exec((await probant('keys', 'list')).said)![1]!;
	expect(await probant('keys', 'revoke', 'ff00ff00ff00ff00')).toMatchObject({ status: 1, said: expect.stringContaining('no certificate of ours') });
	const before = worker.ends;
	expect(await probant('keys', 'revoke', serial, '--reason', 'superseded')).toMatchObject({ status: 0 });
	expect(await probant('keys', 'revoke', serial)).toMatchObject({ status: 1, said: expect.stringContaining('revoked before') });
	await expect.poll(() => worker.ends, { timeout: 20_000 }).toBeGreaterThan(before + 1); // it ended, and ended again when it was started with that key
	const starts = worker.starts;
	expect(await probant('keys', 'rotate', 'tsa')).toMatchObject({ status: 0 });
	await expect.poll(() => worker.starts, { timeout: 20_000 }).toBe(starts + 1);
	expect(await sql`select c.reason, (select count(*)::int from ocsp_answer a where a.serial = c.serial) as answers from certificate c where serial = ${serial}`).toEqual([{ reason: 4, answers: 2 }]);
}, 180_000);
