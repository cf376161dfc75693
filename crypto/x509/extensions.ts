// Extensions as certificates, revocation lists, OCSP answers and timestamps carry them (RFC 5280 §4.1.2.9, §4.2).

import { Fields, octetString, tag, type Node } from '../asn1/der.ts';
import * as value from '../asn1/values.ts';
import { CryptoError } from '../errors.ts';

export interface Extension {
	/** Dotted. */
	readonly id: string;
	readonly critical: boolean;
	/** DER. */
	readonly value: Uint8Array;
}

/** A SEQUENCE OF Extension (or of another tag, under IMPLICIT tagging); none when null. Throws CryptoError `malformed`, also on one that is there twice. */
export function readExtensions(node: Node | null): Extension[] {
	const list = (node?.children ?? []).map((child) => {
		const f = new Fields(child, tag.sequence, 'Extension');
		const id = value.oid(f.next(tag.oid));
		const critical = f.optional(tag.boolean);
		const extension = { id, critical: critical !== null && value.boolean(critical), value: octetString(f.next(tag.octetString)) };
		f.end();
		return extension;
	});
	if (new Set(list.map((e) => e.id)).size !== list.length) throw new CryptoError('malformed', 'extensions', 'an extension twice');
	return list;
}

/** The same, of which no critical one is unknown; returns them by id. Throws CryptoError `unsupported` with this reason. */
export function understoodExtensions(node: Node | null, known: readonly string[], reason: string): (id: string) => Uint8Array | null {
	const list = readExtensions(node);
	const strange = list.find((e) => e.critical && !known.includes(e.id));
	if (strange) throw new CryptoError('unsupported', reason, `critical extension ${strange.id}`);
	return (id) => list.find((e) => e.id === id)?.value ?? null;
}
