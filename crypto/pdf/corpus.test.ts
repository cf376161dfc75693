// Damaged, looping and active files: read within bounds, and never anything but a report. What each signature's verdict must be is pades/corpus.test.ts.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = '../shared/corpora';
const there = existsSync(root);
const linux = process.platform === 'linux';
const skipped = !there ? ' (skipped: no corpora folder)' : linux ? '' : ' (skipped: Linux only, asks /proc)';

/** Runs in a process of its own, whose memory is then all theirs. */
const script = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
const { preflight } = await import(process.cwd() + '/crypto/pdf/preflight.ts');
const { validate } = await import(process.cwd() + '/crypto/pades/validate.ts');
const { nodePrimitives } = await import(process.cwd() + '/src/lib/server/keys/primitives.ts');
const files = readdirSync('${root}', { recursive: true }).filter((f) => /^(attacks|parser|signed).*\\.pdf$/.test(f));
const [slow, large] = [[], []];
const peak = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
for (const file of files) {
	const bytes = new Uint8Array(readFileSync('${root}/' + file));
	gc();
	writeFileSync('/proc/self/clear_refs', '5');
	const from = performance.now();
	await validate(nodePrimitives, bytes, { trust: 'embedded', at: 1.7e12 });
	preflight(bytes);
	const took = performance.now() - from;
	if (took > 2000) slow.push(file + ': ' + took.toFixed(0) + ' ms');
	if (peak() > 256) large.push(file + ': ' + peak().toFixed(0) + ' MB');
}
console.log(JSON.stringify({ files: files.length, slow, large }));
`;

test.skipIf(!there || !linux)(`every file of the corpora is judged, each under 2 s and in a process of under 256 MB${skipped}`, { timeout: 120_000 }, () => {
	const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' });
	expect(status, stderr).toBe(0);
	const { files, slow, large } = JSON.parse(stdout) as { files: number; slow: string[]; large: string[] };
	expect(files).toBeGreaterThan(400);
	expect({ slow, large }).toEqual({ slow: [], large: [] });
});
