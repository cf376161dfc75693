// Memory along the whole way of a large file: no phase copies it more than once, and those that put no file together do not copy it at all.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';

/** In a process of its own: each phase's peak over what was there before it, in sizes of the file. */
const script = `
import { readFileSync, writeFileSync } from 'node:fs';
const [, path, root] = process.argv;
const load = (file) => import(root + '/' + file);
const [{ addSignatureFields }, { coveredDigest, fileOf, prepare, prepareTimestamp }, { embed, embedTimestamp, embeddedCms, signatureValue }, { addDss }, { sign }, { validate }, { digest }] = await Promise.all(
	['fields', 'prepare', 'embed', 'extend', 'sign', 'validate'].map((name) => load('crypto/pades/' + name + '.ts')).concat(load('crypto/primitives.ts')));
const { nodePrimitives: p } = await load('src/lib/server/keys/primitives.ts');
const { archivedBy, createBenchPki, now } = await load('src/cli/bench-files.ts');
const pki = await createBenchPki();
const by = await pki.issue('ecdsa-p256', 'Large');
const { tsa, token, answersOf } = await archivedBy(pki);
let pdf = new Uint8Array(readFileSync(path));
const told = (name) => Number(new RegExp(name + ':\\\\s+(\\\\d+)').exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
const peaks = {};
/** Buffers are given back beside the program: until no more are, what the last phase left would be taken for room of this one. */
async function settled() {
	for (let last = 0, same = 0; same < 3; ) {
		globalThis.gc();
		await new Promise((go) => setTimeout(go, 20));
		const size = told('VmRSS');
		same = Math.abs(size - last) < 1 << 20 ? same + 1 : 0;
		last = size;
	}
}
async function phase(name, act) {
	await settled();
	writeFileSync('/proc/self/clear_refs', '5');
	const before = told('VmRSS');
	const made = await act();
	peaks[name] = (told('VmHWM') - before) / pdf.length;
	return made;
}
const id = () => p.random(16);
pdf = await phase('fields', () => addSignatureFields(pdf, [{ name: 'a', page: 0, rect: [0, 0, 100, 50] }], id()));
const signed = await phase('sign', () => sign(p, prepare(pdf, { field: 'a', signingTime: now, contentsSize: 8192, id: id() }), by));
await phase('whole', () => fileOf(signed));
pdf = await phase('time-stamp', async () => embedTimestamp(signed, await token(digest(p, 'SHA-256', signatureValue(embeddedCms(signed))), now)));
const ocsp = await answersOf([by, tsa], now + 1000);
pdf = await phase('DSS', () => addDss(pdf, { ocsp }, id()));
pdf = await phase('document time-stamp', async () => {
	const prepared = prepareTimestamp(pdf, { field: 'stamp', contentsSize: 8192, id: id() });
	return embed(prepared, await token(coveredDigest(p, prepared, 'SHA-256'), now + 2000));
});
const report = await phase('validate', () => validate(p, pdf, { trust: { anchors: [pki.root.certificate.der] }, at: now + 86_400_000 }));
console.log(JSON.stringify({ peaks, verdict: [report.indication, report.signatures.map((s) => s.level)] }));
`;

async function weighing(bytes: number): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Plan');
	pdf.context.register(pdf.context.stream(randomBytes(bytes)));
	return pdf.save({ useObjectStreams: false });
}

test.skipIf(process.platform !== 'linux')('SIGN-7 200 MB from fields to B-LTA and its validation: no phase takes more than one copy of the file (Linux only: asks /proc)', { timeout: 300_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), 'probant-large-'));
	try {
		const path = join(folder, 'a.pdf');
		writeFileSync(path, await weighing(200_000_000));
		const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, path, process.cwd()], { encoding: 'utf8' });
		expect(stderr).toBe('');
		const { peaks, verdict } = JSON.parse(stdout) as { peaks: Record<string, number>; verdict: unknown };
		expect(verdict).toEqual(['TOTAL-PASSED', ['B-LTA', 'none']]);
		for (const name of ['sign', 'validate']) expect(peaks[name], `${name} ${stdout}`).toBeLessThan(0.3);
		for (const name of ['fields', 'whole', 'time-stamp', 'DSS', 'document time-stamp']) {
			expect(peaks[name], `${name} ${stdout}`).toBeLessThan(1.3);
			expect(peaks[name], `${name} ${stdout}: not even the file that was made`).toBeGreaterThan(0.9);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});
