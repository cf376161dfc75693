import { expect, test } from 'vitest';
import { centsOf, contractInForm } from '#lib/server/consumer/contract-form.ts';
import { archivedUntil, contractWish, lastDayOf, type Contract } from '#lib/server/consumer/contract.ts';
import { priceWords, withdrawalWords } from '#lib/server/consumer/recap.ts';
import { easter, isWorkingDay, lastDay, parisDay, tenYearsAfter } from '#lib/server/consumer/term.ts';

const wish = { subject: 'Cours de piano', priceCents: 9000, withdrawalDays: 14, runsFrom: 'conclusion' } as const;
const contract: Contract = { ...contractWish.parse(wish), deliveredOn: null, concludedAt: new Date('2027-03-10T09:00:00Z') };

test('SIGN-18 a term is counted in days of Paris from the day after, and ends on a working day: no Saturday, Sunday or holiday, Easter’s included', () => {
	expect([2008, 2024, 2025, 2026, 2027, 2038, 2049].map(easter)).toEqual(['2008-03-23', '2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2038-04-25', '2049-04-18']);
	for (const day of ['2027-03-29', '2027-05-06', '2027-05-17', '2027-07-14', '2026-11-11', '2026-12-25', '2027-01-01', '2026-11-21', '2026-11-22']) expect([day, isWorkingDay(day)]).toEqual([day, false]);
	for (const day of ['2027-03-26', '2027-03-30', '2026-12-24', '2026-12-28', '2027-05-07']) expect([day, isWorkingDay(day)]).toEqual([day, true]); // Good Friday is a working day in most of France
	const terms = { '2026-11-30': '2026-12-14', '2026-11-08': '2026-11-23', '2026-11-07': '2026-11-23', '2026-12-11': '2026-12-28', '2027-03-14': '2027-03-30', '2027-04-17': '2027-05-03', '2026-12-18': '2027-01-04' };
	for (const [from, last] of Object.entries(terms)) expect([from, lastDay(from, 14)]).toEqual([from, last]);
	expect(lastDay('2026-11-30', 30)).toBe('2026-12-30');
	expect([parisDay(new Date('2027-03-30T21:59:59.999Z')), parisDay(new Date('2027-03-30T22:00:00Z'))]).toEqual(['2027-03-30', '2027-03-31']); // summer
	expect([parisDay(new Date('2026-12-14T22:59:59.999Z')), parisDay(new Date('2026-12-14T23:00:00Z'))]).toEqual(['2026-12-14', '2026-12-15']); // winter
	expect([tenYearsAfter('2026-11-30'), tenYearsAfter('2028-02-29')]).toEqual(['2036-11-30', '2038-02-28']);
});

test('SIGN-18 services run from the conclusion, goods from their delivery once its day is known; twelve months more are nowhere added', () => {
	expect(lastDayOf(contract)).toBe('2027-03-24');
	const goods = { ...contract, runsFrom: 'delivery' } as const;
	expect(lastDayOf(goods)).toBeNull();
	expect(lastDayOf({ ...goods, deliveredOn: '2027-03-14' })).toBe('2027-03-30');
	expect(lastDayOf({ ...goods, deliveredOn: '2027-03-01' })).toBe('2027-03-24'); // had before: from the conclusion
	expect(lastDayOf({ ...contract, concludedAt: null })).toBeNull();
	expect(lastDayOf({ ...contract, withdrawalDays: null, exception: '3' })).toBeNull();
	expect(archivedUntil(contract)).toBeNull();
	const long = { ...contract, longArchive: true };
	expect([archivedUntil(long), archivedUntil({ ...long, deliveredOn: '2027-04-02' }), archivedUntil({ ...long, deliveredOn: '2026-01-02' })]).toEqual(['open', '2037-04-02', '2037-03-10']);
});

test('SIGN-18 never fewer than fourteen days, none only for a reason of L221-28 that is known at the conclusion; from 120 € on it is kept ten years whatever is ticked', () => {
	const bad = (change: object) => contractWish.safeParse({ ...wish, ...change }).error?.issues[0]?.path[0];
	expect(bad({ withdrawalDays: 13 })).toBe('withdrawalDays');
	expect(bad({ withdrawalDays: null })).toBe('exception');
	expect(bad({ withdrawalDays: 14, exception: '3' })).toBe('exception');
	for (const later of ['1', '5', '6', '9', '13', '']) expect(bad({ withdrawalDays: null, exception: later })).toBe('exception');
	expect(bad({ priceCents: NaN })).toBe('priceCents');
	expect(contractWish.parse({ ...wish, withdrawalDays: 30 })).toMatchObject({ withdrawalDays: 30, longArchive: false });
	expect([11_999, 12_000].map((priceCents) => contractWish.parse({ ...wish, priceCents }).longArchive)).toEqual([false, true]);
	expect(contractWish.parse({ ...wish, priceCents: null, longArchive: true }).longArchive).toBe(true);
	expect(['1 250,50', '1250.5', '120', '99,99 €', '', '1,2,3', '-5', 'dix'].map(centsOf)).toEqual([125_050, 125_050, 12_000, 9_999, NaN, NaN, NaN, NaN]);
	const typed: Record<string, string> = { 'contract-subject': 'X', 'contract-pay': 'none', 'contract-price': '5', withdrawal: 'none', 'withdrawal-exception': '12', 'runs-from': 'delivery' };
	expect(contractInForm((name) => typed[name] ?? '')).toEqual({ subject: 'X', priceCents: null, priceNote: '', withdrawalDays: null, exception: '12', runsFrom: 'delivery', longArchive: false });
});

test('SIGN-18 the words say the price, who grants what and how, in both languages', () => {
	expect(priceWords({ priceCents: 125_050, priceNote: 'en 3 fois' }, 'fr').replace(/\s/g, ' ')).toBe('1 250,50 € toutes taxes comprises (en 3 fois)');
	expect(priceWords({ priceCents: 125_050, priceNote: '' }, 'en')).toBe('€1,250.50 including all taxes');
	expect(priceWords({ priceCents: null, priceNote: '' }, 'fr')).toBe('Aucun prix à payer');
	const told = { ...contractWish.parse(wish), sender: 'Ateliers Martin' };
	expect(withdrawalWords(told, 'fr')).toMatch(/sans motif pendant 14 jours.*« renoncer au contrat ici ».*toute déclaration claire/);
	expect(withdrawalWords({ ...told, withdrawalDays: null, exception: '3' }, 'en')).toMatch(/^No right of withdrawal, says Ateliers Martin: goods made to your specifications.*L221-28, 3°/);
});
