// French typography, in one place: no line begins with a sign that belongs to the word before it.

const narrow = '\u202f';
const wide = '\u00a0';

/** A sentence with its spaces made non-breaking: narrow before `; ? ! %`, wide before `:`, inside « » and in « n° 3 ». Nothing else changes. */
export const typeset = (text: string): string => text.replace(/ ([;?!%])/g, `${narrow}$1`).replace(/ (:|»)/g, `${wide}$1`).replace(/(«|n°) /g, `$1${wide}`);

/** A dictionary whose every sentence is typeset, those made by functions too. */
export function french<T>(words: T): T {
	if (typeof words === 'string') return typeset(words) as T;
	if (typeof words === 'function') return ((...given: unknown[]) => typeset(String((words as (...args: unknown[]) => unknown)(...given)))) as T;
	if (words === null || typeof words !== 'object') return words;
	return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, french(value as unknown)])) as T;
}
