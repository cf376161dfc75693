// The revocation status of a path's certificates from offline data (EN 319 102-1 §5.2.5, §5.2.6). What nobody says is unknown, never good.

import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from './certificate.ts';
import { readCrl } from './crl.ts';
import { readOcspResponse } from './ocsp.ts';

export interface RevocationData {
	/** DER OCSPResponses, from anywhere, in any order. */
	readonly ocsp: readonly Uint8Array[];
	/** DER CertificateLists, likewise. */
	readonly crls?: readonly Uint8Array[];
}

export interface RevocationVerdict {
	/** `unknown`: no usable answer; `detail` says about which certificate. */
	readonly status: 'good' | 'revoked' | 'unknown';
	readonly detail: string;
	/** CRLReason, when revoked and one was given. */
	readonly reason?: number | null;
	/** When revoked: since, milliseconds since 1970. */
	readonly revokedAt: number | null;
}

/** Reasons (RFC 5280 §5.3.1) after which whatever the key made is in doubt, also before: none given, keyCompromise, cACompromise, aACompromise. */
const compromising: readonly (number | null)[] = [null, 1, 2, 10];

/** Whether any certificate of the path was ever said to be compromised: who holds the key chooses the times it states. */
export async function compromised(primitives: Primitives, path: readonly Certificate[], data: RevocationData): Promise<string | null> {
	for (let i = 0; i + 1 < path.length; i++) {
		const verdict = await ask(primitives, path[i]!, path[i + 1]!, data, Infinity);
		if (verdict.status === 'revoked' && compromising.includes(verdict.reason ?? null)) return verdict.detail;
	}
	return null;
}

/**
 * Judges every certificate of the path below the anchor that has to be asked about.
 * @param path leaf first, anchor last
 * @param at the time the status must hold for, milliseconds: an answer must be of then or later (its thisUpdate within the certificate's life), a revocation after it does not count
 */
export async function revocationStatus(primitives: Primitives, path: readonly Certificate[], data: RevocationData, at: number): Promise<RevocationVerdict> {
	for (let i = 0; i + 1 < path.length; i++) {
		const [certificate, issuer] = [path[i]!, path[i + 1]!];
		if (certificate.revocation === 'none-available' || certificate.revocation === 'short-term') continue; // id-pkix-ocsp-nocheck speaks of responders alone (RFC 6960 §4.2.2.2.1)
		const which = i === 0 ? 'the certificate' : `intermediate ${i}`;
		const verdict = await ask(primitives, certificate, issuer, data, at);
		if (verdict.status !== 'good') return { ...verdict, detail: `${which}: ${verdict.detail}` };
	}
	return { status: 'good', detail: '', revokedAt: null };
}

async function ask(primitives: Primitives, certificate: Certificate, issuer: Certificate, data: RevocationData, at: number): Promise<RevocationVerdict> {
	let why = 'no answer about it';
	let good = false;
	const sources = [...data.ocsp.map((der) => ({ der, from: readOcspResponse })), ...(data.crls ?? []).map((der) => ({ der, from: readCrl }))];
	for (const { der, from } of sources) {
		let answer;
		try {
			answer = await from(primitives, der, certificate, issuer);
		} catch (error) {
			if (!(error instanceof CryptoError)) throw error;
			why = error.message;
			continue;
		}
		if (!answer) continue;
		if (answer.status.status === 'revoked' && answer.status.at <= at) return { status: 'revoked', detail: `revoked at ${new Date(answer.status.at).toISOString()}`, revokedAt: answer.status.at, reason: answer.status.reason };
		if (answer.status.status === 'unknown') why = 'the responder does not know it';
		else if (answer.thisUpdate < at && (answer.nextUpdate ?? answer.thisUpdate) < at) why = `the answer of ${new Date(answer.thisUpdate).toISOString()} is too old`;
		else good = true;
	}
	return good ? { status: 'good', detail: '', revokedAt: null } : { status: 'unknown', detail: why, revokedAt: null };
}
