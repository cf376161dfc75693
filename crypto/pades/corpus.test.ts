// Public attack and conformance files through the whole validation. Where we differ from pyHanko's word in EXPECTED.tsv, differences.tsv says why.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { preflight } from '../pdf/preflight.ts';
import type { Indication, Report } from './report.ts';
import { validate } from './validate.ts';

const root = new URL('../../../shared/corpora/', import.meta.url);
const there = existsSync(root);
const skipped = there ? '' : ' (skipped: no corpora folder)';
const files = there ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.pdf')).sort() : [];
const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file.split('/').map(encodeURIComponent).join('/'), root)));
/** As of the corpus's making, trusting whatever each file carries: structure, integrity and time alone. */
const judge = (file: string): Promise<Report> => validate(p, bytesOf(file), { trust: 'embedded', at: Date.parse('2026-01-01T00:00:00Z') });
const tsv = (text: string): string[][] => text.split('\n').slice(1).filter(Boolean).map((line) => line.split('\t'));
const reasons = (r: Report): string[] => [...new Set([...r.reasons, ...r.signatures.flatMap((s) => s.reasons)])];

/** What was done, as the report must say it: at least one of these words. */
const done: readonly [RegExp, readonly string[]][] = [
	[/isa_[ABDHI]/, ['no-uncovered-bytes']], // an update appended without its end
	[/isa_C/, ['changed-catalog']],
	[/isa_[EF]/, ['damaged-xref']], // an update whose cross-reference is none
	[/isa_G/, ['no-catalog']], // an update whose trailer leads nowhere
	[/siwa_[ABE]/, ['damaged-xref']], // the signed end moved behind new objects
	[/siwa_[CD]/, ['byte-range']],
	[/usf_0[123]_/, ['cms-format', 'byte-range']],
	[/usf_04/, ['structure-strict']], // the signature dictionary is none any more
	[/usf_05/, ['cms-format']],
	[/usf_1/, ['byte-range']],
	[/replace-via-overlay/, ['changed-object', 'new-object']],
	[/replace-via-overwrite/, ['damaged-xref', 'changed-field', 'changed-object']],
	[/change_objects_usage/, ['removed-object', 'new-object']],
	[/shadow\//, ['changed-object']]
];

test.skipIf(!there)(`LOG-5 21 of 21 forgeries and 8 of 8 manipulated shadow documents never pass, and the report says what was done${skipped}`, async () => {
	const forged = files.filter((f) => f.includes('pdf-insecurity/') || /shadow\/.*\/4_/.test(f));
	expect(forged.length).toBe(29);
	for (const file of forged) {
		const report = await judge(file);
		expect(report.indication, file).toBe('TOTAL-FAILED');
		expect(report.signatures.map((s) => s.integrity), file).not.toContain('intact');
		const [, words] = done.find(([name]) => name.test(file))!;
		expect(words.filter((w) => reasons(report).includes(w)), `${file}: ${reasons(report).join(', ')}`).not.toEqual([]);
	}
});

/** What lies dormant in each: a report's indication and reasons, then what a look before signing refuses or warns of. A body that no cross-reference names leaves what is signed intact, and never passes. */
const dormant: Readonly<Record<string, { indication: Indication; reasons: readonly string[]; before: readonly string[] }>> = {
	'hide-and-replace/variant-1_change_object_references': { indication: 'TOTAL-FAILED', reasons: ['structure-strict', 'no-hidden-objects'], before: ['damaged: object 11 0 is not at byte 1187'] },
	'hide-and-replace/variant-2_change_objects_usage': { indication: 'INDETERMINATE', reasons: ['no-hidden-objects'], before: ['dormant-content: object 9: referred to, and not there: a later revision could bring it', 'open-field: object 6'] },
	'hide/variant-1_hide-via-referenced-object': { indication: 'TOTAL-FAILED', reasons: ['structure-strict', 'no-hidden-objects'], before: ["damaged: 'endstream' expected at byte 1520"] },
	'hide/variant-2_hide-via-referenced-object/hide-form-via-form': { indication: 'TOTAL-PASSED', reasons: [], before: ['open-field: object 21'] },
	'hide/variant-2_hide-via-referenced-object/hide-text-via-form': { indication: 'TOTAL-PASSED', reasons: [], before: ['open-field: object 18'] },
	'replace/variant-1_replace-via-overlay': { indication: 'TOTAL-PASSED', reasons: [], before: ['open-field: object 6'] },
	'replace/variant-2_replace-via-overwrite': { indication: 'TOTAL-PASSED', reasons: [], before: ['renamed-font: object 5'] }
};

test.skipIf(!there)(`LOG-5 the 7 signed shadow documents before manipulation are intact; what lies dormant in each is told${skipped}`, async () => {
	const signed = files.filter((f) => /shadow\/.*\/3_/.test(f));
	const found = await Promise.all(
		signed.map(async (file) => {
			const report = await judge(file);
			expect(report.signatures.map((s) => s.integrity), file).toEqual(['intact']);
			const { refusals, warnings } = preflight(bytesOf(file));
			return [file.replace(/^attacks\/shadow\/|\/3_.*$/g, ''), { indication: report.indication, reasons: reasons(report), before: [...refusals, ...warnings].map((w) => `${w.reason}: ${w.detail}`) }];
		})
	);
	expect(Object.fromEntries(found)).toEqual(dormant);
});

/** One word for each signature: ours, and pyHanko's; what it could not read or judge is empty. */
const ours = (r: Report): string => r.signatures.filter((s) => s.field !== '').map((s) => s.integrity).join(' ') || (r.reasons.includes('signature-present') || r.signatures.length ? 'none' : `unread: ${r.reasons.join(', ')}`);
const theirs = (text: string): string =>
	text === 'no embedded signatures' || text === ''
		? 'none'
		: text
				.split(' ; ')
				.map((one) => (/^(\[nonstrict\] )?$|^UNPARSEABLE|Error/.test(one) ? '?' : one.includes('DIFF') || one.includes('=False') ? 'altered' : 'intact'))
				.join(' ');

test.skipIf(!there)(`LOG-5 signatures of other people’s software: each judged; where another validator says otherwise, a line says why${skipped}`, async () => {
	const expected = tsv(readFileSync(new URL('EXPECTED.tsv', root), 'utf8')).filter(([file]) => file!.startsWith('signed/'));
	const known = new Map(tsv(readFileSync(new URL('differences.tsv', import.meta.url), 'utf8')).map(([file, us, them, why]) => [file, { us, them, why }]));
	expect(expected.length).toBeGreaterThan(150);
	const found: string[] = [];
	for (const [file, , , said = ''] of expected) {
		if (!file!.endsWith('.pdf')) continue;
		const [us, them] = [ours(await judge(file!)), theirs(said)];
		if (us !== them) found.push(`${file}\t${us}\t${them}`);
	}
	expect(found).toEqual([...known].map(([file, { us, them }]) => `${file}\t${us}\t${them}`));
	expect([...known.values()].filter(({ why }) => !why || why.length < 10)).toEqual([]);
});
