// Public attack and conformance files: refused or found changed, within bounds, and never anything but a CryptoError.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CryptoError } from '../errors.ts';
import { readByteRange } from './byte-range.ts';
import { classifyChanges } from './changes.ts';
import { openDocument } from './document.ts';
import { isDict } from './objects.ts';
import { preflight } from './preflight.ts';

const root = new URL('../../../shared/corpora/', import.meta.url);
const there = existsSync(root);
const skipped = there ? '' : ' (skipped: no corpora folder)';
const files = there ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.pdf')) : [];
const read = (file: string) => new Uint8Array(readFileSync(new URL(file.split('/').map(encodeURIComponent).join('/'), root)));

/** `unreadable`, or whether a signature's bytes or a later revision speak against it. */
function judged(file: string): 'unreadable' | 'objected' | 'clean' {
	try {
		const document = openDocument(read(file));
		const signatures = document.numbers().map((n) => document.get(n)).filter((o) => isDict(o) && o.map.has('ByteRange'));
		const facts = signatures.map((o) => readByteRange(document, o as never));
		const bad = facts.some((f) => f.problems.length || classifyChanges(document, f.revision).some((c) => !c.allowed));
		return bad || document.trailing ? 'objected' : 'clean';
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return 'unreadable';
	}
}

test.skipIf(!there)(`no file ends in anything but a document or a CryptoError${skipped}`, { timeout: 120_000 }, () => {
	expect(files.length).toBeGreaterThan(200);
	for (const file of files) {
		judged(file);
		preflight(read(file));
	}
});

test.skipIf(!there)(`signature forgeries and manipulated shadow documents are never clean${skipped}`, () => {
	const forged = files.filter((f) => f.includes('pdf-insecurity/') || /shadow\/.*\/4_/.test(f));
	expect(forged.length).toBeGreaterThan(25);
	expect(forged.filter((f) => judged(f) === 'clean')).toEqual([]);
});

test.skipIf(!there)(`clean signed files stay clean: the shadow files that can be read before manipulation${skipped}`, () => {
	const signed = files.filter((f) => /shadow\/.*\/3_/.test(f)).map(judged);
	expect(signed).not.toContain('objected');
	expect(signed.filter((s) => s === 'clean').length).toBeGreaterThanOrEqual(4);
});
