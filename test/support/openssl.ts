// Other people's tools, run on files of a temporary directory.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ran {
	readonly status: number | null;
	/** Standard output and error together. */
	readonly text: string;
}

/** Runs a tool in a directory that holds these files. Throws when the tool is not installed. */
export function run(command: string, args: readonly string[], files: Readonly<Record<string, Uint8Array | string>> = {}): Ran {
	const directory = mkdtempSync(join(tmpdir(), 'probant-tool-'));
	try {
		for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
		const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 26 });
		if (error) throw error;
		return { status, text: `${stdout}${stderr}` };
	} finally {
		rmSync(directory, { recursive: true });
	}
}
