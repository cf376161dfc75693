import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invitation } from '../envelopes/mail-text.ts';
import { htmlOf } from './html.ts';
import { plain, quote } from './quote.ts';

const origin = 'https://safe.test';
const sheet = { lang: 'fr', subject: 'Objet', origin, name: 'Ateliers Martin', logo: null } as const;
const words = (text: string) => text.split(/\s+/).filter(Boolean);
const decoded = (html: string) => html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!);
/** What a reader of the HTML reads below the name on top, but for the button's own label. */
const read = (html: string) => {
	const body = html.slice(html.indexOf('</p>', html.indexOf('role="article"')) + 4);
	return decoded(body.replace(/<p[^>]*><a class="button".*?<\/a><\/p>/, '').replace(/<br>/g, '\n').replace(/<\/?a\b[^>]*>/g, '').replace(/<[^>]*>/g, ' '));
};
const unquoted = (text: string) => text.replace(/^> ?/gm, '');
const nasty = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '\r', '\n', '\u202e', '\u2066', '\u200f', '\u0000', ' ', 'a', 'é', '/', '> ', 'https://safe.test/x', 'https://evil.example/', '<script>', 'javascript:', '</div>', '&lt;'), maxLength: 30 });
const allowed = /^<(?:\/?(?:html|head|meta|title|style|body|div|p|a|br|blockquote|img)\b[^<>]*|!doctype html)>$/;

test('text and HTML of an invitation say the same: a paragraph each, the sender’s words quoted, one button to the link', () => {
	const link = `${origin}/sign/${'x'.repeat(43)}`;
	const { subject, text } = invitation('fr', { sender: 'Ateliers Martin', name: 'Zoë', title: 'Contrat', reference: 'AAAA-BBBB', link, note: 'Bonjour,\r\nmerci de signer <vite>', expires: new Date('2026-12-24') });
	const html = htmlOf({ ...sheet, subject, text });
	expect(words(read(html))).toEqual(words(unquoted(text)));
	expect(html.match(/<a class="button"[^>]*href="([^"]*)"/)![1]).toBe(link);
	expect(html.match(/class="button"/g)).toHaveLength(1);
	expect(html).toContain('Bonjour,<br>merci de signer &lt;vite&gt;</blockquote>');
	expect(html).toMatch(/<html lang="fr"/);
});

test('SIGN-12 whatever people are called and write, HTML and text say the same, no tag is theirs, only our own addresses are links, nothing is fetched', () => {
	fc.assert(
		fc.property(nasty, nasty, nasty, nasty, (name, title, note, subject) => {
			const text = plain(`Bonjour ${name},\n\n« ${title} ».\n${quote(note)}\nOuvrez :\n${origin}/sign/abc\n\nFin ${name}.\n`);
			const html = htmlOf({ ...sheet, name: plain(name), subject: plain(subject), text });
			expect(words(read(html))).toEqual(words(unquoted(text)));
			for (const [tag] of html.matchAll(/<[^>]*>/g)) expect(tag).toMatch(allowed);
			for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href!.startsWith(`${origin}/`)).toBe(true);
			expect(html).not.toMatch(/src="(?!cid:)|url\(|@import|<script|\son\w+=/i);
			expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000\r]/);
		}),
		{ numRuns: 300 }
	);
});

test('an address of another site that begins like ours is no link', () => {
	for (const other of ['https://safe.test.evil.example/sign', 'https://safe.test@evil.example/', 'https://safe.testify.example', 'https://safe.test.']) expect(htmlOf({ ...sheet, text: `Voir ${other}\n\n${other}\n` })).not.toContain('href=');
	expect(htmlOf({ ...sheet, text: `Voir ${origin}/verify.\n` })).toContain(`href="${origin}/verify"`);
});
