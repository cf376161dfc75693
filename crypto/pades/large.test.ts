// Large input: ByteRange in ten digits, many pages and fields, and memory: a 200 MB file is not copied more than once.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { contract, signField, withFields } from '../../test/support/signing.ts';
import { CryptoError } from '../errors.ts';
import { addSignatureFields } from './fields.ts';
import { prepare } from './prepare.ts';
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

test('SIGN-7 500 pages with 200 fields: filled in turn, each signature stays whole', { timeout: 120_000 }, async () => {
	const names = Array.from({ length: 200 }, (_, i) => `f${i}`);
	let pdf: Uint8Array = addSignatureFields(await contract({ pages: 500 }), names.map((name, i) => ({ name, page: (i * 5) % 500, rect: [60, 60 + (i % 10) * 20, 160, 75 + (i % 10) * 20] as const })), p.random(16));
	for (const field of ['f0', 'f99', 'f199']) pdf = await signField(pdf, field, seal, { at, authority: null });
	const { checks, signatures } = await judge(pdf);
	expect(signatures.map((s) => [s.field, s.subIndication])).toEqual([['f0', 'TRY_LATER'], ['f99', 'TRY_LATER'], ['f199', 'TRY_LATER']]);
	expect(checks.filter((c) => c.outcome === 'failed')).toEqual([]);
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('No syntax or stream encoding errors found');
});

test('a CMS that needs more room than was kept is made again with more, and is never cut', async () => {
	const pdf = withFields(await contract(), ['a']);
	const tried: number[] = [];
	const signed = await withRoom(100, async (contentsSize) => {
		tried.push(contentsSize);
		return (await sign(p, prepare(pdf, { field: 'a', signingTime: at, contentsSize, id: p.random(16) }), seal)).bytes;
	});
	expect(tried.length).toBeGreaterThan(2);
	expect((await judge(signed)).signatures).toMatchObject([{ subIndication: 'TRY_LATER', coverage: 'whole-file' }]);
	await expect(withRoom(600_000, () => Promise.reject(new CryptoError('limit', 'contents-size')))).rejects.toThrow('contents-size');
	await expect(withRoom(100, () => Promise.reject(new Error('another')))).rejects.toThrow('another');
	const authority = await pki.authority();
	expect((await signField(pdf, 'a', seal, { at, authority, wishes: { contentsSize: roomFor([seal.certificate.der, ...seal.chain], 4096) } })).length).toBeGreaterThan(pdf.length);
});

const script = `
import { readFileSync, writeFileSync } from 'node:fs';
const [, path, root] = process.argv;
const { prepare } = await import(root + '/crypto/pades/prepare.ts');
const { sign } = await import(root + '/crypto/pades/sign.ts');
const { generateKey, nodePrimitives: p, nodeSigner, specAlgorithm } = await import(root + '/src/lib/server/keys/primitives.ts');
const { issueCertificate } = await import(root + '/crypto/x509/issue.ts');
const { readCertificate } = await import(root + '/crypto/x509/certificate.ts');
const { privateKey, spki } = generateKey('ecdsa-p256');
const signer = nodeSigner(privateKey, specAlgorithm['ecdsa-p256']);
const certificate = readCertificate(await issueCertificate(p, { signer, certificate: null }, { subject: [['commonName', 'x']], keyUsage: ['digitalSignature'], notBefore: 0, notAfter: 4e12, spki, serialNumber: p.random(16) }));
const pdf = new Uint8Array(readFileSync(path));
const told = (name) => Number(new RegExp(name + ':\\\\s+(\\\\d+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
writeFileSync('/proc/self/clear_refs', '5');
const before = told('VmRSS');
const { bytes } = await sign(p, prepare(pdf, { field: 'a', signingTime: 0, contentsSize: 8192, id: p.random(16) }), { signer, certificate, chain: [] });
console.log((told('VmHWM') - before) / pdf.length, bytes.length > pdf.length);
`;

test.skipIf(process.platform !== 'linux')('SIGN-7 signing 200 MB takes one more copy of it and no other (Linux only: asks /proc)', { timeout: 120_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), 'probant-large-'));
	try {
		const path = join(folder, 'a.pdf');
		writeFileSync(path, await weighing(200_000_000));
		const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path, process.cwd()], { encoding: 'utf8' });
		const [copies, whole] = stdout.trim().split(' ');
		expect(whole, stderr).toBe('true');
		expect(Number(copies)).toBeLessThan(1.3);
		expect(Number(copies)).toBeGreaterThan(0.9);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
