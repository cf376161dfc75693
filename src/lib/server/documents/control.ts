// Control (NF Z42-020, SAFE-11): every version of a document is read again, opened, hashed, and its token or evidence record verified. The finding is an event.

import { createHash } from 'node:crypto';
import { CryptoError } from '#crypto/errors.ts';
import { equal, fromHex, hex } from '#crypto/bytes.ts';
import { verifyToken } from '#crypto/tsp/token.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { ObjectStoreError } from '../objects/store.ts';
import * as safes from '../safes.ts';
import { readContent, type Located } from './content.ts';
import { proves } from '../evidence/record.ts';
import { locate, metadata } from './read.ts';

export type Finding = 'intact' | 'altered' | 'missing' | 'destroyed';

export interface Controlled {
	readonly version: string;
	readonly number: number;
	readonly finding: Finding;
	/** Of the bytes as they are now; null when they do not open. */
	readonly sha256: string | null;
	/** `pending` until there is a token. */
	readonly timestamp: 'valid' | 'invalid' | 'pending';
}

/** The hash of the bytes as stored now; null when they no longer open. `missing` when they are not there. */
export async function rehash(ctx: Context, at: Located): Promise<Uint8Array | null | 'missing'> {
	const hash = createHash('sha256');
	try {
		for await (const part of readContent(ctx, at)) hash.update(part);
		return new Uint8Array(hash.digest());
	} catch (error) {
		if (error instanceof CryptoError) return null;
		if (error instanceof ObjectStoreError && error.code === 'not-found') return 'missing';
		throw error;
	}
}

/** Whether a token proves a digest (SHA-256, 32 bytes) under one of the roots; `pending` when there is none yet. `carried`: by an evidence record that holds, so that a hash given up since does not touch it. */
export async function stamped(ctx: Context, token: Uint8Array | null, sha256: Uint8Array, anchors: readonly Uint8Array[], carried = false): Promise<Controlled['timestamp']> {
	if (!token) return 'pending';
	const verdict = await verifyToken(ctx.primitives, token, { for: { digest: (hash) => (hash === 'SHA-256' ? sha256 : new Uint8Array()) }, anchors: anchors.map(readCertificate), ...(carried ? { existed: -Infinity, certificateExisted: () => -Infinity } : {}) });
	return verdict.proven ? 'valid' : 'invalid';
}

async function tokenOf(ctx: Context, version: string): Promise<Uint8Array | null> {
	const [row] = await ctx.tx((tx) => tx<{ token: Uint8Array }[]>`select token from timestamp_token where version = ${version}`);
	return row?.token ?? null;
}

/** Controls every version of a document. Needs `audit` or `read`. */
export async function control(ctx: Context, document: string, timestampAnchors: readonly Uint8Array[]): Promise<Controlled[]> {
	const known = await metadata(ctx, document);
	if (!safes.isId(document)) throw new DomainError('not-found', 'document');
	const out: Controlled[] = [];
	for (const v of known.versions) {
		const deposited = fromHex(v.sha256);
		const sha256 = v.destroyedAt ? null : await rehash(ctx, await ctx.tx((tx) => locate(tx, v.id)));
		const finding: Finding = v.destroyedAt ? 'destroyed' : sha256 === 'missing' ? 'missing' : sha256 && equal(sha256, deposited) ? 'intact' : 'altered';
		// Its evidence record is held against the bytes that are there.
		const proven = finding === 'intact' ? await proves(ctx, await ctx.tx((tx) => locate(tx, v.id)), deposited, timestampAnchors) : null;
		const token = await stamped(ctx, await tokenOf(ctx, v.id), deposited, timestampAnchors, proven === true);
		out.push({ version: v.id, number: v.number, finding, sha256: sha256 && sha256 !== 'missing' ? hex(sha256) : null, timestamp: proven === false ? 'invalid' : token });
	}
	const anomalies = out.filter((c) => c.finding === 'altered' || c.finding === 'missing' || c.timestamp === 'invalid');
	await ctx.tx(async (tx) => {
		await append(tx, { op: 'document.control', safe: known.safe, obj: document, res: anomalies.length ? 'error' : 'ok', values: { versions: String(out.length) } });
		for (const a of anomalies) await append(tx, { op: 'document.anomaly', safe: known.safe, obj: a.version, res: 'error', values: { finding: a.finding, timestamp: a.timestamp } });
	});
	return out;
}
