import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatReference } from './reference.ts';
import { codeSms, gsm7Length } from './sms-text.ts';

test('SIGN-4 the SMS carries sender, code and reference, the autofill line last, in at most 160 GSM-7 characters', () => {
	for (const locale of ['fr', 'en'] as const) {
		const text = codeSms(locale, 'Société Générale d’Études', '012345', 'K7QM-2XVP', 'safe.example.org');
		expect(text).toContain('012345');
		expect(text).toContain('K7QM-2XVP');
		expect(text.split('\n').at(-1)).toBe('@safe.example.org #012345');
		expect(gsm7Length(text)).toBeLessThanOrEqual(160);
		expect(text).not.toMatch(/STOP/i);
	}
});

test('SIGN-4 whatever the sender is called, the SMS fits and the code stays whole', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (sender) => {
			const text = codeSms('fr', sender, '987654', 'AAAA-BBBB', 'safe.example.org');
			return gsm7Length(text)! <= 160 && text.endsWith('@safe.example.org #987654') && text.includes('987654 est');
		})
	);
});

test('the septets of extended characters count twice; what GSM-7 lacks has no length', () => {
	expect(gsm7Length('a€')).toBe(3);
	expect(gsm7Length('ê')).toBeNull();
});

test('a reference is eight unmistakable characters', () => {
	expect(formatReference(new Uint8Array(5))).toBe('0000-0000');
	expect(formatReference(new Uint8Array(5).fill(255))).toBe('ZZZZ-ZZZZ');
	expect(formatReference(Uint8Array.of(0, 0, 0, 0, 33))).toBe('0000-0011');
});
