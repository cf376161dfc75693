// TimeStampResp (RFC 3161 §2.4.2): making one as an authority, reading one as a client.

import { Fields, namedBits, read, tag } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import * as write from '../asn1/write.ts';
import type { Bytes } from '../bytes.ts';
import { assemble, signedAttributes } from '../cms/build.ts';
import { CryptoError } from '../errors.ts';
import { digest, type Primitives, type Signer } from '../primitives.ts';
import { hashOf } from '../x509/algorithm.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readRequest, type TimeStampReq } from './request.ts';
import { writeTstInfo } from './tst-info.ts';

/** PKIFailureInfo of §2.4.2 by bit. */
export const failureInfo = { badAlg: 0, badRequest: 2, badDataFormat: 5, timeNotAvailable: 14, unacceptedPolicy: 15, unacceptedExtension: 16, addInfoNotAvailable: 17, systemFailure: 25 } as const;

export interface Authority {
	readonly signer: Signer;
	readonly certificate: Certificate;
	/** Intermediates up to, but without, the root; sent when the request asks for certificates. */
	readonly chain: readonly Uint8Array[];
	readonly policy: string;
}

/** The token over a request, signed now as the caller says now is. */
export async function makeToken(primitives: Primitives, authority: Authority, request: TimeStampReq, stamp: { genTime: number; serialNumber: bigint; accuracy: number | null }): Promise<Bytes> {
	const content = writeTstInfo({ ...stamp, policy: authority.policy, hash: request.hash, imprint: request.imprint, ordering: false, nonce: request.nonce });
	const hash = hashOf(authority.signer.algorithm);
	const signed = signedAttributes(primitives, { contentType: oid.tstInfo, contentDigest: digest(primitives, hash, content), hash, certificate: authority.certificate });
	const certificates = request.certReq ? [authority.certificate.der, ...authority.chain] : [];
	return assemble(signed, { signature: await authority.signer.sign(signed.tbs), algorithm: authority.signer.algorithm, certificates, content });
}

/** TimeStampResp of a granted token. */
export const granted = (token: Uint8Array): Bytes => write.sequence(write.sequence(write.integer(0)), token);

/** TimeStampResp of a refusal (status 2, rejection). */
export function rejected(failure: keyof typeof failureInfo, text: string): Bytes {
	return write.sequence(write.sequence(write.integer(2), write.sequence(write.utf8String(text)), write.namedBits([failureInfo[failure]])));
}

/** How what a request is refused for is told; anything else: its form. */
const failures: Partial<Record<string, keyof typeof failureInfo>> = { 'tsp-version': 'badRequest', 'hash-algorithm': 'badAlg', 'tsp-extension': 'unacceptedExtension' };

/** Answers a request as an authority does: malformed, weak, of another policy, or outside the life of its own certificate is rejected in the response, not thrown. */
export async function respond(primitives: Primitives, authority: Authority, bytes: Uint8Array, stamp: { genTime: number; serialNumber: bigint; accuracy: number | null }): Promise<Bytes> {
	let request: TimeStampReq;
	try {
		request = readRequest(bytes);
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return rejected(failures[error.reason] ?? 'badDataFormat', error.message);
	}
	if (request.hash === 'MD5' || request.hash === 'SHA-1') return rejected('badAlg', `${request.hash} is not accepted`);
	if (request.imprint.length !== digest(primitives, request.hash).length) return rejected('badDataFormat', 'imprint length');
	if (request.policy && request.policy !== authority.policy) return rejected('unacceptedPolicy', 'unknown policy');
	const { notBefore, notAfter } = authority.certificate;
	if (stamp.genTime < notBefore || stamp.genTime > notAfter) return rejected('timeNotAvailable', 'the certificate of the authority is not valid now');
	return granted(await makeToken(primitives, authority, request, stamp));
}

/** The largest response read, in bytes (SECURITY: RFC 3161). */
export const maximumResponse = 65_536;

/** The token of a granted response (status 0 or 1). Throws CryptoError: `refused` / `tsa-refused` with the authority's words, `malformed`, `limit`. */
export function readResponse(bytes: Uint8Array): Uint8Array {
	if (bytes.length > maximumResponse) throw new CryptoError('limit', 'tsa-response-size', `${bytes.length} bytes`);
	const f = new Fields(read(bytes, { ber: true }), tag.sequence, 'TimeStampResp');
	const info = new Fields(f.next(tag.sequence), tag.sequence, 'PKIStatusInfo');
	const status = value.integer(info.next(tag.integer));
	const token = f.optional(tag.sequence);
	f.end();
	if (status !== 0n && status !== 1n) {
		const words = info.optional(tag.sequence)?.children.map((c) => value.string(c)).join('; ');
		const bits = info.optional(tag.bitString);
		const failure = bits && Object.entries(failureInfo).find(([, bit]) => namedBits(bits)[bit])?.[0];
		throw new CryptoError('refused', 'tsa-refused', [`status ${status}`, failure, words].filter(Boolean).join(', '));
	}
	if (!token) throw new CryptoError('malformed', 'tsa-response', 'granted without a token');
	return token.raw;
}
