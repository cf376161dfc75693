// The revocation status of a path's certificates from offline data (EN 319 102-1 §5.2.5, §5.2.6, §5.6.2.2). What nobody says is unknown, never good.

import { Fields, read, tag } from '../asn1/der.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from './certificate.ts';
import { readCrl } from './crl.ts';
import { signatureEnd } from './lifetimes.ts';
import { readOcspResponse } from './ocsp.ts';

/** A DER OCSPResponse or CertificateList, and since when it is proven to exist (milliseconds): later than its signer's end it proves nothing. */
export interface RevocationEntry {
	readonly der: Uint8Array;
	readonly since: number;
}

/** From anywhere, in any order. */
export interface RevocationData {
	readonly ocsp: readonly RevocationEntry[];
	readonly crls: readonly RevocationEntry[];
}

/** DER OCSPResponses and CertificateLists told apart: the first begin with a status, an ENUMERATED. Throws CryptoError on what is neither. */
export function sortRevocation(ders: readonly Uint8Array[]): { ocsp: Uint8Array[]; crls: Uint8Array[] } {
	const isOcsp = (der: Uint8Array) => new Fields(read(der), tag.sequence, 'revocation data').next().tag === tag.enumerated;
	return { ocsp: ders.filter(isOcsp), crls: ders.filter((der) => !isOcsp(der)) };
}

/** DER answers and lists that are all known to exist since one time. */
export function heldSince(since: number, { ocsp = [], crls = [] }: { readonly ocsp?: readonly Uint8Array[]; readonly crls?: readonly Uint8Array[] }): RevocationData {
	const held = (ders: readonly Uint8Array[]) => ders.map((der) => ({ der, since }));
	return { ocsp: held(ocsp), crls: held(crls) };
}

export interface RevocationVerdict {
	/** `unknown`: no usable answer; `detail` says about which certificate. */
	readonly status: 'good' | 'revoked' | 'unknown';
	readonly detail: string;
	/** CRLReason, when revoked and one was given. */
	readonly reason?: number | null;
	/** The first known revocation, milliseconds since 1970: also one after the time asked for, with status `good`. */
	readonly revokedAt: number | null;
}

/** Reasons (RFC 5280 §5.3.1) after which whatever the key made is in doubt, also before: none given, keyCompromise, cACompromise, aACompromise. */
const compromising: readonly (number | null)[] = [null, 1, 2, 10];

/**
 * Whether any certificate of the path was said to be compromised by `until` (milliseconds): who holds the key chooses the times it states.
 * What is proven to exist before the compromise is not touched by it (§5.6.2.2).
 */
export async function compromised(primitives: Primitives, path: readonly Certificate[], data: RevocationData, until: number): Promise<string | null> {
	for (let i = 0; i + 1 < path.length; i++) {
		const verdict = await ask(primitives, path[i]!, path[i + 1]!, data, until, Infinity);
		if (verdict.status === 'revoked' && compromising.includes(verdict.reason ?? null)) return verdict.detail;
	}
	return null;
}

/**
 * Judges every certificate of the path below the anchor that has to be asked about. From the anchor down, as §5.6.2.2 slides its control time:
 * an answer counts only when proven to exist before its signer's certificate, or one above it, ended or was revoked, and before its algorithm was given up.
 * @param path leaf first, anchor last
 * @param at the time the status must hold for, milliseconds: an answer must be of then or later (its thisUpdate within the certificate's life), a revocation after it does not count
 */
export async function revocationStatus(primitives: Primitives, path: readonly Certificate[], data: RevocationData, at: number): Promise<RevocationVerdict> {
	let worst: RevocationVerdict = { status: 'good', detail: '', revokedAt: null };
	let control = Infinity;
	for (let i = path.length - 2; i >= 0; i--) {
		const [certificate, issuer] = [path[i]!, path[i + 1]!];
		control = Math.min(control, issuer.notAfter);
		if (certificate.revocation === 'none-available' || certificate.revocation === 'short-term') continue; // id-pkix-ocsp-nocheck speaks of responders alone (RFC 6960 §4.2.2.2.1)
		const which = i === 0 ? 'the certificate' : `intermediate ${i}`;
		const verdict = await ask(primitives, certificate, issuer, data, at, control);
		control = Math.min(control, verdict.revokedAt ?? Infinity);
		if (verdict.status !== 'good' && worst.status !== 'revoked') worst = { ...verdict, detail: `${which}: ${verdict.detail}` };
	}
	return worst;
}

const iso = (at: number) => new Date(at).toISOString();

async function ask(primitives: Primitives, certificate: Certificate, issuer: Certificate, data: RevocationData, at: number, control: number): Promise<RevocationVerdict> {
	let why = 'no answer about it';
	let good = false;
	let revoked: { at: number; reason: number | null } | null = null;
	const sources = [...data.ocsp.map((entry) => ({ entry, from: readOcspResponse })), ...data.crls.map((entry) => ({ entry, from: readCrl }))];
	for (const { entry, from } of sources) {
		let answer;
		let end;
		try {
			answer = await from(primitives, entry.der, certificate, issuer);
			end = answer && Math.min(control, answer.by.notAfter, signatureEnd(answer.algorithm, answer.by.spki)?.at ?? Infinity);
		} catch (error) {
			if (!(error instanceof CryptoError)) throw error;
			why = error.message;
			continue;
		}
		if (!answer || end === null) continue;
		const { status, thisUpdate } = answer;
		if (status.status === 'revoked' && (!revoked || status.at < revoked.at)) revoked = status;
		if (status.status === 'unknown') why = 'the responder does not know it';
		else if (thisUpdate < at && (answer.nextUpdate ?? thisUpdate) < at) why = `the answer of ${iso(thisUpdate)} is too old`;
		else if (entry.since > end) why = `nothing proves that the answer of ${iso(thisUpdate)} existed before ${iso(end)}, when its signer could last be relied on`;
		else good = true;
	}
	const revokedAt = revoked?.at ?? null;
	if (revoked && revoked.at <= at) return { status: 'revoked', detail: `revoked at ${iso(revoked.at)}`, revokedAt, reason: revoked.reason };
	return good ? { status: 'good', detail: '', revokedAt } : { status: 'unknown', detail: why, revokedAt };
}
