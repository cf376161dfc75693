// Twenty years and more of a signed file: each authority's certificate ends, each time a document time-stamp of the next one was put over the last, with what was known of it.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { validate } from './validate.ts';

const step = 3.4 * year; // an authority's certificate lives four
const [first, second] = [await createPki('First'), await createPki('Second', { start: epoch + 10 * year })];
const signedAt = epoch + year / 2;
const seal = await first.issue('Sceau', { notAfter: epoch + 2 * year });
const pkiAt = (at: number) => (at < epoch + 10.5 * year ? first : second);
const generations = await Promise.all(
	Array.from({ length: 7 }, async (_, n) => {
		const at = signedAt + n * step;
		return { at, pki: pkiAt(at), authority: await pkiAt(at).authority({ notBefore: at - year / 4, notAfter: at + 4 * year }) };
	})
);
const last = signedAt + 6 * step + 3.9 * year; // more than 24 years on

/** `dataless`: the generation whose successor brings nothing about it. `skipped`: left out. */
async function aged({ skipped, dataless }: { skipped?: number; dataless?: number } = {}): Promise<Uint8Array> {
	const [origin] = generations;
	let pdf = await signField(withFields(await contract(), ['a']), 'a', seal, { at: signedAt, authority: origin!.authority });
	pdf = await stamped(withDss(pdf, { crls: await lists(first, signedAt + 1000) }), origin!.authority, signedAt + 2000);
	let before = origin!;
	for (const [n, next] of generations.entries()) {
		if (!n || n === skipped) continue;
		const data = dataless === n - 1 ? {} : { crls: await lists(before.pki, next.at) };
		pdf = await stamped(dataless === n - 1 ? pdf : withDss(pdf, data), next.authority, next.at + 1000);
		before = next;
	}
	return withDss(pdf, { crls: await lists(before.pki, last - 1000) });
}
const judge = async (pdf: Uint8Array) => validate(p, pdf, { trust: { anchors: [first.root.certificate.der, second.root.certificate.der] }, at: last });

test('SIGN-15 renewed in time through seven authorities of two CAs, the file passes more than 24 years on', { timeout: 60_000 }, async () => {
	const report = await judge(await aged());
	expect(report).toMatchObject({ indication: 'TOTAL-PASSED', renewal: false });
	expect(report.signatures.map((s) => [s.kind, s.indication])).toEqual([['signature', 'TOTAL-PASSED'], ...generations.map(() => ['document-timestamp', 'TOTAL-PASSED'])]);
	expect(report.signatures[0]).toMatchObject({ level: 'B-LTA', timestamp: { proven: true, time: new Date(signedAt).toISOString() } });
});

test.each([1, 2, 3, 4, 5])('SIGN-15 one renewal missed, number %i: what lies before the gap is not proven', { timeout: 60_000 }, async (skipped) => {
	const report = await judge(await aged({ skipped }));
	expect(report.indication).toBe('INDETERMINATE');
	expect(report.signatures[0]).toMatchObject({ indication: 'INDETERMINATE', integrity: 'intact' });
	expect(report.signatures.slice(skipped + 1).map((s) => s.indication)).toEqual(generations.slice(skipped + 1).map(() => 'TOTAL-PASSED'));
});

test.each([0, 2, 5])('SIGN-15 a renewal that brings nothing about the revocation of authority %i does not carry it on', { timeout: 60_000 }, async (dataless) => {
	const report = await judge(await aged({ dataless }));
	expect(report.indication).toBe('INDETERMINATE');
	expect(report.signatures[dataless + 1]).toMatchObject({ kind: 'document-timestamp', indication: 'INDETERMINATE', reasons: ['timestamp-revocation'] });
});
