// A passphrase from a file, or typed on the terminal without being shown. Never from an argument: those are seen by every process.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Misuse } from './misuse.ts';

async function ask(question: string): Promise<string> {
	process.stderr.write(question);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
	try {
		return await terminal.question('');
	} finally {
		terminal.close();
		process.stderr.write('\n');
	}
}

/** @param twice whether it is new, and typed a second time to be sure */
export async function passphrase(path: string | undefined, twice: boolean): Promise<string> {
	if (path) return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
	if (!process.stdin.isTTY) throw new Misuse('no terminal to ask for the passphrase: give --passphrase-file FILE');
	const typed = await ask('Passphrase: ');
	if (twice && (await ask('Once more: ')) !== typed) throw new Misuse('the two passphrases differ');
	return typed;
}
