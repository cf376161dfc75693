// The B-B of an intent, stored before its time-stamp is asked for: from then on the person has signed. It is in the intent's row until its version is released.

import type { Prepared } from '#crypto/pades/prepare.ts';
import { append } from '../audit/append.ts';
import type { WorkerContext } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import { readWhole, reserve, type Reserved } from '../documents/content.ts';
import { openInRow, sealInRow } from '../documents/in-row.ts';
import { healthOf, type Health } from '../health.ts';
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

const rowOf = ({ client, safe, id }: Pick<Claim, 'id' | 'client' | 'safe'>) => ({ client, safe, owner: id });

/** What goes on from there needs, read and reserved in the same transaction. */
export interface Kept {
	/** What the version is to be stored as. */
	readonly object: Reserved;
	/** Of the authority that is asked next. */
	readonly health: readonly Health[];
}

/** Keeps the revision of the B-B: from here on the person has signed, and only the timestamp is waited for. */
export async function keepSigned(own: WorkerContext, c: Claim, { signed, keep }: Made, safeKey: Uint8Array): Promise<Kept> {
	const framed = new Uint8Array(8 + signed.update.length);
	new DataView(framed.buffer).setUint32(0, signed.contents.start);
	new DataView(framed.buffer).setUint32(4, signed.contents.end);
	framed.set(signed.update, 8);
	const { sealed, wrappedKey } = await sealInRow(own, rowOf(c), safeKey, framed);
	return own.tx(async (tx) => {
		const row = tx`
			update signing_intent set state = 'signed', parent_version = ${c.current}, signing_time = ${c.now}, sealed = ${sealed}, wrapped_key = ${wrappedKey}
			where id = ${c.id} and epoch = ${c.epoch} and state = 'ready'`;
		const [{ count }, object, health] = await together([row.execute(), reserve(own, tx, { kind: 'version', client: c.client, safe: c.safe }), healthOf(tx), keep?.(tx), tx`select pg_notify('signer', ${c.signer})`]);
		if (!count) throw new SelfCheckFailed('another worker took the signature over');
		return { object, health };
	});
}

/** What was kept of it, and the version it was made onto. */
export async function keptSigned(own: WorkerContext, c: Claim, { parent, safeKey }: AtHand): Promise<Prepared> {
	const framed = Buffer.from(await openInRow(own, rowOf(c), safeKey, { sealed: c.sealed!, wrappedKey: c.wrappedKey! }));
	return { original: await readWhole(own, parent, safeKey), update: new Uint8Array(framed.subarray(8)), contents: { start: framed.readUInt32BE(0), end: framed.readUInt32BE(4) } };
}

/** Bytes its gap holds. */
export const roomIn = ({ contents }: Prepared): number => (contents.end - contents.start - 2) / 2;

/** What was signed is not kept, in a transaction that holds its intent: it is to be signed anew, or has failed. A certificate in the signer's name has made no signature (`revokeUnused`). */
export async function giveUpKept(tx: Tx, intent: string, state: 'ready' | 'failed'): Promise<void> {
	await tx`update signing_intent set state = ${state}, parent_version = null, signing_time = null, sealed = null, wrapped_key = null where id = ${intent}`;
	await letGo(tx, intent);
	await letGoRemote(tx, intent);
}

/** Gives a stored B-B up whose gap is too small for its token. */
export async function discard(own: WorkerContext, c: Claim, why: string): Promise<void> {
	await own.tx(async (tx) => {
		const { count } = await tx`select from signing_intent where id = ${c.id} and epoch = ${c.epoch} and state = 'signed' for update`;
		if (!count) throw new SelfCheckFailed('another worker took the signature over');
		await giveUpKept(tx, c.id, 'ready');
		await append(tx, { op: 'signer.sign', safe: c.safe, obj: c.id, res: 'error', actor: c.signer, values: { reason: `signed again with more room: ${why}` } });
	});
}
