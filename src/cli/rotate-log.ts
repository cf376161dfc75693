// probant keys rotate log: the next log key, its entry in the log, the checkpoint both sign; then the earlier key goes. Run again, it goes on where it stopped.

import { equal } from '#crypto/bytes.ts';
import { follow, lineage, settled } from '#lib/server/audit/log-keys.ts';
import { composeWorker, withActor, type WorkerContext } from '#lib/server/context.ts';
import type { Settings } from '#lib/server/env.ts';
import { forgetEarlier, succeedLog, type Instance } from '#lib/server/keys/ring.ts';
import { KeyProblem, openVault } from '#lib/server/keys/vault.ts';

const patience = 60_000; // ms for a worker to start again with the new key and sign

async function opened<T>(settings: Settings, act: (ctx: WorkerContext) => Promise<T>): Promise<T> {
	const { parts } = await composeWorker(settings);
	try {
		return await act(withActor(parts, { person: null, client: null, via: 'cli' }));
	} finally {
		await parts.database.close();
	}
}

/** Makes the next key unless one waits to follow already. */
async function prepare(settings: Settings, instance: Instance): Promise<void> {
	const ready = await opened(settings, async (ctx) => !equal((await lineage(ctx)).keys.at(-1)!.verifier.key, ctx.signing.log.publicKey) || !(await settled(ctx)));
	if (!ready) await succeedLog(settings.SIGNING_KEY_DIRECTORY, await openVault(settings.SIGNING_KEY_DIRECTORY), instance, Date.now());
}

/** Answers the verifier line of the key that signs now. KeyProblem when no worker signed within a minute. */
export async function rotateLog(settings: Settings, instance: Instance, say: (line: string) => void): Promise<string> {
	await prepare(settings, instance);
	const line = await opened(settings, async (ctx) => {
		await follow(ctx);
		const { line } = (await lineage(ctx)).keys.at(-1)!;
		say(`${line}: follows by an entry of the log; waiting for the checkpoint that covers it`);
		for (const end = Date.now() + patience; !(await settled(ctx)); await new Promise((done) => setTimeout(done, 500))) {
			if (Date.now() > end) throw new KeyProblem('log: no worker has signed with both keys yet; start one, then run this again');
		}
		return line;
	});
	for (const name of await forgetEarlier(settings.SIGNING_KEY_DIRECTORY)) say(`${name}: destroyed`);
	return line;
}
