// NIST PKITS, every test: each path has the outcome NIST says, and is refused by the check that test is about.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { CryptoError } from '../errors.ts';
import { readCertificate } from './certificate.ts';
import { buildPath } from './path.ts';
import { revocationStatus } from './revocation.ts';
import { heldSince } from './revocation-data.ts';

interface Case {
	/** Section and test of the NIST document: 40101 is 4.1.1. */
	readonly id: string;
	readonly name: string;
	readonly cert: string;
	readonly other_certs?: readonly string[];
	readonly crls?: readonly string[];
	/** Invalid. */
	readonly error?: object | null;
	readonly params?: {
		readonly user_initial_policy_set?: readonly string[];
		readonly initial_explicit_policy?: boolean;
		readonly initial_policy_mapping_inhibit?: boolean;
		readonly initial_any_policy_inhibit?: boolean;
	};
}

const folder = '../shared/corpora/pkits';
const here = existsSync(folder);
const bytes = (path: string) => new Uint8Array(readFileSync(`${folder}/${path}`));
const casesOf = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Case[];
const at = Date.parse('2020-01-01T00:00:00Z');

/** Why a path is not accepted; empty: accepted. */
async function refusals(c: Case): Promise<string[]> {
	try {
		const of = (file: string) => readCertificate(bytes(`certs/${file}`));
		const others = (c.other_certs ?? []).map(of);
		const asked = c.params ?? {};
		const policies = {
			...(asked.user_initial_policy_set && { userInitialPolicySet: asked.user_initial_policy_set }),
			initialExplicitPolicy: asked.initial_explicit_policy ?? false,
			initialPolicyMappingInhibit: asked.initial_policy_mapping_inhibit ?? false,
			initialAnyPolicyInhibit: asked.initial_any_policy_inhibit ?? false
		};
		const path = await buildPath(p, { leaf: of(c.cert), intermediates: others, anchors: [of('TrustAnchorRootCertificate.crt')], at, purpose: 'any', policies });
		if (path.problems.length) return path.problems.map((x) => x.problem);
		const crls = ['TrustAnchorRootCRL.crl', ...(c.crls ?? [])].map((file) => bytes(`crls/${file}`));
		const { status, detail } = await revocationStatus(p, path.certificates, heldSince(at, { crls, certificates: others }), at);
		return status === 'good' ? [] : [status, detail];
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return [error.code, error.message];
	}
}

/** Valid, and refused: DSA keys are not done, nobody signs documents with them. */
const dsa = ['40104', '40105'];

/** What the invalid tests of a section are refused by. */
const reasons: Record<string, readonly string[]> = {
	'401': ['signature', 'malformed'], // its wrong signatures are no whole octets
	'402': ['not-yet-valid', 'expired'],
	'403': ['no-path'],
	'404': ['revoked', 'unknown'],
	'405': ['revoked', 'unknown', 'not-a-ca'],
	'406': ['not-a-ca', 'path-length'],
	'407': ['key-usage', 'unknown'],
	'408': ['policy'],
	'409': ['policy'],
	'410': ['policy'],
	'411': ['policy'],
	'412': ['policy'],
	'413': ['name-constraint'],
	'414': ['revoked', 'unknown'],
	'415': ['revoked', 'unknown'],
	'416': ['critical-extension']
};

test.skipIf(!here)(`NIST PKITS: 246 paths are accepted or refused as they must be, but for two under DSA keys${here ? '' : ' (skipped: no corpora folder)'}`, async () => {
	const all = casesOf('pkits.json');
	const wrong: string[] = [];
	const unsupported: string[] = [];
	const outcomes = { accepted: 0, refused: 0 };
	for (const c of all) {
		const why = await refusals(c);
		if (why.length) outcomes.refused++;
		else outcomes.accepted++;
		if (why[0] === 'unsupported') unsupported.push(c.id);
		else if (Boolean(c.error) !== why.length > 0 || (why.length && !reasons[c.id.slice(0, 3)]!.includes(why[0]!))) wrong.push(`${c.id} ${c.name}: ${why.join(', ') || 'accepted'}`);
	}
	expect(wrong).toEqual([]);
	expect(unsupported).toEqual(dsa);
	expect({ ...outcomes, tests: new Set(all.map((c) => c.id)).size }).toEqual({ accepted: 108, refused: 138, tests: 217 });
});

test.skipIf(!here)(`NIST PKITS 4.8.15–18, 4.10.12–14: paths with user notices, which are nowhere shown, are valid${here ? '' : ' (skipped: no corpora folder)'}`, async () => {
	const all = casesOf('pkits-user-notice.json');
	for (const c of all) expect(await refusals(c), c.name).toEqual([]);
	expect(new Set(all.map((c) => c.id))).toEqual(new Set(['40815', '40816', '40817', '40818', '41012', '41013', '41014']));
});
