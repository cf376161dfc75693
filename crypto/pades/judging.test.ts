// What validation rests on, each rule alone: proofs of existence, the level reached, a token's time, evidence in the file, renewal.

import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { honestToken } from '../../test/support/forge.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { answers, lists } from '../../test/support/signing.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import { concat, latin1, utf8 } from '../bytes.ts';
import { assemble, signedAttributes } from '../cms/build.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { array, dict, name, ref, stream, type PdfObject } from '../pdf/objects.ts';
import { digest } from '../primitives.ts';
import { makeToken, type Authority } from '../tsp/response.ts';
import type { Certificate } from '../x509/certificate.ts';
import { heldSince, onceCrl, onceOcsp } from '../x509/revocation-data.ts';
import { judgeChain } from './chain.ts';
import { readCms, readDss, type Evidence, type Held } from './evidence.ts';
import { certificateSince, provenSince, storedData, type Judging } from './judging.ts';
import { levelOf } from './level.ts';
import { withRenewal } from './renewal.ts';
import type { Report, SignatureReport } from './report.ts';
import { judgeToken } from './timestamp.ts';

const day = 86_400_000;
const at = epoch + year / 2;
const pki = await createPki();
const [seal, authority] = [await pki.issue('Sceau'), await pki.authority()];
const [ca, root] = [pki.ca.certificate, pki.root.certificate];
const none: Evidence = { certificates: [], ocsp: [], crls: [] };
const judging = (more: Partial<Judging> = {}): Judging => ({ primitives: p, document: null as never, changes: [], hidden: [], file: [], at: at + day, anchors: [root], timestampAnchors: [root], intermediates: [ca], outside: heldSince(at, {}), evidence: none, stamps: [], ...more });
const held = (provenBy: number, ...ders: readonly Uint8Array[]): Held[] => ders.map((der) => ({ der, provenBy, store: true }));
const heldLists = (provenBy: number, ...ders: readonly Uint8Array[]) => held(provenBy, ...ders).map((h) => ({ ...h, ...onceCrl(h.der) }));

describe('EN 319 102-1 §5.6.2.3: proofs of existence', () => {
	const j = judging({ stamps: [{ revision: 5, time: 500 }, { revision: 3, time: 300 }], evidence: { ...none, certificates: [...held(4, ca.der), ...held(2, seal.certificate.der)], crls: [...heldLists(2, Uint8Array.of(1)), ...heldLists(3, Uint8Array.of(2)), { ...heldLists(1, Uint8Array.of(3))[0]!, store: false }] }, intermediates: [ca, seal.certificate, root] });
	test('a time-stamp proves its own revision and those before it, the earliest counts; none proves no more than now', () => {
		expect([2, 3, 4, 5, 6].map((revision) => provenSince(j, revision))).toEqual([300, 300, 500, 500, at + day]);
		expect([seal.certificate, ca, root].map((c) => certificateSince(j, c))).toEqual([300, 500, at + day]);
	});
	test('EN 319 142-1 §5.4: what the store held by a revision, and the certificates the file held by then', () => {
		const of = (revision: number) => [storedData(j, revision).crls.map((c) => c.der[0]), storedData(j, revision).certificates];
		expect([of(1), of(2), of(3), of(4)]).toEqual([[[], []], [[1], [seal.certificate]], [[1, 2], [seal.certificate]], [[1, 2], [ca, seal.certificate]]]);
	});
});

describe('EN 319 142-1 §6: the level', async () => {
	const [chain, stamp] = [[seal.certificate, ca, root], [authority.certificate, ca, root]];
	const crls = await lists(pki, at + 1000);
	const evidence = (provenBy: number, ...certificates: Certificate[]): Evidence => ({ certificates: held(provenBy, ...certificates.map((c) => c.der)), ocsp: [], crls: heldLists(provenBy, ...crls) });
	const all = [seal.certificate, authority.certificate, ca];
	const level = (e: Evidence, stamps: Judging['stamps'] = [], shown = { chain, stamp, proven: at as number | null }) => levelOf(judging({ evidence: e, stamps }), 1, shown);
	test('B-B without a proven time; B-T unless the file has each certificate below the anchors and answers for them', async () => {
		expect(await level(evidence(2, ...all), [], { chain, stamp, proven: null })).toBe('B-B');
		expect(await level(none)).toBe('B-T');
		expect(await level(evidence(2, ...all))).toBe('B-LT');
		for (const missing of all) expect(await level(evidence(2, ...all.filter((c) => c !== missing)))).toBe('B-T');
		expect(await level({ ...evidence(2, ...all), crls: heldLists(2, crls[0]!) })).toBe('B-T');
		expect(await level(evidence(2, ...all), [], { chain: [seal.certificate], stamp, proven: at })).toBe('B-T');
		expect(await level(evidence(2, seal.certificate, ca), [], { chain, stamp: [], proven: at })).toBe('B-LT');
	});
	test('B-LTA when a later document time-stamp covers that, the last of several', async () => {
		const over = (...revisions: number[]) => revisions.map((revision) => ({ revision, time: at + 2000 }));
		expect(await level(evidence(2, ...all), over(2))).toBe('B-LTA');
		expect(await level(evidence(3, ...all), over(2))).toBe('B-LT');
		expect(await level(evidence(3, ...all), over(2, 3))).toBe('B-LTA');
		expect(await level(evidence(1, ...all), over(1))).toBe('B-LT');
	});
});

describe('EN 319 102-1 §5.4, §5.6: a token’s time', async () => {
	const data = utf8('signature value');
	const token = await honestToken({ ...authority, chain: [] }, data, at);
	const outside = heldSince(at + 1000, { ocsp: await answers(pki, [authority], at + 1000) });
	const judge = async (more: Partial<Judging> = {}, of = token) => {
		const { checks, summary } = await judgeToken(judging({ outside, ...more }), of, { data }, 2);
		return { proven: summary?.proven, problems: checks.filter((c) => c.outcome !== 'passed').map((c) => `${c.name} ${c.outcome} ${c.sub ?? ''}`.trim()), summary, names: checks.map((c) => c.name) };
	};
	test('no certificate below the anchor has ended; the anchor’s own end is not asked', async () => {
		expect(await judge()).toMatchObject({ proven: true, problems: [] });
		const end = at + day;
		expect(await judge({ at: end, intermediates: [{ ...ca, notAfter: end }] })).toMatchObject({ proven: true });
		expect(await judge({ at: end + 1, intermediates: [{ ...ca, notAfter: end }] })).toMatchObject({ proven: false, problems: ['timestamp-chain indeterminate OUT_OF_BOUNDS_NO_POE'] });
		expect(await judge({ at: end + 1, timestampAnchors: [{ ...root, notAfter: end }] })).toMatchObject({ proven: true });
		const alone = { ...authority.certificate, notAfter: end };
		expect(await judge({ at: end + 1, timestampAnchors: [alone], intermediates: [] })).toMatchObject({ proven: true });
	});
	test('it states no time after that at which it was there, its accuracy and a minute aside', async () => {
		expect(await judge({ at: at - 61_000 })).toMatchObject({ proven: true, problems: [] });
		expect(await judge({ at: at - 61_001 })).toMatchObject({ proven: false, problems: ['timestamp-order indeterminate TIMESTAMP_ORDER_FAILURE'] });
	});
	test('where nobody is trusted a status that nobody gives is not asked; a revocation counts all the same', async () => {
		const embedded = { timestampAnchors: 'embedded', anchors: 'embedded', intermediates: [ca, root] } as const;
		expect(await judge({ ...embedded, outside: heldSince(at, {}) })).toMatchObject({ proven: true, problems: ['timestamp-revocation not-checked'] });
		const revoked = heldSince(at + 1000, { crls: await lists(pki, at + 1000, [{ serialNumber: authority.certificate.serialNumber, at: at - 1000, reason: 1 }]) });
		expect(await judge({ ...embedded, outside: revoked })).toMatchObject({ proven: false, problems: ['timestamp-revocation indeterminate REVOKED_NO_POE'] });
	});
	test('an authority whose certificate is nowhere is nobody', async () => {
		const bare = await makeToken(p, authority as Authority, { hash: 'SHA-256', imprint: digest(p, 'SHA-256', data), nonce: 5n, policy: null, certReq: false }, { genTime: at, serialNumber: 1n, accuracy: null });
		expect((await judge({}, bare)).summary).toMatchObject({ tsa: null, proven: false });
	});
});

describe('EN 319 102-1 §5.2.5, §5.2.6: the signer’s chain', () => {
	const outcomes = async (j: Judging, bag: readonly Certificate[] = []) => (await judgeChain(j, seal.certificate, bag, at)).checks.map((c) => `${c.name} ${c.outcome}`);
	test('without a chain revocation is not checked, never passed; revoked, the other checks are told too', async () => {
		expect(await outcomes(judging({ intermediates: [], anchors: [] }))).toEqual(['certificate-chain indeterminate', 'certificate-usage passed', 'certificate-time passed', 'revocation not-checked']);
		const revoked = heldSince(at, { crls: await lists(pki, at + 1000, [{ serialNumber: seal.certificate.serialNumber, at: at - 1000, reason: 1 }]) });
		expect(await outcomes(judging({ outside: revoked }))).toEqual(['certificate-chain passed', 'certificate-usage passed', 'certificate-time passed', 'revocation failed']);
	});
	test('certificates of its own CMS are tried before those that anyone may have added to the file', async () => {
		const crowd = Array.from({ length: 64 }, (_, i) => ({ ...ca, der: Uint8Array.of(i), issuer: { der: new Uint8Array(), rdns: [] } }));
		expect((await outcomes(judging({ intermediates: crowd }), [ca]))[0]).toBe('certificate-chain passed');
		expect((await outcomes(judging({ intermediates: [...crowd, ca] })))[0]).toBe('certificate-chain indeterminate');
	});
});

describe('EN 319 142-1 §5.4: evidence in the file', async () => {
	const signed = signedAttributes(p, { contentDigest: digest(p, 'SHA-256', latin1('x')), hash: 'SHA-256', certificate: seal.certificate });
	const cms = async (...crls: Uint8Array[]) => assemble(signed, { signature: await seal.signer.sign(signed.tbs), algorithm: seal.signer.algorithm, certificates: [seal.certificate.der], crls });
	test('RFC 5940: an OCSP answer among the lists of a CMS, by its identifier; BER is read', async () => {
		const [answer, list] = [write.sequence(write.integer(5)), write.sequence(write.integer(6))];
		const other = (id: string, ...info: Uint8Array[]) => write.tlv(0xa1, write.oid(id), ...info);
		const der = await cms(other(oid.riOcspResponse, answer), other('1.2.3', write.sequence(write.integer(8))), other(oid.riOcspResponse), list);
		const evidence = { certificates: [{ der: seal.certificate.der, provenBy: 7, store: false }], ocsp: [{ ...onceOcsp(answer), provenBy: 7, store: false }], crls: [{ ...onceCrl(list), provenBy: 7, store: false }] };
		expect(readCms(der, 7)).toEqual(evidence);
		const length = 2 + (der[1]! & 0x7f);
		expect(readCms(concat(Uint8Array.of(0x30, 0x80), der.subarray(length), Uint8Array.of(0, 0)), 7)).toEqual(evidence);
		expect(readCms(Uint8Array.of(1), 7)).toEqual(none);
	});
	test('a stream of the store is proven by the revision that wrote it; what is none or does not decode is left out', () => {
		const objects = new Map<number, PdfObject>([[1, stream({}, latin1('a'))], [2, stream({}, latin1('b'))], [3, stream({ Filter: name('Strange') }, latin1('c'))], [4, dict({})], [5, stream({}, latin1('e'))]]);
		const places = new Map<number, object>([[1, { type: 'offset', offset: 99 }], [2, { type: 'offset', offset: 100 }], [3, { type: 'offset', offset: 10 }], [4, { type: 'offset', offset: 10 }], [5, { type: 'compressed' }]]);
		const resolve = (o: PdfObject | undefined) => (typeof o === 'object' && o?.kind === 'ref' ? (objects.get(o.num) ?? null) : (o ?? null));
		const document = { catalog: dict({ DSS: dict({}) }), resolve, locate: (n: number) => places.get(n), revisions: [{ number: 1, end: 100 }, { number: 2, end: 200 }], entry: (_: PdfObject, key: string) => (key === 'Certs' ? array(...[1, 2, 3, 4, 5].map((n) => ref(n)), stream({}, latin1('x')) as never) : null) } as unknown as PdfDocument;
		expect(readDss(document)).toEqual({ certificates: [{ der: latin1('a'), provenBy: 1, store: true }, { der: latin1('b'), provenBy: 2, store: true }], ocsp: [], crls: [] });
	});
});

describe('EN 319 102-1 §5.6: which time a renewal is asked as of', () => {
	const one = (kind: SignatureReport['kind'], revision: number, time: number | null, indication: SignatureReport['indication'] = 'INDETERMINATE') => ({ kind, revision, timestamp: time === null ? null : { time: new Date(time).toISOString() }, indication, checks: [] }) as unknown as SignatureReport;
	const file = (signatures: readonly SignatureReport[]) => ({ checks: [{ name: 'pdf-readable', clause: '', outcome: 'passed' }], signatures, renewal: false }) as unknown as Report;
	async function asked(signatures: readonly SignatureReport[], until: number, passing = true) {
		const times: number[] = [];
		const which: (readonly number[])[] = [];
		const then = signatures.map((s) => ({ ...s, indication: passing ? 'TOTAL-PASSED' : 'INDETERMINATE' }) as SignatureReport);
		const report = await withRenewal(file(signatures), until, async (time, some) => (times.push(time), which.push(some), then.map((s, i) => (some.includes(i) ? s : undefined))));
		return { times, which, renewal: report.renewal, each: report.signatures.map((s) => s.renewal) };
	}
	test('the latest before now of its own and of the document time-stamps over it', async () => {
		const passed = (kind: SignatureReport['kind'], revision: number, time: number) => one(kind, revision, time, 'TOTAL-PASSED');
		const of = async (...others: SignatureReport[]) => (await asked([one('signature', 2, 1000), ...others], 9000)).times;
		expect(await of()).toEqual([1000]);
		expect(await of(passed('document-timestamp', 3, 5000))).toEqual([5000]);
		expect(await of(passed('document-timestamp', 3, 5000), passed('document-timestamp', 4, 3000))).toEqual([5000]);
		expect(await of(passed('document-timestamp', 2, 5000), passed('document-timestamp', 1, 5000), passed('signature', 3, 5000))).toEqual([1000]);
		expect(await of(passed('document-timestamp', 3, 9000), passed('document-timestamp', 3, 9500))).toEqual([1000]);
		expect(await asked([one('signature', 2, 9000), one('signature', 2, null)], 9000)).toEqual({ times: [], which: [], renewal: false, each: [false, false] });
	});
	test('each time once, sixteen in all; the file needs one when each signature passed or does', async () => {
		expect((await asked([one('signature', 1, 1000), one('signature', 2, 1000)], 9000)).times).toEqual([1000]);
		const many = await asked(Array.from({ length: 17 }, (_, i) => one('signature', i + 1, 1000 + i)), 9000);
		expect([many.times.length, many.renewal, many.each.filter(Boolean).length]).toEqual([16, false, 16]);
		expect(await asked([one('signature', 1, 1000), one('signature', 2, 2000, 'TOTAL-PASSED')], 9000)).toMatchObject({ renewal: true, each: [true, false] });
		expect(await asked([one('signature', 1, 1000), one('signature', 2, 2000), one('signature', 3, 1000)], 9000)).toMatchObject({ times: [1000, 2000], which: [[0, 2], [1]], each: [true, true, true] });
		expect(await asked([one('signature', 1, 1000)], 9000, false)).toMatchObject({ renewal: false });
	});
});
