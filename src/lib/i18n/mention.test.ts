import { expect, test } from 'vitest';
import { sameMention } from './mention.ts';

test('SIGN-5 a mention is forgiven case, accents, spaces and quotes, and nothing else', () => {
	for (const typed of ['Bon pour accord', 'bon pour accord', '  BON  POUR\u00a0ACCORD ', '« Bon pour accord »', 'Bonpouraccord']) expect(sameMention(typed, 'Bon pour accord'), typed).toBe(true);
	for (const typed of ['', 'Bon pour acord', 'Bon pour désaccord', 'Bon pour accord.', 'Bon']) expect(sameMention(typed, 'Bon pour accord'), typed).toBe(false);
	expect(sameMention('lu et approuve', 'Lu et approuvé')).toBe(true);
	expect(sameMention("J'ACCEPTE L'oeuvre", 'J’accepte l’œuvre')).toBe(true);
	expect(sameMention('Bon pour 1000 €', 'Bon pour 10000 €')).toBe(false);
});
