// Every word of a report has a sentence in both languages; "untrusted issuer" and "altered" never share one.

import { describe, expect, test } from 'vitest';
import { checkNames, subIndications, type Check, type SignatureReport } from '#crypto/pades/report.ts';
import { identitySentence, reasonSentences, signatureSentence, words } from './sentences.ts';

const blank: SignatureReport = {
	kind: 'signature', field: 'a', indication: 'TOTAL-PASSED', subIndication: null, integrity: 'intact', reasons: [], renewal: false, level: 'B-T', coverage: 'whole-file', revision: 1, changes: [], signer: null, signingTime: null, timestamp: null, reason: null, location: null, checks: []
};
const check = (name: Check['name'], outcome: Check['outcome']): Check => ({ name, clause: '', outcome });
const untrusted: SignatureReport = { ...blank, indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND', checks: [check('certificate-chain', 'indeterminate')] };
const altered: SignatureReport = { ...blank, indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE', integrity: 'altered', checks: [check('certificate-chain', 'passed'), check('message-digest', 'failed')] };
const renewal: SignatureReport = { ...blank, indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE', renewal: true, checks: [check('certificate-chain', 'passed'), check('timestamp-chain', 'indeterminate')] };

describe.each(['fr', 'en'] as const)('LOG-5 the words of a report in %s', (locale) => {
	const t = words(locale);

	test('each check, each problem of it, and each sub-indication has a sentence', () => {
		expect(Object.keys(t.problems)).toEqual([...checkNames]);
		expect(Object.keys(t.subIndications)).toEqual([...subIndications]);
		for (const name of checkNames) expect(t.names[name]).toMatch(/^\S.{8,}[^.]$/);
		for (const sentence of [...Object.values(t.problems), ...Object.values(t.subIndications), ...Object.values(t.integrities)]) expect(sentence).toMatch(/^[A-ZÀÉ].{10,}\.$/);
		expect(new Set(Object.values(t.problems)).size).toBe(checkNames.length);
	});

	test('a reason has the sentence of its check, also where it is a word of more detail or a kind of change; each once', () => {
		const checks = [{ ...check('cms-format', 'failed'), reason: 'der-limit' }];
		const changes = [{ revision: 2, kind: 'changed-object', allowed: false, detail: '' }];
		expect(reasonSentences(locale, { reasons: ['message-digest', 'der-limit', 'later-changes', 'changed-object'], checks, changes })).toEqual([t.problems['message-digest'], t.problems['cms-format'], t.problems['later-changes']]);
	});

	test('an unknown issuer, an alteration and a renewal are three sentences; integrity and identity are told apart', () => {
		const [issuer, change, renew] = [untrusted, altered, renewal].map((s) => signatureSentence(locale, s));
		expect(issuer).toContain(t.unknownIssuer);
		expect(change).toContain(t.notThese);
		expect(renew).toContain(t.renewal);
		expect(issuer).not.toContain(t.notThese);
		expect(change).not.toContain(t.unknownIssuer);
		expect(identitySentence(locale, untrusted, 'anchors')).toBe(t.identities.unknown);
		expect(identitySentence(locale, altered, 'anchors')).toBe(t.identities.unknown);
		expect(identitySentence(locale, renewal, 'anchors')).toBe(t.identities.trusted);
		expect(identitySentence(locale, renewal, 'embedded')).toBe(t.identities.notJudged);
	});
});
