// The list at the end of documents put together: their order, which is that of precedence, their pages and their digests.

import type { Sheet } from '../evidence/author.ts';

interface Listed {
	readonly name: string;
	readonly sha256: string;
	readonly firstPage: number;
	readonly pages: number;
}

const words = {
	fr: {
		title: 'Liste des pièces',
		lead: (title: string) => `« ${title} » réunit les documents qui suivent, signés ensemble. En cas de contradiction, celui qui vient avant dans cette liste l’emporte.`,
		pages: (first: number, last: number) => (first === last ? `page ${first}` : `pages ${first} à ${last}`),
		digest: 'SHA-256 du document déposé',
		foot: 'Les pages sont reprises telles quelles ; chaque document reste conservé à part, sous l’empreinte indiquée.'
	},
	en: {
		title: 'List of documents',
		lead: (title: string) => `“${title}” holds the documents that follow, signed together. Where they contradict each other, the one that comes first in this list prevails.`,
		pages: (first: number, last: number) => (first === last ? `page ${first}` : `pages ${first} to ${last}`),
		digest: 'SHA-256 of the deposited document',
		foot: 'The pages are taken over as they are; each document is kept apart as well, under the digest given.'
	}
} as const;

export function partsSheet(language: 'fr' | 'en', title: string, parts: readonly Listed[], at: Date): Sheet {
	const t = words[language];
	const rows = parts.flatMap((p, i) => [[`${i + 1} · ${t.pages(p.firstPage, p.firstPage + p.pages - 1)}`, p.name] as const, [t.digest, p.sha256] as const]);
	return { title: t.title, lead: t.lead(title), rows, foot: t.foot, language, at };
}
