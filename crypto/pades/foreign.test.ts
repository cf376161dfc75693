// What others sign and we only judge: files encrypted under the empty user password, SHA-3, brainpool, Ed448, adbe.pkcs7.sha1; sound and altered.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { foreign, foreignKinds, sha1Signed } from '../../test/support/foreign.ts';
import { answers } from '../../test/support/signing.ts';
import { createPki, epoch } from '../../test/support/pki.ts';
import { openDocument } from '../pdf/document.ts';
import { validate } from './validate.ts';

test.each(foreignKinds)('LOG-5 %s: passes as it was signed; with one bit changed in what is signed it is altered', async (kind) => {
	const { pdf, altered, anchors, revocation, at } = await foreign(kind);
	const judge = (bytes: Uint8Array) => validate(p, bytes, { trust: { anchors }, at, revocation });
	expect(openDocument(pdf).encrypted).toBe(/^RC4|^AES/.test(kind));
	const report = await judge(pdf);
	expect([...report.reasons, ...report.signatures.flatMap((s) => s.reasons)]).toEqual([]);
	expect(report).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ integrity: 'intact', level: kind === 'adbe.pkcs7.sha1' ? 'none' : 'B-B', coverage: 'whole-file' }] });
	expect(await judge(altered)).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE', signatures: [{ integrity: 'altered', reasons: ['message-digest'] }] });
});

test('ETSI TS 119 312 adbe.pkcs7.sha1 rests on SHA-1, whatever hash its CMS is under: after the end of SHA-1 it is not passed', async () => {
	const pki = await createPki();
	const holder = await pki.issue('Sceau');
	const report = await validate(p, await sha1Signed(holder, epoch), { trust: { anchors: [pki.root.certificate.der] }, at: epoch + 2000, revocation: await answers(pki, [holder], epoch + 1000) });
	expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', signatures: [{ integrity: 'intact', reasons: ['algorithm-lifetimes'] }] });
});
