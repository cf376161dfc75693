// Rotation: a new key-encryption key with everything under it wrapped anew, or a new generation of a certified key.
// What a rotation would break is refused by name: trust anchors are pinned, outstanding codes and links derive from theirs.

import { list, make, rewrap, succeedCa, type Instance, type KeyName } from './ring.ts';
import type { KeyDirectories } from './backup.ts';
import { addKey, KeyProblem, openVault } from './vault.ts';

const refused: Partial<Record<KeyName, string>> = {
	root: 'its fingerprint is pinned by those who check; a new root is a new instance',
	log: 'another follows it by an entry in the log, which this alone does not write',
	code: 'codes under way derive from it',
	link: 'links under way derive from it'
};

/**
 * Rotates `storage`, `signing` or a key of the ring. Answers what wraps or signs now. Processes take it up when they start again,
 * and a backup is to be made anew. The storage key's older versions stay: safes opened under them are read with them.
 */
export async function rotate({ storage, signing }: KeyDirectories, instance: Instance, name: string, now: number): Promise<string> {
	if (name === 'storage') {
		await openVault(storage);
		return addKey(storage);
	}
	if (name === 'signing') {
		await openVault(signing);
		const id = await addKey(signing);
		await rewrap(signing, await openVault(signing));
		return id;
	}
	const key = (await list(signing)).find((k) => k.name === name);
	if (!key) throw new KeyProblem(`${signing}: there is no key named ${name}`);
	const why = refused[key.name];
	if (why) throw new KeyProblem(`${name}: not rotated: ${why}`);
	if (key.name === 'ca') await succeedCa(signing, await openVault(signing), instance, now);
	else await make(signing, await openVault(signing), instance, key.name, now, key.generation + 1);
	return `${name} ${key.generation + 1}`;
}
