// What the instance says of its own certificates: OCSP answers signed when they are needed, kept with the signatures they serve, and published. An outside authority's are fetched: revocation-data.ts.

import type { WorkerContext } from '../context.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { writeOcspResponse } from '#crypto/x509/ocsp.ts';

const life = 7 * 86_400_000;

/** "Good" for the seals, the TSA and the CA, as of `now` (milliseconds). A revoked one is taken out of the ring, and then not answered for. */
export async function ownAnswers(ctx: Pick<WorkerContext, 'primitives' | 'signing'>, now: number): Promise<Uint8Array[]> {
	const { signing, primitives } = ctx;
	const [root, ca, responder] = [signing.root, signing.ca, signing.ocsp].map((k) => ({ signer: k.signer, certificate: readCertificate(k.certificate) }));
	const answer = { status: { status: 'good' }, producedAt: now, thisUpdate: now, nextUpdate: now + life } as const;
	const leaves = [signing.serviceSeal, signing.instanceSeal, signing.tsa].map((k) => readCertificate(k.certificate));
	return Promise.all([
		...leaves.map((certificate) => writeOcspResponse(primitives, responder!, { certificate, issuer: ca!.certificate }, answer)),
		writeOcspResponse(primitives, root!, { certificate: ca!.certificate, issuer: root!.certificate }, answer)
	]);
}
