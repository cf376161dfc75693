// What a file carries to be judged with: its document security store (EN 319 142-1 §5.4), and certificates and revocation data inside its CMS.

import { context, expect, only, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import { CryptoError } from '../errors.ts';
import { readSignedData, type SignedData } from '../cms/signed-data.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { decodeStream } from '../pdf/filters.ts';
import { isArray, isRef, isStream, type PdfObject } from '../pdf/objects.ts';
import type { CertificateList } from '../x509/crl.ts';
import type { OcspResponse } from '../x509/ocsp.ts';
import { onceCrl, onceOcsp, type Once } from '../x509/revocation-data.ts';

/** DER bytes of the file. */
export interface Held {
	readonly der: Uint8Array;
	/** A document time-stamp over this revision (1-based) proves that they existed. */
	readonly provenBy: number;
	/** In the document security store, where B-LT wants them. */
	readonly store: boolean;
}

export interface Evidence {
	readonly certificates: readonly Held[];
	readonly ocsp: readonly (Held & Once<OcspResponse>)[];
	readonly crls: readonly (Held & Once<CertificateList>)[];
}

const maximumItems = 1000;

const withOcsp = (held: Held) => ({ ...held, ...onceOcsp(held.der) });
const withCrl = (held: Held) => ({ ...held, ...onceCrl(held.der) });

/** What the document's DSS holds; streams that do not decode are left out (the checks then miss them). */
export function readDss(document: PdfDocument): Evidence {
	const dss = document.resolve(document.catalog.map.get('DSS'));
	const one = (item: PdfObject): Held[] => {
		try {
			const s = document.resolve(item);
			const place = isRef(item) ? document.locate(item.num) : undefined;
			const revision = place?.type === 'offset' ? document.revisions.find((r) => place.offset < r.end) : undefined;
			return isStream(s) && revision ? [{ der: decodeStream(s, document.resolve), provenBy: revision.number, store: true }] : [];
		} catch (error) {
			if (error instanceof CryptoError) return [];
			throw error;
		}
	};
	const all = (key: string): Held[] => {
		const items = document.entry(dss, key);
		return (isArray(items) ? items.items.slice(0, maximumItems) : []).flatMap(one);
	};
	return { certificates: all('Certs'), ocsp: all('OCSPs').map(withOcsp), crls: all('CRLs').map(withCrl) };
}

/**
 * What a CMS holds, and the tokens inside it: certificates, SignedData.crls (RFC 5652 §10.2.1, RFC 5940), Adobe's revocationInfoArchival (ISO 32000-1 §12.8.3.3.2).
 * Nothing when it cannot be read. `provenBy`: see Held; a signature's own revision does not cover its CMS.
 */
export function readCms(der: Uint8Array, provenBy: number): Evidence {
	let data: SignedData;
	try {
		data = readSignedData(der, { ber: true });
		const held = (nodes: readonly Uint8Array[]) => nodes.map((raw) => ({ der: raw, provenBy, store: false }));
		const archived = (data.signerInfo.signedAttributes ?? []).filter((a) => a.type === oid.revocationInfoArchival).flatMap((a) => a.values);
		const inside = (n: number) => archived.flatMap((a) => a.children.filter((c) => c.tag === context(n)).flatMap((c) => only(c, 'RevocationInfoArchival').children.map((x) => x.raw)));
		const tokens = data.signerInfo.unsignedAttributes.filter((a) => a.type === oid.signatureTimeStampToken).flatMap((a) => a.values.map((v) => readCms(v.raw, provenBy)));
		return together([
			{
				certificates: held(data.certificates.map((c) => c.der)),
				ocsp: held([...data.crls.flatMap(otherOcsp), ...inside(1)]).map(withOcsp),
				crls: held([...data.crls.filter((c) => c.tag === tag.sequence).map((c) => c.raw), ...inside(0)]).map(withCrl)
			},
			...tokens
		]);
	} catch (error) {
		if (error instanceof CryptoError) return together([]);
		throw error;
	}
}

/** OtherRevocationInfoFormat with an OCSPResponse (RFC 5940 §2.1). */
function otherOcsp(node: Node): Uint8Array[] {
	if (node.tag !== context(1)) return [];
	const [format, info] = node.children;
	return info && value.oid(expect(format, tag.oid, 'OtherRevocationInfoFormat')) === oid.riOcspResponse ? [info.raw] : [];
}

/** All of several. */
export const together = (all: readonly Evidence[]): Evidence => ({ certificates: all.flatMap((e) => e.certificates), ocsp: all.flatMap((e) => e.ocsp), crls: all.flatMap((e) => e.crls) });
