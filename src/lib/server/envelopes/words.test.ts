import { expect, test } from 'vitest';
import { consentText, consentVersion } from './consent.ts';
import { closed, completion, declined, expiring, invitation, spared, unsigned } from './mail-text.ts';
import { answered, asked } from './request-text.ts';
import { signerValues } from './values.ts';

test('SIGN-2 the consent says what seals, and that it is no signature in the signer’s name', () => {
	expect(consentText(consentVersion, 'fr', 'Ateliers $& Martin')).toMatch(/que Ateliers \$& Martin a déclarée.*n’est pas une signature à mon nom/);
	expect(consentText(consentVersion, 'en', 'X')).toMatch(/not a signature in my name/);
	expect(() => consentText('1999-01-01', 'fr', 'X')).toThrow(/1999-01-01/);
});

test('SIGN-4 V keeps what was typed and refuses what a reader would not see as typed', () => {
	expect(signerValues.parse({ name: ' Zoë Müller-O’Neil ', drawing: null })).toEqual({ name: 'Zoë Müller-O’Neil', drawing: null });
	for (const name of ['', '  ', 'a\u202eb', 'a\u0000b', 'a\u200bb', 'x'.repeat(121)]) {
		expect(signerValues.safeParse({ name, drawing: null }).success, JSON.stringify(name)).toBe(false);
	}
	expect(signerValues.safeParse({ name: 'A', drawing: [[[0, 0], [1000, 1001]]] }).success).toBe(false);
	expect(signerValues.safeParse({ name: 'A', drawing: null, amount: 1 }).success).toBe(false);
});

test('no subject of a mail names the document', () => {
	const c = { sender: 'S', name: 'N', title: 'SECRET', reference: 'AAAA-BBBB', link: 'https://x/', note: 'a\nb', expires: new Date(0), attestation: true, again: 'https://x/', attached: true, verify: 'https://x/verify', rootFingerprint: 'ab'.repeat(32), signer: 'T', reason: '', state: 'cancelled', signed: false, missing: 'Z', goesOn: true } as const;
	for (const locale of ['fr', 'en'] as const) {
		for (const words of [invitation(locale, c), completion(locale, c), declined(locale, c), closed(locale, c), expiring(locale, c), unsigned(locale, c), spared(locale, c), asked(locale, { ...c, kind: 'paper', words: '' }), asked(locale, { ...c, kind: 'question', words: 'x' }), answered(locale, { ...c, kind: 'paper', words: '', answer: 'x' })]) {
			expect(words.subject).not.toContain('SECRET');
			expect(words.subject).toContain('AAAA-BBBB');
			expect(words.text).toContain('SECRET');
		}
		expect(invitation(locale, c).text).toContain('> a\n> b');
	}
});
