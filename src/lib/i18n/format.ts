// Dates, sizes and digests as people read them.

export const dateTime = (locale: 'fr' | 'en', date: Date | string): string => new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(new Date(date));
export const day = (locale: 'fr' | 'en', date: Date | string): string => new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(new Date(date));

/** Bytes in decimal units, as file managers count. */
export function bytes(locale: 'fr' | 'en', n: number): string {
	const step = n < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(n) / 3));
	const units = locale === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
	return `${new Intl.NumberFormat(locale, { maximumFractionDigits: step ? 1 : 0 }).format(n / 1000 ** step)} ${units[step]}`;
}

/** A digest in groups of four, to be compared by eye. */
export const grouped = (hex: string): string => hex.match(/.{1,8}/g)?.join(' ') ?? hex;

const browsers = [['Edg', 'Edge'], ['OPR', 'Opera'], ['SamsungBrowser', 'Samsung Internet'], ['Firefox', 'Firefox'], ['FxiOS', 'Firefox'], ['CriOS', 'Chrome'], ['Chrome', 'Chrome'], ['Safari', 'Safari']] as const;
const systems = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['CrOS', 'ChromeOS'], ['Linux', 'Linux']] as const;

/** A browser as its owner knows it, out of its User-Agent header: `Firefox on Linux`. Null when neither part is known. */
export function agentName(agent: string, on: string): string | null {
	const [browser, system] = [browsers, systems].map((known) => known.find(([mark]) => agent.includes(mark))?.[1]);
	return browser && system ? `${browser} ${on} ${system}` : (browser ?? system ?? null);
}
