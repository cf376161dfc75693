// One signature or document time-stamp of a file, judged: its dictionary, its CMS, its chain, its time, what came after.

import { oid } from '../asn1/oid.ts';
import { read } from '../asn1/der.ts';
import { concat, isZero } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { readSignedData, type SignedData } from '../cms/signed-data.ts';
import { verifySignedData, type CmsVerdict } from '../cms/verify.ts';
import type { ByteRangeFacts } from '../pdf/byte-range.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { isString, textOf, type Dict } from '../pdf/objects.ts';
import { digest, type HashName } from '../primitives.ts';
import { summary, type Certificate } from '../x509/certificate.ts';
import { attribute } from '../x509/name.ts';
import { judgeChain } from './chain.ts';
import { integrityOf, reasonsOf } from './integrity.ts';
import { answer, notChecked, type Judging } from './judging.ts';
import { levelOf } from './level.ts';
import { fold, type Check, type Level, type SignatureReport, type SignerSummary, type TimestampSummary } from './report.ts';
import { judgeToken, type StampVerdict } from './timestamp.ts';

/** A signature dictionary of the file, and what its ByteRange covers. */
export interface Found {
	/** Fully qualified field name; empty: no field of the form leads here. */
	readonly field: string;
	readonly dict: Dict;
	/** The dictionary stands in the file itself, not in an object stream: its strings know where. */
	readonly inFile: boolean;
	readonly subFilter: string;
	readonly facts: ByteRangeFacts;
}

/** A document time-stamp by its SubFilter (EN 319 142-1 §5.4.3). */
export const isDocumentTimestamp = (found: Found): boolean => found.subFilter === 'ETSI.RFC3161';

const subFilters = ['ETSI.CAdES.detached', 'ETSI.RFC3161', 'adbe.pkcs7.detached', 'adbe.pkcs7.sha1'];

export async function validateSignature(judging: Judging, found: Found): Promise<SignatureReport> {
	const { document } = judging;
	const { facts, subFilter } = found;
	const kind = isDocumentTimestamp(found) ? 'document-timestamp' : 'signature';
	const checks: Check[] = [
		answer('signature-dictionary', 'ISO 32000-1 §12.8.1', !found.field ? 'no field of the form leads to it' : found.inFile ? null : 'inside an object stream', 'FORMAT_FAILURE'),
		answer('subfilter', 'EN 319 142-1 §5.1, §5.4.3', subFilters.includes(subFilter) ? null : `/${subFilter}`, 'FORMAT_FAILURE', 'INDETERMINATE'),
		answer('byte-range', 'ISO 32000-1 §12.8.1', byteRangeProblem(facts), 'FORMAT_FAILURE'),
		answer('coverage', 'ARCHITECTURE §6', facts.problems.includes('not-a-revision') ? 'it does not cover a whole revision of the file' : null, 'FORMAT_FAILURE')
	];
	const cms = readContents(facts, checks);
	const shared = { kind, field: found.field, ...describe(found.dict, document), coverage: facts.wholeFile ? 'whole-file' : facts.revision ? 'whole-revision' : facts.ranges ? 'partial' : 'none', revision: facts.revision } as const;
	const changes = facts.revision ? judging.changes.filter((c) => c.revision > facts.revision) : [];
	const forbidden = changes.filter((c) => !c.allowed).map((c) => `revision ${c.revision}: ${c.kind} (${c.detail})`);
	const later = facts.revision ? answer('later-changes', 'ISO 32000-1 §12.8.2, EN 319 142-1 §5', forbidden.length ? forbidden.slice(0, 5).join('; ') : null, 'FORMAT_FAILURE') : notChecked('later-changes', 'ISO 32000-1 §12.8.2', 'no revision is covered');
	const hidden = hiddenCheck(judging, facts.revision);
	const concluded = (all: readonly Check[]) => ({ ...fold(all), integrity: integrityOf(kind, all, judging.file), reasons: reasonsOf(all, changes), renewal: false, checks: all });
	if (!cms || !facts.ranges) {
		return { ...shared, ...concluded([...checks, later, hidden]), level: 'none', changes, signer: null, timestamp: null };
	}
	const judged = kind === 'document-timestamp' ? await documentTimestamp(judging, facts, cms) : await signature(judging, facts, cms, subFilter);
	return { ...shared, ...concluded([...checks, ...judged.checks, later, hidden]), level: judged.level, changes, signer: judged.signer, timestamp: judged.timestamp };
}

/** What came after the signature is nobody's word: failed. Inside what is signed, a reader that repairs may show another document than the one meant: not passed. */
function hiddenCheck({ hidden }: Judging, revision: number): Check {
	const [name, clause] = ['no-hidden-objects', 'ISO 32000-1 §7.5.4, §7.5.7'] as const;
	if (!revision) return notChecked(name, clause, 'no revision is covered');
	const after = hidden.filter((h) => h.revision > revision);
	const told = (after.length ? after : hidden).map((h) => `revision ${h.revision}: ${h.detail}`);
	return answer(name, clause, told.length ? told.slice(0, 5).join('; ') : null, 'FORMAT_FAILURE', after.length ? 'TOTAL-FAILED' : 'INDETERMINATE');
}

function byteRangeProblem({ problems }: ByteRangeFacts): string | null {
	const words = { missing: 'no ByteRange of four integers', 'not-from-start': 'does not begin at the first byte', gap: 'leaves out more or less than /Contents', overlap: 'ranges overlap or run past the file', 'not-a-revision': null } as const;
	return problems.flatMap((p) => words[p] ?? []).join('; ') || null;
}

/** Bytes of the CMS without its padding; null with a failed check. */
function readContents({ contents }: ByteRangeFacts, checks: Check[]): Uint8Array | null {
	try {
		if (!contents) throw new CryptoError('malformed', 'contents', '/Contents is no hexadecimal string in the file');
		const { raw } = read(contents, { ber: true, trailing: true });
		checks.push(answer('contents-padding', 'ISO 32000-1 §12.8.3.3', isZero(contents.subarray(raw.length)) ? null : 'bytes other than zero after the CMS', 'FORMAT_FAILURE'));
		return raw;
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		checks.push(unread(error));
		return null;
	}
}

function describe(d: Dict, document: PdfDocument): Pick<SignatureReport, 'signingTime' | 'reason' | 'location'> {
	const text = (key: string) => {
		const s = document.resolve(d.map.get(key));
		return isString(s) ? textOf(s) : null;
	};
	return { signingTime: readPdfDate(text('M')), reason: text('Reason'), location: text('Location') };
}

/** ISO 32000-1 §7.9.4, as RFC 3339 UTC; null when it is none. */
export function readPdfDate(text: string | null): string | null {
	const m = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?(?:00'?)?)?|([+-])(\d\d)'?(?:(\d\d)'?)?)?$/.exec(text ?? '');
	if (!m) return null;
	const [, y, mo = '01', d = '01', h = '00', mi = '00', s = '00', sign = '+', zh = '00', zm = '00'] = m;
	const at = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}${sign}${zh}:${zm}`);
	return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** What is covered, in one piece or as its digest. */
const coveredParts = ({ document }: Judging, { ranges }: ByteRangeFacts): Uint8Array[] => (ranges ?? []).map(([start, end]) => document.bytes.subarray(start, end));
const covered = (judging: Judging, facts: ByteRangeFacts, hash: HashName): Uint8Array => digest(judging.primitives, hash, ...coveredParts(judging, facts));

interface Judged {
	readonly checks: readonly Check[];
	readonly level: Level;
	readonly signer: SignerSummary | null;
	readonly timestamp: TimestampSummary | null;
}

/** Not what the standard says: failed. An algorithm or a size that is not done here: unknown. */
function unread(error: CryptoError): Check {
	const unknown = error.code === 'unsupported' || error.code === 'limit';
	return unknown ? answer('cms-format', 'RFC 5652 §5', error.message, 'CRYPTO_CONSTRAINTS_FAILURE', 'INDETERMINATE') : answer('cms-format', 'RFC 5652 §5', error.message, 'FORMAT_FAILURE');
}

/** The digest a CMS must sign: of the covered bytes, or with adbe.pkcs7.sha1 of their SHA-1, which the CMS then carries. Throws CryptoError. */
function signedDigest(judging: Judging, facts: ByteRangeFacts, data: SignedData, subFilter: string): Uint8Array {
	const hash = data.signerInfo.digestAlgorithm;
	if (subFilter !== 'adbe.pkcs7.sha1') {
		if (data.content) throw new CryptoError('malformed', 'cms', 'the CMS carries a content of its own: not detached');
		return covered(judging, facts, hash);
	}
	return digest(judging.primitives, hash, covered(judging, facts, 'SHA-1'));
}

async function signature(judging: Judging, facts: ByteRangeFacts, der: Uint8Array, subFilter: string): Promise<Judged> {
	const { primitives } = judging;
	let data: SignedData;
	let verdict: CmsVerdict;
	let stamp: StampVerdict;
	let proven: number | null;
	try {
		data = readSignedData(der, { ber: true });
		const tokens = data.signerInfo.unsignedAttributes.filter((a) => a.type === oid.signatureTimeStampToken).flatMap((a) => a.values.map((v) => v.raw));
		stamp = await judgeToken(judging, tokens[0] ?? null, { data: data.signerInfo.signature }, facts.revision + 1);
		proven = provenTime(judging, facts, stamp);
		const contentDigest = signedDigest(judging, facts, data, subFilter);
		const content = () => (subFilter === 'adbe.pkcs7.sha1' ? covered(judging, facts, 'SHA-1') : concat(...coveredParts(judging, facts)));
		verdict = await verifySignedData(primitives, data, { contentDigest, content, contentType: oid.data, existed: proven ?? judging.at, ...(subFilter === 'adbe.pkcs7.sha1' ? { within: 'SHA-1' } : {}), more: judging.intermediates });
	} catch (error) {
		if (error instanceof CryptoError) return { checks: [unread(error)], level: 'none', signer: null, timestamp: null };
		throw error;
	}
	const baseline = verdict.baseline && subFilter === 'ETSI.CAdES.detached';
	const format: Check = { name: 'cms-format', clause: 'RFC 5652 §5', outcome: 'passed' };
	const attributes: Check = baseline ? { name: 'signed-attributes', clause: 'EN 319 122-1 §5', outcome: 'passed' } : notChecked('signed-attributes', 'EN 319 122-1 §5', 'not a PAdES baseline signature: judged for integrity, level none');
	const chain = verdict.signer ? await judgeChain(judging, verdict.signer, data.certificates, proven) : null;
	const checks = [format, ...verdict.checks, attributes, ...stamp.checks, ...(chain?.checks ?? [])];
	const level = baseline && verdict.intact ? await levelOf(judging, facts.revision, { chain: chain?.path ?? [], stamp: stamp.path, proven }) : 'none';
	return { checks, level, signer: verdict.signer && describeSigner(judging, verdict.signer), timestamp: stamp.summary };
}

/** Best signature time (EN 319 102-1 §5.5.4): the earliest that the signature's own time-stamp or one over the document proves; null: none. */
function provenTime(judging: Judging, { revision }: ByteRangeFacts, { summary: own }: StampVerdict): number | null {
	const times = judging.stamps.filter((s) => revision && s.revision > revision).map((s) => s.time);
	if (own?.proven) times.push(Date.parse(own.time));
	return times.length ? Math.min(...times) : null;
}

function describeSigner({ primitives }: Judging, c: Certificate): SignerSummary {
	const person = attribute(c.subject, 'surname') !== null || attribute(c.subject, 'givenName') !== null;
	return { ...summary(primitives, c), kind: person ? 'person' : 'seal' };
}

async function documentTimestamp(judging: Judging, facts: ByteRangeFacts, der: Uint8Array): Promise<Judged> {
	const stamp = await judgeToken(judging, der, { digest: (hash) => covered(judging, facts, hash) }, facts.revision + 1);
	return { checks: stamp.checks, level: 'none', signer: null, timestamp: stamp.summary };
}
