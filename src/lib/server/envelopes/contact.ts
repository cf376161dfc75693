// A signer's telephone number: E.164, of a country the instance sends to, one that can receive an SMS.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { DomainError } from '../errors.ts';

/** The country a number without its own prefix is read in. */
const home = 'FR';

/**
 * The number in E.164. Throws DomainError invalid: `number-malformed`, `number-not-mobile`, `number-country` (SIGN-21: allow-list).
 * @param countries ISO 3166-1 alpha-2 regions that codes are sent to
 */
export function normaliseNumber(typed: string, countries: readonly string[]): string {
	const number = parsePhoneNumberFromString(typed, home);
	if (!number?.isValid()) throw new DomainError('invalid', 'number-malformed');
	if (!number.country || !countries.includes(number.country)) {
		throw new DomainError('invalid', 'number-country', { country: number.country ?? `+${number.countryCallingCode}` });
	}
	const type = number.getType();
	if (type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE') throw new DomainError('invalid', 'number-not-mobile');
	return number.number;
}

/** What a screen may show of a number: its last two digits. */
export function maskNumber(number: string): string {
	return `${'•'.repeat(Math.max(0, number.length - 2))}${number.slice(-2)}`;
}
