// What mutations begin with: public corpora where they are there, and things of ours.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fromLatin1 } from '#crypto/bytes.ts';

const folder = new URL('../../../shared/corpora/', import.meta.url);

/** Whether the public corpora are on this machine. */
export const corpora = existsSync(folder);

const read = (path: string) => new Uint8Array(readFileSync(new URL(path.split('/').map(encodeURIComponent).join('/'), folder)));

/** Files of the corpora whose path matches, of at most `maximum` bytes, in the order of their paths; none where the corpora are missing. */
export function files(pattern: RegExp, maximum: number): Uint8Array[] {
	if (!corpora) return [];
	const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => pattern.test(path)).sort();
	return paths.map(read).filter((bytes) => bytes.length <= maximum);
}

/** Members of a folder of OpenSSL's fuzzing seeds (a ustar archive: 512-byte headers, octal sizes). */
export function opensslSeeds(member: RegExp, maximum: number): Uint8Array[] {
	if (!corpora) return [];
	const tar = new Uint8Array(gunzipSync(read('der/openssl-fuzz-seeds.tar.gz')));
	const out: [string, Uint8Array][] = [];
	for (let at = 0; at + 512 <= tar.length && tar[at]; ) {
		const text = (start: number, length: number) => fromLatin1(tar.subarray(at + start, at + start + length)).replace(/\0.*$/s, '');
		const size = parseInt(text(124, 12), 8);
		if (text(156, 1) === '0' && member.test(text(0, 100)) && size <= maximum) out.push([text(0, 100), tar.slice(at + 512, at + 512 + size)]);
		at += 512 + Math.ceil(size / 512) * 512;
	}
	return out.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bytes]) => bytes);
}
