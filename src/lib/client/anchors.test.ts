import { expect, test } from 'vitest';
import { marks, occurrences } from './anchors.ts';

const piece = (text: string, x: number, y = 100) => ({ text, x, y, width: text.length * 10, height: 12 });

test('SIGN-5 words are found whatever their case, accents and spaces, and however the file cuts them', () => {
	const page = [piece('Signature du ', 50), piece('Locataire', 180), piece('Le bailleur', 50, 200), piece('signature  du', 50, 300), piece(' LOCATAIRE', 180, 300)];
	expect(occurrences(page, 'signature du locataire')).toEqual([{ x: 50, y: 100, width: 220, height: 12 }, { x: 50, y: 300, width: 230, height: 12 }]);
	expect(occurrences(page, 'bàilleur')).toEqual([{ x: 80, y: 200, width: 80, height: 12 }]);
	expect(occurrences(page, 'nobody')).toEqual([]);
	expect(occurrences(page, ' ')).toEqual([]);
});

test('SIGN-5 marks say which field of whom goes there; what is no kind is no mark', () => {
	const page = [piece('{{sign', 10), piece('ature:1}} et {{ paraphe : 2 }} {{virement:3}}', 70), piece('{{Mention:12}}', 10, 300)];
	expect(marks(page).map((m) => [m.kind, m.signer, m.x, m.y])).toEqual([['signature', 1, 10, 100], ['initials', 2, 200, 100], ['mention', 12, 10, 300]]);
});
