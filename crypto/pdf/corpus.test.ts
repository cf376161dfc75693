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
import { readdirSync, readFileSync } from 'node:fs';
const { preflight } = await import(process.cwd() + '/crypto/pdf/preflight.ts');
const { validate } = await import(process.cwd() + '/crypto/pades/validate.ts');
const { nodePrimitives } = await import(process.cwd() + '/src/lib/server/keys/primitives.ts');
const files = readdirSync('${root}', { recursive: true }).filter((f) => /^(attacks|parser|signed).*\\.pdf$/.test(f));
const slow = [];
for (const file of files) {
	const bytes = new Uint8Array(readFileSync('${root}/' + file));
	const from = performance.now();
	await validate(nodePrimitives, bytes, { trust: 'embedded', at: 1.7e12 });
	preflight(bytes);
	const took = performance.now() - from;
	if (took > 2000) slow.push(file + ': ' + took.toFixed(0) + ' ms');
}
const peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
console.log(JSON.stringify({ files: files.length, slow, peak }));
`;

test.skipIf(!there || !linux)(`every file of the corpora is judged, each under 2 s, and all in one process of under 256 MB${skipped}`, { timeout: 120_000 }, () => {
	const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
	expect(status, stderr).toBe(0);
	const { files, slow, peak } = JSON.parse(stdout) as { files: number; slow: string[]; peak: number };
	expect(files).toBeGreaterThan(400);
	expect(slow).toEqual([]);
	expect(peak).toBeLessThan(256);
});
