// probant sign as a process, against a timestamp authority and a PKI on loopback; what it makes is judged by openssl and pdfsig too.

import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject, type RSAPSSKeyPairKeyObjectOptions } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { nodeSigner } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, pemOf, type Holder } from '../../test/support/pki.ts';
import { createRevocationServer } from '../../test/support/revocation-server.ts';
import { contract, withFields } from '../../test/support/signing.ts';
import { createHostileTsa } from '../../test/support/tsa.ts';
import type { SignatureAlgorithm } from '#crypto/primitives.ts';

const day = 86_400_000;
const start = Date.now() - day;
const directory = mkdtempSync(join(tmpdir(), 'probant-sign-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string) => join(directory, name);

const revocation = await createRevocationServer();
const pki = await createPki('CLI', { start, issuing: { crl: `${revocation.url}root.crl` } });
revocation.pki = pki;
const pointers = { ocsp: `${revocation.url}ocsp`, crl: `${revocation.url}ca.crl` };
const authority = await pki.authority({ ocsp: pointers.ocsp });
const tsa = await createHostileTsa(Date.now, { pki, honest: authority });

/** A key in a PEM file, and its certificate with its chain in another. */
async function made(name: string, privateKey: KeyObject, publicKey: KeyObject, algorithm: SignatureAlgorithm, wishes: Parameters<typeof pki.issue>[1] = pointers): Promise<Holder> {
	const key = { signer: nodeSigner(privateKey, algorithm), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
	const holder = await pki.issue(name, { key, ...wishes });
	writeFileSync(at(`${name}.key`), privateKey.export({ format: 'pem', type: 'pkcs8' }));
	writeFileSync(at(`${name}.pem`), pemOf(holder.certificate.der, ...holder.chain, pki.root.certificate.der));
	return holder;
}
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecdsa = { scheme: 'ecdsa', hash: 'SHA-256' } as const;
const pair = p256();
const alice = await made('alice', pair.privateKey, pair.publicKey, ecdsa);
revocation.holders.push(alice.certificate, authority.certificate);
for (const [name, content] of [['in.pdf', await contract()], ['fields.pdf', withFields(await contract(), ['one', 'two'])], ['root.pem', pemOf(pki.root.certificate.der)], ['junk.pdf', 'junk']] as const) writeFileSync(at(name), content);

beforeEach(() => {
	tsa.mood = 'honest';
	revocation.status = { status: 'good' };
	revocation.asked.length = 0;
});

function probant(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
	const paths = args.map((a) => (/\.(pdf|pem|key|pass)$/.test(a) ? at(a) : a));
	return new Promise((done) => execFile(process.execPath, ['src/cli/main.ts', ...paths], (error, stdout, stderr) => done({ status: error ? Number(error.code) : 0, stdout, stderr })));
}
const signed = (input: string, output: string, level: string, ...more: string[]) => probant('sign', input, output, ...(more.includes('--key') ? [] : ['--key', 'alice.key', '--cert', 'alice.pem']), '--level', level, ...(level === 'B-B' ? [] : ['--tsa', tsa.url]), '--allow-host', '127.0.0.1', ...more);
const verified = async (file: string) => {
	const { status, stdout } = await probant('verify', file, '--trust', 'root.pem', '--json');
	return { status, report: JSON.parse(stdout) as { indication: string; signatures: { field: string; level: string; integrity: string; reasons: string[] }[] } };
};

/** What others say of the last signature of a file. */
function others(file: string): { pdfsig: string; openssl: number | null } {
	const pdf = readFileSync(at(file));
	const [, a, b, c, d] = [...pdf.toString('latin1').matchAll(/\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/g)].at(0)!.map(Number) as [number, number, number, number, number];
	const cms = Buffer.from(pdf.subarray(a + b + 1, c - 1).toString('latin1'), 'hex');
	const files = { 'cms.der': cms, content: Buffer.concat([pdf.subarray(a, a + b), pdf.subarray(c, c + d)]), 'root.pem': pemOf(pki.root.certificate.der), 'a.pdf': pdf };
	return { pdfsig: run('pdfsig', ['-nocert', 'a.pdf'], files).text, openssl: run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'cms.der', '-content', 'content', '-CAfile', 'root.pem', '-purpose', 'any', '-out', '/dev/null'], files).status };
}

test.each(['B-B', 'B-T', 'B-LT', 'B-LTA'])('SIGN-7 %s: the level asked for is reached, by us, openssl and pdfsig', async (level) => {
	const out = `${level}.pdf`;
	expect(await signed('in.pdf', out, level, '--trust', 'root.pem')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(`: ${level}, `) });
	const { status, report } = await verified(out);
	const lasting = level === 'B-LT' || level === 'B-LTA';
	expect(status).toBe(lasting ? 0 : 1);
	expect(report).toMatchObject({ indication: lasting ? 'TOTAL-PASSED' : 'INDETERMINATE' });
	expect(report.signatures[0]).toMatchObject({ level, integrity: 'intact' });
	if (level === 'B-T') expect(report.signatures[0]!.reasons).toEqual(['timestamp-revocation', 'revocation']);
	const told = others(out);
	expect(told.pdfsig).toContain('Signature is Valid');
	expect(told.openssl).toBe(0);
	expect(revocation.asked.sort()).toEqual(lasting ? ['/ocsp', '/ocsp', '/root.crl'] : []);
});

test('SIGN-7 without --trust the chain the key came with serves, and the line says that nobody was judged', async () => {
	expect(await signed('in.pdf', 'untrusted.pdf', 'B-LTA')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('nobody’s identity was judged') });
	expect((await verified('untrusted.pdf')).report.signatures[0]).toMatchObject({ integrity: 'intact' });
	const stranger = await createPki('Stranger', { start });
	writeFileSync(at('stranger.pem'), pemOf(stranger.root.certificate.der));
	for (const level of ['B-B', 'B-T']) expect(await signed('in.pdf', 'stranger.pdf', level, '--trust', 'stranger.pem')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^[^\n]*no chain to a trusted certificate[^\n]*\n$/) });
	expect(existsSync(at('stranger.pdf'))).toBe(false);
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed = generateKeyPairSync('ed25519');
const pss = (hash?: string, mask = hash, saltLength?: number) => generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...(hash ? { hashAlgorithm: hash, mgf1HashAlgorithm: mask } : {}), ...(saltLength === undefined ? {} : { saltLength }) } as unknown as RSAPSSKeyPairKeyObjectOptions); // its types want the salt's length as text
test.each([
	['rsa', rsa, { scheme: 'rsa-pkcs1', hash: 'SHA-256' }],
	['p384', p384, { scheme: 'ecdsa', hash: 'SHA-384' }],
	['p521', p521, { scheme: 'ecdsa', hash: 'SHA-512' }],
	['pss-free', pss(), { scheme: 'rsa-pss', hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 }],
	['pss-sha384', pss('sha384', 'sha384', 48), { scheme: 'rsa-pss', hash: 'SHA-384', mgfHash: 'SHA-384', saltLength: 48 }],
	['pss-sha512-salt20', pss('sha512', 'sha512', 20), { scheme: 'rsa-pss', hash: 'SHA-512', mgfHash: 'SHA-512', saltLength: 20 }],
	['ed25519', ed, { scheme: 'ed25519' }]
] as const)('SIGN-7 a key of kind %s signs', async (name, keys, algorithm) => {
	await made(name, keys.privateKey, keys.publicKey, algorithm);
	expect(await signed('in.pdf', `by-${name}.pdf`, 'B-T', '--key', `${name}.key`, '--cert', `${name}.pem`, '--trust', 'root.pem')).toMatchObject({ status: 0, stderr: '' });
	if (name !== 'ed25519') expect(others(`by-${name}.pdf`).openssl).toBe(0); // OpenSSL 3.0 wants a digest with EdDSA
	if (name !== 'ed25519' && !name.startsWith('pss')) expect(others(`by-${name}.pdf`).pdfsig).toContain('Signature is Valid'); // poppler 22 judges neither Ed25519 nor PSS
	expect((await verified(`by-${name}.pdf`)).report.signatures).toMatchObject([{ level: 'B-T', integrity: 'intact' }]);
});

test('SIGN-7 a PSS key that demands SHA-1, or another hash for its mask: refused in one line, and nothing written', async () => {
	for (const [name, keys] of [['pss-sha1', pss('sha1', 'sha1', 20)], ['pss-mixed', pss('sha256', 'sha384', 32)]] as const) {
		writeFileSync(at(`${name}.key`), keys.privateKey.export({ format: 'pem', type: 'pkcs8' }));
		expect(await signed('in.pdf', `by-${name}.pdf`, 'B-B', '--key', `${name}.key`, '--cert', 'alice.pem')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^a PSS key that signs with sha\d+ and masks with sha\d+ signs no document here\n$/) });
		expect(existsSync(at(`by-${name}.pdf`))).toBe(false);
	}
});

test('SIGN-7 an encrypted key opens with its passphrase from a file, and with no other', async () => {
	const key = createPrivateKey(readFileSync(at('alice.key')));
	writeFileSync(at('sealed.key'), key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'correct horse' }));
	writeFileSync(at('right.pass'), 'correct horse\n');
	writeFileSync(at('wrong.pass'), 'battery\n');
	const by = ['--key', 'sealed.key', '--cert', 'alice.pem'];
	expect(await signed('in.pdf', 'sealed.pdf', 'B-B', ...by, '--passphrase-file', 'wrong.pass')).toMatchObject({ status: 1, stderr: expect.stringContaining('does not open with this passphrase') });
	expect(await signed('in.pdf', 'sealed.pdf', 'B-B', ...by)).toMatchObject({ status: 2, stderr: expect.stringContaining('--passphrase-file') });
	expect(await signed('in.pdf', 'sealed.pdf', 'B-B', ...by, '--passphrase-file', 'right.pass')).toMatchObject({ status: 0, stderr: '' });
});

test('SIGN-7 a key that is not the certificate’s, an ended certificate, a small key: refused', async () => {
	const other = p256();
	writeFileSync(at('other.key'), other.privateKey.export({ format: 'pem', type: 'pkcs8' }));
	expect(await signed('in.pdf', 'no.pdf', 'B-B', '--key', 'other.key', '--cert', 'alice.pem')).toMatchObject({ status: 1, stderr: expect.stringContaining('not the key of the first certificate') });
	expect(await signed('in.pdf', 'no.pdf', 'B-B', '--key', 'alice.pem', '--cert', 'alice.pem')).toMatchObject({ status: 1, stderr: expect.stringContaining('no private key') });
	await made('ended', other.privateKey, other.publicKey, ecdsa, { notAfter: Date.now() - 1000 });
	expect(await signed('in.pdf', 'no.pdf', 'B-B', '--key', 'ended.key', '--cert', 'ended.pem', '--trust', 'root.pem')).toMatchObject({ status: 1, stderr: expect.stringContaining('certificate-time') });
	const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
	await made('small', small.privateKey, small.publicKey, { scheme: 'rsa-pkcs1', hash: 'SHA-256' });
	expect(await signed('in.pdf', 'no.pdf', 'B-B', '--key', 'small.key', '--cert', 'small.pem')).toMatchObject({ status: 1, stderr: expect.stringContaining('RSA of 1024 bits') });
	expect(existsSync(at('no.pdf'))).toBe(false);
});

test('SIGN-7 revoked, unknown, unreachable, too large, not of HTTP: no B-LT, and nothing written', async () => {
	revocation.status = { status: 'revoked', at: start + 1000, reason: 1 };
	const onlyOcsp = p256();
	const bob = await made('bob', onlyOcsp.privateKey, onlyOcsp.publicKey, ecdsa, { ocsp: pointers.ocsp });
	revocation.holders.push(bob.certificate);
	const by = (name: string) => signed('in.pdf', 'no.pdf', 'B-LT', '--key', `${name}.key`, '--cert', `${name}.pem`, '--trust', 'root.pem');
	expect(await by('bob')).toMatchObject({ status: 1, stderr: expect.stringMatching(/ocsp: the certificate: revoked at /) });
	revocation.status = { status: 'unknown' };
	expect(await by('bob')).toMatchObject({ status: 1, stderr: expect.stringMatching(/ocsp: the certificate: /) });
	revocation.status = { status: 'good' };
	for (const [name, pointer, why] of [['none', {}, /points to none/], ['far', { crl: 'http://127.0.0.1:9/a.crl' }, /cannot be reached/], ['large', { crl: `${revocation.url}huge` }, /more than \d+ bytes/], ['file', { crl: 'file:///etc/passwd' }, /neither HTTP nor HTTPS/], ['strange', { ocsp: `${revocation.url}ca.crl` }, /no revocation data says that it is good/]] as const) {
		const keys = p256();
		await made(name, keys.privateKey, keys.publicKey, ecdsa, pointer);
		expect(await by(name)).toMatchObject({ status: 1, stderr: expect.stringMatching(why) });
	}
	const inside = await probant('sign', 'in.pdf', 'no.pdf', '--key', 'alice.key', '--cert', 'alice.pem', '--level', 'B-LT', '--tsa', tsa.url, '--trust', 'root.pem');
	expect(inside).toMatchObject({ status: 1, stderr: expect.stringMatching(/leads to a private or special address/) });
	expect(existsSync(at('no.pdf'))).toBe(false);
	expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('SIGN-7 an authority that is down, or whose token does not verify: nothing written', async () => {
	for (const mood of ['down', 'wrong-imprint', 'wrong-nonce', 'tampered', 'rejects', 'untrusted', 'not-a-tsa'] as const) {
		tsa.mood = mood;
		expect(await signed('in.pdf', 'no.pdf', 'B-T', '--trust', 'root.pem'), mood).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) });
	}
	expect(existsSync(at('no.pdf'))).toBe(false);
});

test('SIGN-7 fields: the one named, the first empty one, or one made; a signed file gets no new field', async () => {
	expect(await signed('fields.pdf', 'first.pdf', 'B-B', '--field', 'two')).toMatchObject({ status: 0 });
	expect(await signed('first.pdf', 'both.pdf', 'B-B')).toMatchObject({ status: 0 });
	expect((await verified('both.pdf')).report.signatures.map((s) => [s.field, s.integrity])).toEqual([['two', 'intact'], ['one', 'intact']]);
	expect(await signed('first.pdf', 'no.pdf', 'B-B', '--field', 'two')).toMatchObject({ status: 1, stderr: expect.stringContaining('signed already') });
	expect(await signed('both.pdf', 'no.pdf', 'B-B')).toMatchObject({ status: 1, stderr: expect.stringContaining('signed already') });
	expect(await signed('in.pdf', 'named.pdf', 'B-B', '--field', 'Approval')).toMatchObject({ status: 0 });
	expect((await verified('named.pdf')).report.signatures).toMatchObject([{ field: 'Approval' }]);
	const altered = readFileSync(at('first.pdf'));
	altered[altered.indexOf('595 842')] = 0x36;
	writeFileSync(at('altered.pdf'), altered);
	expect(await signed('altered.pdf', 'no.pdf', 'B-B')).toMatchObject({ status: 1, stderr: expect.stringContaining('would not be intact') });
	expect(await signed('junk.pdf', 'no.pdf', 'B-B')).toMatchObject({ status: 1, stderr: expect.stringContaining('not-a-pdf') });
	expect(existsSync(at('no.pdf'))).toBe(false);
});

test('SIGN-7 the input is never written over, another file only with --force', async () => {
	const before = readFileSync(at('in.pdf'));
	expect(await signed('in.pdf', 'in.pdf', 'B-B', '--force')).toMatchObject({ status: 2, stderr: expect.stringContaining('never written over') });
	expect(readFileSync(at('in.pdf')).equals(before)).toBe(true);
	writeFileSync(at('there.pdf'), 'there');
	expect(await signed('in.pdf', 'there.pdf', 'B-B')).toMatchObject({ status: 1, stderr: expect.stringContaining('--force') });
	expect(readFileSync(at('there.pdf'), 'utf8')).toBe('there');
	expect(await signed('in.pdf', 'there.pdf', 'B-B', '--force')).toMatchObject({ status: 0 });
	expect(readFileSync(at('there.pdf')).subarray(0, before.length).equals(before)).toBe(true);
	expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('misuse ends with 2 and says how it is meant', async () => {
	const by = ['--key', 'alice.key', '--cert', 'alice.pem'];
	for (const args of [[], ['in.pdf', 'no.pdf'], ['in.pdf', 'no.pdf', ...by], ['in.pdf', 'no.pdf', ...by, '--level', 'B-C'], ['in.pdf', 'no.pdf', ...by, '--level', 'B-T'], ['in.pdf', 'no.pdf', ...by, '--level', 'B-T', '--tsa', 'ftp://x'], ['missing.pdf', 'no.pdf', ...by, '--level', 'B-B'], ['in.pdf', 'no.pdf', '--key', 'alice.key', '--cert', 'junk.pdf', '--level', 'B-B'], ['in.pdf', 'no.pdf', 'more', ...by, '--level', 'B-B']]) {
		const { status, stderr } = await probant('sign', ...args);
		expect(status, args.join(' ')).toBe(2);
		expect(stderr).not.toBe('');
	}
});
