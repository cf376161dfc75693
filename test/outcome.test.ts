import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failedByPlaywright, failedByVitest, lacking, skippedByPlaywright, skippedByVitest } from './outcome.js';

test('in CI a missing package or corpora folder is a failure; elsewhere it leaves tests out', () => {
	expect(lacking({ ci: true, missing: ['qpdf'], corpora: false })).toEqual(['CI needs it: not installed: qpdf', 'CI needs it: ../shared/corpora is not there']);
	expect(lacking({ ci: true, missing: [], corpora: true })).toEqual([]);
	expect(lacking({ ci: false, missing: ['qpdf'], corpora: false })).toEqual([]);
});

test('what was not run is told by name, from both reports', () => {
	expect(skippedByPlaywright({ suites: [{ title: 'a.spec.ts', suites: [{ title: 'corpora', specs: [{ title: 'x', tests: [{ status: 'skipped' }] }] }], specs: [{ title: 'y', tests: [{ status: 'expected' }] }] }] })).toEqual(['a.spec.ts › corpora › x']);
	expect([skippedByVitest(null), skippedByPlaywright(null)]).toEqual([[], []]);
});

test('what failed is told by name with the first line of why, from both reports; a flaky test is one', () => {
	const error = { message: 'expected 1\nat y' };
	const suites = [{ title: 'a.spec.ts', specs: [{ title: 'x', tests: [{ status: 'unexpected', results: [{ error }] }] }, { title: 'y', tests: [{ status: 'flaky', results: [{ error }, {}] }] }, { title: 'z', tests: [{ status: 'expected', results: [{}] }] }] }];
	expect(failedByPlaywright({ suites })).toEqual(['a.spec.ts › x: expected 1', 'a.spec.ts › y: expected 1']);
	expect(failedByVitest({ testResults: [{ name: 'b.test.ts', status: 'failed', message: 'no such module\nat z', assertionResults: [] }] })).toEqual(['b.test.ts: no such module']);
	expect([failedByVitest(null), failedByPlaywright(null)]).toEqual([[], []]);
});

/** A run of Vitest over one test of the project that asks a tool, where only Node is in the PATH. */
function withoutTools(ci: boolean) {
	const folder = mkdtempSync(join(tmpdir(), 'probant-outcome-'));
	try {
		symlinkSync(process.execPath, join(folder, 'node'));
		const [config, file, report] = ['vitest.config.mjs', 'asks.test.ts', 'report.json'].map((name) => join(folder, name)) as [string, string, string];
		writeFileSync(config, 'export default { test: { include: ["asks.test.ts"] } };');
		writeFileSync(file, `import { test } from '${process.cwd()}/node_modules/vitest/dist/index.js'; import { run } from '${process.cwd()}/test/support/openssl.ts'; test('asks qpdf', () => { run('qpdf', ['--version']); }); test('asks nothing', () => {});`);
		spawnSync(process.execPath, [join(process.cwd(), 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--config', config, '--reporter=json', `--outputFile=${report}`], { env: { PATH: folder, ...(ci ? { CI: 'true' } : {}) } });
		return JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

test('a test whose tool is not installed is left out and says so; in CI it fails', { timeout: 60_000 }, () => {
	const here = withoutTools(false);
	expect(here).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
	expect(skippedByVitest(here)).toEqual(['asks qpdf (skipped: qpdf is not installed)']);
	const inCi = withoutTools(true);
	expect(inCi).toMatchObject({ numPassedTests: 1, numFailedTests: 1 });
	expect(failedByVitest(inCi)).toEqual([expect.stringMatching(/asks\.test\.ts › asks qpdf: Error: .*qpdf/)]);
});
