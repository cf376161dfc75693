// Whether a declared name can be the one in a machine readable zone. Not whether it is the same person.

import { bare, firstSpelling, spellable, spelt, words } from './transliteration.ts';

interface Name {
	readonly surname: string;
	readonly givenNames: string;
}

export interface Comparison {
	readonly agrees: boolean;
	/**
	 * Why not: `surname-differs`, `given-names-differ`, `script-unknown`. What it overlooked, for the reviewer: `names-swapped`, `usage-name`, `particle`,
	 * `surname-order`, `given-names-fewer` (declared than in the zone), `transliteration` (accents typed without), `cut-by-zone`.
	 */
	readonly reasons: readonly string[];
}

const particles = new Set('D DE DU DES LA LE LES L VAN VON VOM DER DEN DEM TEN TER ZU ZUM ZUR AF AV DI DA DO DOS DAS DEL DELLA E Y EL AL BEN BIN IBN'.split(' '));
/** Between a name of birth and one of marriage. */
const married = /(?:^|[\s(,])(?:epouse|épouse|ep|ép|epse|veuve|vve|nee|née|ne|né|geb|born)(?:[\s.]+|$)|[()]/iu;

/** Names with room for no more: what the zone holds of TD1, TD2, TD3 (surname, two fillers, given names), and each of the French card's two fields. */
const cut = ({ surname, givenNames }: Name) => [30, 31, 39].includes(surname.length + 2 + givenNames.length) || surname.length >= 25 || givenNames.length === 14;

type Words = readonly (readonly string[])[];
const pieces = (zone: string) => zone.split(/[^A-Z]+/).filter(Boolean);
const same = (word: readonly string[], zone: string, found: Set<string>) => spelt(word, zone) || (spellable(word) && bare(firstSpelling(word)) === bare(zone) && !!found.add('transliteration'));
const leading = <T>(all: readonly T[], is: (one: T) => boolean) => all.slice(Math.max(0, all.findIndex((one) => !is(one))));
const isParticle = (word: readonly string[]) => particles.has(word.join(''));

/** Whether a surname agrees, in one of the ways in which it may; adds to `found` what that overlooked. */
function surnameAgrees(declared: Words, zone: readonly string[], wasCut: boolean, found: Set<string>): boolean {
	if (declared.length === 0 || zone.length === 0) return false;
	const [whole, text] = [declared.flat(), zone.join('')];
	if (same(whole, text, found)) return true;
	const [main, mainZone] = [leading(declared, isParticle), leading(zone, (piece) => particles.has(piece))];
	if (main.length + mainZone.length < declared.length + zone.length && same(main.flat(), mainZone.join(''), found)) return !!found.add('particle');
	if (declared.length > 1 && declared.length === zone.length && matched(declared, zone, false, found) === declared.length) return !!found.add('surname-order');
	return wasCut && text.length >= 15 && spelt(whole, text, true) && !!found.add('cut-by-zone');
}

/** How many of the words are found among the pieces, each once; a last piece that was cut is found by its beginning. */
function matched(declared: Words, zone: readonly string[], wasCut: boolean, found: Set<string>): number {
	const left = [...zone];
	let count = 0;
	for (const word of [...declared].sort((a, b) => b.length - a.length)) {
		const at = [left.findIndex((piece) => spelt(word, piece)), left.findIndex((piece) => same(word, piece, found))].find((i) => i >= 0) ?? -1;
		if (at >= 0) left.splice(at, 1);
		else if (wasCut && left.length > 0 && left.at(-1) === zone.at(-1) && spelt(word, left.at(-1)!, true)) found.add((left.pop(), 'cut-by-zone'));
		else continue;
		count++;
	}
	return count;
}

function givenAgree(declared: string, zone: readonly string[], wasCut: boolean, found: Set<string>): boolean {
	// A compound may stand in the zone as two pieces or as one; the words of one compound stay together.
	const names = declared.split(/[\s,]+/).map(words).filter((name) => name.length > 0);
	if (names.length === 0 || zone.length === 0) return false;
	const parts: Words = names.flatMap((name) => (zone.some((piece) => spelt(name.flat(), piece)) ? [name.flat()] : name));
	const count = matched(parts, zone, wasCut, found);
	if (count < parts.length && !(wasCut && count > 0 && !!found.add('cut-by-zone'))) return false;
	if (zone.filter((piece) => !particles.has(piece)).length > count) found.add('given-names-fewer');
	return true;
}

function attempt(declared: Name, zone: Name): Comparison {
	const found = new Set<string>();
	const wasCut = cut(zone);
	const named = (text: string) => text.split(married).map((part) => part.trim()).filter(Boolean);
	const [ours, theirs] = [named(declared.surname), named(zone.surname)];
	const parted = ours.length > 1 || theirs.length > 1;
	const surname = surnameAgrees(words(declared.surname), pieces(zone.surname), wasCut, found) || (parted && ours.some((one) => theirs.some((other) => surnameAgrees(words(one), pieces(other), wasCut, found))) && !!found.add('usage-name'));
	const given = givenAgree(declared.givenNames, pieces(zone.givenNames), wasCut, found);
	if (surname && given) return { agrees: true, reasons: [...found].sort() };
	const unknown = ![...words(declared.surname), ...words(declared.givenNames)].every(spellable);
	return { agrees: false, reasons: unknown ? ['script-unknown'] : [...(surname ? [] : ['surname-differs']), ...(given ? [] : ['given-names-differ'])] };
}

/**
 * Compares a declared name with the one a zone holds: accents, hyphens, apostrophes, transliteration, order, fewer given names, particles, names of marriage, names cut by the zone.
 * What it overlooked to agree is among the reasons. Never throws.
 * @param mrz A to Z and spaces, as `readMrz` gives them
 */
export function compareNames(declared: Name, mrz: Name): Comparison {
	const straight = attempt(declared, mrz);
	if (straight.agrees) return straight;
	const swapped = attempt({ surname: declared.givenNames, givenNames: declared.surname }, mrz);
	return swapped.agrees ? { agrees: true, reasons: ['names-swapped', ...swapped.reasons] } : straight;
}
