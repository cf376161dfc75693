// probant timestamp as a process: a document time-stamp into a PDF, a token beside anything else; openssl verifies the token.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { validate } from '#crypto/pades/validate.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, pemOf } from '../../test/support/pki.ts';
import { contract, lists, signField, withFields } from '../../test/support/signing.ts';
import { createRevocationServer } from '../../test/support/revocation-server.ts';
import { createHostileTsa } from '../../test/support/tsa.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-timestamp-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string) => join(directory, name);
const start = Date.now() - 86_400_000;
const revocation = await createRevocationServer();
const pki = await createPki('CLI', { start, issuing: { crl: `${revocation.url}root.crl` } });
revocation.pki = pki;
const authority = await pki.authority({ ocsp: `${revocation.url}ocsp` });
const tsa = await createHostileTsa(Date.now, { pki, honest: authority });
const seal = await pki.issue('Sceau', { crl: `${revocation.url}ca.crl` });
const silent = await pki.issue('Muet');
revocation.holders.push(authority.certificate);
const of = async (holder: typeof seal, stamped: typeof authority | null) => signField(withFields(await contract(), ['a']), 'a', holder, { at: Date.now() - 1000, authority: stamped });
const signed = await of(seal, authority);
const root = pemOf(pki.root.certificate.der);
for (const [name, content] of [['signed.pdf', signed], ['silent.pdf', await of(silent, null)], ['plain.pdf', await contract()], ['notes.txt', 'notes'], ['root.pem', root]] as const) writeFileSync(at(name), content);
beforeEach(() => {
	revocation.asked.length = 0;
	revocation.status = { status: 'good' };
	tsa.mood = 'honest';
});

const probant = (...args: string[]) => probantIn({}, ...args);

/** With these variables set. */
function probantIn(more: Record<string, string>, ...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
	const { TSA_URL: _, ...env } = process.env;
	const paths = args.map((a) => (/\.(pdf|pem|txt|tsr)$/.test(a) ? at(a) : a));
	return new Promise((done) => execFile(process.execPath, ['src/cli/main.ts', 'timestamp', ...paths, '--allow-host', '127.0.0.1'], { env: { ...env, ...more } }, (error, stdout, stderr) => done({ status: error ? Number(error.code) : 0, stdout, stderr })));
}
const judge = async (name: string) => validate(nodePrimitives, new Uint8Array(readFileSync(at(name))), { trust: { anchors: [pki.root.certificate.der] }, at: Date.now(), crls: await lists(pki, Date.now()) });

/** With what the file alone holds. */
const alone = (name: string) => validate(nodePrimitives, new Uint8Array(readFileSync(at(name))), { trust: { anchors: [pki.root.certificate.der] }, at: Date.now() + 1000 });

test('SIGN-7 SIGN-15 a signed PDF gets the revocation data it lacks and a document time-stamp over all of it; a second one later keeps the first', async () => {
	expect(await probant('signed.pdf', '--tsa', tsa.url, '--trust', 'root.pem')).toMatchObject({ status: 0, stderr: '' });
	expect(revocation.asked.sort()).toEqual(['/ca.crl', '/ocsp', '/root.crl']);
	const once = await alone('signed.stamped.pdf');
	expect(once.signatures).toMatchObject([{ kind: 'signature', indication: 'TOTAL-PASSED', level: 'B-LTA' }, { kind: 'document-timestamp', coverage: 'whole-file', timestamp: { proven: true } }]);
	expect(readFileSync(at('signed.stamped.pdf')).subarray(0, signed.length).equals(signed)).toBe(true);
	expect(await probant('signed.stamped.pdf', '--tsa', tsa.url, '--trust', 'root.pem', '--out', 'twice.pdf')).toMatchObject({ status: 0, stderr: '' });
	const twice = await alone('twice.pdf');
	expect(twice.signatures).toMatchObject([{ level: 'B-LTA', indication: 'TOTAL-PASSED' }, { indication: 'TOTAL-PASSED' }, { kind: 'document-timestamp', coverage: 'whole-file' }]);
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': readFileSync(at('twice.pdf')) }).text).toContain('No syntax or stream encoding errors found');
});

test('SIGN-7 revocation data that cannot be had, or say revoked: nothing is written; --bare stamps without', async () => {
	expect(await probant('silent.pdf', '--tsa', tsa.url, '--trust', 'root.pem')).toMatchObject({ status: 1, stderr: expect.stringMatching(/Muet.*points to none.*--bare/) });
	revocation.status = { status: 'revoked', at: start + 1000, reason: 1 };
	expect(await probant('signed.pdf', '--tsa', tsa.url, '--trust', 'root.pem', '--out', 'revoked.pdf')).toMatchObject({ status: 1, stderr: expect.stringContaining('revoked at') });
	for (const name of ['silent.stamped.pdf', 'revoked.pdf']) expect(existsSync(at(name)), name).toBe(false);
	revocation.asked.length = 0;
	expect(await probant('silent.pdf', '--tsa', tsa.url, '--trust', 'root.pem', '--bare')).toMatchObject({ status: 0, stderr: '' });
	expect(revocation.asked).toEqual([]);
	expect((await judge('silent.stamped.pdf')).signatures).toMatchObject([{ kind: 'signature', level: 'B-T', integrity: 'intact' }, { kind: 'document-timestamp', coverage: 'whole-file', timestamp: { proven: true } }]);
});

test('SIGN-15 a time-stamp whose authority has ended carries nothing on: it is said, and nothing is written', async () => {
	const ended = await pki.authority({ notAfter: Date.now() - 3_600_000, ocsp: `${revocation.url}ocsp` });
	revocation.holders.push(ended.certificate);
	writeFileSync(at('late.pdf'), await signField(withFields(await contract(), ['a']), 'a', seal, { at: Date.now() - 7_200_000, authority: ended }));
	expect(await probant('late.pdf', '--tsa', tsa.url, '--trust', 'root.pem')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/a: timestamp-chain: expired on .*--bare/) });
	expect(existsSync(at('late.stamped.pdf'))).toBe(false);
	expect(await probant('late.pdf', '--tsa', tsa.url, '--trust', 'root.pem', '--bare')).toMatchObject({ status: 0 });
});

test('SIGN-7 an unsigned PDF gets a document time-stamp alone', async () => {
	expect(await probant('plain.pdf', '--tsa', tsa.url, '--out', 'out.pdf')).toMatchObject({ status: 0, stdout: expect.stringContaining('not judged') });
	expect((await judge('out.pdf')).signatures).toMatchObject([{ kind: 'document-timestamp', timestamp: { proven: true } }]);
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': readFileSync(at('out.pdf')) }).text).toContain('No syntax or stream encoding errors found');
});

test('SAFE-4 any other file gets a token beside it, which openssl verifies', async () => {
	expect(await probant('notes.txt', '--tsa', tsa.url, '--trust', 'root.pem')).toMatchObject({ status: 0, stderr: '' });
	const verify = (data: string) => run('openssl', ['ts', '-verify', '-token_in', '-in', 't.tsr', '-data', 'data', '-CAfile', 'root.pem'], { 't.tsr': readFileSync(at('notes.txt.tsr')), data, 'root.pem': root });
	expect(verify('notes')).toMatchObject({ status: 0 });
	expect(verify('other').status).not.toBe(0);
});

test('SAFE-4 an authority that fails, a file altered since it was signed, a file that is there: nothing written', async () => {
	for (const mood of ['down', 'wrong-imprint', 'untrusted', 'expired'] as const) {
		tsa.mood = mood;
		for (const file of ['plain.pdf', 'root.pem']) expect(await probant(file, '--tsa', tsa.url, '--trust', 'root.pem'), mood).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) });
	}
	tsa.mood = 'honest';
	const altered = signed.slice();
	altered[Buffer.from(signed).indexOf('595 842')] = 0x36;
	writeFileSync(at('altered.pdf'), altered);
	expect(await probant('altered.pdf', '--tsa', tsa.url)).toMatchObject({ status: 1, stderr: expect.stringContaining('would not be intact') });
	for (const name of ['plain.stamped.pdf', 'root.pem.tsr', 'altered.stamped.pdf']) expect(existsSync(at(name)), name).toBe(false);
	writeFileSync(at('there.tsr'), 'there');
	expect(await probant('notes.txt', '--tsa', tsa.url, '--out', 'there.tsr')).toMatchObject({ status: 1, stderr: expect.stringContaining('--force') });
	expect(readFileSync(at('there.tsr'), 'utf8')).toBe('there');
	expect(await probant('notes.txt', '--tsa', tsa.url, '--out', 'notes.txt', '--force')).toMatchObject({ status: 2 });
	expect(readFileSync(at('notes.txt'), 'utf8')).toBe('notes');
});

test('SAFE-4 without --tsa it is the instance’s authority, and without that one line says what is missing', async () => {
	expect(await probantIn({ TSA_URL: tsa.url }, 'notes.txt', '--trust', 'root.pem', '--out', 'instance.tsr')).toMatchObject({ status: 0, stderr: '' });
	expect(run('openssl', ['ts', '-verify', '-token_in', '-in', 't.tsr', '-data', 'data', '-CAfile', 'root.pem'], { 't.tsr': readFileSync(at('instance.tsr')), data: 'notes', 'root.pem': root })).toMatchObject({ status: 0 });
	expect(await probant('notes.txt', '--out', 'none.tsr')).toEqual({ status: 2, stdout: '', stderr: 'no time-stamp authority: --tsa URL, or TSA_URL as the instance has it\n' });
	expect(existsSync(at('none.tsr'))).toBe(false);
});

test('misuse ends with 2 and says how it is meant', async () => {
	for (const args of [[], ['plain.pdf'], ['missing.pdf', '--tsa', tsa.url], ['plain.pdf', '--tsa', 'nowhere']]) expect(await probant(...args), args.join(' ')).toMatchObject({ status: 2, stderr: expect.stringMatching(/./) });
});
