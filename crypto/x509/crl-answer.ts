// What a revocation list says about a certificate, and whether its signer is entitled to say so (RFC 5280 §6.3.3 (c), (f)–(k)).

import { equal } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from './certificate.ts';
import { entryOf, type CertificateList } from './crl.ts';
import { reasonsCovered } from './crl-scope.ts';
import { signatureEnd } from './lifetimes.ts';
import { sameName } from './name.ts';
import type { CertStatus } from './ocsp.ts';
import { buildPath } from './path.ts';
import type { Answer, RevocationVerdict } from './revocation-verdict.ts';

/** A list, and since when it is proven to exist (milliseconds). */
export interface HeldList {
	readonly list: CertificateList;
	readonly since: number;
}

/** Of whom a list is asked, and what else is at hand to judge it. */
export interface ListQuestion {
	/** The certificate asked about, its issuer, and on up to the anchor. */
	readonly path: readonly Certificate[];
	/** Certificates that may have signed lists, beside the path's. */
	readonly certificates: readonly Certificate[];
	readonly lists: readonly HeldList[];
	/** Until when, in milliseconds, all issuers of the path could be relied on. */
	readonly control: number;
	/** Status of another list signer, the first of a path, at a time. */
	status(path: readonly Certificate[], at: number): Promise<RevocationVerdict>;
}

const keyIdsAgree = (list: CertificateList, c: Certificate) => !list.authorityKeyIdentifier || !c.subjectKeyIdentifier || equal(list.authorityKeyIdentifier, c.subjectKeyIdentifier);

/** Whose key made the list's signature: of the name it bears, and allowed to. Throws CryptoError `mismatch` when nobody known is. */
async function signerOf(primitives: Primitives, list: CertificateList, candidates: readonly Certificate[]): Promise<Certificate> {
	const named = candidates.filter((c) => sameName(c.subject, list.issuer) && keyIdsAgree(list, c));
	const allowed = named.filter((c) => !c.keyUsage || c.keyUsage.includes('cRLSign'));
	if (named.length && !allowed.length) throw new CryptoError('mismatch', 'crl-issuer', 'the issuer may not sign lists');
	for (const c of allowed) if (await primitives.verify(list.algorithm, c.spki, list.tbs, list.signature)) return c;
	throw new CryptoError('mismatch', 'crl-signature', 'the list is not signed by the issuer it names');
}

/**
 * Until when a list's signer could be relied on, milliseconds, the end of its own certificate aside. One that is not on the path must be certified by a CA on it (stricter than §6.3.3 (f), which takes
 * any path to the same anchor: a name under another CA is anybody's) and not revoked when it signed.
 */
async function reliedOnUntil(primitives: Primitives, question: ListQuestion, signer: Certificate, { list, since }: HeldList): Promise<number> {
	const { path, control } = question;
	const [certificate, ...above] = path as [Certificate, ...Certificate[]];
	if (above.some((c) => equal(c.der, signer.der))) return control;
	const found = await buildPath(primitives, { leaf: signer, intermediates: above, anchors: above.slice(-1), at: list.thisUpdate, existed: () => since, purpose: 'any' });
	if (found.problems.length) throw new CryptoError('mismatch', 'crl-issuer', `the list's signer: ${found.problems.map((p) => p.problem).join(', ')}`);
	if (equal(signer.der, certificate.der)) {
		// It answers for itself only where the CA says so, by naming it as cRLIssuer; a list in the CA's own name is not that.
		if (sameName(certificate.issuer, list.issuer)) throw new CryptoError('mismatch', 'crl-issuer', "the list's signer: its status rests on itself");
		return control;
	}
	const verdict = await question.status(found.certificates, list.thisUpdate);
	if (verdict.status !== 'good') throw new CryptoError('mismatch', 'crl-issuer', `the list's signer: ${verdict.detail}`);
	return Math.min(control, verdict.revokedAt ?? Infinity);
}

const isComplete = (list: CertificateList): boolean => list.baseNumber === null;

/** Whether a delta list brings a complete one up to date (§5.2.4, §6.3.3 (c)). */
function updates(delta: CertificateList, list: CertificateList): boolean {
	if (delta.baseNumber === null || delta.number === null || list.number === null) return false;
	const same = (a: Uint8Array | null, b: Uint8Array | null) => (a && b ? equal(a, b) : a === b);
	return (
		sameName(delta.issuer, list.issuer) &&
		same(delta.scope, list.scope) &&
		same(delta.authorityKeyIdentifier, list.authorityKeyIdentifier) &&
		delta.baseNumber <= list.number &&
		list.number < delta.number
	);
}

/** The newest delta list to a complete one that the same key signed. */
async function newestDelta(primitives: Primitives, list: CertificateList, signer: Certificate, lists: readonly HeldList[]): Promise<HeldList | null> {
	const deltas = lists.filter((held) => updates(held.list, list)).sort((a, b) => Number(b.list.number! - a.list.number!));
	for (const delta of deltas) {
		const { algorithm, tbs, signature } = delta.list;
		if (await primitives.verify(algorithm, signer.spki, tbs, signature)) return delta;
	}
	return null;
}

/** CRLReason removeFromCRL, on delta lists alone. */
const removeFromCRL = 8;

/** The status on a list; null: it is not on it. */
function statusOn(list: CertificateList, certificate: Certificate): CertStatus | null {
	const entry = entryOf(list, certificate);
	if (!entry) return null;
	return entry.reason === removeFromCRL ? { status: 'good' } : { status: 'revoked', at: entry.at, reason: entry.reason };
}

/**
 * What a list says of a certificate, a delta list to it counted in; null when it does not speak of it. A delta list without its complete one can only revoke.
 * Throws CryptoError: malformed, or `mismatch` / `crl-signature`, `crl-issuer` when nobody entitled to signed it.
 */
export async function answerOfList(primitives: Primitives, question: ListQuestion, held: HeldList): Promise<Answer | null> {
	const certificate = question.path[0]!;
	const { list } = held;
	const reasons = reasonsCovered(list, certificate);
	if (!reasons) return null;
	const signer = await signerOf(primitives, list, [...question.path.slice(1), ...question.certificates]);
	const end = Math.min(await reliedOnUntil(primitives, question, signer, held), signer.notAfter, signatureEnd(list.algorithm, signer.spki)?.at ?? Infinity);
	const delta = isComplete(list) ? await newestDelta(primitives, list, signer, question.lists) : null;
	const { thisUpdate, nextUpdate } = delta?.list ?? list;
	return {
		status: (delta && statusOn(delta.list, certificate)) ?? statusOn(list, certificate) ?? { status: 'good' },
		thisUpdate,
		nextUpdate,
		reasons: isComplete(list) ? reasons : 0,
		archiveCutoff: list.expiredCertsOnCRL,
		since: Math.max(held.since, delta?.since ?? -Infinity),
		until: Math.min(end, (delta && signatureEnd(delta.list.algorithm, signer.spki)?.at) ?? Infinity)
	};
}
