// probant verify: what the public page does, on a terminal. PDFs and deposit receipts; nothing is fetched.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyReceipt, type ReceiptReport } from '#crypto/bundle/receipt.ts';
import { fromBase64 } from '#crypto/bytes.ts';
import { validate } from '#crypto/pades/validate.ts';
import type { Report } from '#crypto/pades/report.ts';
import { pemBodies } from '#crypto/x509/issue.ts';
import { sortRevocation } from '#crypto/x509/revocation.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant verify FILE… [--trust PEM] [--log VERIFIER] [--revocation OCSP|CRL] [--of FILE] [--at TIME] [--json]';

interface Options {
	readonly anchors: readonly Uint8Array[];
	readonly logs: readonly string[];
	readonly revocation: ReturnType<typeof sortRevocation>;
	/** The file a receipt should be about. */
	readonly of: Uint8Array | null;
	readonly at: number;
}

interface Line {
	readonly file: string;
	readonly indication: string;
	readonly subIndication: string | null;
	readonly signatures: readonly unknown[];
	readonly checks: readonly unknown[];
	readonly [more: string]: unknown;
}

function read(path: string): Uint8Array {
	try {
		return new Uint8Array(readFileSync(path));
	} catch (error) {
		throw new Misuse(`${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`);
	}
}

function certificates(path: string): Uint8Array[] {
	const found = pemBodies(new TextDecoder().decode(read(path)), 'CERTIFICATE').map(fromBase64);
	if (!found.length) throw new Misuse(`${path}: no certificate in PEM`);
	return found;
}

/** OCSP answers in DER, lists in DER or PEM. */
function revocationOf(paths: readonly string[]): Options['revocation'] {
	const all = paths.map((path) => {
		const bytes = read(path);
		const lists = bytes[0] === 0x2d ? pemBodies(new TextDecoder().decode(bytes), 'X509 CRL').map(fromBase64) : [bytes];
		try {
			return sortRevocation(lists);
		} catch (error) {
			throw new Misuse(`${path}: neither an OCSP answer nor a revocation list (${(error as Error).message})`);
		}
	});
	return { ocsp: all.flatMap((a) => a.ocsp), crls: all.flatMap((a) => a.crls) };
}

function pdfLine(file: string, report: Report): Line {
	const signatures = report.signatures.map(({ field, indication, subIndication, level, coverage, changes, signer, signingTime, timestamp, checks }) => ({ field, indication, subIndication, level, coverage, changes, signer, signingTime, timestamp, checks }));
	const { indication, subIndication, sha256, revisions, checks } = report;
	return { file, indication, subIndication, signatures, sha256, revisions, checks };
}

function receiptLine(file: string, { indication, receipt, time, checks }: ReceiptReport): Line {
	const about = receipt && { version: receipt.version, sha256: Buffer.from(receipt.sha256).toString('hex'), size: receipt.size, type: receipt.type, log: receipt.log.verifier, index: receipt.log.index };
	return { file, indication, subIndication: null, signatures: [], timestamp: time, receipt: about, checks };
}

async function judge(file: string, { anchors, logs, revocation, of, at }: Options): Promise<Line> {
	const bytes = read(file);
	if (bytes[0] === 0x7b) {
		const about = of ? { fileSha256: new Uint8Array(createHash('sha256').update(of).digest()) } : {};
		return receiptLine(file, await verifyReceipt(nodePrimitives, bytes, { logs, anchors, ...about }));
	}
	return pdfLine(file, await validate(nodePrimitives, bytes, { trust: { anchors }, at, revocation: revocation.ocsp, crls: revocation.crls }));
}

/** The line for people: the verdict first, then each check that did not pass. */
function words(line: Line): string {
	type Told = { name: string; outcome: string; detail?: string };
	const told = (checks: readonly unknown[]) => (checks as Told[]).filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate').map((c) => `    ${c.outcome} ${c.name}: ${c.detail ?? ''}`);
	const verdict = (v: { indication: string; subIndication: string | null }) => `${v.indication}${v.subIndication ? ` / ${v.subIndication}` : ''}`;
	const signatures = line.signatures as readonly { indication: string; subIndication: string | null; level: string; signer: { commonName: string | null } | null; timestamp: { time: string; proven: boolean } | null; checks: readonly Told[] }[];
	const each = signatures.flatMap((s, i) => [
		`  ${i + 1}. ${verdict(s)}  ${s.level}  ${s.signer?.commonName ?? '?'}  ${s.timestamp?.proven ? s.timestamp.time : 'no proven time'}`,
		...told(s.checks)
	]);
	return [`${line.file}: ${verdict(line)}`, ...told(line.checks), ...each].join('\n');
}

/** Exit code: 0 only if every file is TOTAL-PASSED, else 1. Throws Misuse. */
export async function run(argv: readonly string[]): Promise<number> {
	let parsed;
	try {
		const many = { type: 'string', multiple: true } as const;
		parsed = parseArgs({ args: [...argv], allowPositionals: true, options: { trust: many, log: many, revocation: many, of: { type: 'string' }, at: { type: 'string' }, json: { type: 'boolean' } } });
	} catch (error) {
		throw new Misuse(`${(error as Error).message}\n${usage}`);
	}
	const { values, positionals } = parsed;
	if (!positionals.length) throw new Misuse(usage);
	const at = values.at === undefined ? Date.now() : Date.parse(values.at);
	if (Number.isNaN(at)) throw new Misuse(`--at ${values.at}: not a time (RFC 3339)`);
	const options: Options = { anchors: (values.trust ?? []).flatMap(certificates), logs: values.log ?? [], revocation: revocationOf(values.revocation ?? []), of: values.of === undefined ? null : read(values.of), at };
	let passed = true;
	for (const file of positionals) {
		const line = await judge(file, options);
		passed &&= line.indication === 'TOTAL-PASSED';
		process.stdout.write(`${values.json ? JSON.stringify(line) : words(line)}\n`);
	}
	return passed ? 0 : 1;
}
