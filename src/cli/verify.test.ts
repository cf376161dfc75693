import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { base64 } from '#crypto/bytes.ts';
import { pem } from '#crypto/x509/issue.ts';
import { createPki, epoch, pemOf, year } from '../../test/support/pki.ts';
import { answers, contract, lists, signField, withDss, withFields } from '../../test/support/signing.ts';

const directory = mkdtempSync(join(tmpdir(), 'probant-verify-'));
afterAll(() => rmSync(directory, { recursive: true }));
const pki = await createPki();
const seal = await pki.issue('Sceau');
const authority = await pki.authority();
const at = epoch + year / 2;
const bare = await signField(withFields(await contract(), ['a']), 'a', seal, { at, authority });
const signed = withDss(bare, await answers(pki, [seal, authority], at + 1000));
const altered = signed.slice();
altered[200]! ^= 1;
for (const [name, bytes] of [['signed.pdf', signed], ['altered.pdf', altered], ['plain.pdf', await contract()], ['root.pem', pemOf(pki.root.certificate.der)], ['junk', 'junk']] as const) writeFileSync(join(directory, name), bytes);

function probant(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'verify', ...args.map((a) => (/\.(pdf|pem|crl)$|^junk$/.test(a) ? join(directory, a) : a))], { encoding: 'utf8' });
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

test('misuse ends with 2 and says how it is meant', () => {
	for (const args of [[], ['--wrong'], ['missing.pdf'], ['signed.pdf', '--at', 'yesterday'], ['signed.pdf', '--trust', 'plain.pdf']]) {
		const { status, stderr } = probant(...args);
		expect(status, args.join(' ')).toBe(2);
		expect(stderr).not.toBe('');
	}
});
