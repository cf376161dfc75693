// Passwords: Argon2id (RFC 9106) as PHC strings, and which are refused (NIST SP 800-63B §3.1.1: length and a blocklist, no composition rules).

import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { commonWords } from './blocklist.ts';

/** Cost of new hashes: KiB of memory, passes, lanes. A hash of another cost is replaced at the next login. */
const cost = { memory: 65536, passes: 3, parallelism: 1 };
const tagLength = 32;

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;
const plain = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function derive(password: string, nonce: Uint8Array, parameters: typeof cost, length: number): Promise<Buffer> {
	const input: Argon2Parameters = { message: password.normalize('NFKC'), nonce, tagLength: length, ...parameters };
	return new Promise((resolve, reject) => argon2('argon2id', input, (error, key) => (error ? reject(error) : resolve(key))));
}

/** The PHC string of a password, with a fresh 128-bit salt. */
export async function hash(password: string): Promise<string> {
	const salt = randomBytes(16);
	const key = await derive(password, salt, cost, tagLength);
	return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${plain(salt)}$${plain(key)}`;
}

/** Whether a password fits its hash. With no hash it takes as long and is false. Throws for a hash that is none of ours. */
export async function matches(password: string, stored: string | null): Promise<boolean> {
	if (stored === null) {
		await derive(password, Buffer.alloc(16), cost, tagLength);
		return false;
	}
	const [, memory, passes, parallelism, salt, key] = phc.exec(stored) ?? [];
	if (!salt || !key) throw new Error('a stored password hash is not a PHC string of Argon2id');
	const expected = Buffer.from(key, 'base64');
	const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
	return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), parameters, expected.length), expected);
}

/** Whether a hash was made at another cost than today's. */
export const outdated = (stored: string): boolean => !stored.startsWith(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`);

const minimum = 12;
const maximum = 200;
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn'];
const runs = rows.flatMap((row) => [row, [...row].reverse().join('')]);
const leet: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };

/** Length of the longest piece at the start of `text` that is a run of a keyboard row or the alphabet, or one character repeated. */
function run(text: string): number {
	const same = /^(.)\1*/su.exec(text)?.[0].length ?? 0;
	let longest = same;
	while (longest < text.length && runs.some((row) => row.includes(text.slice(0, longest + 1)))) longest += 1;
	return longest;
}

/** What is left of a password when known words, runs and repetitions count one character each. */
function effort(text: string, words: readonly string[]): number {
	let left = 0;
	for (let at = 0; at < text.length; left += 1) {
		const rest = text.slice(at);
		const word = words.find((w) => rest.startsWith(w))?.length ?? 0;
		const long = Math.max(word, run(rest));
		at += long >= 3 ? long : 1;
	}
	return left;
}

/** A whole that is one short piece several times is that piece. */
const once = (text: string): string => /^(.{1,8}?)\1+$/su.exec(text)?.[1] ?? text;

/**
 * Refuses what is guessed first. `person` are words of its owner (name, address).
 * Throws `invalid`: `password-short`, `password-long`, `password-common`.
 */
export function accept(password: string, person: readonly string[]): void {
	const characters = [...password.normalize('NFKC')].length;
	if (characters < minimum) throw new DomainError('invalid', 'password-short', { minimum });
	if (characters > maximum) throw new DomainError('invalid', 'password-long', { maximum });
	const bare = (text: string) => text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
	const own = person.flatMap((p) => bare(p).split(/[^\p{L}\p{N}]+/u)).filter((w) => w.length >= 3);
	const words = [...own, ...commonWords].sort((a, b) => b.length - a.length);
	const written = once(bare(password));
	const read = written.replace(/[013457@$!]/g, (c) => leet[c] ?? c);
	if (Math.min(effort(written, words), effort(read, words)) < 9) throw new DomainError('invalid', 'password-common');
}
