// Large input: ByteRange in ten digits, many pages and fields, and room for what was not foreseen. Memory: memory.test.ts.

import { randomBytes } from 'node:crypto';
import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { contract, signField, withFields } from '../../test/support/signing.ts';
import { CryptoError } from '../errors.ts';
import { addSignatureFields } from './fields.ts';
import { fileOf, prepare } from './prepare.ts';
import { roomFor, withRoom } from './room.ts';
import { sign } from './sign.ts';
import { validate } from './validate.ts';

const at = epoch + year / 2;
const pki = await createPki();
const seal = await pki.issue('Sceau');
const judge = (pdf: Uint8Array) => validate(p, pdf, { trust: { anchors: [pki.root.certificate.der] }, at: at + 1000 });

async function weighing(bytes: number): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Plan');
	pdf.context.register(pdf.context.stream(randomBytes(bytes)));
	return withFields(await pdf.save({ useObjectStreams: false }), ['a', 'b']);
}

test('SIGN-7 a file over 100,000,000 bytes: two signatures, both whole to us, qpdf and pdfsig', { timeout: 120_000 }, async () => {
	let pdf = await weighing(101_000_000);
	for (const field of ['a', 'b']) pdf = await signField(pdf, field, seal, { at, authority: null });
	expect((await judge(pdf)).signatures).toMatchObject([{ coverage: 'whole-revision', subIndication: 'TRY_LATER' }, { coverage: 'whole-file', subIndication: 'TRY_LATER' }]);
	const files = { 'a.pdf': pdf };
	expect(run('qpdf', ['--check', 'a.pdf'], files).text).toContain('No syntax or stream encoding errors found');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], files).text.match(/Signature is Valid/g)).toHaveLength(2);
});

test('SIGN-7 500 pages with 200 fields: all filled in turn, each signature whole to us, qpdf, pdfsig and mutool', { timeout: 600_000 }, async () => {
	const names = Array.from({ length: 200 }, (_, i) => `f${i}`);
	let pdf: Uint8Array = addSignatureFields(await contract({ pages: 500 }), names.map((name, i) => ({ name, page: (i * 5) % 500, rect: [60, 60 + (i % 10) * 20, 160, 75 + (i % 10) * 20] as const })), p.random(16));
	for (const field of names) pdf = await signField(pdf, field, seal, { at, authority: null, wishes: { contentsSize: 4096 } });
	const { checks, signatures } = await judge(pdf);
	expect(signatures.map((s) => [s.field, s.subIndication, s.coverage])).toEqual(names.map((name, i) => [name, 'TRY_LATER', i < 199 ? 'whole-revision' : 'whole-file']));
	expect(checks.filter((c) => c.outcome === 'failed')).toEqual([]);
	const files = { 'a.pdf': pdf };
	expect(run('qpdf', ['--check', 'a.pdf'], files).text).toContain('No syntax or stream encoding errors found');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], files).text.match(/Signature is Valid/g)).toHaveLength(200);
	const mutool = run('mutool', ['sign', '-v', 'a.pdf'], files).text;
	expect(mutool.match(/The document is unchanged since signing|The signature is valid but there have been edits since signing/g)).toHaveLength(200); // a later signature is an edit to it
});

test('a CMS that needs more room than was kept is made again with more, and is never cut', async () => {
	const pdf = withFields(await contract(), ['a']);
	const tried: number[] = [];
	const signed = await withRoom(100, async (contentsSize) => {
		tried.push(contentsSize);
		return fileOf(await sign(p, prepare(pdf, { field: 'a', signingTime: at, contentsSize, id: p.random(16) }), seal));
	});
	expect(tried.length).toBeGreaterThan(2);
	expect((await judge(signed)).signatures).toMatchObject([{ subIndication: 'TRY_LATER', coverage: 'whole-file' }]);
	await expect(withRoom(600_000, () => Promise.reject(new CryptoError('limit', 'contents-size')))).rejects.toThrow('contents-size');
	await expect(withRoom(100, () => Promise.reject(new Error('another')))).rejects.toThrow('another');
	const authority = await pki.authority();
	expect((await signField(pdf, 'a', seal, { at, authority, wishes: { contentsSize: roomFor([seal.certificate.der, ...seal.chain], 4096) } })).length).toBeGreaterThan(pdf.length);
});
