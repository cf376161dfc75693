// What a command is given as files. What cannot be read is misuse, and said with its path.

import { readFileSync, statSync } from 'node:fs';
import { fromBase64 } from '#crypto/bytes.ts';
import { pemBodies } from '#crypto/x509/pem.ts';
import { Misuse } from './misuse.ts';

/** Throws Misuse unless each is a file, before any work is done on the first. */
export function demandFiles(paths: readonly string[]): void {
	for (const path of paths) {
		const found = statSync(path, { throwIfNoEntry: false });
		if (!found) throw new Misuse(`${path}: ENOENT`);
		if (found.isDirectory()) throw new Misuse(`${path}: EISDIR`);
	}
}

/** Throws Misuse. */
export function readInput(path: string): Uint8Array {
	try {
		return new Uint8Array(readFileSync(path));
	} catch (error) {
		throw new Misuse(`${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
	}
}

/** DER certificates of a PEM file, at least one, in its order. Throws Misuse. */
export function readCertificates(path: string): Uint8Array[] {
	const found = pemBodies(new TextDecoder().decode(readInput(path)), 'CERTIFICATE').map(fromBase64);
	if (!found.length) throw new Misuse(`${path}: no certificate in PEM`);
	return found;
}

/** What `--trust` names: DER certificates, or `embedded`, which stands alone. Throws Misuse. */
export function readTrust(given: readonly string[]): readonly Uint8Array[] | 'embedded' {
	if (!given.includes('embedded')) return given.flatMap(readCertificates);
	if (given.length > 1) throw new Misuse('--trust embedded trusts whatever a file carries: it stands alone');
	return 'embedded';
}
