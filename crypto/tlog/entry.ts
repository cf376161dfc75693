// Log entries: the canonical body of an event (RFC 8785), and the body linked into its safe's chain by seq and prev.
// What is personal enters as a commitment, HMAC-SHA256 under a key of its own, which an opening shows.

import { concat, equalConstantTime, fromHex, fromUtf8, hex, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';

export interface Body {
	readonly v: 1;
	/** RFC 3339 UTC with milliseconds; claimed: the log's order is its index. */
	readonly t: string;
	readonly op: string;
	readonly safe: string | null;
	readonly actor: string;
	readonly via: string;
	readonly obj: string;
	readonly res: 'ok' | 'denied' | 'error';
	/** Commitments by name, 64 hexadecimal digits each. */
	readonly c: Readonly<Record<string, string>>;
}

/** Where a body stands in its safe's chain: `seq` from 1, `prev` the leaf hash before it (null for the first). */
export interface Link {
	readonly seq: number;
	readonly prev: Uint8Array | null;
}

/** What shows a committed value. `key` is 32 bytes. */
export interface Opening {
	readonly name: string;
	readonly key: Uint8Array;
	readonly value: string;
}

const maximum = 65_535;
const room = 128; // bytes that seq and prev may take
const maximumDepth = 16;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const hash = /^[0-9a-f]{64}$/;
const results: readonly unknown[] = ['ok', 'denied', 'error'];
const fields = ['actor', 'c', 'obj', 'op', 'res', 'safe', 't', 'v', 'via'];

/** RFC 8785 of what entries are made of: strings, safe integers, null and plain objects of them, keys by UTF-16 code units. CryptoError `malformed`, or `limit` when nested too deep. */
export function canonical(value: unknown, depth = 0): string {
	if (depth > maximumDepth) throw new CryptoError('limit', 'entry-depth', 'nested too deep');
	if (value === null) return 'null';
	if (typeof value === 'string') {
		if (!value.isWellFormed()) throw new CryptoError('malformed', 'entry-string', 'half a character');
		return JSON.stringify(value);
	}
	if (Number.isSafeInteger(value)) return String(value);
	if (typeof value !== 'object' || Array.isArray(value)) throw new CryptoError('malformed', 'entry-value', `${typeof value} in an entry`);
	const members = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${members.map(([name, member]) => `${canonical(name)}:${canonical(member, depth + 1)}`).join(',')}}`;
}

/** The canonical bytes of a body. CryptoError `malformed` when it is none, `limit` when it and its link would pass 65,535 bytes. */
export function writeBody(body: Body): Bytes {
	const bytes = utf8(canonical(body));
	if (bytes.length > maximum - room) throw new CryptoError('limit', 'entry-size', `${bytes.length} bytes`);
	readBody(bytes);
	return bytes;
}

/** The entry of a body at a place of its chain. CryptoError `malformed` for bytes that are not a canonical body. */
export function writeEntry(body: Uint8Array, { seq, prev }: Link): Bytes {
	return utf8(canonical({ ...readBody(body), seq, prev: prev && hex(prev) }));
}

/** The body of its bytes. CryptoError `malformed` unless they are exactly what writeBody makes. */
export function readBody(bytes: Uint8Array): Body {
	return asBody(parse(bytes, fields));
}

/** An entry taken apart. CryptoError `malformed` unless it is exactly what writeEntry makes. */
export function readEntry(bytes: Uint8Array): Link & { readonly body: Body } {
	const { seq, prev, ...body } = parse(bytes, [...fields, 'prev', 'seq'].sort());
	if (typeof seq !== 'number' || seq < 1 || (seq === 1) !== (prev === null)) throw new CryptoError('malformed', 'entry-link');
	if (prev !== null && !(typeof prev === 'string' && hash.test(prev))) throw new CryptoError('malformed', 'entry-link');
	return { body: asBody(body), seq, prev: prev === null ? null : fromHex(prev) };
}

function asBody(record: Record<string, unknown>): Body {
	const { v, t, op, safe, actor, via, obj, res, c } = record;
	const strings = [op, actor, via, obj, safe ?? ''].every((field) => typeof field === 'string');
	const commitments = typeof c === 'object' && c !== null && Object.values(c).every((value) => typeof value === 'string' && hash.test(value));
	if (v !== 1 || !strings || !commitments || !time.test(String(t)) || !results.includes(res)) throw new CryptoError('malformed', 'entry-fields');
	return record as unknown as Body;
}

function parse(bytes: Uint8Array, names: readonly string[]): Record<string, unknown> {
	if (bytes.length > maximum) throw new CryptoError('limit', 'entry-size', `${bytes.length} bytes`);
	const text = fromUtf8(bytes);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new CryptoError('malformed', 'entry', 'not JSON', { cause });
	}
	if (canonical(value) !== text) throw new CryptoError('malformed', 'entry', 'not canonical');
	const record = value as Record<string, unknown>;
	if (Object.keys(record ?? {}).sort().join() !== names.join()) throw new CryptoError('malformed', 'entry-fields');
	return record;
}

/** HMAC-SHA256(key, "probant/v1/" ‖ name ‖ 0x00 ‖ value), 32 bytes. */
export function commitment(primitives: Pick<Primitives, 'hmacSha256'>, { name, key, value }: Opening): Bytes {
	if (key.length !== 32 || !/^[a-z][a-z0-9-]{0,63}$/.test(name)) throw new CryptoError('misuse', 'commitment');
	return primitives.hmacSha256(key, concat(utf8(`probant/v1/${name}`), Uint8Array.of(0), utf8(value)));
}

/** True when the opening shows what the body committed to under that name. False for another key length. */
export function opens(primitives: Pick<Primitives, 'hmacSha256'>, body: Body, opening: Opening): boolean {
	const committed = Object.hasOwn(body.c, opening.name) ? body.c[opening.name] : undefined;
	if (!committed || !/^[0-9a-f]{64}$/.test(committed) || opening.key.length !== 32) return false;
	return equalConstantTime(fromHex(committed), commitment(primitives, opening));
}
