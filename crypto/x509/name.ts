// Distinguished names (RFC 5280 §4.1.2.4): parse, compare, write; shown as RFC 4514 strings.

import { Fields, expect, tag, type Node } from '../asn1/der.ts';
import { oid, oidName } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import { hex, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';

export interface Attribute {
	/** Name of asn1/oid.ts, or dotted decimal. */
	readonly type: string;
	readonly value: string;
}

export interface Name {
	readonly der: Uint8Array;
	/** Relative distinguished names in order, most general first. */
	readonly rdns: readonly (readonly Attribute[])[];
}

/** What a name is written from: attributes in order, most general first. */
export type NameParts = readonly (readonly [type: keyof typeof oid, value: string])[];

export function readName(node: Node): Name {
	expect(node, tag.sequence, 'Name');
	return { der: node.raw, rdns: node.children.map((set) => readRdn(set)) };
}

/** A RelativeDistinguishedName. `as`: the tag under IMPLICIT tagging. */
export function readRdn(set: Node, as: number = tag.set): Attribute[] {
	expect(set, as, 'RelativeDistinguishedName');
	if (!set.children.length) throw new CryptoError('malformed', 'name', 'empty RelativeDistinguishedName');
	return set.children.map((pair) => {
		const f = new Fields(pair, tag.sequence, 'AttributeTypeAndValue');
		const type = oidName(value.oid(f.next(tag.oid)));
		const node = f.next();
		f.end();
		return { type, value: text(node) };
	});
}

/** A value that is no character string is shown as RFC 4514 §2.4 does. */
function text(node: Node): string {
	try {
		return value.string(node);
	} catch {
		return `#${hex(node.raw)}`;
	}
}

/** DER of a name; country, serial number in PrintableString, mail in IA5String, the rest in UTF-8 (RFC 5280 §4.1.2.4, appendix A). */
export function writeName(parts: NameParts): Bytes {
	return write.sequence(
		...parts.map(([type, text]) => {
			const encoded =
				type === 'countryName' || type === 'serialNumber' ? write.printableString(text) : type === 'emailAddress' || type === 'domainComponent' ? write.ia5String(text) : write.utf8String(text);
			return write.setOf(write.sequence(write.oid(oid[type]), encoded));
		})
	);
}

/** The first attribute of a type. */
export function attribute(name: Name, type: keyof typeof oid): string | null {
	return name.rdns.flat().find((a) => a.type === type)?.value ?? null;
}

const short: Partial<Record<string, string>> = {
	commonName: 'CN',
	surname: 'SN',
	countryName: 'C',
	localityName: 'L',
	stateOrProvinceName: 'ST',
	organizationName: 'O',
	organizationalUnitName: 'OU',
	domainComponent: 'DC'
};

/** RFC 4514 string: most specific first. */
export function nameString(name: Name): string {
	const escape = (text: string) => text.replace(/[",+;<>\\]/g, '\\$&').replace(/^[ #]/, '\\$&').replace(/ $/, '\\ ').replaceAll('\0', '\\00');
	return [...name.rdns]
		.reverse()
		.map((rdn) => rdn.map((a) => `${short[a.type] ?? a.type}=${escape(a.value)}`).join('+'))
		.join(',');
}

/** The same for names that RFC 5280 §7.1 calls the same: the attributes in order, letters' case and inner spaces aside. */
export function nameKey(name: Name): string {
	const fold = (x: Attribute) => `${x.type}=${x.value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()}`;
	return JSON.stringify(name.rdns.map((rdn) => rdn.map(fold).sort()));
}

/** RFC 5280 §7.1. */
export const sameName = (a: Name, b: Name): boolean => nameKey(a) === nameKey(b);
