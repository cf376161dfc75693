// Reading files that the empty user password opens: the standard security handler, RC4 and AES (ISO 32000-2 §7.6). To judge what is signed; nothing is ever encrypted.

import { concat, equal, latin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { digest, type Primitives } from '../primitives.ts';
import { dictOf, isArray, isDict, isName, isNumber, isString, type Dict, type PdfObject } from './objects.ts';
import { rc4 } from './rc4.ts';

export type CipherPrimitives = Pick<Primitives, 'hash' | 'aesCbcDecrypt' | 'aesCbcEncrypt'>;

/** Opens what one indirect object holds: `num` and `gen` are its own. Throws CryptoError `malformed` on what was not encrypted so. */
export interface Decryption {
	(num: number, gen: number, object: PdfObject): PdfObject;
}

type Method = 'Identity' | 'V2' | 'AESV2' | 'AESV3';

/** Algorithm 2's padding, which is also the empty password. */
const padding = Uint8Array.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a'.match(/../g)!, (h) => parseInt(h, 16));
const le = (n: number, width: number) => Uint8Array.from({ length: width }, (_, i) => (n >>> (8 * i)) & 255);

interface Handler {
	readonly version: number;
	readonly revision: number;
	readonly o: Uint8Array;
	readonly u: Uint8Array;
	readonly ue: Uint8Array;
	readonly permissions: number;
	/** Bytes of the file's key. */
	readonly length: number;
	readonly encryptMetadata: boolean;
	readonly strings: Method;
	readonly streams: Method;
}

function readHandler(d: Dict, resolve: (o: PdfObject | undefined) => PdfObject): Handler | null {
	const integer = (key: string, otherwise: number) => {
		const n = resolve(d.map.get(key));
		return isNumber(n) && Number.isInteger(n.value) ? n.value : otherwise;
	};
	const bytes = (key: string) => {
		const s = resolve(d.map.get(key));
		return isString(s) ? s.bytes : new Uint8Array(0);
	};
	const version = integer('V', 0);
	if (!isName(resolve(d.map.get('Filter')), 'Standard') || ![1, 2, 4, 5].includes(version)) return null;
	const method = (key: string): Method | null => {
		if (version < 4) return 'V2';
		const use = resolve(d.map.get(key));
		if (!isName(use) || use.name === 'Identity') return 'Identity';
		const filter = dictOf(resolve(dictOf(resolve(d.map.get('CF')))?.map.get(use.name)));
		const cfm = resolve(filter?.map.get('CFM'));
		return isName(cfm) ? (['V2', 'AESV2', 'AESV3'] as const).find((m) => m === cfm.name) ?? null : null;
	};
	const [strings, streams] = [method('StrF'), method('StmF')];
	const length = version === 1 ? 5 : version === 5 ? 32 : version === 4 ? 16 : integer('Length', 40) / 8;
	if (!strings || !streams || !Number.isInteger(length) || length < 5 || length > 32) return null;
	const metadata = resolve(d.map.get('EncryptMetadata'));
	return { version, revision: integer('R', 0), o: bytes('O'), u: bytes('U'), ue: bytes('UE'), permissions: integer('P', 0) | 0, length, encryptMetadata: metadata !== false, strings, streams };
}

/** Algorithms 2, 4 to 6: the file's key when the empty user password is right. */
function md5Key(primitives: CipherPrimitives, h: Handler, id: Uint8Array): Uint8Array | null {
	const md5 = (...parts: Uint8Array[]) => digest(primitives, 'MD5', ...parts);
	const open = h.revision >= 4 && !h.encryptMetadata ? Uint8Array.of(255, 255, 255, 255) : new Uint8Array(0);
	let key: Uint8Array = md5(padding, h.o.subarray(0, 32), le(h.permissions, 4), id, open).subarray(0, h.length);
	if (h.revision >= 3) for (let i = 0; i < 50; i++) key = md5(key).subarray(0, h.length);
	if (h.revision === 2) return equal(rc4(key, padding), h.u.subarray(0, 32)) ? key : null;
	let check: Uint8Array = rc4(key, md5(padding, id));
	for (let i = 1; i < 20; i++) check = rc4(key.map((b) => b ^ i), check);
	return equal(check, h.u.subarray(0, 16)) ? key : null;
}

/** Algorithm 2.B; revision 5 is its first line alone. */
function hash2B(primitives: CipherPrimitives, revision: number, salt: Uint8Array): Uint8Array {
	let k: Uint8Array = digest(primitives, 'SHA-256', salt);
	if (revision === 5) return k;
	for (let i = 0, last = 0; i < 64 || last > i - 32; i++) {
		const round = concat(...Array.from({ length: 64 }, () => k));
		const e = primitives.aesCbcEncrypt(k.subarray(0, 16), k.subarray(16, 32), round);
		const remainder = e.subarray(0, 16).reduce((sum, b) => sum + b, 0) % 3;
		k = digest(primitives, (['SHA-256', 'SHA-384', 'SHA-512'] as const)[remainder]!, e);
		last = e.at(-1)!;
	}
	return k.subarray(0, 32);
}

/** Algorithm 2.A. */
function aes256Key(primitives: CipherPrimitives, { revision, u, ue }: Handler): Uint8Array | null {
	if (![5, 6].includes(revision) || u.length < 48 || ue.length < 32) return null;
	if (!equal(hash2B(primitives, revision, u.subarray(32, 40)), u.subarray(0, 32))) return null;
	return primitives.aesCbcDecrypt(hash2B(primitives, revision, u.subarray(40, 48)), new Uint8Array(16), ue.subarray(0, 32));
}

/** Null: another handler than the standard one, or a password is needed. */
export function openStandardHandler(primitives: CipherPrimitives, encrypt: Dict, id: Uint8Array, resolve: (o: PdfObject | undefined) => PdfObject): Decryption | null {
	const handler = readHandler(encrypt, resolve);
	const fileKey = handler && (handler.version === 5 ? aes256Key(primitives, handler) : md5Key(primitives, handler, id));
	if (!handler || !fileKey) return null;

	/** Algorithms 1 and 1.A. */
	function open(method: Method, num: number, gen: number, data: Uint8Array): Uint8Array {
		if (method === 'Identity' || !data.length) return data;
		const salted = () => digest(primitives, 'MD5', fileKey!, le(num, 3), le(gen, 2), method === 'AESV2' ? latin1('sAlT') : new Uint8Array(0)).subarray(0, Math.min(fileKey!.length + 5, 16));
		if (method === 'V2') return rc4(salted(), data);
		if (data.length < 32 || data.length % 16) throw new CryptoError('malformed', 'pdf-encryption', `${data.length} bytes of AES`);
		const plain = primitives.aesCbcDecrypt(method === 'AESV3' ? fileKey! : salted(), data.subarray(0, 16), data.subarray(16));
		const pad = plain.at(-1)!;
		if (pad < 1 || pad > 16) throw new CryptoError('malformed', 'pdf-encryption', 'padding');
		return plain.subarray(0, -pad);
	}

	function strings(num: number, gen: number, o: PdfObject): PdfObject {
		if (isString(o)) return { ...o, bytes: open(handler!.strings, num, gen, o.bytes) };
		if (isArray(o)) return { kind: 'array', items: o.items.map((item) => strings(num, gen, item)) };
		if (!isDict(o)) return o;
		const signature = o.map.has('ByteRange'); // its /Contents is written as it is (§7.6.2)
		return { kind: 'dict', map: new Map([...o.map].map(([key, value]) => [key, signature && key === 'Contents' ? value : strings(num, gen, value)])) };
	}

	return (num, gen, object) => {
		if (typeof object !== 'object' || object?.kind !== 'stream') return strings(num, gen, object);
		const type = resolve(object.dict.map.get('Type'));
		if (isName(type, 'XRef')) return object;
		const filters = resolve(object.dict.map.get('Filter'));
		const own = isName(filters, 'Crypt') || (isArray(filters) && filters.items.some((f) => isName(resolve(f), 'Crypt')));
		const clear = own || (isName(type, 'Metadata') && !handler.encryptMetadata);
		return { kind: 'stream', dict: strings(num, gen, object.dict) as Dict, raw: clear ? object.raw : open(handler.streams, num, gen, object.raw) };
	};
}
