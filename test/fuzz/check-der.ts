// Mutated DER: one value has one encoding, every reader refuses with a CryptoError, and no certificate, answer or list says more than its issuer signed.

import { read, type Node } from '#crypto/asn1/der.ts';
import { sequence, tlv } from '#crypto/asn1/write.ts';
import { equal } from '#crypto/bytes.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { keySize } from '#crypto/x509/lifetimes.ts';
import { nameConstraintProblem } from '#crypto/x509/name-constraints.ts';
import { nameString, readName } from '#crypto/x509/name.ts';
import { readOcspResponse } from '#crypto/x509/ocsp.ts';
import { buildPath } from '#crypto/x509/path.ts';
import { heldSince, sortRevocation } from '#crypto/x509/revocation-data.ts';
import { revocationStatus } from '#crypto/x509/revocation.ts';
import * as material from './material.ts';
import { anchors, orRefused, orRejected, primitives } from './judging.ts';

const encoded = (node: Node): Uint8Array => (node.tag & 0x20 ? tlv(node.tag, ...node.children.map(encoded)) : tlv(node.tag, node.content));

const ours = [material.root, material.issuing, material.seal].map((h) => h.certificate);
/** What was signed in the answers and lists: BasicOCSPResponse's tbs stands inside an OCTET STRING, a list's is its first child. */
const listTbs = read(material.crl).children[0]!.raw;

async function certificate(mutant: Uint8Array): Promise<string | null> {
	const c = orRefused(() => readCertificate(mutant));
	if (!c) return null;
	nameString(c.subject);
	orRefused(() => keySize(c.spki));
	orRefused(() => nameConstraintProblem(c, material.seal.certificate));
	const path = await orRejected(buildPath(primitives, { leaf: c, intermediates: ours, anchors, at: material.at, purpose: 'any' }));
	if (!path || path.problems.length) return null;
	return ours.some((o) => equal(o.tbs, c.tbs)) ? null : 'a path to a certificate that nobody signed';
}

/** `good` or `revoked`, and of when, of each certificate of ours: what its issuer did not say. */
async function revocation(mutant: Uint8Array): Promise<string | null> {
	for (const [leaf, issuer] of [[material.seal, material.issuing], [material.authority, material.issuing], [material.issuing, material.root]] as const) {
		const answer = await orRejected(readOcspResponse(primitives, mutant, leaf.certificate, issuer.certificate));
		if (answer && (answer.status.status !== 'good' || answer.thisUpdate !== material.at + 1000)) return 'an OCSP answer that nobody gave';
		const said = await orRejected(revocationStatus(primitives, [leaf.certificate, issuer.certificate], heldSince(material.at + 2000, { crls: [mutant] }), material.at + 1000));
		if (said && said.status !== 'unknown' && !equal(read(mutant).children[0]!.raw, listTbs)) return 'a list that nobody signed';
	}
	return null;
}

export async function checkDer(mutant: Uint8Array): Promise<string | null> {
	orRefused(() => read(mutant, { ber: true, trailing: true }));
	const node = orRefused(() => read(mutant));
	if (!node) return null;
	if (!equal(encoded(node), mutant)) return 'two encodings of one value';
	orRefused(() => readName(node));
	orRefused(() => sortRevocation([mutant]));
	orRefused(() => readName(read(sequence(mutant))));
	return (await certificate(mutant)) ?? (await revocation(mutant));
}
