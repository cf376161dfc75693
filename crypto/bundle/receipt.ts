// The deposit receipt as JSON: what was deposited, its token, and the proof that the log says so. Checked offline against a pinned log key and TSA root.
// Canonical (RFC 8785), so that its bytes are its identity. It opens digest, size and type, and never a person.

import { base64, concat, equal, fromBase64, fromHex, fromUtf8, hex, utf8, type Bytes } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Indication } from '../pades/report.ts';
import type { Primitives } from '../primitives.ts';
import { openCheckpoint } from '../tlog/checkpoint.ts';
import { canonical, opens, readEntry } from '../tlog/entry.ts';
import { leafHash, verifyInclusion } from '../tlog/merkle.ts';
import { parseVerifier } from '../tlog/note.ts';
import { hashes, keysOf, readSuccessions, writeSuccessions, type Succession } from '../tlog/succession.ts';
import { verifyToken } from '../tsp/token.ts';
import { readCertificate } from '../x509/certificate.ts';

/** Keys that open commitments of the entry, 32 bytes each. */
export interface ReceiptOpenings {
	readonly sha256: Uint8Array;
	readonly size: Uint8Array;
	readonly type: Uint8Array;
	readonly document: Uint8Array;
}

export interface Receipt {
	readonly version: string;
	readonly document: string;
	/** SHA-256 of the deposited bytes. */
	readonly sha256: Uint8Array;
	readonly size: number;
	readonly type: string;
	/** DER TimeStampToken over the deposited bytes. */
	readonly token: Uint8Array;
	readonly openings: ReceiptOpenings;
	readonly log: {
		/** Verifier line of the log's key, as the instance states it. */
		readonly verifier: string;
		/** Signed note of the checkpoint that covers the entry. */
		readonly checkpoint: string;
		readonly entry: Uint8Array;
		readonly index: number;
		readonly inclusion: readonly Uint8Array[];
		/** How this key came to follow those the log had before it, oldest first; none while it had no other. */
		readonly keys: readonly Succession[];
	};
}

const kind = 'probant/deposit-receipt/v1';

/** The receipt's canonical bytes. */
export function writeReceipt(r: Receipt): Bytes {
	const openings = Object.fromEntries(Object.entries(r.openings).map(([name, key]) => [name, hex(key as Uint8Array)]));
	const keys = r.log.keys.length ? { keys: writeSuccessions(r.log.keys) } : {};
	return utf8(
		canonical({
			kind,
			version: r.version,
			document: r.document,
			sha256: hex(r.sha256),
			size: r.size,
			type: r.type,
			token: base64(r.token),
			openings,
			log: { verifier: r.log.verifier, checkpoint: r.log.checkpoint, entry: fromUtf8(r.log.entry), index: r.log.index, inclusion: base64(concat(...r.log.inclusion)), ...keys }
		})
	);
}

/** Throws CryptoError `malformed` on anything `writeReceipt` would not have written. */
export function readReceipt(bytes: Uint8Array): Receipt {
	let value: Record<string, unknown>;
	try {
		value = JSON.parse(fromUtf8(bytes)) as Record<string, unknown>;
	} catch (cause) {
		throw new CryptoError('malformed', 'receipt', 'not JSON', { cause });
	}
	if (value?.kind !== kind) throw new CryptoError('malformed', 'receipt', 'not a receipt of this kind');
	const string = (o: unknown, name: string): string => {
		const v = (o as Record<string, unknown> | null)?.[name];
		if (typeof v !== 'string') throw new CryptoError('malformed', 'receipt', name);
		return v;
	};
	const number = (o: unknown, name: string): number => {
		const v = (o as Record<string, unknown> | null)?.[name];
		if (typeof v !== 'number') throw new CryptoError('malformed', 'receipt', name);
		return v;
	};
	const { openings: o, log } = value;
	const { keys = {} } = (log ?? {}) as { keys?: unknown };
	const receipt: Receipt = {
		version: string(value, 'version'),
		document: string(value, 'document'),
		sha256: fromHex(string(value, 'sha256')),
		size: number(value, 'size'),
		type: string(value, 'type'),
		token: fromBase64(string(value, 'token')),
		openings: { sha256: fromHex(string(o, 'sha256')), size: fromHex(string(o, 'size')), type: fromHex(string(o, 'type')), document: fromHex(string(o, 'document')) },
		log: {
			verifier: string(log, 'verifier'),
			checkpoint: string(log, 'checkpoint'),
			entry: utf8(string(log, 'entry')),
			index: number(log, 'index'),
			inclusion: hashes(fromBase64(string(log, 'inclusion'))),
			keys: readSuccessions(keys)
		}
	};
	if (!equal(writeReceipt(receipt), bytes)) throw new CryptoError('malformed', 'receipt', 'not as a receipt is written: its bytes are its identity');
	return receipt;
}

export type ReceiptCheckName = 'format' | 'entry' | 'openings' | 'checkpoint' | 'inclusion' | 'log-keys' | 'log-trusted' | 'timestamp' | 'file';

export interface ReceiptCheck {
	readonly name: ReceiptCheckName;
	readonly clause: string;
	readonly outcome: 'passed' | 'failed' | 'indeterminate' | 'not-checked';
	readonly detail?: string;
}

export interface ReceiptReport {
	readonly indication: Indication;
	readonly receipt: Receipt | null;
	/** Proven time of the token, RFC 3339 UTC. */
	readonly time: string | null;
	readonly checks: readonly ReceiptCheck[];
}

export interface ReceiptTrust {
	/** Verifier lines of logs that are trusted, from elsewhere than the receipt. */
	readonly logs: readonly string[];
	/** DER certificates time-stamps must chain to. */
	readonly anchors: readonly Uint8Array[];
	/** SHA-256 of the file it should be about, when there is one at hand. */
	readonly fileSha256?: Uint8Array;
}

/** Never throws on bad input. */
export async function verifyReceipt(p: Primitives, bytes: Uint8Array, trust: ReceiptTrust): Promise<ReceiptReport> {
	const checks: ReceiptCheck[] = [];
	const add = (name: ReceiptCheckName, clause: string, problem: string | null, otherwise: ReceiptCheck['outcome'] = 'failed') => {
		checks.push(problem === null ? { name, clause, outcome: 'passed' } : { name, clause, outcome: otherwise, detail: problem });
	};
	let receipt: Receipt | null = null;
	let time: string | null = null;
	try {
		receipt = readReceipt(bytes);
		add('format', 'RFC 8785', null);
		time = await judge(p, receipt, trust, add);
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		add(receipt ? 'entry' : 'format', 'RFC 8785', error.message);
	}
	const outcomes = checks.map((c) => c.outcome);
	const indication = outcomes.includes('failed') ? 'TOTAL-FAILED' : outcomes.includes('indeterminate') ? 'INDETERMINATE' : 'TOTAL-PASSED';
	return { indication, receipt, time, checks };
}

async function judge(p: Primitives, r: Receipt, trust: ReceiptTrust, add: (name: ReceiptCheckName, clause: string, problem: string | null, otherwise?: ReceiptCheck['outcome']) => void): Promise<string | null> {
	const { body } = readEntry(r.log.entry);
	add('entry', 'ARCHITECTURE §5', body.obj === r.version && body.op === 'document.deposit' && body.res === 'ok' ? null : 'the log entry is of something else');
	const values = { sha256: hex(r.sha256), size: String(r.size), type: r.type, document: r.document };
	const closed = Object.entries(values).find(([name, value]) => !opens(p, body, { name, key: r.openings[name as keyof ReceiptOpenings], value }));
	add('openings', 'ARCHITECTURE §5', closed ? `the entry was not made for this ${closed[0]}` : null);
	const verifier = parseVerifier(p, r.log.verifier);
	const checkpoint = await orFault(openCheckpoint(p, r.log.checkpoint, verifier));
	const open = checkpoint instanceof CryptoError ? null : checkpoint;
	add('checkpoint', 'C2SP tlog-checkpoint', open ? null : (checkpoint as CryptoError).message);
	add('inclusion', 'RFC 9162 §2.1.3.2', open && verifyInclusion(p, leafHash(p, r.log.entry), r.log.index, open.size, r.log.inclusion, open.root) ? null : 'the entry is not in the tree of the checkpoint');
	const keys = open ? await orFault(keysOf(p, r.log.keys, open)) : new CryptoError('mismatch', 'checkpoint', 'no checkpoint to hold them against');
	const led = keys instanceof CryptoError || keys.at(-1) !== r.log.verifier ? [] : keys;
	if (r.log.keys.length) add('log-keys', 'ARCHITECTURE §5', led.length ? null : keys instanceof CryptoError ? keys.message : 'the keys lead to another one', open ? 'failed' : 'not-checked');
	add('log-trusted', 'ARCHITECTURE §7', [r.log.verifier, ...led].some((key) => trust.logs.includes(key)) ? null : `nothing here vouches for the log ${verifier.name}`, 'indeterminate');
	const stamp = await verifyToken(p, r.token, { for: { digest: (hash) => (hash === 'SHA-256' ? r.sha256 : new Uint8Array()) }, anchors: trust.anchors.map(readCertificate) });
	const problems = stamp.checks.filter((c) => c.outcome !== 'passed');
	add('timestamp', 'RFC 3161 §2.4.2', problems.length ? problems.map((c) => `${c.name}: ${c.detail ?? ''}`).join('; ') : null, problems.some((c) => c.outcome === 'failed') ? 'failed' : 'indeterminate');
	if (trust.fileSha256) add('file', 'FIPS 180-4', hex(trust.fileSha256) === hex(r.sha256) ? null : 'the file is not the one that was deposited');
	return stamp.proven && stamp.tstInfo ? new Date(stamp.tstInfo.genTime).toISOString() : null;
}

const orFault = <T>(judged: Promise<T>): Promise<T | CryptoError> =>
	judged.catch((error: unknown) => {
		if (error instanceof CryptoError) return error;
		throw error;
	});
