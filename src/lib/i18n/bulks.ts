// The words of bulk sending. A missing key is a type error.

import { french, typeset } from './french.ts';
import { sentence } from './reasons.ts';

const fr = {
	bulks: 'Envois groupés',
	lead: 'Un modèle et un fichier CSV : chaque ligne devient une enveloppe, envoyée en votre nom.',
	none: 'Aucun envoi groupé. Ouvrez un modèle, puis choisissez « Envoyer à partir d’un fichier ».',
	toTemplates: 'Voir les modèles',
	fromFile: 'Envoyer à partir d’un fichier',
	how: 'Une ligne par enveloppe. Le fichier est d’abord contrôlé : rien ne part et aucun crédit n’est réservé avant que vous le confirmiez.',
	columns: 'Colonnes du fichier',
	needed: 'à remplir',
	free: 'facultatif',
	always: 'Déjà dit par le modèle :',
	getModel: 'Télécharger le fichier modèle',
	limits: 'Un CSV en UTF-8, avec « ; », « , » ou une tabulation entre les colonnes, 1 000 lignes et 2 Mo au plus. Un mobile qui n’est pas français s’écrit avec son indicatif (+32…), une date comme 31/12/2001, une langue fr ou en.',
	chooseFile: 'Fichier CSV',
	check: 'Contrôler le fichier',
	file: 'Fichier',
	template: 'Modèle',
	lines: 'Lignes',
	state: 'État',
	created: 'Déposé le',
	started: 'Lancé le',
	sender: 'Au nom de',
	states: { checked: 'à confirmer', running: 'en cours', paused: 'suspendu', cancelled: 'annulé', ended: 'terminé' },
	lineStates: { waiting: 'en attente', sent: 'envoyée', failed: 'en échec', cancelled: 'annulée' },
	line: 'Ligne',
	label: 'Pour',
	reference: 'Votre référence',
	column: 'Colonne',
	value: 'Ce qui est écrit',
	why: 'Pourquoi',
	fine: 'prête',
	envelope: 'Enveloppe',
	draftLeft: 'Voir le brouillon',
	allGood: (n: number) => (n === 1 ? 'La ligne peut partir.' : `Les ${n} lignes peuvent partir.`),
	someWrong: (wrong: number, all: number) => (wrong === 1 ? `Une ligne sur ${all} ne peut pas partir telle quelle : rien ne sera envoyé avant qu’elle soit corrigée.` : `${wrong} lignes sur ${all} ne peuvent pas partir telles quelles : rien ne sera envoyé avant qu’elles soient corrigées.`),
	someWarned: (n: number) => (n === 1 ? 'Une ligne est à regarder de plus près ; elle peut partir.' : `${n} lignes sont à regarder de plus près ; elles peuvent partir.`),
	nothingYet: 'Rien n’est parti. Sans confirmation dans la journée, ce contrôle est oublié avec ce qu’il contient.',
	mend: 'Redéposer un fichier corrigé',
	getErrors: 'Télécharger les erreurs (CSV)',
	short: 'Les lignes sans crédit échoueront ; vous pourrez les réessayer une fois les crédits achetés.',
	send: (n: number) => (n === 1 ? 'Envoyer une enveloppe' : `Envoyer ${n} enveloppes`),
	forget: 'Ne pas envoyer',
	progress: (sent: number, all: number) => `${sent} ${sent > 1 ? 'enveloppes envoyées' : 'enveloppe envoyée'} sur ${all}`,
	waitingN: (n: number) => `${n} en attente`,
	failedN: (n: number) => `${n} en échec`,
	cancelledN: (n: number) => (n > 1 ? `${n} annulées` : '1 annulée'),
	background: 'L’envoi se poursuit si vous fermez cette page.',
	pause: 'Suspendre',
	paused: 'Rien de plus ne part. Ce qui est déjà envoyé suit son cours.',
	resume: 'Reprendre l’envoi',
	retry: (n: number) => (n === 1 ? 'Réessayer la ligne en échec' : `Réessayer les ${n} lignes en échec`),
	inYourName: 'L’envoi se fait en votre nom, avec vos droits au moment où chaque ligne part.',
	cancel: 'Annuler ce qui n’est pas envoyé',
	cancelWhy: 'Les lignes en attente et en échec ne partiront pas. Les enveloppes déjà envoyées ne changent pas : chacune s’annule sur sa page.',
	again: (why: string) => `Nouvel essai bientôt : ${why}`,
	pageOf: (page: number, pages: number) => `Page ${page} sur ${pages}`
};

type Words = typeof fr;

const en: Words = {
	bulks: 'Bulk sends',
	lead: 'A template and a CSV file: each line becomes an envelope, sent in your name.',
	none: 'No bulk send. Open a template, then choose “Send from a file”.',
	toTemplates: 'See the templates',
	fromFile: 'Send from a file',
	how: 'One line for each envelope. The file is checked first: nothing leaves and no credit is held before you confirm it.',
	columns: 'Columns of the file',
	needed: 'to fill in',
	free: 'optional',
	always: 'Said by the template already:',
	getModel: 'Download the model file',
	limits: 'A CSV in UTF-8, with “;”, “,” or a tab between the columns, at most 1,000 lines and 2 MB. A mobile number that is not French is written with its country code (+32…), a date like 31/12/2001, a language fr or en.',
	chooseFile: 'CSV file',
	check: 'Check the file',
	file: 'File',
	template: 'Template',
	lines: 'Lines',
	state: 'State',
	created: 'Handed in on',
	started: 'Started on',
	sender: 'In the name of',
	states: { checked: 'to be confirmed', running: 'under way', paused: 'paused', cancelled: 'cancelled', ended: 'ended' },
	lineStates: { waiting: 'waiting', sent: 'sent', failed: 'failed', cancelled: 'cancelled' },
	line: 'Line',
	label: 'For',
	reference: 'Your reference',
	column: 'Column',
	value: 'What it says',
	why: 'Why',
	fine: 'ready',
	envelope: 'Envelope',
	draftLeft: 'See the draft',
	allGood: (n: number) => (n === 1 ? 'The line can be sent.' : `The ${n} lines can be sent.`),
	someWrong: (wrong: number, all: number) => (wrong === 1 ? `One line of ${all} cannot be sent as it is: nothing will be sent before it is mended.` : `${wrong} lines of ${all} cannot be sent as they are: nothing will be sent before they are mended.`),
	someWarned: (n: number) => (n === 1 ? 'One line should be looked at twice; it can be sent.' : `${n} lines should be looked at twice; they can be sent.`),
	nothingYet: 'Nothing has left. Unless confirmed within the day, this check is forgotten with all that it contains.',
	mend: 'Hand in a mended file',
	getErrors: 'Download the errors (CSV)',
	short: 'Lines without a credit will fail; you can try them again once credits are bought.',
	send: (n: number) => (n === 1 ? 'Send one envelope' : `Send ${n} envelopes`),
	forget: 'Do not send',
	progress: (sent: number, all: number) => `${sent} of ${all} ${all > 1 ? 'envelopes' : 'envelope'} sent`,
	waitingN: (n: number) => `${n} waiting`,
	failedN: (n: number) => `${n} failed`,
	cancelledN: (n: number) => `${n} cancelled`,
	background: 'Sending goes on if you close this page.',
	pause: 'Pause',
	paused: 'Nothing more leaves. What was sent already goes its way.',
	resume: 'Go on sending',
	retry: (n: number) => (n === 1 ? 'Try the failed line again' : `Try the ${n} failed lines again`),
	inYourName: 'It is sent in your name, with your rights at the moment each line leaves.',
	cancel: 'Cancel what is not sent',
	cancelWhy: 'Lines that wait or have failed will not be sent. Envelopes already sent do not change: each is cancelled on its own page.',
	again: (why: string) => `Tried again soon: ${why}`,
	pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];

const problems: Readonly<Record<'fr' | 'en', Readonly<Record<string, string>>>> = {
	fr: {
		needed: 'À remplir.',
		cells: 'Cette ligne a une cellule de trop : il y a plus de valeurs que de colonnes, ou une colonne n’a pas de nom.',
		'same-contact': 'Deux personnes de cette ligne ont la même adresse ou le même numéro.',
		'number-malformed': 'Ce numéro n’est pas valable.',
		'number-not-mobile': 'Ce numéro n’est pas celui d’un mobile : le code n’y arriverait pas.',
		'number-country': 'Aucun code n’est envoyé vers le pays de ce numéro.',
		'no-credit': 'Il ne reste pas assez de crédits de signature.',
		'client-not-verified': 'L’exploitant n’a pas encore vérifié votre organisation.',
		'no-member': 'La personne au nom de qui l’envoi se faisait n’est plus membre de l’organisation.',
		'right-missing': 'La personne au nom de qui l’envoi se faisait n’a plus le droit d’envoyer depuis ce coffre-fort.',
		safe: 'La personne au nom de qui l’envoi se faisait n’a plus accès à ce coffre-fort.',
		'acts-unconfirmed': 'L’avertissement sur les actes exclus a changé : relisez-le, puis réessayez.'
	},
	en: {
		needed: 'To be filled in.',
		cells: 'This line has a cell too many: there are more values than columns, or a column has no name.',
		'same-contact': 'Two people of this line have the same address or number.',
		'number-malformed': 'This number is not valid.',
		'number-not-mobile': 'This number is not a mobile’s: the code would not arrive.',
		'number-country': 'No codes are sent to the country of this number.',
		'no-credit': 'There are not enough signature credits left.',
		'client-not-verified': 'The operator has not verified your organisation yet.',
		'no-member': 'The person in whose name it was sent is no member of the organisation any more.',
		'right-missing': 'The person in whose name it was sent may not send from this safe any more.',
		safe: 'The person in whose name it was sent has no access to this safe any more.',
		'acts-unconfirmed': 'The warning on excluded acts has changed: read it again, then retry.'
	}
};

/** What a cell of a kind must be, where it is not. */
const shapes: Readonly<Record<'fr' | 'en', Readonly<Record<string, string>>>> = {
	fr: { name: 'Un nom a 200 caractères au plus, sur une ligne.', email: 'Cette adresse n’est pas valable.', number: 'Ce numéro n’est pas valable.', locale: 'Une langue est fr ou en.', surname: 'Un nom a 100 caractères au plus, sur une ligne.', givenNames: 'Des prénoms ont 100 caractères au plus, sur une ligne.', birthDate: 'Une date s’écrit 31/12/2001 ou 2001-12-31.', title: 'Un titre a 200 caractères au plus, sur une ligne.', days: 'Un délai est un nombre de jours de 1 à 365.', reference: 'Une référence a 80 caractères au plus, sur une ligne.' },
	en: { name: 'A name has at most 200 characters, on one line.', email: 'This address is not valid.', number: 'This number is not valid.', locale: 'A language is fr or en.', surname: 'A surname has at most 100 characters, on one line.', givenNames: 'Given names have at most 100 characters, on one line.', birthDate: 'A date is written 31/12/2001 or 2001-12-31.', title: 'A title has at most 200 characters, on one line.', days: 'The days to sign are a number from 1 to 365.', reference: 'A reference has at most 80 characters, on one line.' }
};

/** Why a line, or a cell of that kind, cannot be sent. */
export function problem(locale: 'fr' | 'en', reason: string, kind = ''): string {
	const own = reason === 'shape' ? shapes[locale][kind] : problems[locale][reason];
	return own === undefined ? sentence(locale, reason) : locale === 'fr' ? typeset(own) : own;
}

/** What a line should be looked at twice for. */
export function warning(locale: 'fr' | 'en', { reason, line = 0 }: { readonly reason: string; readonly line?: number }): string {
	const said: Readonly<Record<string, readonly [fr: string, en: string]>> = {
		duplicate: [`Les mêmes personnes pour le même titre qu’à la ligne ${line}.`, `The same people for the same title as on line ${line}.`],
		'number-shared': [`Le même mobile qu’à la ligne ${line}, pour une autre adresse.`, `The same mobile as on line ${line}, for another address.`],
		shared: ['Deux personnes de cette ligne ont la même adresse ou le même mobile : ce que l’une détient prouve moins. En lançant l’envoi, vous le confirmez.', 'Two people of this line have the same address or mobile: what one holds proves less. By starting you confirm it.'],
		'own-contact': ['Votre propre adresse ou votre mobile est dans cette ligne. En lançant l’envoi, vous le confirmez.', 'Your own address or mobile is on this line. By starting you confirm it.']
	};
	const [french, english] = said[reason] ?? [reason, reason];
	return locale === 'fr' ? typeset(french) : english;
}
