import { expect, test } from 'vitest';
import { maskNumber, normaliseNumber } from './contact.ts';

const reason = (typed: string, countries = ['FR', 'RE', 'DE']) => {
	try {
		return normaliseNumber(typed, countries);
	} catch (error) {
		return (error as { reason?: string }).reason;
	}
};

test('SIGN-21 a number is kept in E.164, whatever way it was typed', () => {
	expect(reason('06 12 34 56 78')).toBe('+33612345678');
	expect(reason('+33 (0)6 12 34 56 78')).toBe('+33612345678');
	expect(reason('+262 692 12 34 56')).toBe('+262692123456');
});

test('SIGN-21 a landline, a country outside the list and nonsense are refused, each by its name', () => {
	expect(reason('01 42 68 53 00')).toBe('number-not-mobile');
	expect(reason('+1 212 555 0123')).toBe('number-country');
	expect(reason('06 12')).toBe('number-malformed');
	expect(reason('')).toBe('number-malformed');
});

test('SIGN-21 mobiles of every French territory and of neighbours are understood as theirs', () => {
	const all = 'FR GP MQ GF RE YT PM BL MF WF PF NC TF CH GB MC NO'.split(' ');
	for (const number of ['+590690001234', '+596696201234', '+594694201234', '+262692123456', '+262639012345', '+508551234', '+681721234', '+68987123456', '+687751234', '+41781234567', '+447400123456', '+377612345678', '+4740612345']) expect(reason(number, all), number).toBe(number);
	expect(reason('+687751234', ['FR'])).toBe('number-country');
});

test('a screen shows the last two digits only', () => {
	expect(maskNumber('+33612345678')).toBe('••••••••••78');
});
