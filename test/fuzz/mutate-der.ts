// Mutations that keep DER nearly DER: a value is changed and the lengths around it are made right again, so that the change reaches the parser behind the reader.

import { concat } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { read, type Node } from '#crypto/asn1/der.ts';
import { tlv } from '#crypto/asn1/write.ts';
import { byteMutators, replaced, type Mutator } from './mutate-bytes.ts';
import type { Random } from './random.ts';

/** A value of the tree, and the way down to it. */
type Place = readonly Node[];

function places(node: Node, above: Place = []): Place[] {
	const here = [...above, node];
	return [here, ...node.children.flatMap((c) => places(c, here))];
}

/** The whole with this value replaced, and every length above it written anew. */
function rebuilt(place: Place, by: Uint8Array): Uint8Array {
	const node = place.at(-1)!;
	const parent = place.at(-2);
	if (!parent) return by;
	return rebuilt(place.slice(0, -1), tlv(parent.tag, ...parent.children.map((c) => (c === node ? by : c.raw))));
}

const nothing = new Uint8Array();
const tags = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x24, 0x30, 0x31, 0x80, 0x81, 0xa0, 0xa1, 0xa2, 0xa3];

/** BER's other spellings of the same value. */
const spellings: readonly ((node: Node) => Uint8Array)[] = [
	({ tag, content }) => (tag & 0x20 ? concat(Uint8Array.of(tag, 0x80), content, new Uint8Array(2)) : concat(Uint8Array.of(tag, 0x84, 0, 0, content.length >> 8, content.length), content)),
	({ tag, raw, content }) => (tag === 0x04 ? tlv(0x24, raw) : concat(Uint8Array.of(tag, 0x83, content.length >> 16, content.length >> 8, content.length), content))
];

const treeMutators: readonly ((r: Random, place: Place, all: readonly Place[]) => Uint8Array)[] = [
	(_, place) => rebuilt(place, nothing),
	(_, place) => rebuilt(place, concat(place.at(-1)!.raw, place.at(-1)!.raw)),
	(r, place, all) => rebuilt(place, r.pick(all).at(-1)!.raw),
	(r, place, all) => rebuilt(place, concat(r.pick(all).at(-1)!.raw, place.at(-1)!.raw)),
	(r, place) => rebuilt(place, concat(Uint8Array.of(r.pick(tags)), place.at(-1)!.raw.subarray(1))),
	(r, place) => rebuilt(place, tlv(place.at(-1)!.tag, r.pick(byteMutators)(r, place.at(-1)!.content, nothing))),
	(r, place) => rebuilt(place, tlv(place.at(-1)!.tag, ...place.at(-1)!.children.map((c) => c.raw).reverse(), r.pick([nothing, Uint8Array.of(0)]))),
	(r, place) => rebuilt(place, tlv(r.pick(tags), place.at(-1)!.raw)),
	(r, place) => rebuilt(place, r.pick(spellings)(place.at(-1)!)),
	(r, place) => {
		const { raw } = place.at(-1)!;
		return rebuilt(place, replaced(raw, 1, 2, Uint8Array.of(r.pick([0, 1, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff, raw[1]! + 1, raw[1]! - 1]))));
	}
];

/** A change in the tree when the bytes are one, else none. */
export const mutateDer: Mutator = (r, bytes) => {
	let root: Node;
	try {
		root = read(bytes, { ber: true, trailing: true });
	} catch (error) {
		if (error instanceof CryptoError) return bytes;
		throw error;
	}
	const all = places(root);
	return r.pick(treeMutators)(r, r.pick(all), all);
};
