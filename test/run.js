// npm test: installs what is missing, then runs everything. Plain JavaScript: runs on any Node ≥ 20 before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { failedByPlaywright, failedByVitest, lacking, skippedByPlaywright, skippedByVitest } from './outcome.js';

/** Either serves (src/cli/chromium.ts); the first costs half as much, and is the one installed. */
const browsers = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Debian packages: a file that shows each is there, and what it is for. @type {[string, string, string][]} */
const packages = [
	['chromium-headless-shell', browsers.find((path) => existsSync(path)) ?? '/usr/bin/chromium-headless-shell', 'every test in a browser'],
	['openssl', '/usr/bin/openssl', 'second opinions on certificates, tokens and CMS'],
	['qpdf', '/usr/bin/qpdf', 'second opinions on PDF structure'],
	['poppler-utils', '/usr/bin/pdfsig', 'second opinions on signatures'],
	['mupdf-tools', '/usr/bin/mutool', 'second opinions on signatures'],
	['fonts-dejavu-core', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', 'text in the browser'],
	['fonts-droid-fallback', '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf', 'marks in Chinese script'],
	['fonts-lohit-deva', '/usr/share/fonts/truetype/lohit-devanagari/Lohit-Devanagari.ttf', 'marks in Devanagari'],
	['bubblewrap', '/usr/bin/bwrap', 'the sandbox, and whatever runs in it'],
	['graphicsmagick', '/usr/bin/gm', 'reading identity documents'],
	['ghostscript', '/usr/bin/gs', 'flat copies of PDFs and pictures'],
	['libreoffice-writer-nogui', '/usr/bin/soffice', 'flat copies of office documents'],
	['fonts-ocr-b', '/usr/share/fonts/opentype/ocr-b/OCRB.otf', 'identity documents drawn by the tests'],
	['ceph-mon', '/usr/bin/ceph-mon', 'the object store suite on a real S3'],
	['ceph-osd', '/usr/bin/ceph-osd', 'the object store suite on a real S3'],
	['ceph-common', '/usr/bin/ceph', 'the object store suite on a real S3'],
	['radosgw', '/usr/bin/radosgw', 'the object store suite on a real S3']
];

/** What failed, told at the end, where whoever sees only the last lines finds it. @type {string[]} */
const failures = [];

/** @param {string} command @param {string[]} args @param {Record<string, string>} [more] */
function step(command, args, more = {}) {
	const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...more } });
	if (status === 0) return true;
	failures.push(`${[command, ...args].join(' ')} (${error?.message ?? signal ?? status})`);
	console.error(`failed: ${failures.at(-1)}`);
	return false;
}

/** Installs Debian packages where that is allowed; names what stays missing and what that leaves out. @returns {string[]} */
function installPackages() {
	const missing = () => packages.filter(([, file]) => !existsSync(file));
	if (missing().length && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		const names = missing().map(([name]) => name);
		const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
		step('apt-get', ['update', '-qq'], quiet);
		step('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet);
	}
	for (const [name, , what] of missing()) console.log(`not installed: ${name}; left out: ${what}`);
	return missing().map(([name]) => name);
}

/** @param {string} path @returns {any} */
const json = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

const lacks = lacking({ ci: Boolean(process.env.CI), missing: installPackages(), corpora: existsSync('../shared/corpora') });
for (const line of lacks) console.error(line);
if (!existsSync('node_modules/.bin/vitest') && !step('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])) process.exit(1);

const own = resolve('node_modules/.bin');
const node = existsSync(join(own, 'node')) ? join(own, 'node') : process.execPath;
process.env.PATH = `${own}${delimiter}${process.env.PATH}`;
const directory = mkdtempSync(join(tmpdir(), 'probant-test-'));
const [unit, browser] = [join(directory, 'vitest.json'), join(directory, 'playwright.json')];

const synced = step(node, ['node_modules/@sveltejs/kit/svelte-kit.js', 'sync']);
const typed = step(node, ['node_modules/typescript/bin/tsc', '-p', 'crypto/tsconfig.json']) && step(node, ['node_modules/svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']);
const linted = step(node, ['node_modules/eslint/bin/eslint.js', '.']);
const built = step(node, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
const ran = step(node, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`]);
const hasBrowser = browsers.some((path) => existsSync(path));
const browsed = !hasBrowser || step(node, ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: browser });

const vitest = json(unit) ?? { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 1 };
const browserReport = hasBrowser ? json(browser) : null;
const playwright = hasBrowser ? (browserReport?.stats ?? { expected: 0, unexpected: 1, flaky: 0 }) : { expected: 0, unexpected: 0, flaky: 0 };
rmSync(directory, { recursive: true });
const skipped = [...skippedByVitest(vitest), ...skippedByPlaywright(browserReport), ...(hasBrowser ? [] : ['every test in a browser (skipped: chromium is not installed)'])];
console.log([`${skipped.length} skipped`, ...skipped].join('\n  '));
failures.push(...lacks, ...failedByVitest(vitest), ...failedByPlaywright(browserReport));
if (failures.length) console.log(['failed:', ...failures].join('\n  '));
const steps = [synced, typed, linted, built].filter((ok) => !ok).length;
const passed = vitest.numPassedTests + playwright.expected;
const failed = lacks.length + vitest.numFailedTests + playwright.unexpected + playwright.flaky + steps + (!ran && !vitest.numFailedTests ? 1 : 0) + (!browsed && !playwright.unexpected ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(passed > 0 && failed === 0 ? 0 : 1);
