// openssl's client with our authority, and our client with openssl's authority.

import { expect, test } from 'vitest';
import { generateKey, nodePrimitives as p, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, pemOf } from '../../test/support/pki.ts';
import { utf8 } from '../bytes.ts';
import { digest, type HashName } from '../primitives.ts';
import { nonceOf, readRequest, writeRequest, type TimeStampReq } from './request.ts';
import { readResponse, respond } from './response.ts';
import { verifyToken } from './token.ts';

/** openssl's authority has no clock but the machine's. */
const now = Math.floor(Date.now() / 1000) * 1000;
const pki = await createPki('Stamping', { start: now - 86_400_000 });
const data = utf8('a contract');
const trust = { anchors: [pki.root.certificate] };
const fromBase64Line = (text: string) => new Uint8Array(Buffer.from(/^[A-Za-z0-9+/]{40,}={0,2}$/m.exec(text)![0], 'base64'));
const files = { data, 'root.pem': pemOf(pki.root.certificate.der), 'ca.pem': pemOf(pki.ca.certificate.der) };

test.each(['SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'] as const)('SAFE-4 openssl asks under %s, we answer, openssl verifies', async (hash: HashName) => {
	const authority = await pki.authority();
	for (const [options, expected] of [['-cert', { certReq: true }], ['', { certReq: false }], ['-no_nonce -cert', { nonce: null }], [`-cert -tspolicy ${authority.policy}`, { policy: authority.policy }]] as const) {
		const asked = run('sh', ['-c', `openssl ts -query -data data -${hash.toLowerCase().replace('-', '')} ${options} -out q.tsq && base64 -w0 q.tsq && echo`], files);
		const query = fromBase64Line(asked.text);
		expect(readRequest(query)).toMatchObject({ hash, imprint: digest(p, hash, data), ...expected });
		const answer = await respond(p, authority, query, { genTime: now + 123, serialNumber: nonceOf(p.random(16)), accuracy: 1500 });
		const untrusted = pemOf(authority.certificate.der, pki.ca.certificate.der);
		const { text } = run('openssl', ['ts', '-verify', '-queryfile', 'q.tsq', '-in', 'r.tsr', '-CAfile', 'root.pem', '-untrusted', 'more.pem'], { ...files, 'q.tsq': query, 'r.tsr': answer, 'more.pem': untrusted });
		expect(text, options).toContain('Verification: OK');
		const shown = run('openssl', ['ts', '-reply', '-in', 'r.tsr', '-text'], { 'r.tsr': answer }).text;
		expect(shown).toContain('Accuracy: 0x01 seconds, 0x01F4 millis');
	}
});

const config = `[tsa]
default_tsa = t
[t]
serial = ./serial
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = `;

test.each(['sha1', 'sha256', 'sha512'])('SAFE-4 we ask, openssl’s authority answers (ESSCertID under %s), we verify', async (ess) => {
	const { privateKey, spki } = generateKey('ecdsa-p256');
	const tsa = await pki.authority({ key: { signer: nodeSigner(privateKey, specAlgorithm['ecdsa-p256']), spki } });
	const key = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
	const ask = (request: TimeStampReq) =>
		fromBase64Line(
			run('sh', ['-c', 'openssl ts -reply -queryfile q.tsq -config tsa.cnf -out r.tsr && base64 -w0 r.tsr && echo'], { ...files, 'q.tsq': writeRequest(request), 'tsa.cnf': config + ess, 'tsa.pem': pemOf(tsa.certificate.der), 'tsa.key': key, serial: '1234\n' }).text
		);
	for (const hash of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
		const request: TimeStampReq = { hash, imprint: digest(p, hash, data), nonce: nonceOf(p.random(16)), policy: hash === 'SHA-512' ? '1.2.3.4.5' : null, certReq: hash !== 'SHA-384' };
		const verdict = await verifyToken(p, readResponse(ask(request)), { for: { request }, ...trust, intermediates: [tsa.certificate, pki.ca.certificate] });
		expect(verdict.checks.filter((c) => c.outcome !== 'passed')).toEqual([]);
		expect(verdict).toMatchObject({ proven: true, tstInfo: { accuracy: 1501, ordering: true, policy: request.policy ?? '1.2.3.4.1' } });
	}
	const request: TimeStampReq = { hash: 'SHA-224', imprint: digest(p, 'SHA-224', data), nonce: null, policy: null, certReq: true };
	expect(() => readResponse(ask(request))).toThrow(/badAlg/);
	expect(() => readResponse(ask({ ...request, hash: 'SHA-256', imprint: digest(p, 'SHA-256', data), policy: '1.2.3.9' }))).toThrow(/unacceptedPolicy/);
});
