// Other people's tools, run on files of a temporary directory.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestRunner, type RunnerTestCase as Test } from 'vitest';

export interface Ran {
	readonly status: number | null;
	/** Standard output and error together. */
	readonly text: string;
}

/** Ends the running test as skipped where a tool is not installed; in CI it has to be (test/run.js tells what was left out). */
function leaveOut(command: string, error: NodeJS.ErrnoException): void {
	const asking = TestRunner.getCurrentTest<Test | undefined>();
	if (error.code !== 'ENOENT' || process.env.CI || !asking) return;
	Object.assign(asking.meta, { needs: command });
	asking.context.skip(`${command} is not installed`);
}

/** Runs a tool in a directory that holds these files. Where it is not installed: `leaveOut`, else throws. */
export const run = (command: string, args: readonly string[], files: Readonly<Record<string, Uint8Array | string>> = {}): Ran => inDirectory(command, args, files, () => null);

/** The file of this name that a tool made. Throws when the tool failed or made none. */
export function made(name: string, command: string, args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>): Uint8Array<ArrayBuffer> {
	return inDirectory(command, args, files, (directory) => new Uint8Array(readFileSync(join(directory, name)))).result;
}

function inDirectory<T>(command: string, args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>, collect: (directory: string) => T): Ran & { result: T } {
	const directory = mkdtempSync(join(tmpdir(), 'probant-tool-'));
	try {
		for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
		const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 26 });
		if (error) {
			leaveOut(command, error);
			throw error;
		}
		const text = `${stdout}${stderr}`;
		return { status, text, result: collect(directory) };
	} finally {
		rmSync(directory, { recursive: true });
	}
}
