// The evidence file for people: about three pages, French first. What a signature is worth is said here as REQUIREMENTS SIGN-2 has it, and never more.

import { worth } from '#lib/i18n/way.ts';
import { utf8 } from '#crypto/bytes.ts';
import type { Sheet } from '../evidence/author.ts';
import type { Dossier, DossierSigner, DossierVersion } from './dossier.ts';
import { capacityRows } from './dossier-capacity.ts';
import { decisionRows } from './dossier-decision.ts';
import { handOverRows } from './dossier-in-person.ts';
import { consumerRows, contractRows } from './dossier-consumer.ts';
import { legalRows } from './dossier-legal.ts';
import { askedRows, sharingRows } from './dossier-people.ts';
import { agreedRows } from './dossier-texts.ts';

type Rows = Sheet['rows'];

const states: Readonly<Record<string, string>> = { completed: 'signée par tous / signed by everyone', declined: 'refusée / declined', cancelled: 'annulée / cancelled', expired: 'expirée / expired' };
const signerStates: Readonly<Record<string, string>> = { waiting: 'pas encore invité / not invited yet', invited: 'invité / invited', opened: 'a ouvert / opened', signing: 'en cours / under way', signed: 'a signé / signed', approved: 'a approuvé / approved', declined: 'a refusé / declined', spared: 'déchargé, un autre du groupe l’a fait / spared, another of the group did it' };
const roles = { signer: 'Signataire', approver: 'Approbateur', copy: 'Copie' } as const;
const deliveries = { delivered: 'remis / delivered', undelivered: 'non remis / not delivered' } as const;
const documents: Readonly<Record<string, string>> = { passport: 'passeport / passport', card: 'carte d’identité / identity card' };
const channels = { mail: 'e-mail', sms: 'SMS' } as const;
const messageStates: Readonly<Record<string, string>> = { waiting: 'en attente / waiting', sent: 'remis au prestataire / taken by the provider', failed: 'échec / failed', dropped: 'sans objet / not sent' };
const time = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

const versionRows = (label: string, v: DossierVersion): Rows => [
	[`${label} – SHA-256`, v.sha256],
	[`${label} – horodatage RFC 3161 / timestamp`, `${time(v.timestamp.time)}, ${v.timestamp.authority} (${v.timestamp.quality === 'internal' ? 'interne : horloge de l’instance / internal' : v.timestamp.quality})`]
];

function signerRows(s: DossierSigner, sender: string, group: readonly string[]): Rows {
	const rows: [string, string][] = [
		['Identité / identity', s.advanced ? `${s.name}, déclarée et établie par ${sender} selon sa procédure / declared and established by ${sender} after its procedure` : `${s.name}, déclarée par ${sender} / declared by ${sender}`],
		...(s.identity ? [[`Pièce d’identité contrôlée / identity document checked`, `${s.identity.givenNames} ${s.identity.surname}, ${documents[s.identity.document] ?? s.identity.document}, ${time(s.identity.acceptedAt)}`] as [string, string]] : []),
		...certificateRows(s),
		['Adresse e-mail / e-mail', s.email],
		...(s.number ? [['Mobile', `${s.number}, ${s.numberSource === 'client' ? `donné par / given by ${sender}` : 'saisi par le signataire / entered by the signer'}`] as [string, string]] : []),
		['État / state', `${signerStates[s.state] ?? s.state}${s.signedAt ? `, ${time(s.signedAt)}` : ''}`]
	];
	if (group.length) rows.push(['Groupe, une personne suffit / group, one suffices', group.join(', ')]);
	rows.push(...handOverRows(s).map(([label, value]): [string, string] => [label, value]));
	for (const o of s.opened) rows.push(['Lien ouvert / link opened', `${time(o.at)}, ${o.address}, ${o.agent}`]);
	rows.push(['Pages atteintes, selon son navigateur / pages reached, as the browser reported', String(s.pagesReached)]);
	if (s.consent) rows.push([`Consentement, texte ${s.consent.version} / consent`, `${time(s.consent.at)} : « ${s.consent.text} »`]);
	rows.push(...[...capacityRows(s.capacity, sender), ...decisionRows(s.decision), ...agreedRows(s.texts), ...consumerRows(s.consumer)].map(([label, value]): [string, string] => [label, value]));
	for (const c of s.codes) rows.push(['Code SMS / code', `${time(c.at)}, ${c.tries} essai(s) / tries`]);
	if (s.approved) rows.push(['Version approuvée / approved version, SHA-256', `${s.approved.shown}, ${time(s.approved.at)}`]);
	if (s.signed) rows.push(['Version lue / read, SHA-256', s.signed.shown], ['Version à laquelle la signature s’ajoute / version signed, SHA-256', s.signed.onto], ['Version signée / signed, SHA-256', s.signed.sha256], ['Signature', s.signed.drawn ? `tracée / drawn, ${s.signed.name}` : s.signed.name]);
	if (s.declineReason !== null) rows.push(['Motif du refus / reason for declining', s.declineReason || '–']);
	for (const [label, value] of askedRows(s.asked)) rows.push([label, value]);
	for (const d of s.delegations) rows.push(['Délégation / delegation', `${d.from} (${d.fromEmail}) → ${d.to} (${d.toEmail}), ${time(d.at)}${d.reason ? `, « ${d.reason} »` : ''}`]);
	for (const m of s.messages) rows.push([`Message ${channels[m.channel]} (${m.kind})`, `${messageStates[m.state] ?? m.state}${m.sentAt ? `, ${time(m.sentAt)}` : ''}${m.reference ? `, ${m.reference}` : ''}${m.delivery && m.deliveredAt ? `, ${deliveries[m.delivery]}, ${time(m.deliveredAt)}` : ''}`]);
	return rows;
}

/** What the signatures of the envelope are worth, each way of signing once, in the order of the least. */
function worthRows(d: Dossier): Rows {
	const procedure = d.legal.procedure?.version ?? null;
	const said = d.signers.filter((s) => s.role === 'signer').sort((x, y) => x.level - y.level).map(({ by }) => `${worth('fr', by, procedure)} / ${worth('en', by, procedure)}`);
	return [...new Set(said)].map((words) => ['Ce que vaut cette signature / what this signature is worth', words] as const);
}

/** By whose certificate, where it is the signer's own. */
const certificateRows = ({ by }: DossierSigner): [string, string][] =>
	by.certificate === null ? [] : [['Certificat au nom du signataire / certificate in the signer’s name', `${by.certificate}${by.service ? `, ${by.service}${by.listed ? ` (${by.listed})` : ''}` : ''}`]];

/** The sheet to be sealed, with the dossier attached as JSON. */
export function dossierSheet(d: Dossier, at: Date): Sheet {
	const { envelope: e, document, signers, log } = d;
	const indices = log.entries.map(({ index }) => index);
	return {
		title: `Dossier de preuve ${e.reference} / Evidence file`,
		lead: `Enveloppe « ${e.title} », demandée par ${e.sender}, ${states[e.state] ?? e.state}. / Envelope requested by ${e.sender}.`,
		rows: [
			['Référence, la même à l’écran, dans le SMS et sur les marques / reference', e.reference],
			['Envoyée / sent', time(e.sentAt)],
			['Close / closed', time(e.closedAt)],
			...sharingRows(d.sharing, (id) => signers.find((s) => s.id === id)?.name ?? id, e.sender),
			...legalRows(d.legal, signers.filter((s) => s.role === 'signer').map((s) => `${s.level === 0 ? 'sans code / no code' : s.level}${s.advanced ? ' (certificat au nom du signataire / certificate in the signer’s name)' : ''}`)),
			...contractRows(d.contract),
			...worthRows(d)
		],
		sections: [
			...(document.parts.length ? [{ heading: 'Pièces, dans l’ordre de priorité / documents, in the order of precedence', rows: document.parts.flatMap((p, i) => [[`${i + 1} · pages ${p.firstPage}–${p.firstPage + p.pages - 1}`, p.name] as const, ['SHA-256', p.sha256] as const]) }] : []),
			{ heading: `Document : ${document.name}`, rows: [...versionRows('Version présentée, figée avant l’envoi / frozen before sending', document.frozen), ...versionRows('Dernière version / last version', document.last)] },
			...signers.map((s) => ({ heading: `${roles[s.role]} ${s.position} : ${s.name}`, rows: signerRows(s, e.sender, s.groupOf ? signers.filter((o) => o.groupOf === s.groupOf).map((o) => o.name) : []) })),
			{
				heading: 'Journal / log',
				rows: [
					['Événements, avec leur preuve d’inclusion dans la pièce jointe / events, with their inclusion proofs attached', `${indices.length} (${Math.min(...indices)} – ${Math.max(...indices)})`],
					['Clé du journal / log key', log.verifier],
					['Point de contrôle / checkpoint', log.checkpoint.trim().split('\n').slice(0, 3).join(' · ')]
				]
			},
			{
				heading: 'Vérifier sans nous / checking without us',
				rows: [
					['Le PDF signé et ce dossier / the signed PDF and this file', `${d.instance.origin}/verify (dans le navigateur, sans envoi / in the browser, nothing is sent), pdfsig, openssl cms -verify, openssl ts -verify`],
					['Racine de certification, SHA-256 / root certificate', d.instance.root],
					['Données / data', 'evidence.json, joint à ce PDF : chaque ligne ci-dessus et, pour chaque événement, l’entrée du journal et son chemin jusqu’au point de contrôle. / attached to this PDF.']
				]
			}
		],
		foot: 'Dossier établi par la machine, scellé par le cachet de l’instance et horodaté. Il contient des données personnelles : réservez-le à qui doit prouver. / Made by the machine, sealed and timestamped. It contains personal data: keep it to those who have to prove.',
		dense: true,
		language: 'fr',
		at,
		attachment: { name: 'evidence.json', type: 'application/json', content: utf8(`${JSON.stringify(d, null, '\t')}\n`), about: 'Evidence as data (probant/evidence/v1)' }
	};
}
