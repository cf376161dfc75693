// Trust 'embedded': whatever a signature carries is trusted, so that structure, integrity and time alone are judged. Never the default.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { topmost } from '../x509/embedded.ts';
import { validate } from './validate.ts';

const pki = await createPki();
const seal = await pki.issue('Sceau', { notAfter: epoch + 2 * year });
const authority = await pki.authority();
const at = epoch + year / 2;
const field = async () => withFields(await contract(), ['a']);
const bb = await signField(await field(), 'a', seal, { at, authority: null });
const bt = await signField(await field(), 'a', seal, { at, authority });
const judge = (pdf: Uint8Array, when = at + 1000) => validate(p, pdf, { trust: 'embedded', at: when });

test('LOG-5 nobody is trusted, and the file passes on its structure, integrity and time; the report says so', async () => {
	for (const pdf of [bb, bt, await stamped(withDss(bt, await answers(pki, [seal, authority], at + 1000)), authority, at + 2000)]) {
		expect((await validate(p, pdf, { trust: { anchors: [] }, at: at + 5000 })).indication).toBe('INDETERMINATE');
		const report = await judge(pdf, at + 5000);
		expect(report).toMatchObject({ indication: 'TOTAL-PASSED', trust: 'embedded' });
		expect(report.signatures[0]).toMatchObject({ signer: { commonName: 'Sceau' }, integrity: 'intact' });
	}
	expect(await validate(p, bb, { trust: { anchors: [] }, at })).toMatchObject({ trust: 'anchors' });
	const alone = await signField(await field(), 'a', { ...seal, chain: [] }, { at, authority: { ...authority, chain: [] } });
	expect((await judge(alone)).indication).toBe('TOTAL-PASSED');
});

test('LOG-5 it still judges integrity, time and what it knows of revocation', async () => {
	const altered = bt.slice();
	altered[200]! ^= 1;
	expect(await judge(altered)).toMatchObject({ indication: 'TOTAL-FAILED', signatures: [{ integrity: 'altered' }] });
	expect(await judge(bb, epoch + 3 * year)).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' });
	const { serialNumber } = seal.certificate;
	expect(await judge(withDss(bt, { crls: await lists(pki, at + 1000, [{ serialNumber, at: at - 1000, reason: 4 }]) }))).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
	const short = await pki.authority({ notAfter: epoch + year });
	const stampedShort = await signField(await field(), 'a', seal, { at, authority: { ...short, chain: [] } });
	expect((await judge(stampedShort)).indication).toBe('TOTAL-PASSED');
	expect(await judge(stampedShort, epoch + 1.5 * year)).toMatchObject({ indication: 'INDETERMINATE', renewal: true, signatures: [{ timestamp: { proven: false } }] });
});

test('LOG-5 the topmost is reached by signatures, not by names', async () => {
	const held = [pki.ca.certificate, pki.root.certificate];
	expect(await topmost(p, seal.certificate, held)).toBe(pki.root.certificate);
	expect(await topmost(p, seal.certificate, [])).toBe(seal.certificate);
	expect(await topmost(p, seal.certificate, [(await createPki()).ca.certificate])).toBe(seal.certificate);
});
