// probant keys rotate storage and keys discard ID: a new storage key, everything wrapped anew under it, and the old one gone once nothing needs it.

import { composeOwner, withActor, type Context } from '#lib/server/context.ts';
import type { Settings } from '#lib/server/env.ts';
import { addKey, KeyProblem, openVault, removeKey } from '#lib/server/keys/vault.ts';
import { rewrapBatch, wrappedBy } from '#lib/server/rewrap.ts';
import { databaseOf } from './database.ts';

async function asOwner<T>(settings: Settings, act: (ctx: Context) => Promise<T>): Promise<T> {
	const database = await databaseOf(settings, 'owner');
	try {
		const parts = await composeOwner(settings, database.url);
		try {
			return await act(withActor(parts, { person: null, client: null, via: 'cli' }));
		} finally {
			await parts.database.close();
		}
	} finally {
		await database.stop();
	}
}

/** Rotates, or goes on with a rotation that was cut short. Answers the id of the key that wraps all now. */
export async function rotateStorage(settings: Settings, say: (line: string) => void): Promise<string> {
	return asOwner(settings, async (ctx) => {
		const { id } = await openVault(settings.STORAGE_KEY_DIRECTORY);
		const before = await wrappedBy(ctx);
		const cut = [...before.keys()].some((wrapper) => wrapper !== id);
		const newest = cut ? id : await addKey(settings.STORAGE_KEY_DIRECTORY);
		say(cut ? `${newest}: going on` : `${newest}: made`);
		const total = [...before].reduce((sum, [wrapper, count]) => (wrapper === newest ? sum : sum + count), 0);
		for (let done = 0, count = -1; count !== 0; ) {
			count = await rewrapBatch(ctx, newest);
			done += count;
			if (count) say(`${done} of ${Math.max(total, done)} keys wrapped anew`);
		}
		return newest;
	});
}

/** Destroys an older storage key. KeyProblem while something is wrapped by it. */
export async function discard(settings: Settings, id: string): Promise<void> {
	await asOwner(settings, async (ctx) => {
		const count = (await wrappedBy(ctx)).get(id) ?? 0;
		if (count) throw new KeyProblem(`${id}: still wraps ${count} keys; run 'probant keys rotate storage' to its end`);
		await removeKey(settings.STORAGE_KEY_DIRECTORY, id);
	});
}
