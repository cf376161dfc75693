import { expect, test } from 'vitest';
import { nonceOf, writeRequest } from '#crypto/tsp/request.ts';
import { readResponse } from '#crypto/tsp/response.ts';
import { verifyToken } from '#crypto/tsp/token.ts';
import { readCertificate } from '#crypto/x509/certificate.ts';
import { createHostileTsa, type Mood } from '../../../../test/support/tsa.ts';
import { createPki, epoch } from '../../../../test/support/pki.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { TimestampUnavailable } from './authority.ts';
import { internalAuthority } from './internal.ts';

const tsa = await createHostileTsa();
const request = () => ({ hash: 'SHA-256' as const, imprint: nodePrimitives.random(32), nonce: nonceOf(nodePrimitives.random(16)), policy: null, certReq: true });

test('SAFE-4 an honest authority answers over HTTP with a token of the pinned root', async () => {
	tsa.mood = 'honest';
	const asked = request();
	const token = readResponse(await tsa.authority.request(writeRequest(asked)));
	const verdict = await verifyToken(nodePrimitives, token, { for: { request: asked }, anchors: tsa.authority.anchors.map(readCertificate) });
	expect(verdict.proven).toBe(true);
});

test.each<Mood>(['down', 'huge', 'html', 'redirect', 'slow'])('SAFE-4 an authority that is %s is unavailable, never a token', async (mood) => {
	tsa.mood = mood;
	await expect(tsa.authority.request(writeRequest(request()))).rejects.toBeInstanceOf(TimestampUnavailable);
});

test('SAFE-4 the internal authority answers with a token of the instance root, at the time of its clock', async () => {
	const pki = await createPki();
	const { signer, certificate, chain } = await pki.authority();
	const at = epoch + 86_400_000;
	const authority = internalAuthority({
		primitives: nodePrimitives,
		tsa: { signer, certificate: certificate.der, chain },
		root: pki.root.certificate.der,
		policy: '1.3.6.1.4.1.99999.1.1',
		now: () => at
	});
	const asked = request();
	const token = readResponse(await authority.request(writeRequest(asked)));
	const verdict = await verifyToken(nodePrimitives, token, { for: { request: asked }, anchors: authority.anchors.map(readCertificate) });
	expect(verdict).toMatchObject({ proven: true, tstInfo: { genTime: at } });
});
