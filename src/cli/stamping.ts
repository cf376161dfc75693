// Tokens from an authority at an address, and the document time-stamp made of one.

import { hex } from '#crypto/bytes.ts';
import { embed } from '#crypto/pades/embed.ts';
import { coveredDigest, prepareTimestamp } from '#crypto/pades/prepare.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import type { Anchors } from '#crypto/x509/embedded.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { httpAuthority } from '#lib/server/tsa/http.ts';
import { verifiedToken } from '#lib/server/tsa/token.ts';
import { Misuse } from './misuse.ts';

/** A token's size before any is known: with its authority's chain. */
export const usualToken = 6144;

/** A verified token (DER) over a SHA-256 digest, and its authority's path, leaf to anchor. */
export type Stamp = (sha256: Uint8Array) => Promise<{ readonly token: Uint8Array; readonly path: readonly Certificate[] }>;

/** Throws Misuse on an address that is none of HTTP. The tokens: TimestampUnavailable, TimestampRefused. */
export function stampBy(address: string, anchors: Anchors): Stamp {
	if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new Misuse(`--tsa ${address}: not an address of HTTP`);
	const url = new URL(address);
	const authority = httpAuthority({ name: url.host, url, quality: { kind: 'third-party' }, anchors: [], policy: null });
	return async (sha256) => {
		const { token, verdict } = await verifiedToken(p, authority, sha256, anchors);
		return { token, path: verdict.path };
	};
}

/** The file under a document time-stamp, and the name of its field. Throws CryptoError on a file that takes no update. */
export async function stampDocument(pdf: Uint8Array, stamp: Stamp): Promise<{ readonly bytes: Uint8Array; readonly field: string }> {
	const field = `t${hex(p.random(12))}`;
	const bytes = await withRoom(roomFor([], usualToken), async (contentsSize) => {
		const prepared = prepareTimestamp(pdf, { field, contentsSize, id: p.random(16) });
		return embed(prepared, (await stamp(coveredDigest(p, prepared, 'SHA-256'))).token);
	});
	return { bytes, field };
}
