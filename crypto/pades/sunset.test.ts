// Twenty years of a signed file, from 2006: what each generation signed with was given up since, each time after a document time-stamp under the next was put over it.

import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { nodePrimitives as p, nodeSigner } from '#lib/server/keys/primitives.ts';
import { createPki, year } from '../../test/support/pki.ts';
import { contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';
import { validate } from './validate.ts';

const rsa = (bits: number, hash: 'SHA-1' | 'SHA-256') => () => {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
	return { signer: nodeSigner(privateKey, { scheme: 'rsa-pkcs1', hash }), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
};
const on = (date: string) => Date.parse(`${date}T00:00:00Z`);

/** Each with the end of what it signs with (lifetimes.ts); its authority's certificate outlives that. */
const eras = await Promise.all(
	([
		['SHA-1', '2006-06-01', '2009-01-01', rsa(2048, 'SHA-1')],
		['RSA of 1536 bits', '2008-06-01', '2016-01-01', rsa(1536, 'SHA-256')],
		['RSA of 2000 bits', '2015-06-01', '2023-01-01', rsa(2000, 'SHA-256')],
		['P-256', '2022-06-01', null, undefined]
	] as const).map(async ([name, from, end, key]) => {
		const pki = await createPki(name, { start: on(from) - year / 2, ...(key ? { key } : {}) });
		return { name, at: on(from), end: end && on(end), pki, authority: await pki.authority({ notAfter: on(from) + 12 * year, ...(key ? { key: key() } : {}) }) };
	})
);
const [first] = eras;
const seal = await first!.pki.issue('Sceau', { notAfter: first!.at + 2 * year, key: rsa(2048, 'SHA-1')() });

/** Signed in 2006, renewed under each era when it begins; `late`: under this one only after the end of the one before. */
async function aged(late?: number): Promise<Uint8Array> {
	let pdf = await signField(withFields(await contract(), ['a']), 'a', seal, { at: first!.at, authority: first!.authority });
	let before = first!;
	for (const [n, era] of eras.entries()) {
		const at = n === late ? before.end! + 1000 : era.at + 1000;
		pdf = await stamped(withDss(pdf, { crls: await lists(before.pki, at - 500) }), era.authority, at);
		before = era;
	}
	return withDss(pdf, { crls: await lists(before.pki, on('2026-06-01') - 1000) });
}
const judge = async (pdf: Uint8Array) => validate(p, pdf, { trust: { anchors: eras.map(({ pki }) => pki.root.certificate.der) }, at: on('2026-06-01') });

test('SIGN-15 each algorithm given up after a renewal under the next: the file passes twenty years on', { timeout: 60_000 }, async () => {
	const report = await judge(await aged());
	expect(report.signatures.flatMap((s) => s.reasons)).toEqual([]);
	expect(report).toMatchObject({ indication: 'TOTAL-PASSED', renewal: false, signatures: [{ kind: 'signature', level: 'B-LTA', timestamp: { proven: true } }, ...eras.map(() => ({ kind: 'document-timestamp', indication: 'TOTAL-PASSED' }))] });
});

test.each([[1, 'SHA-1'], [2, 'RSA of 1536 bits'], [3, 'RSA of 2000 bits']])('SIGN-15 renewal %i comes after the end of %s: not passed', { timeout: 60_000 }, async (late, what) => {
	const report = await judge(await aged(late));
	expect(report.indication).toBe('INDETERMINATE');
	const before = report.signatures[late]!; // the time-stamp of the era that ended too soon
	expect(before).toMatchObject({ kind: 'document-timestamp', indication: 'INDETERMINATE' });
	expect(before.checks.filter((c) => c.sub === 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE').map((c) => c.detail).join()).toContain(what);
	expect(report.signatures.slice(late + 1).map((s) => s.indication)).toEqual(eras.slice(late).map(() => 'TOTAL-PASSED'));
});
