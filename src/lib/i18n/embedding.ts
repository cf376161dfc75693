// Words of signing inside another site's page, French and English. A missing key is a type error.

import { french } from './french.ts';

const fr = {
	title: 'Sites où la signature peut s’afficher',
	why: 'Une page de signature ne s’affiche dans le cadre d’un autre site que si son origine exacte est ici. Partout ailleurs, le navigateur refuse de l’encadrer, pour que personne ne fasse cliquer un signataire à travers une page posée dessus. Un site que vous permettez peut, lui, poser quelque chose par-dessus : ne permettez que ceux en qui vous avez confiance.',
	none: 'Aucun site n’est permis : rien ne s’affiche ailleurs qu’ici.',
	origin: 'Origine du site',
	originHint: 'https seulement, sans chemin : https://www.example.fr',
	allow: 'Permettre ce site',
	added: (by: string, on: string) => `ajouté par ${by} le ${on}`,
	remove: 'Ne plus permettre',
	removeWhy: 'Les adresses et les sessions de signature affichées sur ce site cessent de valoir aussitôt.',
	make: 'Faire une adresse à intégrer',
	makeFor: (name: string) => `Intégrer la signature de ${name}`,
	makeWhy: 'L’adresse vaut dix minutes, une seule fois, et seulement dans le site choisi. Qui l’ouvre peut lire le document : donnez-la à votre site au moment d’afficher la page, jamais par e-mail.',
	made: 'Voici l’adresse. Elle n’est affichée qu’une fois.',
	address: 'Adresse',
	snippet: 'Cadre à mettre dans la page',
	messages: 'Votre page reçoit par postMessage, de cette instance : { type: "probant", state } où state vaut loaded, signed, declined ou closed. Aucune donnée personnelle n’y figure. Vérifiez l’origine du message.',
	camera: 'Au niveau 2, la pièce d’identité se photographie dans le cadre : il faut allow="camera", comme ci-dessus.',
	site: 'Site',
	noneYet: 'Aucun site n’est encore permis. Un administrateur en ajoute ici :',
	embedIn: 'Intégrer dans un autre site',
	shownIn: (origin: string) => `Cette page s’affiche dans ${origin}. Son adresse ne sert qu’une fois.`
};

type Words = typeof fr;
const en: Words = {
	title: 'Sites that may show the signing page',
	why: 'A signing page shows in a frame of another site only if its exact origin is here. Everywhere else the browser refuses to frame it, so that nobody makes a signer click through a page laid over it. A site that you allow can lay something over it: allow only those you trust.',
	none: 'No site is allowed: nothing shows anywhere but here.',
	origin: 'Origin of the site',
	originHint: 'https only, without a path: https://www.example.com',
	allow: 'Allow this site',
	added: (by, on) => `added by ${by} on ${on}`,
	remove: 'Allow no more',
	removeWhy: 'Addresses and signing sessions shown on that site stop working at once.',
	make: 'Make an address to embed',
	makeFor: (name) => `Embed the signature of ${name}`,
	makeWhy: 'The address is good for ten minutes, once, and only inside the site chosen. Whoever opens it can read the document: give it to your site at the moment the page is shown, never by e-mail.',
	made: 'Here is the address. It is shown only once.',
	address: 'Address',
	snippet: 'Frame to put into the page',
	messages: 'Your page gets by postMessage, from this instance: { type: "probant", state } where state is loaded, signed, declined or closed. No personal data is in it. Check the origin of the message.',
	camera: 'At level 2 the identity document is photographed inside the frame: it takes allow="camera", as above.',
	site: 'Site',
	noneYet: 'No site is allowed yet. An administrator adds them here:',
	embedIn: 'Embed in another site',
	shownIn: (origin) => `This page is shown in ${origin}. Its address is good once.`
};

const dictionaries: Readonly<Record<'fr' | 'en', Words>> = { fr: french(fr), en };
export const words = (locale: 'fr' | 'en'): Words => dictionaries[locale];
