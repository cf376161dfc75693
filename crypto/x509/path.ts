// Certification path building and validation at a time T (RFC 5280 §6). A verdict is a value. Revocation is revocation.ts's.

import { oid } from '../asn1/oid.ts';
import { equal } from '../bytes.ts';
import type { Primitives } from '../primitives.ts';
import { understood, type Certificate } from './certificate.ts';
import { topmost, type Anchors } from './embedded.ts';
import { signatureEnd } from './lifetimes.ts';
import { nameConstraintProblem } from './name-constraints.ts';
import { sameName } from './name.ts';
import { policyProblem, type PolicyInput } from './policy.ts';

/** What the leaf's key is used for; decides which key and extended key usages it must and must not have. */
export type Purpose = 'sign' | 'timestamp' | 'ocsp' | 'any';

export type PathProblem =
	| 'no-path' // no chain of names and signatures leads to an anchor
	| 'signature' // an issuer of the right name did not sign it
	| 'not-yet-valid'
	| 'expired'
	| 'not-a-ca'
	| 'path-length'
	| 'key-usage'
	| 'extended-key-usage'
	| 'critical-extension'
	| 'name-constraint'
	| 'policy'
	| 'weak-algorithm';

export interface Path {
	/** Leaf first, anchor last; only the leaf when none was found. */
	readonly certificates: readonly Certificate[];
	/** Empty: valid at the time asked for. */
	readonly problems: readonly { readonly problem: PathProblem; readonly detail: string }[];
}

export interface PathInput {
	readonly leaf: Certificate;
	/** Candidates between, from anywhere, in any order. */
	readonly intermediates: readonly Certificate[];
	/** Trusted as they are; an anchor's own validity is checked, its signature is not. */
	readonly anchors: Anchors;
	/** Milliseconds since 1970. */
	readonly at: number;
	/** Since when a certificate is proven to exist, milliseconds: before the end of the algorithm that signed it, it stays valid. Default: `at`. */
	readonly existed?: (certificate: Certificate) => number;
	readonly purpose: Purpose;
	/** Certificate policies asked for. Default: only what the certificates themselves require. */
	readonly policies?: PolicyInput;
}

const maximumLength = 8;
const maximumTries = 64;

const isAnchor = (c: Certificate, anchors: readonly Certificate[]) => anchors.some((a) => equal(a.der, c.der));

/** Whether the key identifiers, when both are there, agree (RFC 5280 §4.2.1.1). */
function keyIdsAgree(child: Certificate, parent: Certificate): boolean {
	const [a, b] = [child.authorityKeyIdentifier, parent.subjectKeyIdentifier];
	return !a || !b || equal(a, b);
}

/** True when `parent`'s key made `child`'s signature. */
export async function signedBy(primitives: Primitives, child: Certificate, parent: Certificate): Promise<boolean> {
	return primitives.verify(child.signatureAlgorithm, parent.spki, child.tbs, child.signature);
}

/** The best path: the first without problems; else the one with the fewest. */
export async function buildPath(primitives: Primitives, input: PathInput): Promise<Path> {
	let best: Path | null = null;
	let wrongSignature: string | null = null;
	let tries = 0;
	const anchors = input.anchors === 'embedded' ? [await topmost(primitives, input.leaf, input.intermediates)] : input.anchors;
	const pool = [...anchors, ...input.intermediates.filter((c) => !isAnchor(c, anchors))];

	async function extend(chain: readonly Certificate[]): Promise<boolean> {
		const last = chain.at(-1)!;
		if (isAnchor(last, anchors)) {
			const path = { certificates: chain, problems: judge(chain, input) };
			if (!best || path.problems.length < best.problems.length) best = path;
			return path.problems.length === 0;
		}
		if (chain.length >= maximumLength) return false;
		for (const parent of pool) {
			if (!sameName(parent.subject, last.issuer) || chain.some((c) => equal(c.der, parent.der)) || !keyIdsAgree(last, parent)) continue;
			if (++tries > maximumTries) return true; // whoever adds certificates to a file may hide the way, but not make it wrong
			if (!(await signedBy(primitives, last, parent))) {
				wrongSignature = `${chain.length === 1 ? 'the certificate' : 'an intermediate'} is not signed by the issuer it names`;
				continue;
			}
			if (await extend([...chain, parent])) return true;
		}
		return false;
	}

	await extend([input.leaf]);
	if (best) return best;
	if (tries > maximumTries) return { certificates: [input.leaf], problems: [{ problem: 'no-path', detail: 'too many candidate certificates' }] };
	const problem = wrongSignature ? ({ problem: 'signature', detail: wrongSignature } as const) : ({ problem: 'no-path', detail: 'no chain to a trusted certificate' } as const);
	return { certificates: [input.leaf], problems: [problem] };
}

/** RFC 5280 §6.1 over a chain whose names and signatures already link. */
function judge(chain: readonly Certificate[], { at, purpose, policies, existed = () => at }: PathInput): Path['problems'] {
	const problems: { problem: PathProblem; detail: string }[] = [];
	const add = (problem: PathProblem, detail: string) => problems.push({ problem, detail });
	chain.forEach((c, i) => {
		const which = i === 0 ? 'certificate' : i === chain.length - 1 ? 'anchor' : `intermediate ${i}`;
		if (at < c.notBefore) add('not-yet-valid', `${which}: from ${new Date(c.notBefore).toISOString()}`);
		if (at > c.notAfter) add('expired', `${which}: until ${new Date(c.notAfter).toISOString()}`);
		const unknown = c.extensions.filter((e) => e.critical && !understood.includes(e.id));
		if (unknown.length) add('critical-extension', `${which}: ${unknown.map((e) => e.id).join(', ')}`);
		const end = i < chain.length - 1 ? signatureEnd(c.signatureAlgorithm, chain[i + 1]!.spki) : null;
		if (end && existed(c) > end.at) add('weak-algorithm', `${which}: ${end.what}`);
		if (i === 0) return;
		if (!c.basicConstraints?.ca) add('not-a-ca', which);
		if (c.keyUsage && !c.keyUsage.includes('keyCertSign')) add('key-usage', `${which}: no keyCertSign`);
		const below = chain.slice(1, i).filter((x) => !sameName(x.subject, x.issuer)).length;
		const { pathLength = null } = c.basicConstraints ?? {};
		if (pathLength !== null && below > pathLength) add('path-length', which);
		chain.slice(0, i).forEach((under, j) => {
			if (j > 0 && sameName(under.subject, under.issuer)) return; // §6.1.3 (b): self-issued, not final
			const broken = nameConstraintProblem(c, under);
			if (broken) add('name-constraint', `${which}: ${broken}`);
		});
	});
	const policy = policyProblem(chain, policies);
	if (policy) add('policy', policy);
	usage(chain[0]!, purpose, add);
	return problems;
}

/** Key usages of the leaf (RFC 5280 §4.2.1.3, §4.2.1.12; RFC 3161 §2.3; RFC 6960 §4.2.2.2). */
function usage(leaf: Certificate, purpose: Purpose, add: (problem: PathProblem, detail: string) => void): void {
	if (purpose === 'any') return;
	if (leaf.basicConstraints?.ca) add('key-usage', 'a CA signs certificates, not documents');
	if (leaf.keyUsage && !leaf.keyUsage.includes('digitalSignature') && !leaf.keyUsage.includes('nonRepudiation')) add('key-usage', 'neither digitalSignature nor nonRepudiation');
	const purposes = leaf.extKeyUsage?.purposes ?? null;
	if (purpose === 'timestamp' && !(purposes?.length === 1 && purposes[0] === oid.timeStamping && leaf.extKeyUsage?.critical)) {
		add('extended-key-usage', 'timeStamping, critical and alone, expected');
	}
	if (purpose === 'ocsp' && !purposes?.includes(oid.ocspSigning)) add('extended-key-usage', 'OCSPSigning expected');
	if (purpose === 'sign' && purposes && !purposes.some((p) => signing.includes(p))) add('extended-key-usage', purposes.join(', '));
}

/** Extended key usages under which documents are signed: RFC 9336, mail as many CAs do, Adobe's and Microsoft's own, any. */
const signing: readonly string[] = [oid.documentSigning, oid.emailProtection, oid.anyExtendedKeyUsage, '1.2.840.113583.1.1.5', '1.3.6.1.4.1.311.10.3.12', '1.3.6.1.5.5.7.3.2'];
