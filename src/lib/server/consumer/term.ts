// When a term of withdrawal ends: C. conso. L221-19 and Regulation (EEC, Euratom) 1182/71, in days of Paris. Days are ISO 8601 dates, compared as text.

const oneDay = 86_400_000;
const utc = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A day some days later. */
export const plusDays = (day: string, days: number): string => iso(utc(day) + days * oneDay);

const inParis = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', year: 'numeric', month: '2-digit', day: '2-digit' });

/** The day it is in Paris at an instant. */
export const parisDay = (at: Date): string => inParis.format(at);

/** Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easter(year: number): string {
	const a = year % 19;
	const [b, c] = [Math.floor(year / 100), year % 100];
	const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
	const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
	const n = h + l - 7 * Math.floor((a + 11 * h + 22 * l) / 451) + 114;
	return `${year}-${String(Math.floor(n / 31)).padStart(2, '0')}-${String((n % 31) + 1).padStart(2, '0')}`;
}

/** The holidays of the whole of France (C. trav. L3133-1); those of Alsace-Moselle and overseas are not among them. */
function holidays(year: number): readonly string[] {
	const sunday = easter(year);
	const moving = [1, 39, 50].map((days) => plusDays(sunday, days)); // Easter Monday, Ascension, Whit Monday
	return [...['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map((d) => `${year}-${d}`), ...moving];
}

/** Neither a Saturday, nor a Sunday, nor a holiday. */
export const isWorkingDay = (day: string): boolean => ![0, 6].includes(new Date(utc(day)).getUTCDay()) && !holidays(Number(day.slice(0, 4))).includes(day);

/** The last day of a term, which ends with it: the day it runs from is not counted, and a last day that is no working day is put off to the next one. */
export function lastDay(from: string, days: number): string {
	let day = plusDays(from, days);
	while (!isWorkingDay(day)) day = plusDays(day, 1);
	return day;
}

/** The same day ten years later, the 28th for a 29 February that is not there. */
export function tenYearsAfter(day: string): string {
	const [year, rest] = [Number(day.slice(0, 4)) + 10, day.slice(4)];
	return rest === '-02-29' ? `${year}-02-28` : `${year}${rest}`;
}
