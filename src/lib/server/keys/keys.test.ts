import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { equal, utf8 } from '#crypto/bytes.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { backup, confirmBackup, restore } from './backup.ts';
import { makeKeys, prepareKeys } from './prepare.ts';
import { keyNames, openRing } from './ring.ts';
import { rotate } from './rotate.ts';
import { openVault } from './vault.ts';

const instance = { operator: 'Test', country: 'FR', origin: 'https://safe.test', policy: '1.3.6.1.4.1.99999.1.1' };
const now = Date.UTC(2026, 0, 2);
const passphrase = 'correct horse battery';
let root = '';
let directories = { storage: '', signing: '' };
beforeEach(async () => {
	root = mkdtempSync(join(tmpdir(), 'probant-keys-'));
	directories = { storage: join(root, 'storage'), signing: join(root, 'signing') };
	await makeKeys({ ...directories, instance }, now);
});
afterEach(() => rmSync(root, { recursive: true }));

const start = () => prepareKeys({ ...directories, instance, production: true }, now);
const open = async () => openRing(directories.signing, await openVault(directories.signing), instance.origin);
const backedUp = async () => {
	await backup(directories, join(root, 'backup'), passphrase);
	await confirmBackup(directories, join(root, 'backup'), passphrase);
};

test('the first start makes two directories of keys that only we may read', async () => {
	for (const directory of Object.values(directories)) {
		expect(statSync(directory).mode & 0o777).toBe(0o700);
		for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o400);
	}
	expect(readdirSync(directories.signing).sort()).toEqual(['kek-0001.key', ...keyNames.map((n) => `${n}.json`)].sort());
	expect(await makeKeys({ ...directories, instance }, now)).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)('another account can open no file of either directory (as root only: it takes two accounts)', () => {
	chmodSync(root, 0o755);
	const files = Object.values(directories).flatMap((directory) => [directory, ...readdirSync(directory).map((file) => join(directory, file))]);
	const read = (file: string, account: object) => spawnSync(statSync(file).isDirectory() ? 'ls' : 'cat', [file], { ...account, encoding: 'utf8' });
	for (const file of files) {
		expect(read(file, { uid: 1, gid: 1 }), file).toMatchObject({ stdout: '', stderr: expect.stringContaining('Permission denied') as string });
		expect(read(file, {}).status).toBe(0);
	}
});

test('production starts after a backup was confirmed, and not after the keys changed since', async () => {
	await expect(start()).rejects.toThrow('no backup was confirmed');
	await backup(directories, join(root, 'backup'), passphrase);
	await expect(start()).rejects.toThrow('no backup was confirmed');
	await confirmBackup(directories, join(root, 'backup'), passphrase);
	expect(await start()).toEqual([]);
	await rotate(directories, instance, 'tsa', now);
	await expect(start()).rejects.toThrow('the keys changed since a backup was confirmed');
	await expect(confirmBackup(directories, join(root, 'backup'), passphrase)).rejects.toThrow('other keys than those in use');
});

test.each(keyNames)('production names a missing %s key', async (name) => {
	unlinkSync(join(directories.signing, `${name}.json`));
	await expect(start()).rejects.toThrow(`the ${name} key is missing`);
	await expect(open()).rejects.toThrow(`the ${name} key is missing`);
});

test('production names a missing, short or readable key-encryption key', async () => {
	const path = join(directories.storage, 'kek-0001.key');
	chmodSync(path, 0o440);
	await expect(start()).rejects.toThrow('others may read it');
	unlinkSync(path);
	await expect(start()).rejects.toThrow(`${directories.storage}: no key-encryption key`);
	writeFileSync(path, 'short', { mode: 0o400 });
	await expect(start()).rejects.toThrow('not a key');
});

test('a wrapped key is bound to its name: one put in another’s place is refused', async () => {
	const path = (name: string) => join(directories.signing, `${name}.json`);
	const code = JSON.parse(readFileSync(path('code'), 'utf8')) as { secret: string };
	const link = JSON.parse(readFileSync(path('link'), 'utf8')) as object;
	unlinkSync(path('link'));
	writeFileSync(path('link'), JSON.stringify({ ...link, secret: code.secret }), { mode: 0o400 });
	await expect(open()).rejects.toMatchObject({ code: 'mismatch' });
});

test('rotation of the signing key-encryption key wraps all anew: the old one is needed no more', async () => {
	const before = (await open()).signing;
	expect(await rotate(directories, instance, 'signing', now)).toBe('kek-0002');
	unlinkSync(join(directories.signing, 'kek-0001.key'));
	const after = (await open()).signing;
	expect(equal(after.code(utf8('x')), before.code(utf8('x')))).toBe(true);
	expect(equal(after.serviceSeal.certificate, before.serviceSeal.certificate)).toBe(true);
});

test('rotation of the storage key: the new one wraps, what the old one wrapped still opens', async () => {
	const key = new Uint8Array(32).fill(7);
	const wrapped = await (await openVault(directories.storage)).wrap(key, ['safe']);
	expect(await rotate(directories, instance, 'storage', now)).toBe('kek-0002');
	const vault = await openVault(directories.storage);
	expect(vault.id).toBe('kek-0002');
	expect(equal(await vault.unwrap(wrapped, ['safe']), key)).toBe(true);
	await expect(vault.unwrap(wrapped, ['other'])).rejects.toMatchObject({ code: 'mismatch' });
});

test('rotation of a seal issues a new certificate under the same CA; anchors and derivation keys are refused', async () => {
	const before = (await open()).signing;
	await rotate(directories, instance, 'service-seal', now);
	const after = (await open()).signing;
	expect(equal(after.serviceSeal.certificate, before.serviceSeal.certificate)).toBe(false);
	expect(equal(after.ca.certificate, before.ca.certificate)).toBe(true);
	expect(readCertificate(after.serviceSeal.certificate).notBefore).toBe(now - 60_000);
	for (const name of ['root', 'log', 'code', 'link']) await expect(rotate(directories, instance, name, now)).rejects.toThrow('not rotated');
	await expect(rotate(directories, instance, 'none', now)).rejects.toThrow('no key named none');
});

test('SIGN-15 rotation of the CA keeps the former one to answer for what it issued, and certifies everything anew', async () => {
	const before = (await open()).signing;
	expect(before.former).toEqual([]);
	await rotate(directories, instance, 'ca', now + 1000);
	const after = (await open()).signing;
	expect(after.former.map((f) => [equal(f.ca.certificate, before.ca.certificate), equal(f.ocsp.certificate, before.ocsp.certificate)])).toEqual([[true, true]]);
	expect(equal(after.root.certificate, before.root.certificate)).toBe(true);
	const ca = readCertificate(after.ca.certificate);
	expect(equal(ca.issuer.der, readCertificate(after.root.certificate).subject.der)).toBe(true);
	for (const key of [after.serviceSeal, after.instanceSeal, after.tsa, after.ocsp]) expect(equal(readCertificate(key.certificate).authorityKeyIdentifier!, ca.subjectKeyIdentifier!)).toBe(true);
	await rotate(directories, instance, 'signing', now);
	await rotate(directories, instance, 'ca', now + 2000);
	expect((await open()).signing.former.map((f) => equal(f.ca.certificate, before.ca.certificate))).toEqual([true, false]);
	await backedUp();
	expect(await start()).toEqual([]);
	const other = { storage: join(root, 'b', 'storage'), signing: join(root, 'b', 'signing') };
	await restore(other, join(root, 'backup'), passphrase);
	expect((await openRing(other.signing, await openVault(other.signing), instance.origin)).signing.former).toHaveLength(2);
});

test('a backup gives the same keys back, to empty directories only, and to nobody without the passphrase', async () => {
	await backedUp();
	const file = join(root, 'backup');
	expect(statSync(file).mode & 0o777).toBe(0o600);
	await expect(restore(directories, file, passphrase)).rejects.toThrow('holds keys already');
	const other = { storage: join(root, 'b', 'storage'), signing: join(root, 'b', 'signing') };
	await expect(restore(other, file, 'another passphrase')).rejects.toThrow('another passphrase');
	const bytes = readFileSync(file);
	const flipped = Buffer.from(bytes);
	flipped[flipped.length - 20]! ^= 1;
	writeFileSync(join(root, 'flipped'), flipped);
	await expect(restore(other, join(root, 'flipped'), passphrase)).rejects.toThrow('altered');
	await restore(other, file, passphrase);
	const restored = await openRing(other.signing, await openVault(other.signing), instance.origin);
	expect(equal(restored.signing.link(utf8('x')), (await open()).signing.link(utf8('x')))).toBe(true);
	await expect(backup(directories, join(root, 'weak'), 'short')).rejects.toThrow('12 characters');
});
