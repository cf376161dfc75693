// The bytes behind the door: the signed document as it is now, or the person's own attestation or acknowledgement of withdrawal. Logged before the first one.

import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import { readContent } from '../documents/content.ts';
import { locate, logOpening, type Opened } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import { inside, lastVersion } from './door.ts';

export type What = 'document' | 'attestation' | 'acknowledgement';

/** For an open session at this door. `unauthenticated` / `copy-session`, `gone`: `copy-gone`, `destroyed`; `not-found` / `attestation-pending` until it is made, or for one who did not sign. */
export async function open(ctx: Context, secret: string, cookie: string | null, what: What): Promise<Opened> {
	const own = await inside(ctx, secret, cookie);
	const at = await guarded(own, { op: 'copy.open', safe: own.safe, obj: own.signer, actor: own.signer, values: { what } }, () => own.tx(async (tx) => {
		const [row] = await tx<{ id: string }[]>`${what === 'document' ? lastVersion(tx, own.envelope) : what === 'attestation' ? tx`select v.id from version v join signer s on s.attestation = v.document where s.id = ${own.signer}` : tx`select v.id from version v join withdrawal w on w.acknowledgement = v.document where w.signer = ${own.signer}`}`;
		if (!row) throw new DomainError('not-found', 'attestation-pending');
		const found = await locate(tx, row.id);
		await append(tx, { op: 'copy.open', safe: own.safe, obj: own.signer, actor: own.signer, values: { what } });
		await logOpening(tx, found, null, own.signer);
		return found;
	}), own.signer);
	return { name: at.name, mediaType: at.mediaType, size: at.size, sha256: at.sha256, bytes: readContent(own, at) };
}
