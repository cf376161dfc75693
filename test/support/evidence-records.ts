// Evidence records of several generations of authorities, for the tests of crypto/ers and of what reads them.

import { Fields, only, read, tag } from '#crypto/asn1/der.ts';
import * as write from '#crypto/asn1/write.ts';
import { concat, utf8 } from '#crypto/bytes.ts';
import { currentHash, initialRecord, lastTimeStamp, renewal, withLastToken } from '#crypto/ers/renew.ts';
import { readEvidenceRecord, writeEvidenceRecord } from '#crypto/ers/record.ts';
import { withTokenData } from '#crypto/ers/token-data.ts';
import { verifyRecord, type RecordInput } from '#crypto/ers/verify.ts';
import { digest, type HashName } from '#crypto/primitives.ts';
import { makeToken, type Authority } from '#crypto/tsp/response.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year, type Pki } from './pki.ts';
import { lists } from './signing.ts';

export interface Generation {
	readonly pki: Pki;
	readonly authority: Authority;
	/** When it stamps, milliseconds. */
	readonly at: number;
}

/** Authorities of four years each, under one PKI. */
export async function createGenerations(count: number, pki?: Pki): Promise<Generation[]> {
	const under = pki ?? (await createPki('Records'));
	const start = under.ca.certificate.notBefore;
	return Promise.all(
		Array.from({ length: count }, async (_, n) => {
			const at = start + year / 2 + n * 3 * year;
			return { pki: under, at, authority: await under.authority({ notBefore: at - year / 4, notAfter: at + 3.5 * year }) };
		})
	);
}

export const tokenOver = ({ authority, at }: Pick<Generation, 'authority' | 'at'>, hash: HashName, imprint: Uint8Array, genTime = at): Promise<Uint8Array> =>
	makeToken(p, authority, { hash, imprint, nonce: null, policy: null, certReq: true }, { genTime, serialNumber: BigInt(genTime), accuracy: 1000 });

/** A token with what is said of its authority as of `at`. */
export const withData = async (token: Uint8Array, { pki }: Pick<Generation, 'pki'>, at: number): Promise<Uint8Array> => withTokenData(token, { certificates: [pki.ca.certificate.der], ocsp: [], crls: await lists(pki, at) });

export async function firstRecord(data: Uint8Array, generation: Generation, hash: HashName = 'SHA-256'): Promise<Uint8Array> {
	return writeEvidenceRecord(initialRecord(await withData(await tokenOver(generation, hash, digest(p, hash, data)), generation, generation.at)));
}

export interface Wishes {
	/** Hash-tree renewal over these data under this hash; else a time-stamp renewal. */
	readonly over?: { readonly data: Uint8Array; readonly hash: HashName };
	/** How many records of others are stamped with it. */
	readonly others?: number;
	/** Brings nothing about the authority before. */
	readonly dataless?: boolean;
	readonly genTime?: number;
}

/** Renewed by the next generation, with what is known then of the one before. */
export async function renewedBy(record: Uint8Array, before: Generation, next: Generation, { over, others = 2, dataless = false, genTime = next.at }: Wishes = {}): Promise<Uint8Array> {
	const old = readEvidenceRecord(record);
	const held = dataless ? old : withLastToken(old, await withData(lastTimeStamp(old).timeStamp, before, next.at - 1000));
	const hash = over?.hash ?? currentHash(old);
	const strangers = await Promise.all(Array.from({ length: others }, async (_, n) => readEvidenceRecord(await firstRecord(utf8(`another ${n}`), before, hash))));
	const all = [...strangers.map((one) => ({ record: one, dataHash: null })), { record: held, dataHash: over ? digest(p, hash, over.data) : null }];
	const made = renewal(p, hash, all);
	const token = await withData(await tokenOver(next, hash, made.imprint, genTime), next, genTime);
	return made.complete(token).at(-1)!;
}

export const about = (...data: readonly Uint8Array[]): RecordInput['data'] => data.map((one) => (hash) => digest(p, hash, one));

export const judgeRecord = (record: Uint8Array, data: Uint8Array, { pki }: Pick<Generation, 'pki'>, at: number, more: Partial<RecordInput> = {}) =>
	verifyRecord(p, record, { data: about(data), anchors: [pki.root.certificate], at, ...more });

/** A fresh copy with one bit changed. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
	const copy = concat(bytes);
	copy[at]! ^= 1;
	return copy;
}

/** The outermost value in BER, of indefinite length. */
export function indefinite(der: Uint8Array): Uint8Array<ArrayBuffer> {
	const { tag, content } = read(der);
	return concat(Uint8Array.of(tag, 0x80), content, new Uint8Array(2));
}

/** A CMS with the fields of its SignedData changed. */
export function signedDataWith(cms: Uint8Array, change: (fields: readonly Uint8Array[]) => readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const outer = new Fields(read(cms), tag.sequence, 'ContentInfo');
	const type = outer.next().raw;
	const fields = only(outer.next(), 'ContentInfo').children.map((c) => c.raw);
	return write.sequence(type, write.explicit(0, write.sequence(...change(fields))));
}

export { epoch, year };
