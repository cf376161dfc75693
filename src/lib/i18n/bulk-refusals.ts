// Why a bulk or its file is refused: what happened, what is safe, what to do. The page says beside it which column or row.

const fr: Readonly<Record<string, string>> = {
	'bulk-encoding': 'Ce fichier n’est pas en UTF-8 : ses accents seraient faux. Dans Excel, enregistrez-le sous « CSV UTF-8 (délimité par des virgules) » ; rien n’a été gardé.',
	'bulk-quotes': 'Un guillemet ouvert ou fermé de travers empêche de lire ce fichier. Corrigez-le, puis redéposez-le.',
	'bulk-empty': 'Ce fichier n’a aucune ligne sous son en-tête.',
	'bulk-lines': 'Un envoi groupé compte 1 000 lignes au plus : partagez ce fichier.',
	'bulk-file': 'Ce fichier dépasse 2 Mo : partagez-le.',
	'bulk-column-unknown': 'Une colonne n’est pas de ce modèle : renommez-la comme dans le fichier modèle, ou supprimez-la.',
	'bulk-column-twice': 'Une colonne est là deux fois.',
	'bulk-column-missing': 'Il manque une colonne : reprenez l’en-tête du fichier modèle.',
	'bulk-wrong': 'Des lignes ne peuvent pas partir : rien n’est envoyé. Corrigez le fichier, puis redéposez-le.',
	'bulk-state': 'Cet envoi groupé a changé entre-temps. Rechargez la page.',
	'bulk-not-verified': 'L’exploitant n’a pas encore vérifié votre organisation : rien n’est parti. Revenez quand ce sera fait.',
	'bulk-fault': 'L’envoi de cette ligne n’a pas abouti, pour une raison qui ne vient pas d’elle. Rien n’est perdu : réessayez.',
	bulk: 'Cet envoi groupé n’existe pas, n’est pas à vous, ou n’a pas été lancé dans la journée.'
};

const en: { readonly [K in keyof typeof fr]: string } = {
	'bulk-encoding': 'This file is not in UTF-8: its accents would be wrong. In Excel, save it as “CSV UTF-8 (Comma delimited)”; nothing was kept.',
	'bulk-quotes': 'A quotation mark that is opened or closed in the wrong place keeps this file from being read. Mend it, then hand it in again.',
	'bulk-empty': 'This file has no line below its header.',
	'bulk-lines': 'A bulk send has at most 1,000 lines: split this file.',
	'bulk-file': 'This file exceeds 2 MB: split it.',
	'bulk-column-unknown': 'A column is not of this template: name it as in the model file, or remove it.',
	'bulk-column-twice': 'A column is there twice.',
	'bulk-column-missing': 'A column is missing: take the header of the model file.',
	'bulk-wrong': 'Some lines cannot be sent: nothing is sent. Mend the file, then hand it in again.',
	'bulk-state': 'This bulk send has changed meanwhile. Reload the page.',
	'bulk-not-verified': 'The operator has not verified your organisation yet: nothing was sent. Come back when that is done.',
	'bulk-fault': 'This line could not be sent, for a reason that is not its own. Nothing is lost: try again.',
	bulk: 'This bulk send does not exist, is not yours, or was not started within the day.'
};

/** The sentence; undefined for another reason. */
export const bulkRefusal = (locale: 'fr' | 'en', reason: string): string | undefined => (locale === 'fr' ? fr : en)[reason];
