import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { base64 } from '#crypto/bytes.ts';
import { checkNames, subIndications } from '#crypto/pades/report.ts';
import { pem } from '#crypto/x509/pem.ts';
import { schemaFaults } from '../../test/support/json-schema.ts';
import { createPki, epoch, pemOf, year } from '../../test/support/pki.ts';
import { answers, contract, lists, signField, stamped, withDss, withFields } from '../../test/support/signing.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-verify-'));
afterAll(() => rmSync(directory, { recursive: true }));
const pki = await createPki();
const seal = await pki.issue('Sceau');
const authority = await pki.authority();
const at = epoch + year / 2;
const bare = await signField(withFields(await contract(), ['a']), 'a', seal, { at, authority });
const signed = withDss(bare, await answers(pki, [seal, authority], at + 1000));
const lasting = await stamped(signed, authority, at + 2000);
const altered = signed.slice();
altered[200]! ^= 1;
for (const [name, bytes] of [['signed.pdf', signed], ['lasting.pdf', lasting], ['altered.pdf', altered], ['plain.pdf', await contract()], ['root.pem', pemOf(pki.root.certificate.der)], ['junk', 'junk']] as const) writeFileSync(join(directory, name), bytes);

function probant(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'verify', ...args.map((a) => (/\.(pdf|pem|crl)$|^junk$/.test(a) ? join(directory, a) : a))], { encoding: 'utf8', maxBuffer: 1 << 28 });
	return { status, lines: stdout.trim().split('\n').filter(Boolean), stderr };
}

test('LOG-5 one JSON line a file; 0 only when all are TOTAL-PASSED', () => {
	const good = probant('signed.pdf', '--trust', 'root.pem', '--at', '2026-12-01T00:00:00Z', '--json');
	expect(good.stderr).toBe('');
	expect(good.status).toBe(0);
	expect(JSON.parse(good.lines[0]!)).toMatchObject({ indication: 'TOTAL-PASSED', subIndication: null, signatures: [{ field: 'a', indication: 'TOTAL-PASSED', level: 'B-LT', coverage: 'whole-revision', changes: [{ kind: 'dss', allowed: true }], signer: { commonName: 'Sceau' }, timestamp: { proven: true } }] });
	const mixed = probant('signed.pdf', 'altered.pdf', '--trust', 'root.pem', '--at', '2026-12-01T00:00:00Z', '--json');
	expect(mixed.status).toBe(1);
	expect(mixed.lines.map((l) => (JSON.parse(l) as { indication: string }).indication)).toEqual(['TOTAL-PASSED', 'TOTAL-FAILED']);
});

test('LOG-5 authorities of time are trusted apart from issuers of signatures, when told so', async () => {
	const elsewhere = await createPki('Elsewhere');
	const foreign = await elsewhere.authority();
	const both = withDss(await signField(withFields(await contract(), ['a']), 'a', seal, { at, authority: foreign }), [...(await answers(pki, [seal], at + 1000)), ...(await answers(elsewhere, [foreign], at + 1000))]);
	for (const [name, content] of [['both.pdf', both], ['tsa.pem', pemOf(elsewhere.root.certificate.der)]] as const) writeFileSync(join(directory, name), content);
	const when = ['--at', '2026-12-01T00:00:00Z'];
	const reasons = (...args: string[]) => json('both.pdf', ...args, ...when)[0]!.signatures[0]!.reasons;
	expect(probant('both.pdf', '--trust', 'root.pem', '--trust-tsa', 'tsa.pem', ...when).status).toBe(0);
	const identity = (...args: string[]) => reasons(...args).filter((r) => r.endsWith('-chain'));
	expect(identity('--trust', 'root.pem')).toEqual(['timestamp-chain']);
	expect(identity('--trust', 'tsa.pem', '--trust-tsa', 'tsa.pem')).toEqual(['certificate-chain']);
	expect(identity('--trust', 'root.pem', '--trust', 'tsa.pem', '--trust-tsa', 'root.pem')).toEqual(['timestamp-chain']);
	expect(probant('both.pdf', '--trust', 'embedded', '--trust-tsa', 'tsa.pem').status).toBe(2);
});

test('LOG-5 revocation data from outside: answers or lists, DER or PEM; what is neither is misuse', async () => {
	const time = ['--trust', 'root.pem', '--at', '2026-12-01T00:00:00Z'];
	const [ofCa, ofRoot] = await lists(pki, at + 1000);
	const files = { 'bare.pdf': bare, 'ca.crl': ofCa!, 'root.crl.pem': pem('X509 CRL', base64(ofRoot!)) };
	for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
	expect(probant('bare.pdf', ...time).status).toBe(1);
	expect(probant('bare.pdf', ...time, '--revocation', 'ca.crl', '--revocation', 'root.crl.pem')).toMatchObject({ status: 0, stderr: '' });
	expect(probant('bare.pdf', ...time, '--revocation', 'plain.pdf')).toMatchObject({ status: 2 });
});

test('LOG-5 untrusted is INDETERMINATE and never altered; a file without a signature, and junk, do not pass', () => {
	expect(JSON.parse(probant('signed.pdf', '--json').lines[0]!)).toMatchObject({ indication: 'INDETERMINATE' });
	expect(probant('plain.pdf', '--trust', 'root.pem').status).toBe(1);
	expect(probant('junk').lines[0]).toContain('TOTAL-FAILED');
	expect(probant('junk').status).toBe(1);
});

interface Told {
	readonly file: string;
	readonly indication: string;
	readonly trust: string;
	readonly reasons: readonly string[];
	readonly signatures: readonly { readonly integrity: string; readonly reasons: readonly string[] }[];
}
const json = (...args: string[]): Told[] => probant(...args, '--json').lines.map((line) => JSON.parse(line) as Told);

test('LOG-5 integrity is told apart from identity, and each open check by a word', () => {
	const [unknown, changed] = json('signed.pdf', 'altered.pdf', '--at', '2026-12-01T00:00:00Z');
	expect(unknown).toMatchObject({ indication: 'INDETERMINATE', reasons: [], signatures: [{ integrity: 'intact', reasons: ['timestamp-chain', 'certificate-chain'] }] });
	expect(changed).toMatchObject({ indication: 'TOTAL-FAILED', signatures: [{ integrity: 'altered', reasons: expect.arrayContaining(['message-digest']) }] });
});

test('LOG-5 --trust embedded judges structure, integrity and time, says so, stands alone, and is never the default', () => {
	const passed = probant('signed.pdf', '--trust', 'embedded', '--at', '2026-12-01T00:00:00Z');
	expect(passed).toMatchObject({ status: 0, stderr: '' });
	expect(passed.lines[0]).toContain('nobody’s identity was judged');
	expect(json('signed.pdf', 'altered.pdf', '--trust', 'embedded', '--at', '2026-12-01T00:00:00Z')).toMatchObject([{ indication: 'TOTAL-PASSED', trust: 'embedded' }, { indication: 'TOTAL-FAILED', trust: 'embedded' }]);
	expect(json('signed.pdf', '--at', '2026-12-01T00:00:00Z')).toMatchObject([{ indication: 'INDETERMINATE', trust: 'anchors' }]);
	expect(probant('signed.pdf', '--trust', 'embedded', '--trust', 'root.pem').status).toBe(2);
});

test('LOG-5 valid when made, needs renewal: its own outcome and exit 3, before 0 and after 1', () => {
	const late = ['--trust', 'root.pem', '--at', '2035-01-01T00:00:00Z'];
	const renewal = probant('lasting.pdf', ...late);
	expect(renewal).toMatchObject({ status: 3, stderr: '' });
	expect(renewal.lines[0]).toMatch(/INDETERMINATE.*valid when made, needs renewal/);
	expect(json('lasting.pdf', ...late)).toMatchObject([{ indication: 'INDETERMINATE', renewal: true, signatures: [{ renewal: true }, { renewal: true }] }]);
	expect(probant('lasting.pdf', 'altered.pdf', ...late).status).toBe(1);
	expect(probant('lasting.pdf', '--trust', 'root.pem', '--at', '2026-12-01T00:00:00Z').status).toBe(0);
});

test('LOG-5 unknown or damaged input: its reason on one line, and 1', () => {
	writeFileSync(join(directory, 'cut.pdf'), signed.subarray(0, 300));
	writeFileSync(join(directory, 'empty.pdf'), '');
	writeFileSync(join(directory, 'not-receipt.pdf'), '{"kind":"else"}');
	const { status, lines, stderr } = probant('junk', 'cut.pdf', 'empty.pdf', 'not-receipt.pdf', 'signed.pdf');
	expect(status).toBe(1);
	expect(stderr).toBe('');
	expect(lines[0]).toMatch(/junk: TOTAL-FAILED \/ FORMAT_FAILURE; failed pdf-readable: ./);
	expect(lines[1]).toMatch(/cut\.pdf: TOTAL-FAILED \/ FORMAT_FAILURE; failed pdf-readable: ./);
	expect(lines[2]).toMatch(/empty\.pdf: TOTAL-FAILED \/ FORMAT_FAILURE; failed pdf-readable: ./);
	expect(lines[3]).toMatch(/not-receipt\.pdf: TOTAL-FAILED; failed format: ./);
	expect(json('junk')).toMatchObject([{ reasons: ['not-a-pdf'] }]);
});

type Schema = Record<string, unknown>;
const schema = JSON.parse(readFileSync('src/cli/report.schema.json', 'utf8')) as Schema;
const faulty = (lines: readonly unknown[]) => lines.flatMap((line) => schemaFaults(schema, line).map((fault) => `${(line as Told).file}: ${fault}`));

test('LOG-5 every line keeps to report.schema.json, which names the checks and sub-indications there are', () => {
	const lines = json('signed.pdf', 'lasting.pdf', 'altered.pdf', 'plain.pdf', 'junk', 'not-receipt.pdf', '--trust', 'root.pem', '--at', '2035-01-01T00:00:00Z');
	expect(lines).toHaveLength(6);
	expect(faulty(lines)).toEqual([]);
	const { check } = schema.$defs as { check: { properties: Record<'name' | 'sub', { enum: string[] }> } };
	expect(check.properties.name.enum).toEqual(checkNames);
	expect(check.properties.sub.enum).toEqual(subIndications);
	const [line] = lines;
	for (const wrong of [{ ...line, integrity: 'intact' }, { ...line, renewal: 'no' }, { ...line, at: 'now' }, { ...line, signatures: [{}] }, { ...line, reasons: ['Not a word'] }, { ...line, size: 1.5 }, { file: 'x' }]) expect(schemaFaults(schema, wrong)).not.toEqual([]);
});

const corpora = '../shared/corpora';
test.skipIf(!existsSync(corpora))('LOG-5 (needs ../shared/corpora) other people’s files, sound, strange and hostile, in one process: each line keeps to the schema', () => {
	const files = globSync(`${corpora}/{attacks/{pdf-insecurity,shadow},signed}/**/*.pdf`);
	expect(files.length).toBeGreaterThan(100);
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'verify', ...files, '--trust', 'embedded', '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 });
	expect(stderr).toBe('');
	expect(status).toBe(1);
	const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Told);
	expect(lines.map((line) => line.file)).toEqual(files);
	expect(faulty(lines)).toEqual([]);
	const hostile = lines.filter((line) => /pdf-insecurity|\/4_[^/]*$/.test(line.file));
	expect(hostile).toHaveLength(29);
	for (const { file, indication, reasons, signatures } of hostile) {
		expect(indication, file).not.toBe('TOTAL-PASSED');
		expect([...reasons, ...signatures.flatMap((s) => s.reasons)], file).not.toEqual([]);
		expect(signatures.map((s) => s.integrity), file).not.toContain('intact');
	}
});

test('misuse ends with 2 and says how it is meant', () => {
	for (const args of [[], ['--wrong'], ['missing.pdf'], ['signed.pdf', '--at', 'yesterday'], ['signed.pdf', '--trust', 'plain.pdf']]) {
		const { status, stderr } = probant(...args);
		expect(status, args.join(' ')).toBe(2);
		expect(stderr).not.toBe('');
	}
});
