// Keys before a process starts: made at the first start of a development instance, demanded in production.

import { mkdir, readdir } from 'node:fs/promises';
import { requireBackup } from './backup.ts';
import { list, makeMissing, keyNames, type Instance, type KeyName } from './ring.ts';
import { addKey, KeyProblem, openVault } from './vault.ts';

export interface KeyPlaces {
	readonly storage: string;
	readonly signing: string;
	readonly instance: Instance;
	readonly production: boolean;
}

/** Opens or makes the vaults and the ring. In production nothing is made: KeyProblem names the first key that is missing, or the backup that was never confirmed. */
export async function prepareKeys({ storage, signing, instance, production }: KeyPlaces, now: number): Promise<KeyName[]> {
	if (production) {
		await openVault(storage);
		await openVault(signing);
		const there = new Set((await list(signing)).map((k) => k.name));
		const missing = keyNames.find((name) => !there.has(name));
		if (missing) throw new KeyProblem(`${signing}: the ${missing} key is missing; make keys with 'probant keys make' before production starts`);
		await requireBackup({ storage, signing });
		return [];
	}
	return makeKeys({ storage, signing, instance }, now);
}

/** Makes what is not there. Answers the signing keys made. */
export async function makeKeys({ storage, signing, instance }: Omit<KeyPlaces, 'production'>, now: number): Promise<KeyName[]> {
	for (const directory of [storage, signing]) {
		await mkdir(directory, { recursive: true, mode: 0o700 });
		await openVault(directory).catch(async (error: unknown) => {
			if (!(error instanceof KeyProblem) || !error.message.endsWith('no key-encryption key')) throw error;
			await addKey(directory);
		});
	}
	return makeMissing(signing, await openVault(signing), instance, now);
}

/** In production a web process that can read the signing keys does not start. Under one uid with the worker it could: then the split is not claimed, and only a directory it was told of is looked at. */
export async function refuseSigningKeys(settings: { readonly production: boolean; readonly SIGNING_KEY_DIRECTORY: string }): Promise<void> {
	if (!settings.production) return;
	const readable = await readdir(settings.SIGNING_KEY_DIRECTORY).then(
		(files) => files.length > 0,
		() => false
	);
	if (readable) throw new KeyProblem(`${settings.SIGNING_KEY_DIRECTORY}: the web process can read the signing keys; give it a directory it cannot read`);
}
