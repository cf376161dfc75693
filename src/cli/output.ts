// Files a command writes: whole or not at all, and never over what was there unless told to.

import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Misuse } from './misuse.ts';
import { Refused } from './refused.ts';

/** Asked before any work is done. Throws Misuse when it is the input itself, which is never written over, and Refused when it is there and `force` is not given. */
export function demandFree(output: string, input: string, force: boolean): void {
	if (!existsSync(output)) return;
	if (realpathSync(output) === realpathSync(input)) throw new Misuse(`${output}: the input is never written over`);
	if (!force) throw new Refused(`${output}: is there already (--force writes over it)`);
}

/** Into a temporary file beside it, on disk, then in its place. Throws Refused like demandFree, and what the system says. */
export function writeOutput(output: string, bytes: Uint8Array, force: boolean): void {
	const temporary = join(dirname(output), `.${basename(output)}.${randomBytes(6).toString('hex')}.tmp`);
	try {
		writeFileSync(temporary, bytes, { flag: 'wx', flush: true });
		if (!force && existsSync(output)) throw new Refused(`${output}: is there already (--force writes over it)`);
		renameSync(temporary, output);
	} finally {
		rmSync(temporary, { force: true });
	}
}
