// The words of flat copies. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	offer: 'On peut en faire une copie à plat : un PDF de ce qui se voit, sans rien de caché ni d’actif. Vous la relisez avant que quiconque la signe ; l’original reste dans le coffre-fort.',
	make: 'Faire une copie à plat',
	title: 'Copie à plat',
	of: 'Original',
	waiting: 'La copie se fait (quelques secondes, deux minutes au plus). Vous pouvez fermer cette page et y revenir.',
	look: 'Relisez chaque page : c’est cette copie qui sera signée, pas l’original.',
	approve: 'Elle est fidèle : la faire signer',
	refuse: 'Elle n’est pas fidèle',
	reached: (n: number, of: number) => `Pages vues : ${n} sur ${of}.`,
	refuseWhy: 'Dite infidèle, elle ne pourra pas être signée. Elle reste dans le coffre-fort ; l’original aussi.',
	approved: 'Cette copie est approuvée.',
	refused: 'Cette copie a été refusée : elle ne peut pas être signée. Corrigez l’original, déposez-le de nouveau, et demandez une autre copie.',
	send: 'Faire signer',
	original: 'Télécharger l’original',
	download: 'Télécharger la copie',
	loading: 'Les pages arrivent…',
	failures: {
		unknown: 'Ce fichier n’est ni un document de texte (DOCX, ODT, DOC, RTF), ni une image, ni un PDF. Enregistrez-le en PDF, puis déposez-le.',
		password: 'Ce fichier demande un mot de passe. Enlevez-le, puis déposez-le de nouveau.',
		damaged: 'Ce fichier ne se lit pas jusqu’au bout : il est abîmé, ou vide. Ouvrez-le sur votre ordinateur, enregistrez-le en PDF, puis déposez-le.',
		'too-long': 'Sa conversion a dépassé deux minutes. Enregistrez-le en PDF, ou en plusieurs fichiers plus courts.',
		'too-large': 'La copie dépasserait 64 Mo. Découpez le document, ou réduisez ses images.',
		unfit: 'La copie faite ne pourrait pas non plus être signée. Enregistrez le document en PDF, puis déposez-le.',
		missing: 'Cette instance n’a pas de quoi convertir ce type de fichier : demandez-le à l’exploitant, ou enregistrez-le en PDF.'
	},
	safe: 'Rien n’est perdu : l’original est toujours dans le coffre-fort.'
};
type Words = typeof fr;
const en: Words = {
	offer: 'A flat copy can be made of it: a PDF of what is seen, with nothing hidden or active. You read it before anyone signs it; the original stays in the safe.',
	make: 'Make a flat copy',
	title: 'Flat copy',
	of: 'Original',
	waiting: 'The copy is being made (a few seconds, two minutes at most). You may close this page and come back.',
	look: 'Read every page: it is this copy that will be signed, not the original.',
	approve: 'It is faithful: send it for signature',
	refuse: 'It is not faithful',
	reached: (n, of) => `Pages seen: ${n} of ${of}.`,
	refuseWhy: 'Called unfaithful, it cannot be signed. It stays in the safe; so does the original.',
	approved: 'This copy is approved.',
	refused: 'This copy was refused: it cannot be signed. Correct the original, deposit it again, and ask for another copy.',
	send: 'Send for signature',
	original: 'Download the original',
	download: 'Download the copy',
	loading: 'The pages are coming…',
	failures: {
		unknown: 'This file is neither a text document (DOCX, ODT, DOC, RTF), nor a picture, nor a PDF. Save it as a PDF, then deposit that.',
		password: 'This file asks for a password. Take it off, then deposit it again.',
		damaged: 'This file cannot be read to its end: it is damaged, or empty. Open it on your computer, save it as a PDF, then deposit that.',
		'too-long': 'Its conversion took more than two minutes. Save it as a PDF, or as several shorter files.',
		'too-large': 'The copy would exceed 64 MB. Split the document, or reduce its pictures.',
		unfit: 'The copy could not be signed either. Save the document as a PDF, then deposit that.',
		missing: 'This instance has nothing to convert this kind of file with: ask the operator for it, or save it as a PDF.'
	},
	safe: 'Nothing is lost: the original is still in the safe.'
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
