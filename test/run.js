// npm test: installs what is missing, then runs everything. Plain JavaScript: runs on any Node ≥ 20 before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param {string} command @param {string[]} args */
function step(command, ...args) {
	const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit' });
	if (status !== 0) console.error(`failed: ${[command, ...args].join(' ')} (${error?.message ?? signal ?? status})`);
	return status === 0;
}

if (!existsSync('node_modules/.bin/vitest') && !step('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')) process.exit(1);

const node = existsSync('node_modules/.bin/node') ? 'node_modules/.bin/node' : process.execPath;
const synced = step(node, 'node_modules/@sveltejs/kit/svelte-kit.js', 'sync');
const dir = mkdtempSync(join(tmpdir(), 'probant-test-'));
const report = join(dir, 'vitest.json');
const checked = step(node, 'node_modules/typescript/bin/tsc', '-p', 'crypto/tsconfig.json');
const ran = step(node, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
const { numPassedTests: passed, numFailedTests: failed } = existsSync(report)
	? JSON.parse(readFileSync(report, 'utf8'))
	: { numPassedTests: 0, numFailedTests: 1 };
rmSync(dir, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(synced && checked && ran && passed > 0 && failed === 0 ? 0 : 1);
