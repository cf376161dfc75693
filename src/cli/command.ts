// The operator's and everyone's command line, once main.ts has made it quick to load. Misuse ends with 2, a refusal with 1.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BadSettings } from '#lib/server/env.ts';
import { DomainError } from '#lib/server/errors.ts';
import { KeyProblem } from '#lib/server/keys/vault.ts';
import { TimestampUnavailable } from '#lib/server/tsa/authority.ts';
import { TimestampRefused } from '#lib/server/tsa/token.ts';
import { Misuse } from './misuse.ts';
import { Refused } from './refused.ts';

/** Each is a file of this folder that exports `run(args)`, which answers the exit code, and `usage`. */
const commands = ['keys', 'log', 'client', 'credits', 'abuse', 'sms', 'verify', 'sign', 'timestamp', 'fsck', 'bench'] as const;
interface Command {
	readonly usage: string;
	run(args: readonly string[]): Promise<number>;
}

const file = (name: string) => new URL(`./${name}.ts`, import.meta.url);
const there = commands.filter((name) => existsSync(fileURLToPath(file(name))));
const load = async (name: string) => (await import(file(name).href)) as Command;

async function main([name, ...args]: readonly string[]): Promise<number> {
	const known = there.find((command) => command === name);
	if (!known) {
		const usages = await Promise.all(there.map(async (command) => (await load(command)).usage));
		throw new Misuse(usages.join('\n'));
	}
	return (await load(known)).run(args);
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	const misused = error instanceof Misuse;
	const known = misused || [Refused, TimestampUnavailable, TimestampRefused, KeyProblem, BadSettings, DomainError].some((kind) => error instanceof kind);
	const system = (error as NodeJS.ErrnoException).code !== undefined;
	process.stderr.write(`${known || system ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
	process.exitCode = misused ? 2 : 1;
}
