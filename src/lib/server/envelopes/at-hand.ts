// What a claimed signature is made with, read in one go with its claim: every transaction is a part of what its signer waits for.

import type { WorkerContext } from '../context.ts';
import { locate, type LocatedVersion } from '../documents/read.ts';
import { usualToken } from '../evidence/seal.ts';
import { remoteAnchors } from '../evidence/trust.ts';
import type { Tx } from '../db/pool.ts';
import { together } from '../db/together.ts';
import * as safes from '../safes.ts';
import type { Claim } from './claim.ts';
import { fieldsOf, type PlacedField } from './fields.ts';

export interface AtHand {
	/** The version it is made onto, or was. */
	readonly parent: LocatedVersion;
	/** 32 bytes. */
	readonly safeKey: Uint8Array;
	/** Bytes to keep for a token. */
	readonly token: number;
	/** What the signer fills in, and where they sign. */
	readonly fields: readonly PlacedField[];
	/** DER roots of the remote certificates whose signatures the document keeps. */
	readonly anchors: readonly Uint8Array[];
}

/** Bytes of the largest token the document's versions got: the next one is of the same authority, as a rule. */
async function tokenSize(tx: Tx, document: string): Promise<number> {
	const [row] = await tx<[{ size: number | null }]>`select max(octet_length(t.token)) as size from timestamp_token t join version v on v.id = t.version where v.document = ${document}`;
	return Math.max(row.size ?? 0, usualToken);
}

export async function atHand(ctx: WorkerContext, tx: Tx, c: Claim): Promise<AtHand> {
	const [parent, safeKey, token, fields, anchors] = await together([
		locate(tx, c.parent ?? c.current),
		safes.safeKey(ctx, tx, { id: c.safe, client: c.client }),
		tokenSize(tx, c.document),
		fieldsOf(tx, c.envelope, c.signer),
		remoteAnchors(tx, c.document)
	]);
	return { parent, safeKey, token, fields, anchors };
}
