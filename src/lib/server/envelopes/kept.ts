// The B-B of an intent, stored before its time-stamp is asked for: from then on the person has signed.

import type { Prepared } from '#crypto/pades/prepare.ts';
import { append } from '../audit/append.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import { abandon, consume, readContent, readWhole, storeContent, type Located } from '../documents/content.ts';
import type { AtHand } from './at-hand.ts';
import { SelfCheckFailed, type Claim } from './claim.ts';
import { letGo } from './one-time.ts';
import { letGo as letGoRemote } from './remote.ts';

export interface Made {
	readonly signed: Prepared;
	/** Keeps the certificate in the signer's own name; null: the service seal's. */
	readonly keep: ((tx: Tx) => Promise<unknown>) | null;
	/** DER root of a remote certificate; null: ours. */
	readonly anchor: Uint8Array | null;
}

/** Keeps the revision of the B-B: from here on the person has signed, and only the timestamp is waited for. */
export async function keepSigned(own: WorkerContext, c: Claim, { signed, keep }: Made, safeKey: Uint8Array): Promise<void> {
	const framed = new Uint8Array(8 + signed.update.length);
	new DataView(framed.buffer).setUint32(0, signed.contents.start);
	new DataView(framed.buffer).setUint32(4, signed.contents.end);
	framed.set(signed.update, 8);
	const plain = (async function* () {
		yield framed;
	})();
	const stored = await storeContent(own, { kind: 'evidence', client: c.client, safe: c.safe, owner: c.id, plain, safeKey });
	await own.tx(async (tx) => {
		const { count } = await tx`
			update signing_intent set state = 'signed', parent_version = ${c.current}, signing_time = ${c.now}, object = ${stored.objectKey}, store_version = ${stored.storeVersion}, wrapped_key = ${stored.wrappedKey}, size = ${stored.size}
			where id = ${c.id} and epoch = ${c.epoch} and state = 'ready'`;
		if (!count) throw new SelfCheckFailed('another worker took the signature over');
		await together([keep?.(tx), consume(tx, stored.intent), tx`select pg_notify('signer', ${c.signer})`]);
	});
}

/** What was kept of it, and the version it was made onto. */
export async function keptSigned(own: WorkerContext, c: Claim, { parent, safeKey }: AtHand): Promise<Prepared> {
	const { key, version, wrapped, size } = c.object!;
	const at: Located = { client: c.client, safe: c.safe, owner: c.id, objectKey: key, storeVersion: version, wrappedKey: Buffer.from(wrapped, 'hex'), size };
	const framed = Buffer.concat(await Array.fromAsync(readContent(own, at, null, safeKey)));
	return { original: await readWhole(own, parent, safeKey), update: new Uint8Array(framed.subarray(8)), contents: { start: framed.readUInt32BE(0), end: framed.readUInt32BE(4) } };
}

/** Bytes its gap holds. */
export const roomIn = ({ contents }: Prepared): number => (contents.end - contents.start - 2) / 2;

/** The intent is to be signed anew, in a transaction that holds it: the bytes are left to the sweep, and a certificate in the signer's name has made no signature (`revokeUnused`). */
export async function giveUpKept(tx: Tx, c: Pick<Claim, 'id' | 'client' | 'safe'>): Promise<void> {
	const [was] = await tx<[{ object: string | null }]>`select object from signing_intent where id = ${c.id}`;
	await tx`update signing_intent set state = 'ready', parent_version = null, signing_time = null, object = null, store_version = null, wrapped_key = null, size = null where id = ${c.id}`;
	await letGo(tx, c.id);
	await letGoRemote(tx, c.id);
	if (was.object) await abandon(tx, { kind: 'evidence', client: c.client, safe: c.safe, objectKey: was.object });
}

/** Gives a stored B-B up whose gap is too small for its token. */
export async function discard(own: WorkerContext, c: Claim, why: string): Promise<void> {
	await own.tx(async (tx) => {
		const { count } = await tx`select from signing_intent where id = ${c.id} and epoch = ${c.epoch} and state = 'signed' for update`;
		if (!count) throw new SelfCheckFailed('another worker took the signature over');
		await giveUpKept(tx, c);
		await append(tx, { op: 'signer.sign', safe: c.safe, obj: c.id, res: 'error', actor: c.signer, values: { reason: `signed again with more room: ${why}` } });
	});
}
