// How long the French identity card of 1988 to 2021 is valid: its zone holds no expiry date, its number the year and month of issue.
// Décret n° 55-1397 art. 1, as changed by n° 2013-1188: fifteen years for those of age from 2014 on, five more than they show for the cards of theirs then valid (of 2004 to 2013).

/**
 * The earliest day on which it can end (the day of issue is on the card only), and whether that is later than the card shows.
 * Null when the number holds no month.
 * @param number twelve characters, YYMM first
 * @param birthDate YYYY-MM-DD, or its beginning
 */
export function validUntil(number: string, birthDate: string): { readonly date: string; readonly extended: boolean } | null {
	const [, yy, month] = /^(\d\d)(0[1-9]|1[0-2])/.exec(number) ?? [];
	if (!yy || !month) return null;
	const issued = Number(yy) + (Number(yy) >= 88 ? 1900 : 2000);
	// Of age on the first of that month; what is unknown of the birth date counts against.
	const [year = '', birthMonth = '12', birthDay = '31'] = birthDate.split('-');
	const adult = `${Number(year) + 18}-${birthMonth}-${birthDay}` <= `${issued}-${month}-01`;
	const years = adult && issued >= 2004 ? 15 : 10;
	return { date: `${issued + years}-${month}-01`, extended: years === 15 && issued <= 2013 };
}
