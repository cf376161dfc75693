// npm run up: installs and builds what is missing or old, then hands over to the supervisor. Plain JavaScript: runs on any Node ≥ 20.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** @param {string} command @param {string[]} args */
function step(command, args) {
	const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
	if (status !== 0) {
		console.error(`failed: ${[command, ...args].join(' ')}${error ? ` (${error.message})` : ''}`);
		process.exit(status || 1);
	}
}

/** The latest change under a path, milliseconds. @param {string} path @returns {number} */
function latest(path) {
	if (!existsSync(path)) return 0;
	const s = statSync(path);
	if (!s.isDirectory()) return s.mtimeMs;
	return Math.max(s.mtimeMs, ...readdirSync(path).map((name) => latest(join(path, name))));
}

const lock = readFileSync('package-lock.json', 'utf8');
const installed = 'node_modules/.probant-lock';
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
	if (!existsSync('node_modules/.package-lock.json') || latest('node_modules/.package-lock.json') < latest('package-lock.json')) step('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
	writeFileSync(installed, lock);
}
const node = existsSync('node_modules/.bin/node') ? join(root, 'node_modules/.bin/node') : process.execPath;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (node === process.execPath && (major < 24 || (major === 24 && minor < 7))) {
	console.error(`Node ${process.versions.node} is too old here: no Node 24 comes as a package for ${process.platform}-${process.arch}. Install Node 24.7 or newer, then run this again.`);
	process.exit(1);
}
const sources = ['src', 'crypto', 'static', 'svelte.config.js', 'vite.config.ts', 'package-lock.json'];
if (Math.max(...sources.map(latest)) > latest('build/handler.js')) {
	console.log('building …');
	step(node, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
}

// Node keeps what it made of each module, by its content, so that the next start need not make it again: half of a start's work
const env = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'), ...process.env };
const child = spawn(node, ['src/supervise.ts', ...process.argv.slice(2)], { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] }); // which ends with this process, however that ends
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
