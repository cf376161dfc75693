// NIST PKITS: nothing it calls invalid is accepted; what it calls valid and we refuse, we refuse for a feature we name.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { CryptoError } from '../errors.ts';
import { readCertificate } from './certificate.ts';
import { buildPath } from './path.ts';
import { heldSince, revocationStatus } from './revocation.ts';

interface Case {
	readonly id: string;
	readonly name: string;
	readonly cert: string;
	readonly other_certs?: readonly string[];
	readonly crls?: readonly string[];
	readonly error?: object;
	/** Policies the relying party starts from: an input we do not take. */
	readonly params?: object;
	readonly revocation?: boolean;
}

const folder = '../shared/corpora/pkits';
const bytes = (path: string) => new Uint8Array(readFileSync(`${folder}/${path}`));
/** What we leave out on purpose: DSA; policy constraints and mappings (critical); lists that are partial, indirect, or under another key than the certificate's issuer. */
const features = /^(unsupported: 1\.2\.840\.10040\.4\.3|critical-extension|unknown: .*(no answer about it|an indirect list))$/;
/** Invalid only for a relying party that asks for policies, which we do not. */
const policies = ['40804', '40805', '40807', '40808', '40809', '40812'];
/** The complete list says one thing, a later delta list the other: we read complete ones alone. */
const delta = ['41504'];

const at = Date.parse('2020-01-01T00:00:00Z');

/** Why a path is not accepted; empty: accepted. */
async function refusals(c: Case): Promise<string[]> {
	try {
		const of = (file: string) => readCertificate(bytes(`certs/${file}`));
		const anchors = [of('TrustAnchorRootCertificate.crt')];
		const path = await buildPath(p, { leaf: of(c.cert), intermediates: (c.other_certs ?? []).map(of), anchors, at, purpose: 'any' });
		if (path.problems.length) return path.problems.map((x) => x.problem);
		if (c.revocation === false) return [];
		const crls = ['TrustAnchorRootCRL.crl', ...(c.crls ?? [])].map((file) => bytes(`crls/${file}`));
		const { status, detail } = await revocationStatus(p, path.certificates, heldSince(at, { crls }), at);
		return status === 'good' ? [] : [`${status}: ${detail}`];
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return [`${error.code}: ${error.message}`];
	}
}

test.skipIf(!existsSync(folder))(
	`NIST PKITS: no invalid path is accepted, and few valid ones are refused, each for a named reason${existsSync(folder) ? '' : ' (skipped: no corpora folder)'}`,
	async () => {
		const all = (JSON.parse(readFileSync(`${folder}/pkits.json`, 'utf8')) as Case[]).filter((c) => !c.params);
		const accepted: string[] = [];
		const refused: string[] = [];
		let valid = 0;
		for (const c of all) {
			const why = await refusals(c);
			if (c.error && !why.length) accepted.push(c.id);
			else if (!c.error && !why.length) valid++;
			else if (!c.error && !why.every((reason) => features.test(reason))) refused.push(`${c.id} ${c.name}: ${why.join(', ')}`);
		}
		expect(accepted).toEqual([...policies, ...delta]);
		expect(refused).toEqual([
			...delta.map(() => '41505 valid_deltacrl_test5: revoked: the certificate: revoked at 2010-01-01T08:30:00.000Z')
		]);
		expect(valid).toBe(53);
	}
);
