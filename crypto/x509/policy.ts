// Certificate policies along a path (RFC 5280 §6.1 as RFC 9618 restates it). Policy qualifiers are read past.

import { context, Fields, read, tag } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import { CryptoError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './name.ts';

/** What the relying party asks of policies (RFC 5280 §6.1.1 (c), (e), (f), (g)). Default: nothing. */
export interface PolicyInput {
	/** Dotted OIDs, any of which will do. Default: anyPolicy. */
	readonly userInitialPolicySet?: readonly string[];
	readonly initialExplicitPolicy?: boolean;
	readonly initialPolicyMappingInhibit?: boolean;
	readonly initialAnyPolicyInhibit?: boolean;
}

/**
 * A node of the valid policy graph at the current depth. Earlier depths are not kept: all that is asked of them at the end is which policies
 * of the trust anchor's domain (children of anyPolicy) have a descendant here.
 */
interface PolicyNode {
	readonly expected: readonly string[];
	readonly roots: readonly string[];
}
type Level = ReadonlyMap<string, PolicyNode>;

const any = oid.anyPolicy;
/** Of policies, and of mappings, in one certificate: the work grows with their square. */
const maximum = 256;

function extensionOf(certificate: Certificate, id: string) {
	const found = certificate.extensions.find((e) => e.id === id);
	return found ? read(found.value) : null;
}

/** PolicyConstraints (§4.2.1.11) and InhibitAnyPolicy (§4.2.1.14): certificates to skip before each takes effect. */
function constraints(certificate: Certificate): { explicitPolicy: number; policyMapping: number; anyPolicy: number } {
	const node = extensionOf(certificate, oid.policyConstraints);
	const skip = (n: number, f: Fields | null) => {
		const found = f?.optional(context(n, false));
		return found ? value.smallInteger(found, context(n, false)) : Infinity;
	};
	const f = node && new Fields(node, tag.sequence, 'PolicyConstraints');
	const found = { explicitPolicy: skip(0, f), policyMapping: skip(1, f) };
	f?.end();
	const inhibit = extensionOf(certificate, oid.inhibitAnyPolicy);
	return { ...found, anyPolicy: inhibit ? value.smallInteger(inhibit) : Infinity };
}

/** PolicyMappings (§4.2.1.5) by issuer domain policy. Throws CryptoError `refused` on one from or to anyPolicy (§6.1.4 (a)). */
function mappings(certificate: Certificate): Map<string, string[]> {
	const found = new Map<string, string[]>();
	const pairs = extensionOf(certificate, oid.policyMappings)?.children ?? [];
	if (pairs.length > maximum) throw new CryptoError('limit', 'policies', 'too many policy mappings');
	for (const pair of pairs) {
		const f = new Fields(pair, tag.sequence, 'PolicyMapping');
		const [issuer, subject] = [value.oid(f.next(tag.oid)), value.oid(f.next(tag.oid))];
		f.end();
		if (issuer === any || subject === any) throw new CryptoError('refused', 'policy-mapping', 'anyPolicy mapped');
		found.set(issuer, [...(found.get(issuer) ?? []), subject]);
	}
	return found;
}

const union = (sets: readonly (readonly string[])[]): string[] => [...new Set(sets.flat())];

/** §6.1.3 (d): the level below, from the certificate's policies. `anyCounts`: anyPolicy in it still stands for all. */
function next(level: Level, policies: readonly string[], anyCounts: boolean): Map<string, PolicyNode> {
	const below = new Map<string, PolicyNode>();
	const expecting = (policy: string) => [...level.values()].filter((n) => n.expected.includes(policy)).map((n) => n.roots);
	const add = (policy: string, roots: readonly string[]) => below.set(policy, { expected: [policy], roots });
	for (const policy of policies.filter((p) => p !== any)) {
		const parents = expecting(policy);
		if (parents.length) add(policy, union(parents));
		else if (level.has(any)) add(policy, [policy]);
	}
	if (anyCounts && policies.includes(any)) {
		for (const policy of union([...level.values()].map((n) => n.expected))) if (!below.has(policy)) add(policy, union(expecting(policy)));
	}
	return below;
}

/** §6.1.4 (b). `allowed`: mappings are not inhibited; a policy mapped all the same then counts no more. */
function map(level: Map<string, PolicyNode>, mapped: Map<string, string[]>, allowed: boolean): void {
	for (const [policy, expected] of mapped) {
		const node = level.get(policy);
		if (!allowed) level.delete(policy);
		else if (node) level.set(policy, { ...node, expected });
		else if (level.has(any)) level.set(policy, { expected, roots: [policy] });
	}
}

/** Why the policies of a path do not suffice; null: they do. `chain`: leaf first, anchor last; the anchor's own policies do not count. */
export function policyProblem(chain: readonly Certificate[], input: PolicyInput = {}): string | null {
	const { userInitialPolicySet: wanted = [any] } = input;
	const path = chain.slice(0, -1).reverse();
	const after = (now: boolean | undefined) => (now ? 0 : path.length + 1);
	let explicitPolicy = after(input.initialExplicitPolicy);
	let policyMapping = after(input.initialPolicyMappingInhibit);
	let inhibitAny = after(input.initialAnyPolicyInhibit);
	let level: Level = new Map([[any, { expected: [any], roots: [any] }]]);
	try {
		for (const [i, c] of path.entries()) {
			const last = i === path.length - 1;
			const selfIssued = sameName(c.issuer, c.subject);
			if (c.policies.length > maximum) throw new CryptoError('limit', 'policies', 'too many policies');
			const below = next(level, c.policies, inhibitAny > 0 || (!last && selfIssued));
			if (explicitPolicy === 0 && !below.size) return `no valid policy at ${last ? 'the certificate' : `intermediate ${path.length - 1 - i}`}`;
			const stated = constraints(c);
			if (last) explicitPolicy = stated.explicitPolicy === 0 ? 0 : explicitPolicy - 1;
			else {
				map(below, mappings(c), policyMapping > 0);
				const step = (n: number) => (n > 0 && !selfIssued ? n - 1 : n);
				explicitPolicy = Math.min(step(explicitPolicy), stated.explicitPolicy);
				policyMapping = Math.min(step(policyMapping), stated.policyMapping);
				inhibitAny = Math.min(step(inhibitAny), stated.anyPolicy);
			}
			level = below;
		}
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return error.message;
	}
	const valid = union([...level.values()].map((n) => n.roots));
	const accepted = wanted.includes(any) || valid.includes(any) ? valid : valid.filter((p) => wanted.includes(p));
	return explicitPolicy > 0 || accepted.length ? null : 'none of the policies asked for';
}
