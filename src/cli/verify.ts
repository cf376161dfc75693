// probant verify: what the public page does, on a terminal, and evidence records besides. PDFs, deposit receipts, any file with its record; nothing is fetched.

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { verifyReceipt, type ReceiptReport } from '#crypto/bundle/receipt.ts';
import { fromBase64 } from '#crypto/bytes.ts';
import { reasonsOf } from '#crypto/pades/integrity.ts';
import type { Check, Report, SignatureReport } from '#crypto/pades/report.ts';
import { validate } from '#crypto/pades/validate.ts';
import { pemBodies } from '#crypto/x509/pem.ts';
import { sortRevocation } from '#crypto/x509/revocation-data.ts';
import { words } from '#lib/i18n/verify/sentences.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { recordLine, recordOf, type RecordLine } from './verify-record.ts';
import { demandFiles, readCertificates, readInput, readTrust } from './input.ts';
import { Misuse } from './misuse.ts';

export const usage = 'probant verify FILE… [--trust PEM | embedded] [--trust-tsa PEM] [--log VERIFIER] [--revocation OCSP|CRL] [--of FILE] [--record ERS] [--at TIME] [--json]';

interface Options {
	readonly trust: ReturnType<typeof readTrust>;
	/** Trusted for time-stamps, instead of `trust`. */
	readonly timestampAnchors: readonly Uint8Array[] | null;
	readonly logs: readonly string[];
	readonly revocation: ReturnType<typeof sortRevocation>;
	/** The file a receipt should be about. */
	readonly of: Uint8Array | null;
	/** The evidence record of the one file, where it does not lie beside it as FILE.ers. */
	readonly record: string | null;
	readonly at: number;
}

/** One line of --json: report.schema.json. */
type Line = ({ readonly file: string } & Report) | ReceiptLine | RecordLine;

interface ReceiptLine {
	readonly file: string;
	readonly indication: Report['indication'];
	readonly subIndication: null;
	readonly reasons: readonly string[];
	readonly renewal: false;
	readonly signatures: readonly never[];
	readonly timestamp: string | null;
	readonly receipt: object | null;
	readonly checks: ReceiptReport['checks'];
}

/** OCSP answers in DER, lists in DER or PEM. */
function revocationOf(paths: readonly string[]): Options['revocation'] {
	const all = paths.map((path) => {
		const bytes = readInput(path);
		const lists = bytes[0] === 0x2d ? pemBodies(new TextDecoder().decode(bytes), 'X509 CRL').map(fromBase64) : [bytes];
		try {
			return sortRevocation(lists);
		} catch (error) {
			throw new Misuse(`${path}: neither an OCSP answer nor a revocation list (${(error as Error).message})`);
		}
	});
	return { ocsp: all.flatMap((a) => a.ocsp), crls: all.flatMap((a) => a.crls) };
}

function receiptLine(file: string, { indication, receipt, time, checks }: ReceiptReport): ReceiptLine {
	const about = receipt && { version: receipt.version, sha256: Buffer.from(receipt.sha256).toString('hex'), size: receipt.size, type: receipt.type, log: receipt.log.verifier, index: receipt.log.index };
	return { file, indication, subIndication: null, reasons: reasonsOf(checks), renewal: false, signatures: [], timestamp: time, receipt: about, checks };
}

async function judge(file: string, { trust, timestampAnchors, logs, revocation, of, record, at }: Options): Promise<Line> {
	const anchors = trust === 'embedded' ? [] : trust;
	const stamps = timestampAnchors ?? anchors;
	const proof = record ?? recordOf(file);
	if (proof !== null) return recordLine({ file, record: proof, anchors: trust === 'embedded' ? trust : stamps, revocation, at });
	const bytes = readInput(file);
	if (bytes[0] === 0x7b) {
		const about = of ? { fileSha256: new Uint8Array(createHash('sha256').update(of).digest()) } : {};
		return receiptLine(file, await verifyReceipt(nodePrimitives, bytes, { logs, anchors: stamps, ...about }));
	}
	return { file, ...(await validate(nodePrimitives, bytes, { trust: trust === 'embedded' ? trust : { anchors, timestampAnchors: stamps }, at, revocation: revocation.ocsp, crls: revocation.crls })) };
}

const t = words('en');
const verdict = (v: Pick<Line, 'indication' | 'subIndication' | 'renewal'>) => `${v.indication}${v.subIndication ? ` / ${v.subIndication}` : ''}${v.renewal ? ' (valid when made, needs renewal)' : ''}`;
const open = (checks: readonly (Pick<Check, 'outcome' | 'detail'> & { readonly name: string })[]) => checks.filter((c) => c.outcome === 'failed' || c.outcome === 'indeterminate').map((c) => `${c.outcome} ${c.name}: ${c.detail ?? ''}`);

function signatureLines(s: SignatureReport, i: number): string[] {
	const who = (s.kind === 'signature' ? s.signer : s.timestamp?.tsa)?.commonName ?? '?';
	const when = s.timestamp?.proven ? s.timestamp.time : 'no proven time';
	return [`  ${i + 1}. ${verdict(s)}  ${s.level}  ${who}  ${when}`, `    ${t.integrities[s.integrity]}`, ...open(s.checks).map((line) => `    ${line}`)];
}

/** The line for people: the verdict first, then each check that did not pass. A file in which nothing could be judged has its reason on that one line. */
function told(line: Line): string {
	const problems = open('archiveTimeStamps' in line ? [line.checks, ...line.archiveTimeStamps.map((a) => a.checks)].flat() : line.checks);
	const judged = 'trust' in line && line.trust === 'embedded' && (line.signatures.length || 'record' in line) ? '  (--trust embedded: nobody’s identity was judged)' : '';
	const head = `${line.file}: ${verdict(line)}${judged}`;
	if (!line.signatures.length) return [head, ...problems].join('; ');
	return [head, ...problems.map((problem) => `    ${problem}`), ...line.signatures.flatMap(signatureLines)].join('\n');
}

/** 0: TOTAL-PASSED. 3: valid when made, needs renewal. 1: else. */
const exitCode = ({ indication, renewal }: Line): 0 | 1 | 3 => (indication === 'TOTAL-PASSED' ? 0 : renewal ? 3 : 1);

/** Exit code: 1 when any file is neither, 3 when any needs a renewal, 0 only if every file is TOTAL-PASSED. Throws Misuse. */
export async function run(argv: readonly string[]): Promise<number> {
	let parsed;
	try {
		const many = { type: 'string', multiple: true } as const;
		parsed = parseArgs({ args: [...argv], allowPositionals: true, options: { trust: many, 'trust-tsa': many, log: many, revocation: many, of: { type: 'string' }, record: { type: 'string' }, at: { type: 'string' }, json: { type: 'boolean' } } });
	} catch (error) {
		throw new Misuse(`${(error as Error).message}\n${usage}`);
	}
	const { values, positionals } = parsed;
	if (!positionals.length) throw new Misuse(usage);
	const at = values.at === undefined ? Date.now() : Date.parse(values.at);
	if (Number.isNaN(at)) throw new Misuse(`--at ${values.at}: not a time (RFC 3339)`);
	demandFiles(positionals);
	if (values.record !== undefined && positionals.length > 1) throw new Misuse('--record is of one file: others have theirs beside them, as FILE.ers');
	const trust = readTrust(values.trust ?? []);
	const timestampAnchors = values['trust-tsa']?.flatMap(readCertificates) ?? null;
	if (trust === 'embedded' && timestampAnchors) throw new Misuse('--trust embedded trusts whatever a file carries, its time-stamps too');
	const options: Options = { trust, timestampAnchors, logs: values.log ?? [], revocation: revocationOf(values.revocation ?? []), of: values.of === undefined ? null : readInput(values.of), record: values.record ?? null, at };
	const codes = new Set<number>();
	for (const file of positionals) {
		const line = await judge(file, options);
		codes.add(exitCode(line));
		process.stdout.write(`${values.json ? JSON.stringify(line) : told(line)}\n`);
	}
	return [1, 3].find((code) => codes.has(code)) ?? 0;
}
