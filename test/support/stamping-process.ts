// A process that is the internal time-stamping authority: prints the serial number of each token it makes, until it has made as many as asked or is killed.
// Arguments: how many, and base64 of its PKCS #8 key, its certificate and its CA's.

import { createPrivateKey } from 'node:crypto';
import { fromBase64 } from '#crypto/bytes.ts';
import { readSignedData } from '#crypto/cms/signed-data.ts';
import { writeRequest } from '#crypto/tsp/request.ts';
import { readResponse } from '#crypto/tsp/response.ts';
import { readTstInfo } from '#crypto/tsp/tst-info.ts';
import { nodePrimitives as primitives, nodeSigner } from '#lib/server/keys/primitives.ts';
import { internalAuthority } from '#lib/server/tsa/internal.ts';

const [count, key, certificate, ca] = process.argv.slice(2) as [string, string, string, string];
const privateKey = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });
const policy = '1.3.6.1.4.1.99999.1.1';
const tsa = { signer: nodeSigner(privateKey, { scheme: 'ecdsa', hash: 'SHA-256' }), certificate: fromBase64(certificate), chain: [fromBase64(ca)] };
const authority = internalAuthority({ primitives, tsa, root: fromBase64(ca), policy, now: () => Date.parse('2026-06-01T00:00:00Z') });
const request = writeRequest({ hash: 'SHA-256', imprint: new Uint8Array(32), nonce: 1n, policy: null, certReq: false });

for (let i = 0; i < Number(count); i++) {
	const token = readResponse(await authority.request(request));
	process.stdout.write(`${readTstInfo(readSignedData(token).content!).serialNumber.toString(16)}\n`);
}
