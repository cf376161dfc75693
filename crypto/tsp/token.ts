// Verifying an RFC 3161 time-stamp token: against the data or request it is for, by its signature, and up to a trusted certificate at genTime.

import { oid } from '../asn1/oid.ts';
import { equal } from '../bytes.ts';
import { readSignedData } from '../cms/signed-data.ts';
import { verifySignedData } from '../cms/verify.ts';
import { CryptoError } from '../errors.ts';
import { digest, type HashName, type Primitives } from '../primitives.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Anchors } from '../x509/embedded.ts';
import { hashEnd } from '../x509/lifetimes.ts';
import { buildPath } from '../x509/path.ts';
import type { TimeStampReq } from './request.ts';
import { maximumResponse } from './response.ts';
import { readTstInfo, type TstInfo } from './tst-info.ts';

export type TokenCheckName = 'format' | 'imprint' | 'nonce' | 'policy' | 'signature' | 'signing-certificate' | 'chain' | 'algorithms';

export interface TokenCheck {
	readonly name: TokenCheckName;
	readonly clause: string;
	/** `indeterminate`: no trusted certificate to say so, or one that is not valid at genTime. */
	readonly outcome: 'passed' | 'failed' | 'indeterminate' | 'not-checked';
	readonly detail?: string;
}

export interface TokenVerdict {
	/** Null when the token cannot be read. */
	readonly tstInfo: TstInfo | null;
	readonly tsa: Certificate | null;
	/** Leaf to anchor. */
	readonly path: readonly Certificate[];
	readonly checks: readonly TokenCheck[];
	/** Every check passed: the time is proven to whoever trusts the anchor. */
	readonly proven: boolean;
}

export interface TokenInput {
	/** What was stamped: its bytes, or the request it answers (then nonce and policy are compared too). */
	readonly for: { readonly data: Uint8Array } | { readonly digest: (hash: HashName) => Uint8Array } | { readonly request: TimeStampReq };
	readonly anchors: Anchors;
	readonly intermediates?: readonly Certificate[];
	/** Since when the token, and each certificate, is proven to exist, milliseconds. Default: not before its algorithms ended. */
	readonly existed?: number;
	readonly certificateExisted?: (certificate: Certificate) => number;
	/** The largest token read, in bytes. Default: what a response may have; one that carries revocation data has more. */
	readonly maximum?: number;
}

/** Never throws on bad input: a token that cannot be read has one failed check, `format`. */
export async function verifyToken(primitives: Primitives, der: Uint8Array, input: TokenInput): Promise<TokenVerdict> {
	try {
		if (der.length > (input.maximum ?? maximumResponse)) throw new CryptoError('limit', 'token-size', `${der.length} bytes`);
		return await judge(primitives, der, input);
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return { tstInfo: null, tsa: null, path: [], checks: [{ name: 'format', clause: 'RFC 3161 §2.4.2', outcome: 'failed', detail: error.message }], proven: false };
	}
}

async function judge(primitives: Primitives, der: Uint8Array, input: TokenInput): Promise<TokenVerdict> {
	const data = readSignedData(der, { ber: true });
	if (!data.content) throw new CryptoError('malformed', 'token', 'no TSTInfo');
	const info = readTstInfo(data.content);
	const checks: TokenCheck[] = [{ name: 'format', clause: 'RFC 3161 §2.4.2', outcome: 'passed' }];
	const add = (name: TokenCheckName, clause: string, problem: string | null, otherwise: TokenCheck['outcome'] = 'failed') =>
		checks.push(problem === null ? { name, clause, outcome: 'passed' } : { name, clause, outcome: otherwise, detail: problem });

	add('imprint', 'RFC 3161 §2.4.2', imprintProblem(primitives, info, input));
	if ('request' in input.for) {
		const { nonce, policy } = input.for.request;
		add('nonce', 'RFC 3161 §2.4.2', nonce === info.nonce ? null : 'not the nonce of the request');
		add('policy', 'RFC 3161 §2.4.2', policy === null || policy === info.policy ? null : `policy ${info.policy}`);
	}
	const { existed = Infinity, certificateExisted = () => Infinity } = input;
	const contentDigest = digest(primitives, data.signerInfo.digestAlgorithm, data.content);
	const cms = await verifySignedData(primitives, data, { contentDigest, contentType: oid.tstInfo, existed, more: input.intermediates ?? [] });
	const problem = (names: readonly string[]) => cms.checks.find((c) => names.includes(c.name) && c.outcome !== 'passed')?.detail ?? null;
	add('signing-certificate', 'RFC 3161 §2.4.1, RFC 5816 §2.2.1', problem(['signing-certificate']), cms.signer ? 'failed' : 'indeterminate');
	add('signature', 'RFC 5652 §5.6', problem(['content-type', 'message-digest', 'signature-value']), cms.signer ? 'failed' : 'indeterminate');
	const end = hashEnd(info.hash);
	add('algorithms', 'ETSI TS 119 312', end && existed > end.at ? `imprint under ${info.hash}` : problem(['algorithms', 'algorithm-lifetimes']), 'indeterminate');
	const path = cms.signer && (await buildPath(primitives, { leaf: cms.signer, intermediates: [...data.certificates, ...(input.intermediates ?? [])], anchors: input.anchors, at: info.genTime, existed: certificateExisted, purpose: 'timestamp' }));
	const why = path?.problems.map((p) => `${p.problem}: ${p.detail}`).join('; ') ?? 'no signer';
	const wrong = path?.problems.some((p) => p.problem === 'signature' || p.problem === 'extended-key-usage');
	add('chain', 'RFC 5280 §6, RFC 3161 §2.3', path && path.problems.length === 0 ? null : why, wrong ? 'failed' : 'indeterminate');
	return { tstInfo: info, tsa: cms.signer, path: path?.certificates ?? [], checks, proven: checks.every((c) => c.outcome === 'passed') };
}

function imprintProblem(primitives: Primitives, info: TstInfo, input: TokenInput): string | null {
	const wanted = input.for;
	if ('request' in wanted) {
		return wanted.request.hash === info.hash && equal(wanted.request.imprint, info.imprint) ? null : 'not the imprint of the request';
	}
	const actual = 'data' in wanted ? digest(primitives, info.hash, wanted.data) : wanted.digest(info.hash);
	return equal(actual, info.imprint) ? null : 'the data are not what was stamped';
}
