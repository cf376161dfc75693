// Minutes drawn up on the spot, as a new PDF: an intervention report, or acceptance minutes with a page on which the client decides (C. civ. 1792-6).

import { begin } from './author.ts';

export interface Minutes {
	readonly kind: 'intervention' | 'acceptance';
	readonly client: string;
	readonly place: string;
	/** As it is to be read. */
	readonly date: string;
	readonly present: string;
	readonly works: string;
	readonly text: string;
	/** Already there when it was drawn up. */
	readonly reservations: readonly string[];
	readonly language: 'fr' | 'en';
	readonly at: Date;
}

/** Where something is filled in: 0-based page, points from its top left corner. */
export interface Box {
	readonly page: number;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** The boxes of a decision; of everyone's signature, in order. */
export interface DecisionBoxes {
	readonly accept: Box;
	readonly reserve: Box;
	readonly reservations: readonly Box[];
	readonly deadline: Box;
	readonly postpone: Box;
	readonly until: Box;
	readonly refuse: Box;
	readonly reason: Box;
	readonly signatures: readonly Box[];
}

const fr = {
	intervention: 'Procès-verbal d’intervention',
	acceptance: 'Procès-verbal de réception des travaux',
	drawnUp: (client: string) => `Établi par ${client}.`,
	place: 'Lieu',
	date: 'Date',
	present: 'Personnes présentes',
	works: { intervention: 'Intervention', acceptance: 'Travaux' },
	text: 'Observations',
	reservations: 'Réserves relevées à l’établissement',
	decision: 'Décision du maître de l’ouvrage (article 1792-6 du code civil)',
	only: 'Un seul choix, fait par le maître de l’ouvrage au moment de signer.',
	accept: 'Accepte la réception, sans réserve.',
	reserve: 'Accepte la réception, avec les réserves suivantes :',
	deadline: 'Réserves à lever au plus tard le :',
	postpone: 'Reporte la réception au :',
	refuse: 'Refuse la réception, pour ce motif :',
	signatures: 'Signatures'
};
type Words = typeof fr;
const en: Words = {
	intervention: 'Intervention report',
	acceptance: 'Acceptance minutes of works',
	drawnUp: (client) => `Drawn up by ${client}.`,
	place: 'Place',
	date: 'Date',
	present: 'People present',
	works: { intervention: 'Intervention', acceptance: 'Works' },
	text: 'Remarks',
	reservations: 'Reservations noted when it was drawn up',
	decision: 'Decision of the client of the works (article 1792-6 of the French civil code)',
	only: 'One choice, made by the client of the works when signing.',
	accept: 'Accepts the works, without reservations.',
	reserve: 'Accepts the works, with these reservations:',
	deadline: 'Reservations to be lifted by:',
	postpone: 'Postpones the acceptance to:',
	refuse: 'Refuses the works, for this reason:',
	signatures: 'Signatures'
};
const dictionaries = { fr, en } as const;

/** How many reservations a client can type, one box each. */
export const mostReservations = 6;

/** The PDF and, for acceptance minutes, its boxes. `fonts`: files for letters that DejaVu lacks. */
export async function authorMinutes(m: Minutes, signers: number, fonts: readonly string[] = []): Promise<{ pdf: Uint8Array; boxes: DecisionBoxes | null }> {
	const t = dictionaries[m.language];
	const sheet = await begin({ title: t[m.kind], language: m.language, at: m.at }, [...Object.values(t), m.client, m.place, m.date, m.present, m.works, m.text, ...m.reservations].join(' '), fonts);
	const { text, strong, write, space } = sheet;
	const part = (label: string, value: string) => {
		if (!value) return;
		write(label, 8, text);
		for (const line of value.split('\n')) write(line || ' ', 10, text);
		space(6);
	};
	write(t[m.kind], 18, strong);
	space(4);
	write(t.drawnUp(m.client), 10, text);
	space(10);
	part(t.place, m.place);
	part(t.date, m.date);
	part(t.present, m.present);
	part(t.works[m.kind], m.works);
	part(t.text, m.text);
	part(t.reservations, m.reservations.map((r, i) => `${i + 1}. ${r}`).join('\n'));
	if (m.kind === 'intervention') return { pdf: await sheet.save(), boxes: null };
	const page = sheet.turn();
	const box = (x: number, y: number, width: number, height: number): Box => ({ page, x, y, width, height });
	const choice = (words: string, y: number): Box => {
		sheet.put(words, 82, y + 11, 10, text);
		return box(56, y, 15, 15);
	};
	sheet.put(t.decision, 56, 66, 12, strong);
	sheet.put(t.only, 56, 86, 9, text);
	const boxes: DecisionBoxes = {
		accept: choice(t.accept, 108),
		reserve: choice(t.reserve, 138),
		reservations: Array.from({ length: mostReservations }, (_, i) => box(82, 160 + i * 38, 455, 34)),
		deadline: box(300, 391, 150, 20),
		postpone: choice(t.postpone, 430),
		until: box(300, 427, 150, 20),
		refuse: choice(t.refuse, 464),
		reason: box(82, 486, 455, 80),
		signatures: Array.from({ length: signers }, (_, i) => box(56 + (i % 2) * 248, 620 + Math.floor(i / 2) * 76, 236, 68))
	};
	sheet.put(t.deadline, 82, 404, 10, text);
	sheet.put(t.signatures, 56, 606, 10, strong);
	return { pdf: await sheet.save(), boxes };
}
