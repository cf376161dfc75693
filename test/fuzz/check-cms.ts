// A mutated SignedData: read or refused, and intact only over the content and the attributes that were signed.

import { oid } from '#crypto/asn1/oid.ts';
import { equal } from '#crypto/bytes.ts';
import { readSignedData, type SignedData } from '#crypto/cms/signed-data.ts';
import { verifySignedData } from '#crypto/cms/verify.ts';
import { readCms } from '#crypto/pades/evidence.ts';
import { digest } from '#crypto/primitives.ts';
import * as material from './material.ts';
import { orRefused, orRejected, primitives } from './judging.ts';

const [original] = material.cms.map((der) => readSignedData(der));

/** Judged as a signature over its own content, or over ours when it has none. */
async function intact(data: SignedData): Promise<boolean> {
	const content = data.content ?? material.content;
	const contentDigest = digest(primitives, data.signerInfo.digestAlgorithm, content);
	const verdict = await orRejected(verifySignedData(primitives, data, { contentDigest, content: () => content, contentType: oid.data, existed: material.at }));
	return verdict?.intact === true && verdict.signer !== null && equal(verdict.signer.der, material.seal.certificate.der);
}

export async function checkCms(mutant: Uint8Array): Promise<string | null> {
	readCms(mutant, 1);
	orRefused(() => readSignedData(mutant));
	const data = orRefused(() => readSignedData(mutant, { ber: true }));
	if (!data || !(await intact(data))) return null;
	if (!equal(data.content ?? material.content, material.content)) return 'intact over another content';
	return data.signerInfo.tbs.some((tbs) => equal(tbs, original!.signerInfo.tbs[0]!)) ? null : 'intact over other attributes';
}
