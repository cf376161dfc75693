import { expect, test } from 'vitest';
import { accept, hash, matches, outdated } from './password.ts';

test('ACC-2 a password fits its own Argon2id hash and no other', async () => {
	const stored = await hash('vélo crépuscule tarmac');
	expect(stored).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
	expect(await matches('vélo crépuscule tarmac'.normalize('NFD'), stored)).toBe(true);
	expect(await matches('vélo crépuscule tarmaC', stored)).toBe(false);
	expect(await matches('', null)).toBe(false);
	expect(outdated(stored)).toBe(false);
	expect(await hash('vélo crépuscule tarmac')).not.toBe(stored);
});

test('ACC-2 a hash of a lesser cost still fits and is outdated', async () => {
	// a hash as another library or an older version of this one would have left it
	const { argon2Sync } = await import('node:crypto');
	const salt = Buffer.from('somesalt16bytes!');
	const tag = argon2Sync('argon2id', { message: 'password', nonce: salt, parallelism: 1, tagLength: 32, memory: 1024, passes: 1 });
	const bare = (b: Buffer) => b.toString('base64').replace(/=+$/, '');
	const stored = `$argon2id$v=19$m=1024,t=1,p=1$${bare(salt)}$${bare(tag)}`;
	expect(await matches('password', stored)).toBe(true);
	expect(outdated(stored)).toBe(true);
	await expect(matches('x', stored.replace('argon2id', 'argon2i'))).rejects.toThrow('PHC');
});

test('ACC-2 the blocklist refuses what is guessed first', () => {
	const person = ['Ada Lovelace', 'ada.lovelace@example.org'];
	for (const bad of ['password1234', 'P@ssw0rd12345', 'Motdepasse2026!', 'aaaaaaaaaaaaaaaa', 'azertyuiop123', 'abcabcabcabcabc', 'Lovelace-Ada-1815', 'qwertyqwertyqwerty', '123456789012345', 'bonjourbonjour']) {
		expect(() => accept(bad, person), bad).toThrow('password-common');
	}
	expect(() => accept('Tr0ub4dor&3', person)).toThrow('password-short');
	expect(() => accept('x7'.repeat(101), person)).toThrow('password-long');
	for (const good of ['vélo crépuscule tarmac', 'k9#Lq2!vZp0w', 'gjrtwopxvmzq']) expect(() => accept(good, person), good).not.toThrow();
});
