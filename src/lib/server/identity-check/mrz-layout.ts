// Where things stand in a machine readable zone: ICAO 9303-4 (TD3), 9303-6 (TD2), 9303-5 (TD1), and the French identity card of 1988 to 2021 (FR-ID, 2 × 36, a layout of its own).

export type Format = 'TD1' | 'TD2' | 'TD3' | 'FR-ID';

/** Line, first position and the one after the last, all from 0. */
export type Place = readonly [line: number, from: number, to: number];

export interface Layout {
	readonly format: Format;
	/**
	 * What each position of each line may hold: `a` letter or filler, `n` digit or filler, `d` digit, `x` any of the three.
	 * Their number and length are the format.
	 */
	readonly classes: readonly string[];
	/** A line of the format begins so. */
	readonly begins: RegExp;
	readonly names: readonly Place[];
	readonly number: Place;
	/** Where a longer document number goes on when the place of its check digit holds a filler (9303-5 §4.2.4, 9303-6 §4.2.2.2). */
	readonly overflow: Place | null;
	readonly issuer: Place;
	readonly nationality: Place;
	readonly birthDate: Place;
	readonly sex: Place;
	readonly expiryDate: Place | null;
	/** Check digits of 9303-3 §4.9: what each is over, and where it stands. `blank`: a filler will do over nothing but fillers. */
	readonly digits: readonly { readonly name: string; readonly over: readonly Place[]; readonly at: Place; readonly blank?: true }[];
}

const times = (kind: string, n: number) => kind.repeat(n);

const td3: Layout = {
	format: 'TD3',
	classes: [times('a', 44), `${times('x', 9)}d${times('a', 3)}${times('n', 6)}da${times('d', 7)}${times('x', 14)}nd`],
	begins: /^P/,
	names: [[0, 5, 44]],
	number: [1, 0, 9],
	overflow: null,
	issuer: [0, 2, 5],
	nationality: [1, 10, 13],
	birthDate: [1, 13, 19],
	sex: [1, 20, 21],
	expiryDate: [1, 21, 27],
	digits: [
		{ name: 'document-number', over: [[1, 0, 9]], at: [1, 9, 10] },
		{ name: 'birth-date', over: [[1, 13, 19]], at: [1, 19, 20] },
		{ name: 'expiry-date', over: [[1, 21, 27]], at: [1, 27, 28] },
		{ name: 'personal-number', over: [[1, 28, 42]], at: [1, 42, 43], blank: true },
		{ name: 'composite', over: [[1, 0, 10], [1, 13, 20], [1, 21, 43]], at: [1, 43, 44] } // prettier-ignore
	]
};

const td2: Layout = {
	format: 'TD2',
	classes: [times('a', 36), `${times('x', 9)}n${times('a', 3)}${times('n', 6)}da${times('d', 7)}${times('x', 7)}d`],
	begins: /^[AC-OQ-Z]/,
	names: [[0, 5, 36]],
	number: [1, 0, 9],
	overflow: [1, 28, 35],
	issuer: [0, 2, 5],
	nationality: [1, 10, 13],
	birthDate: [1, 13, 19],
	sex: [1, 20, 21],
	expiryDate: [1, 21, 27],
	digits: [
		{ name: 'document-number', over: [[1, 0, 9]], at: [1, 9, 10] },
		{ name: 'birth-date', over: [[1, 13, 19]], at: [1, 19, 20] },
		{ name: 'expiry-date', over: [[1, 21, 27]], at: [1, 27, 28] },
		{ name: 'composite', over: [[1, 0, 10], [1, 13, 20], [1, 21, 35]], at: [1, 35, 36] } // prettier-ignore
	]
};

const td1: Layout = {
	format: 'TD1',
	classes: [`${times('a', 5)}${times('x', 9)}n${times('x', 15)}`, `${times('n', 6)}da${times('d', 7)}${times('a', 3)}${times('x', 11)}d`, times('a', 30)],
	begins: /^[ACI]/,
	names: [[2, 0, 30]],
	number: [0, 5, 14],
	overflow: [0, 15, 30],
	issuer: [0, 2, 5],
	nationality: [1, 15, 18],
	birthDate: [1, 0, 6],
	sex: [1, 7, 8],
	expiryDate: [1, 8, 14],
	digits: [
		{ name: 'document-number', over: [[0, 5, 14]], at: [0, 14, 15] },
		{ name: 'birth-date', over: [[1, 0, 6]], at: [1, 6, 7] },
		{ name: 'expiry-date', over: [[1, 8, 14]], at: [1, 14, 15] },
		{ name: 'composite', over: [[0, 5, 30], [1, 0, 7], [1, 8, 15], [1, 18, 29]], at: [1, 29, 30] } // prettier-ignore
	]
};

const french: Layout = {
	format: 'FR-ID',
	classes: [`${times('a', 30)}${times('x', 6)}`, `dddd${times('x', 3)}dddddd${times('a', 14)}${times('n', 6)}dad`],
	begins: /^IDFRA/,
	names: [
		[0, 5, 30],
		[1, 13, 27]
	],
	number: [1, 0, 12],
	overflow: null,
	issuer: [0, 2, 5],
	nationality: [0, 2, 5],
	birthDate: [1, 27, 33],
	sex: [1, 34, 35],
	expiryDate: null,
	digits: [
		{ name: 'document-number', over: [[1, 0, 12]], at: [1, 12, 13] },
		{ name: 'birth-date', over: [[1, 27, 33]], at: [1, 33, 34] },
		{ name: 'composite', over: [[0, 0, 36], [1, 0, 35]], at: [1, 35, 36] } // prettier-ignore
	]
};

/** The French card before TD2, whose size it shares. */
export const layouts: readonly Layout[] = [td3, french, td2, td1];
