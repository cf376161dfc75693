// What NIST PKITS (pkits.test.ts) does not ask of policy processing: bounds.

import { expect, test } from 'vitest';
import { createPki } from '../../test/support/pki.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import type { Certificate } from './certificate.ts';
import { policyProblem } from './policy.ts';

const pki = await createPki();
const numbers = (n: number) => Array.from({ length: n }, (_, i) => `1.2.3.${i}`);
const mapping = (from: string, to: string) => write.sequence(write.oid(from), write.oid(to));

/** A CA's certificate with these policies and mappings; the path is never anything but that, so its names and key do not matter. */
const authority = (policies: readonly string[], mappings: readonly Uint8Array[] = []): Certificate => ({
	...pki.ca.certificate,
	policies,
	extensions: mappings.length ? [{ id: oid.policyMappings, critical: true, value: write.sequence(...mappings) }] : []
});
const path = (length: number, ca: Certificate): Certificate[] => [...Array.from({ length }, () => ca), pki.root.certificate];

test('RFC 9618 §2: every policy mapped to every other at each of 8 levels, 16⁸ nodes of a tree, is answered', () => {
	const policies = numbers(16);
	const ca = authority(policies, policies.flatMap((from) => policies.map((to) => mapping(from, to))));
	expect(policyProblem(path(8, ca), { initialExplicitPolicy: true, userInitialPolicySet: ['1.2.3.15'] })).toBeNull();
	expect(policyProblem(path(8, ca), { initialExplicitPolicy: true, userInitialPolicySet: ['1.2.3.16'] })).toMatch(/asked for/);
});

test('more policies or mappings than anybody needs are refused, not worked through', () => {
	expect(policyProblem(path(2, authority(numbers(256))))).toBeNull();
	expect(policyProblem(path(2, authority(numbers(257))))).toMatch(/too many policies/);
	expect(policyProblem(path(2, authority(['1.2.3.1'], numbers(257).map((to) => mapping('1.2.3.1', to)))))).toMatch(/too many policy mappings/);
});

test('§6.1.4 (b): a mapping of a policy that anyPolicy stands for counts', () => {
	const mapped = authority([oid.anyPolicy], [mapping('1.2.3.1', '1.2.3.2')]);
	const chain = [authority(['1.2.3.2']), mapped, pki.root.certificate];
	expect(policyProblem(chain, { initialExplicitPolicy: true, userInitialPolicySet: ['1.2.3.1'] })).toBeNull();
	expect(policyProblem(chain, { initialExplicitPolicy: true, userInitialPolicySet: ['1.2.3.3'] })).toMatch(/asked for/);
	expect(policyProblem([authority(['1.2.3.2']), authority(['1.2.3.3'], [mapping('1.2.3.1', '1.2.3.2')]), pki.root.certificate], { initialExplicitPolicy: true, userInitialPolicySet: ['1.2.3.1'] })).toMatch(/no valid policy at the certificate/);
});

test('§4.2.1.11: where a policy is required, it says at which certificate there is none', () => {
	const requiring = (skip: number, policies: readonly string[] = []): Certificate => ({ ...authority(policies), extensions: [{ id: oid.policyConstraints, critical: true, value: write.sequence(write.integer(skip, 0x80)) }] });
	const none = authority([]);
	const root = pki.root.certificate;
	expect(policyProblem([none, none, none, requiring(0), root])).toBe('no valid policy at intermediate 2');
	expect(policyProblem([none, requiring(0), root])).toBe('no valid policy at the certificate');
	expect(policyProblem([none, none, requiring(1), root])).toBe('no valid policy at the certificate');
	expect(policyProblem([requiring(0), none, root])).toBe('none of the policies asked for');
	expect(policyProblem([requiring(1), none, root])).toBeNull();
	const selfIssued: Certificate = { ...none, subject: none.issuer };
	expect(policyProblem([selfIssued, requiring(1), root]), '§6.1.5 (a): the last counts, self-issued or not').toBe('none of the policies asked for');
	expect(policyProblem([none, selfIssued, requiring(2), root])).toBeNull();
});

test('§6.1.4 (a): anyPolicy is mapped neither from nor to', () => {
	expect(policyProblem(path(2, authority(['1.2.3.1'], [mapping('1.2.3.1', oid.anyPolicy)])))).toMatch(/anyPolicy/);
	expect(policyProblem(path(2, authority(['1.2.3.1'], [mapping(oid.anyPolicy, '1.2.3.1')])))).toMatch(/anyPolicy/);
});
