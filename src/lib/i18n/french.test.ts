import { expect, test } from 'vitest';
import { french, typeset } from './french.ts';
import { words as dashboard } from './dashboard.ts';
import { words as letterhead } from './letterhead.ts';
import { words as credits } from './credits.ts';
import { words as home } from './home.ts';
import { operations } from '../server/audit/operations.ts';
import { operation } from './operations.ts';
import { words as identity } from './identity.ts';
import { words as identityCheck } from './identity-check.ts';
import { sentence } from './reasons.ts';
import { words as safe } from './safe.ts';
import { words as sign } from './sign.ts';
import { words as verify } from './verify/sentences.ts';

test('ACC-7 signs keep to the word before them', () => {
	expect(typeset('Rien ? Si : « oui », n° 3 ; voilà !')).toBe('Rien\u202f? Si\u00a0: «\u00a0oui\u00a0», n°\u00a03\u202f; voilà\u202f!');
	expect(french({ a: { b: (n: number) => `${n} sur 2 ?` } }).a.b(1)).toBe('1 sur 2\u202f?');
	expect(typeset('https://a.example/?b : c')).toBe('https://a.example/?b\u00a0: c');
});

/** Every sentence of a dictionary; functions are asked with words and numbers alike. */
function sentences(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value === 'function') return [String((value as (...a: unknown[]) => unknown)(2, 3))];
	return value && typeof value === 'object' ? Object.values(value).flatMap(sentences) : [];
}

test('ACC-7 no French sentence can break before a sign', () => {
	const all = [...[credits, dashboard, home, identity, identityCheck, letterhead, safe, sign, verify].flatMap((words) => sentences(words('fr'))), sentence('fr', 'pdf-encrypted'), sentence('fr', 'link-dead')];
	expect(all.length).toBeGreaterThan(200);
	expect(all.filter((text) => / [:;?!»]|« /.test(text))).toEqual([]);
});

test('ACC-7 LOG-7 every operation of the log has a name in both languages', () => {
	for (const op of operations) for (const locale of ['fr', 'en'] as const) expect(operation(locale, op), op).not.toBe(op);
});
