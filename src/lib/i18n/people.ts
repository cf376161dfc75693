// The sender's words about the people of an envelope: what they asked, contacts that two share. French, English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	requests: 'Demandes des signataires',
	paper: (name: string) => `${name} demande une version papier`,
	question: (name: string) => `${name} pose une question`,
	noWords: 'Sans autre précision.',
	waits: 'attend votre réponse',
	answered: (date: string) => `répondue le ${date}`,
	settled: (date: string) => `classée le ${date}`,
	answer: 'Votre réponse, envoyée par e-mail',
	sendAnswer: 'Répondre et classer',
	settle: 'Classer sans répondre ici',
	settleWhy: 'Si vous avez répondu autrement : par e-mail, par courrier, de vive voix.',
	yourAnswer: 'Votre réponse',
	quiet: 'ne veut plus de rappels',
	sharing: 'Coordonnées partagées',
	sharingWhy: 'Qui partage une adresse ou un numéro avec un autre peut recevoir ce qui lui est destiné : la signature prouve moins bien de qui elle vient. Le dossier de preuve le dira.',
	sharedEmail: (value: string, names: string) => `Adresse ${value} : ${names}`,
	sharedNumber: (value: string, names: string) => `Mobile ${value} : ${names}`,
	you: 'expéditeur',
	sharingConfirm: 'Je sais que ces coordonnées sont partagées, et j’envoie quand même.',
	correctShared: 'Cette adresse ou ce numéro sert aussi à un autre de l’enveloppe, ou à l’expéditeur : je le sais.',
	delegateShared: 'Cette adresse ou ce numéro sert aussi à une autre personne de ce document, ou à l’expéditeur : je le sais, et l’expéditeur sera prévenu.',
	numberShared: 'Ce numéro est bien le mien, et une autre personne de ce document, ou l’expéditeur, l’a aussi.',
	ownNumber: 'Votre mobile',
	ownNumberWhy: 'Il sert seulement à vous avertir si vous donnez le même à un signataire. Laissez vide pour l’effacer.',
	ownNumberSave: 'Enregistrer le numéro'
};
type Words = typeof fr;

const en: Words = {
	requests: 'Requests from signers',
	paper: (name) => `${name} asks for a paper version`,
	question: (name) => `${name} asks a question`,
	noWords: 'Nothing more was said.',
	waits: 'waits for your answer',
	answered: (date) => `answered on ${date}`,
	settled: (date) => `settled on ${date}`,
	answer: 'Your answer, sent by e-mail',
	sendAnswer: 'Answer and settle',
	settle: 'Settle without answering here',
	settleWhy: 'If you answered otherwise: by e-mail, by post, in person.',
	yourAnswer: 'Your answer',
	quiet: 'wants no more reminders',
	sharing: 'Shared contacts',
	sharingWhy: 'Who shares an address or a number with another can receive what is meant for them: the signature proves less well whose it is. The evidence file will say so.',
	sharedEmail: (value, names) => `Address ${value}: ${names}`,
	sharedNumber: (value, names) => `Mobile ${value}: ${names}`,
	you: 'sender',
	sharingConfirm: 'I know that these contacts are shared, and send all the same.',
	correctShared: 'This address or number also serves another of the envelope, or the sender: I know.',
	delegateShared: 'This address or number also serves another person of this document, or the sender: I know, and the sender will be told.',
	numberShared: 'This number is mine, and another person of this document, or the sender, has it too.',
	ownNumber: 'Your mobile',
	ownNumberWhy: 'It serves only to warn you when you give a signer the same. Leave it empty to erase it.',
	ownNumberSave: 'Save the number'
};
const dictionaries = { fr: french(fr), en };

export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
