// The attestation for people: a page or two in the signer's language. What the signature is worth is said as REQUIREMENTS SIGN-2 and SIGN-3 have it, and never more.

import { utf8 } from '#crypto/bytes.ts';
import { typeset } from '#lib/i18n/french.ts';
import { worth } from '#lib/i18n/way.ts';
import type { Sheet } from '../evidence/author.ts';
import type { Attestation } from './attestation.ts';

const time = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

const fr = {
	title: (reference: string) => `Attestation de signature ${reference}`,
	lead: (a: Attestation) => `${a.signer.name} a signé « ${a.envelope.title} », à la demande de ${a.envelope.sender}.`,
	who: 'Signataire',
	declared: (sender: string, procedure: string | null) => (procedure === null ? `identité déclarée par ${sender}` : `identité déclarée et établie par ${sender} selon sa procédure, version ${procedure}`),
	what: 'Document',
	when: 'Signé le',
	how: 'Authentification',
	code: (number: string, given: boolean, sender: string) => `code à usage unique par SMS au ${number}, numéro ${given ? `donné par ${sender}` : 'saisi par le signataire'}`,
	here: 'en personne, sur l’appareil du demandeur',
	drawn: 'signature manuscrite numérisée, sans code : classe inférieure au niveau 1',
	checked: (given: string, surname: string, at: string) => `copie d’une pièce d’identité au nom de ${given} ${surname}, contrôlée à distance et acceptée par un agent d’enregistrement le ${at}`,
	certificate: 'Certificat du signataire, numéro de série',
	handed: 'Délégation',
	handedFrom: (from: string, at: string) => `de ${from}, le ${at}`,
	consent: (version: string) => `Consentement, texte ${version}`,
	pages: 'Pages atteintes, selon le navigateur du signataire',
	worth: 'Ce que vaut cette signature',
	others: 'Autres participants',
	reference: 'Référence, la même à l’écran, dans le SMS et sur les marques',
	digests: 'Empreintes SHA-256',
	read: 'Version lue',
	signed: 'Version que cette signature a faite',
	last: 'Dernière version, remise à tous',
	log: 'Journal',
	places: 'Rang du code ou du tracé accepté et de la signature scellée',
	checkpoint: 'Point de contrôle',
	key: 'Clé du journal',
	verify: 'Vérifier sans nous',
	verifyHow: (origin: string) => `Le PDF signé et cette attestation : ${origin}/verify (dans le navigateur, sans envoi), pdfsig, openssl. attestation.json, joint à ce PDF, porte les événements de cette signature et leur preuve d’inclusion jusqu’au point de contrôle.`,
	root: 'Racine de certification, SHA-256',
	foot: 'Attestation établie par la machine, scellée par le cachet de l’instance et horodatée. Le dossier de preuve complet est gardé par le demandeur. Des autres participants, elle ne dit que le nom.'
};
type Words = typeof fr;
const en: Words = {
	title: (reference) => `Attestation of signature ${reference}`,
	lead: (a) => `${a.signer.name} signed “${a.envelope.title}”, as asked by ${a.envelope.sender}.`,
	who: 'Signer',
	declared: (sender, procedure) => (procedure === null ? `identity declared by ${sender}` : `identity declared and established by ${sender} after its procedure, version ${procedure}`),
	what: 'Document',
	when: 'Signed on',
	how: 'Authentication',
	code: (number, given, sender) => `one-time code by SMS to ${number}, a number ${given ? `given by ${sender}` : 'entered by the signer'}`,
	here: 'in person, on the sender’s device',
	drawn: 'digitised handwritten signature, no code: a class below level 1',
	checked: (given, surname, at) => `a copy of an identity document in the name of ${given} ${surname}, checked remotely and accepted by a registration officer on ${at}`,
	certificate: 'Signer’s certificate, serial number',
	handed: 'Delegation',
	handedFrom: (from, at) => `from ${from}, on ${at}`,
	consent: (version) => `Consent, text ${version}`,
	pages: 'Pages reached, as the signer’s browser reported',
	worth: 'What this signature is worth',
	others: 'Others who took part',
	reference: 'Reference, the same on screen, in the SMS and on the marks',
	digests: 'SHA-256 digests',
	read: 'Version read',
	signed: 'Version that this signature made',
	last: 'Last version, given to everyone',
	log: 'Log',
	places: 'Place of the accepted code or drawing and of the sealed signature',
	checkpoint: 'Checkpoint',
	key: 'Log key',
	verify: 'Checking without us',
	verifyHow: (origin) => `The signed PDF and this attestation: ${origin}/verify (in the browser, nothing is sent), pdfsig, openssl. attestation.json, attached to this PDF, holds the events of this signature and their proofs of inclusion up to the checkpoint.`,
	root: 'Root certificate, SHA-256',
	foot: 'Made by the machine, sealed by the instance’s seal and timestamped. The whole evidence file is kept by the sender. Of the others who took part it says the name alone.'
};

const words: Readonly<Record<'fr' | 'en', Words>> = { fr, en };

/** The sheet to be sealed, with the data attached as JSON. */
export function attestationSheet(a: Attestation, language: 'fr' | 'en', at: Date): Sheet {
	const t = words[language];
	const say = (text: string) => (language === 'fr' ? typeset(text) : text);
	const { signer: s, envelope: e, document: d, log } = a;
	const row = (label: string, value: string) => [say(label), say(value)] as const;
	const plain = (label: string, value: string) => [say(label), value] as const;
	const how = [...(s.identity ? [t.checked(s.identity.givenNames, s.identity.surname, time(s.identity.acceptedAt))] : []), s.level === 0 ? t.drawn : t.code(s.number, s.numberSource === 'client', e.sender), ...(s.inPerson ? [t.here] : [])].join(' ; ');
	return {
		title: say(t.title(e.reference)),
		lead: say(t.lead(a)),
		rows: [
			row(t.who, `${s.name}, ${t.declared(e.sender, s.by.way === 'own-name' ? a.procedure : null)}`),
			...s.delegations.map((by) => row(t.handed, t.handedFrom(by.from, time(by.at)))),
			plain(t.what, `${e.title} (${d.name})`),
			plain(t.when, time(s.signedAt)),
			row(t.how, how),
			...(s.by.certificate ? [plain(t.certificate, `${s.by.certificate}${s.by.service ? `, ${s.by.service}` : ''}`)] : []),
			...(s.consent ? [row(t.consent(s.consent.version), language === 'fr' ? `${time(s.consent.at)} : « ${s.consent.text} »` : `${time(s.consent.at)}: “${s.consent.text}”`)] : []),
			plain(t.pages, String(s.pagesReached)),
			plain(t.worth, worth(language, s.by, a.procedure)),
			...(a.others.length ? [plain(t.others, a.others.join(', '))] : []),
			plain(t.reference, e.reference)
		],
		sections: [
			{ heading: say(t.digests), rows: [plain(t.read, s.signed.shown), plain(t.signed, s.signed.sha256), plain(t.last, d.last)] },
			{ heading: say(t.log), rows: [plain(t.places, `${a.places.sign}, ${a.places.seal}`), plain(t.key, log.verifier), plain(t.checkpoint, log.checkpoint.trim().split('\n').slice(0, 3).join(' · '))] },
			{ heading: say(t.verify), rows: [[say(t.verify), say(t.verifyHow(a.instance.origin))], plain(t.root, a.instance.root)] }
		],
		foot: say(t.foot),
		language,
		at,
		attachment: { name: 'attestation.json', type: 'application/json', content: utf8(`${JSON.stringify(a, null, '\t')}\n`), about: 'Attestation as data (probant/attestation/v1)' }
	};
}
