// The revocation status of a path's certificates from offline data (EN 319 102-1 §5.2.5, §5.2.6, §5.6.2.2). Who may answer is crl-answer.ts's and ocsp.ts's.

import { equal } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from './certificate.ts';
import { answerOfList, type HeldList } from './crl-answer.ts';
import { allReasons } from './crl-scope.ts';
import { signatureEnd } from './lifetimes.ts';
import { answerAbout, type OcspResponse } from './ocsp.ts';
import type { RevocationData, RevocationEntry } from './revocation-data.ts';
import { weigh, type Answer, type RevocationVerdict } from './revocation-verdict.ts';

/** Reasons (RFC 5280 §5.3.1) after which whatever the key made is in doubt, also before: none given, keyCompromise, cACompromise, aACompromise. */
const compromising: readonly (number | null)[] = [null, 1, 2, 10];

/**
 * Whether any certificate of the path was said to be compromised by `until` (milliseconds): who holds the key chooses the times it states.
 * What is proven to exist before the compromise is not touched by it (§5.6.2.2).
 */
export async function compromised(primitives: Primitives, path: readonly Certificate[], data: RevocationData, until: number): Promise<string | null> {
	const opened = open(primitives, data);
	for (let i = 0; i + 1 < path.length; i++) {
		const verdict = await ask(opened, path.slice(i), until, Infinity);
		if (verdict.status === 'revoked' && compromising.includes(verdict.reason ?? null)) return verdict.detail;
	}
	return null;
}

/** Certificates whose status is not to be asked for: noRevAvail, validity-assured short-term; never a CA's (RFC 9608 §2). id-pkix-ocsp-nocheck speaks of responders alone (RFC 6960 §4.2.2.2.1). */
const needsNoAnswer = ({ revocation, basicConstraints }: Certificate) => !basicConstraints?.ca && (revocation === 'none-available' || revocation === 'short-term');

/**
 * Judges every certificate of the path below the anchor that has to be asked about. From the anchor down, as §5.6.2.2 slides its control time:
 * an answer counts only when proven to exist before its signer's certificate, or one above it, ended or was revoked, and before its algorithm was given up.
 * @param path leaf first, anchor last
 * @param at the time the status must hold for, milliseconds: an answer must be of then or later (and within the certificate's life, unless it says that it
 * keeps ended ones), a revocation after it does not count
 */
export async function revocationStatus(primitives: Primitives, path: readonly Certificate[], data: RevocationData, at: number): Promise<RevocationVerdict> {
	const opened = open(primitives, data);
	let worst: RevocationVerdict = { status: 'good', detail: '', revokedAt: null };
	let control = Infinity;
	for (let i = path.length - 2; i >= 0; i--) {
		control = Math.min(control, path[i + 1]!.notAfter);
		if (needsNoAnswer(path[i]!)) continue;
		const which = i === 0 ? 'the certificate' : `intermediate ${i}`;
		const verdict = await ask(opened, path.slice(i), at, control);
		control = Math.min(control, verdict.revokedAt ?? Infinity);
		if (verdict.status !== 'good' && worst.status !== 'revoked') worst = { ...verdict, detail: `${which}: ${verdict.detail}` };
	}
	return worst;
}

/** Revocation data, and what is asked of it. */
interface Opened {
	readonly primitives: Primitives;
	readonly ocsp: RevocationData['ocsp'];
	readonly lists: readonly HeldList[];
	readonly certificates: readonly Certificate[];
	/** Said when there is no answer: why a list could not be read. */
	readonly why: string;
	/** Certificates being asked about: a signer's status cannot rest on what it signed. */
	readonly asking: readonly Certificate[];
	/** How many signers' status was asked for. */
	readonly signers: { asked: number };
}

/** Who holds a CA's key could make lists whose signers vouch for each other in every order. */
const maximumSigners = 16;

function open(primitives: Primitives, { ocsp, crls, certificates = [] }: RevocationData): Opened {
	const lists = crls.flatMap(({ read, since }) => ('problem' in read ? [] : [{ list: read, since }]));
	const problems = crls.flatMap(({ read }) => ('problem' in read ? [read.problem] : []));
	return { primitives, ocsp, lists, certificates, why: problems.at(-1) ?? 'no answer about it', asking: [], signers: { asked: 0 } };
}

/** The status of a signer of answers, who must not be one of those asked about. */
async function statusOfSigner(opened: Opened, asked: Certificate, path: readonly Certificate[], at: number, control: number): Promise<RevocationVerdict> {
	if (++opened.signers.asked > maximumSigners) throw new CryptoError('limit', 'revocation-limit', 'too many signers of answers');
	const asking = [...opened.asking, asked];
	if (asking.some((c) => equal(c.der, path[0]!.der))) return { status: 'unknown', detail: 'its status rests on itself', revokedAt: null };
	return needsNoAnswer(path[0]!) ? { status: 'good', detail: '', revokedAt: null } : ask({ ...opened, asking }, path, at, control);
}

/** About the first certificate of a path, by its issuer or whom that entitled. `control`: until when the issuers could be relied on. */
async function ask(opened: Opened, path: readonly Certificate[], at: number, control: number): Promise<RevocationVerdict> {
	const { primitives, ocsp, lists, certificates } = opened;
	const certificate = path[0]!;
	const status = (signers: readonly Certificate[], when: number) => statusOfSigner(opened, certificate, signers, when, control);
	const sources = [...ocsp.map((entry) => () => answerOfResponder(opened, path, entry, control)), ...lists.map((held) => () => answerOfList(primitives, { path, certificates, lists, control, status }, held))];
	const answers: Answer[] = [];
	let { why } = opened;
	for (const source of sources) {
		try {
			const answer = await source();
			if (answer) answers.push(answer);
		} catch (error) {
			if (!(error instanceof CryptoError)) throw error;
			why = error.message;
		}
	}
	return weigh(answers, certificate, at, why);
}

/** An OCSP answer about the first certificate of a path; its responder, when delegated and not exempt (RFC 6960 §4.2.2.2.1), must be in good standing itself. */
async function answerOfResponder(opened: Opened, path: readonly Certificate[], { read, since }: RevocationEntry<OcspResponse>, control: number): Promise<Answer | null> {
	if ('problem' in read) throw new CryptoError('malformed', 'ocsp', read.problem);
	const [certificate, issuer] = [path[0]!, path[1]!];
	const answer = await answerAbout(opened.primitives, read, certificate, issuer, since);
	if (!answer) return null;
	const { by, producedAt } = answer;
	let until = Math.min(control, by.notAfter, signatureEnd(answer.algorithm, by.spki)?.at ?? Infinity);
	if (!equal(by.der, issuer.der) && by.revocation !== 'ocsp-nocheck') {
		const verdict = await statusOfSigner(opened, certificate, [by, ...path.slice(1)], producedAt, control);
		if (verdict.status !== 'good') throw new CryptoError('mismatch', 'ocsp-responder', `the responder: ${verdict.detail}`);
		until = Math.min(until, verdict.revokedAt ?? Infinity);
	}
	return { ...answer, reasons: allReasons, since, until };
}
