// Words of minutes drawn up on the spot, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	title: 'Procès-verbal sur place',
	link: 'Dresser un procès-verbal',
	why: 'Ce que vous saisissez devient un PDF, déposé dans ce coffre-fort, puis signé par les personnes ci-dessous.',
	kind: 'Nature',
	kinds: { intervention: 'Procès-verbal d’intervention', acceptance: 'Procès-verbal de réception de travaux' },
	acceptanceWhy: 'Au moment de signer, le maître de l’ouvrage choisit : accepter, accepter avec réserves, reporter ou refuser (article 1792-6 du code civil). Son choix est écrit sur le document et entre dans ce qu’il signe.',
	place: 'Lieu',
	date: 'Date',
	present: 'Personnes présentes (facultatif)',
	works: 'Travaux à réceptionner',
	intervention: 'Intervention',
	text: 'Observations (facultatif)',
	reservations: 'Réserves déjà relevées (facultatif)',
	reservationsHint: 'Une par ligne.',
	reservationsAcceptance: 'Une par ligne. Celles du maître de l’ouvrage, il les saisit lui-même en signant.',
	client: 'Client, ou maître de l’ouvrage',
	contractor: 'Seconde personne qui signe : l’entreprise, par exemple (facultatif)',
	draw: 'Établir le document',
	drawWhy: 'Rien ne part encore : vous relisez, vous envoyez, puis vous remettez l’appareil.',
	decision: 'Votre décision sur la réception',
	choices: { accept: 'J’accepte, sans réserve', reserve: 'J’accepte, avec réserves', postpone: 'Je reporte la réception', refuse: 'Je refuse la réception' },
	reservation: (n: number) => `Réserve ${n}`,
	deadline: 'À lever au plus tard le',
	until: 'Réception reportée au',
	reason: 'Motif du refus'
};

type Words = typeof fr;
const en: Words = {
	title: 'Minutes on the spot',
	link: 'Draw up minutes',
	why: 'What you enter becomes a PDF, deposited in this safe, then signed by the people below.',
	kind: 'Kind',
	kinds: { intervention: 'Intervention report', acceptance: 'Acceptance minutes of works' },
	acceptanceWhy: 'When signing, the client of the works chooses: accept, accept with reservations, postpone or refuse (article 1792-6 of the French civil code). The choice is written on the document and is part of what they sign.',
	place: 'Place',
	date: 'Date',
	present: 'People present (optional)',
	works: 'Works to accept',
	intervention: 'Intervention',
	text: 'Remarks (optional)',
	reservations: 'Reservations noted already (optional)',
	reservationsHint: 'One a line.',
	reservationsAcceptance: 'One a line. The client of the works types their own when signing.',
	client: 'Client, or client of the works',
	contractor: 'Second person who signs: the contractor, for instance (optional)',
	draw: 'Draw up the document',
	drawWhy: 'Nothing goes out yet: you look again, you send, then you hand over the device.',
	decision: 'Your decision on the acceptance',
	choices: { accept: 'I accept, without reservations', reserve: 'I accept, with reservations', postpone: 'I postpone the acceptance', refuse: 'I refuse the works' },
	reservation: (n) => `Reservation ${n}`,
	deadline: 'To be lifted by',
	until: 'Acceptance postponed to',
	reason: 'Reason for refusing'
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
