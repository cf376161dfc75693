// Validation of a signed PDF (EN 319 102-1 §5, EN 319 142-1): the file, then each signature and document time-stamp. Never throws on bad input.

import { fromLatin1, hex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { classifyChanges } from '../pdf/changes.ts';
import { openDocument, type PdfDocument } from '../pdf/document.ts';
import { hiddenObjects } from '../pdf/gaps.ts';
import { dictOf, isName, isRef, isString, type Dict } from '../pdf/objects.ts';
import { digest, remembering, type Primitives } from '../primitives.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import type { Anchors } from '../x509/embedded.ts';
import { read } from '../asn1/der.ts';
import { readByteRange } from '../pdf/byte-range.ts';
import { heldSince } from '../x509/revocation-data.ts';
import { readCms, readDss, together, type Evidence } from './evidence.ts';
import { signatureFields } from './fields.ts';
import { reasonsOf } from './integrity.ts';
import { withRenewal } from './renewal.ts';
import { fold, worst, type Check, type Report, type SignatureReport } from './report.ts';
import { answer, type Judging } from './judging.ts';
import { isDocumentTimestamp, validateSignature, type Found } from './signature.ts';

export interface ValidationInput {
	/** `embedded`: the topmost certificate each signature and time-stamp carries; nobody's identity is then judged. */
	readonly trust: 'embedded' | {
		/** DER certificates trusted for signatures. */
		readonly anchors: readonly Uint8Array[];
		/** DER certificates trusted for time-stamps; default: the same. */
		readonly timestampAnchors?: readonly Uint8Array[];
	};
	/** The time to validate for, milliseconds since 1970. */
	readonly at: number;
	/** Revocation data from outside the file: DER OCSPResponses, and CertificateLists. */
	readonly revocation?: readonly Uint8Array[];
	readonly crls?: readonly Uint8Array[];
	/** Certificates from outside the file, DER. */
	readonly intermediates?: readonly Uint8Array[];
}

/** The report of a file. */
export async function validate(primitives: Primitives, bytes: Uint8Array, input: ValidationInput): Promise<Report> {
	const trust: Report['trust'] = input.trust === 'embedded' ? input.trust : 'anchors';
	const base = { trust, at: new Date(input.at).toISOString(), sha256: hex(digest(primitives, 'SHA-256', bytes)), size: bytes.length };
	try {
		const document = openDocument(bytes, { tolerant: true, primitives });
		const readable = [answer('pdf-readable', 'ISO 32000-1 §7.5', null, 'FORMAT_FAILURE'), answer('not-encrypted', 'ISO 32000-1 §7.6', document.closed ? 'the empty password does not open it' : null, 'FORMAT_FAILURE', 'INDETERMINATE')];
		if (document.closed) return { ...base, ...concluded(document, readable, []) };
		const surveyed = survey(remembering(primitives), document, input, readable);
		const asOf = (at: number, which?: readonly number[]) => judge(surveyed, at, which);
		const signatures = (await asOf(input.at)) as SignatureReport[];
		const damaged = [...document.damaged].map(([num, why]) => `object ${num}: ${why}`);
		const strict = answer('structure-strict', 'ISO 32000-1 §7.5.4', damaged.length ? `${damaged.slice(0, 5).join('; ')}: a reader that repairs may see something there` : null, 'FORMAT_FAILURE');
		return { ...base, ...(await withRenewal(concluded(document, [...surveyed.file, strict], signatures), input.at, asOf)) };
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		const checks = [{ ...answer('pdf-readable', 'ISO 32000-1 §7.5', error.message, 'FORMAT_FAILURE'), reason: error.reason }];
		return { ...base, ...fold(checks), reasons: reasonsOf(checks), renewal: false, revisions: 0, checks, signatures: [] };
	}
}

function anchors(trust: ValidationInput['trust']): { anchors: Anchors; timestampAnchors: Anchors } {
	if (trust === 'embedded') return { anchors: trust, timestampAnchors: trust };
	return { anchors: certificates(trust.anchors), timestampAnchors: certificates(trust.timestampAnchors ?? trust.anchors) };
}

/** Reads what can be read, each once; a certificate that cannot leads nowhere. */
function certificates(ders: readonly Uint8Array[]): Certificate[] {
	const unique = new Map(ders.map((der) => [fromLatin1(der), der]));
	return [...unique.values()].flatMap((der) => {
		try {
			return [readCertificate(der)];
		} catch (error) {
			if (error instanceof CryptoError) return [];
			throw error;
		}
	});
}

/** What no time changes: read once, whatever times the file is judged for. */
interface Surveyed extends Omit<Judging, 'at' | 'stamps'> {
	/** In the order of the report: by revision. */
	readonly found: readonly Found[];
}

/** @param readable the checks made so far */
function survey(primitives: Primitives, document: PdfDocument, input: ValidationInput, readable: readonly Check[]): Surveyed {
	const fields = signatureFields(document);
	const names = fields.map((f) => f.name);
	const repeated = names.find((n, i) => names.indexOf(n) !== i);
	const found = signatureDictionaries(document, fields).sort((a, b) => a.facts.revision - b.facts.revision);
	const evidence = together([readDss(document), ...found.map(cmsEvidence)]);
	const first = found.find((f) => f.facts.revision > 0)?.facts.revision;
	return {
		primitives,
		document,
		found,
		changes: first ? classifyChanges(document, first) : [],
		hidden: first ? hiddenObjects(document) : [],
		file: [
			...readable,
			answer('no-uncovered-bytes', 'ISO 32000-1 §7.5.5', document.trailing ? `${document.trailing} bytes after the end of the file` : null, 'FORMAT_FAILURE'),
			answer('field-names-unique', 'ISO 32000-1 §12.7.3.2', repeated === undefined ? null : `two fields named ${repeated}`, 'FORMAT_FAILURE'),
			answer('signature-present', 'EN 319 142-1 §5', found.length ? null : 'the file carries no signature', 'SIGNED_DATA_NOT_FOUND', 'INDETERMINATE')
		],
		...anchors(input.trust),
		intermediates: certificates([...(input.intermediates ?? []), ...evidence.certificates.map((h) => h.der)]),
		outside: heldSince(input.at, { ocsp: input.revocation ?? [], crls: input.crls ?? [] }), // known since then, whatever time is judged for
		evidence
	};
}

/** @param which indexes of the signatures to judge; default: all. Document time-stamps are judged in any case */
async function judge(surveyed: Surveyed, at: number, which?: readonly number[]): Promise<(SignatureReport | undefined)[]> {
	const { found } = surveyed;
	let judging: Judging = { ...surveyed, at, stamps: [] };
	const reports = new Map<Found, SignatureReport>();
	// EN 319 102-1 §5.6.3: the last document time-stamp first; what it proves to exist is judged as of then.
	const stamps = found.filter(isDocumentTimestamp).reverse();
	for (const one of [...stamps, ...found.filter((f, i) => !isDocumentTimestamp(f) && (which?.includes(i) ?? true))]) {
		const report = await validateSignature(judging, one);
		reports.set(one, report);
		if (report.kind === 'document-timestamp' && report.indication === 'TOTAL-PASSED' && report.timestamp?.proven) {
			judging = { ...judging, stamps: [...judging.stamps, { revision: report.revision, time: Date.parse(report.timestamp.time) }] };
		}
	}
	return found.map((one) => reports.get(one));
}

const concluded = (document: PdfDocument, checks: readonly Check[], signatures: readonly SignatureReport[]): Omit<Report, 'trust' | 'at' | 'sha256' | 'size'> => ({ ...worst([fold(checks), ...signatures]), reasons: reasonsOf(checks), renewal: false, revisions: document.revisions.length, checks, signatures });

const maximumSignatures = 500;

/** Validation data inside the CMS; none when it cannot be read, which the checks then say. */
function cmsEvidence({ facts }: Found): Evidence {
	try {
		return facts.contents ? readCms(read(facts.contents, { ber: true, trailing: true }).raw, facts.revision + 1) : together([]);
	} catch (error) {
		if (error instanceof CryptoError) return together([]);
		throw error;
	}
}

/** Every signature dictionary: those the form leads to, and any other in the file, which no field vouches for. */
function signatureDictionaries(document: PdfDocument, fields: ReturnType<typeof signatureFields>): Found[] {
	const out: Found[] = [];
	const numbers = new Set<number>();
	const add = (field: string, dict: Dict, holder: number) => {
		const subFilter = document.resolve(dict.map.get('SubFilter'));
		out.push({ field, dict, inFile: document.locate(holder)?.type === 'offset', subFilter: isName(subFilter) ? subFilter.name : '', facts: readByteRange(document, dict) });
	};
	for (const f of fields.filter((f) => f.signed)) {
		const value = f.dict.map.get('V');
		const d = dictOf(document.resolve(value));
		if (!d) continue;
		if (isRef(value)) numbers.add(value.num);
		add(f.name, d, isRef(value) ? value.num : (f.ref?.num ?? -1));
	}
	for (const num of document.numbers()) {
		const d = dictOf(document.get(num));
		if (d && !numbers.has(num) && d.map.has('ByteRange') && isString(document.resolve(d.map.get('Contents')))) add('', d, num);
	}
	if (out.length > maximumSignatures) throw new CryptoError('limit', 'too-many-signatures', String(out.length));
	return out;
}
