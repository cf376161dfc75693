import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { utf8 } from '#crypto/bytes.ts';
import { recordCheckNames, type RecordReport } from '#crypto/ers/report.ts';
import { createGenerations, firstRecord, flipped, renewedBy, year } from '../../test/support/evidence-records.ts';
import { schemaFaults } from '../../test/support/json-schema.ts';
import { pemOf } from '../../test/support/pki.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-record-'));
afterAll(() => rmSync(directory, { recursive: true }));
const data = utf8('a plan of a house');
const [g0, g1] = await createGenerations(2);
const record = await renewedBy(await firstRecord(data, g0!), g0!, g1!, { over: { data, hash: 'SHA-512' } });
for (const [name, bytes] of [['plan.txt', data], ['plan.txt.ers', record], ['other.txt', flipped(data, 0)], ['copy.txt', data], ['broken.txt', data], ['broken.txt.ers', 'junk'], ['root.pem', pemOf(g0!.pki.root.certificate.der)]] as const) writeFileSync(join(directory, name), bytes);

function probant(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'verify', ...args.map((a) => (/\.(txt|pem|ers)$/.test(a) ? join(directory, a) : a))], { encoding: 'utf8' });
	return { status, lines: stdout.trim().split('\n').filter(Boolean), stderr };
}
const at = (time: number) => ['--trust', 'root.pem', '--at', new Date(time).toISOString()];
const now = g1!.at + 1000;

test('LOG-5 SIGN-15 a file with its evidence record beside it, or named: one JSON line, exit codes as of a PDF', () => {
	const good = probant('plan.txt', ...at(now), '--json');
	expect(good.stderr).toBe('');
	expect(good.status).toBe(0);
	const line = JSON.parse(good.lines[0]!) as RecordReport;
	expect(line).toMatchObject({ record: join(directory, 'plan.txt.ers'), indication: 'TOTAL-PASSED', time: new Date(g0!.at).toISOString(), archiveTimeStamps: [{ hash: 'SHA-256' }, { hash: 'SHA-512' }] });
	expect(probant('copy.txt', '--record', 'plan.txt.ers', ...at(now)).status).toBe(0);
	const altered = probant('other.txt', '--record', 'plan.txt.ers', ...at(now));
	expect(altered.status).toBe(1);
	expect(altered.lines[0]).toMatch(/other\.txt: TOTAL-FAILED \/ HASH_FAILURE; failed data-object: .*failed sequence-link: /);
	const later = probant('plan.txt', ...at(now + 5 * year));
	expect(later.status).toBe(3);
	expect(later.lines[0]).toContain('(valid when made, needs renewal)');
	expect(probant('plan.txt', '--trust', 'embedded', '--at', new Date(now).toISOString()).lines[0]).toContain('nobody’s identity was judged');
	expect(probant('plan.txt', '--at', new Date(now).toISOString()).status).toBe(1); // nothing is trusted
	expect(probant('plan.txt', 'copy.txt', '--record', 'plan.txt.ers', ...at(now)).status).toBe(2);
});

test('LOG-5 the line of a record keeps to report.schema.json, which names its checks', () => {
	const schema = JSON.parse(readFileSync('src/cli/report.schema.json', 'utf8')) as Record<string, unknown>;
	const lines = [...probant('plan.txt', 'broken.txt', ...at(now), '--json').lines, ...probant('other.txt', '--record', 'plan.txt.ers', ...at(now), '--json').lines].map((line) => JSON.parse(line) as RecordReport);
	expect(lines).toHaveLength(3);
	expect(lines.flatMap((line) => schemaFaults(schema, line))).toEqual([]);
	expect(schemaFaults(schema, { ...lines[0], time: 'now' })).not.toEqual([]);
	const { recordCheck } = schema.$defs as { recordCheck: { properties: { name: { enum: string[] } } } };
	expect(recordCheck.properties.name.enum.filter((name) => !name.startsWith('timestamp-'))).toEqual(recordCheckNames);
});
