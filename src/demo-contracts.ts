// The demonstration's three contracts: invented parties, ordinary French words.

import type { Deed } from '#lib/server/evidence/author.ts';

interface Contract extends Omit<Deed, 'language' | 'at'> {
	readonly name: string;
}

export const contracts: readonly Contract[] = [
	{
		name: 'Contrat de prestation de services.pdf',
		title: 'Contrat de prestation de services',
		lead: 'Entre la société Atelier Lumen, SARL au capital de 10 000 euros, 12 rue des Acacias, 44000 Nantes, représentée par sa gérante Mme Camille Morel, ci-après « le Client », et M. Hugo Lefèvre, entrepreneur individuel, 3 place du Marché, 35000 Rennes, ci-après « le Prestataire ».',
		articles: [
			['Article 1 – Objet', 'Le Client confie au Prestataire la refonte de son site de vente en ligne : conception des écrans, développement, reprise du catalogue et mise en service. Le cahier des charges du 2 octobre 2026, connu des parties, précise chaque livraison.'],
			['Article 2 – Durée', 'Le contrat prend effet à la date de la dernière signature et s’achève à la réception définitive, au plus tard six mois après. Il n’est pas renouvelé tacitement.'],
			['Article 3 – Prix et paiement', 'Le prix forfaitaire est de 18 400 euros hors taxes : trente pour cent à la signature, quarante pour cent à la livraison de la version d’essai, le solde à la réception. Les factures sont payables à trente jours. Tout retard entraîne des pénalités au taux de trois fois l’intérêt légal et l’indemnité forfaitaire de 40 euros de l’article D. 441-5 du code de commerce.'],
			['Article 4 – Exécution', 'Le Prestataire organise son travail librement et en répond. Il rend compte chaque semaine de l’avancement et signale sans attendre ce qui compromet une échéance. Le Client lui remet les textes, les images et les accès nécessaires dans les dix jours de la signature.'],
			['Article 5 – Réception', 'Le Client dispose de quinze jours ouvrés pour essayer chaque livraison et dire par écrit ce qui n’est pas conforme. Passé ce délai, la livraison est réputée reçue. Les non-conformités sont corrigées sans frais dans un délai raisonnable.'],
			['Article 6 – Propriété', 'Les droits de reproduction, de représentation et d’adaptation des livrables sont cédés au Client à mesure du paiement, pour le monde entier et la durée légale des droits d’auteur. Les composants libres restent soumis à leurs licences, dont la liste est annexée.'],
			['Article 7 – Confidentialité et données', 'Chaque partie garde secrètes les informations de l’autre pendant le contrat et trois ans après. Lorsque le Prestataire traite des données personnelles pour le Client, il le fait sur ses instructions, dans les conditions de l’article 28 du règlement (UE) 2016/679.'],
			['Article 8 – Responsabilité et fin', 'La responsabilité du Prestataire est limitée au prix du contrat, sauf faute lourde ou dolosive. Chaque partie peut résoudre le contrat trente jours après une mise en demeure restée sans effet. Le droit français s’applique ; les tribunaux de Nantes sont compétents.']
		]
	},
	{
		name: 'Bail d’habitation meublée.pdf',
		title: 'Contrat de location meublée',
		lead: 'Soumis au titre Ier bis de la loi du 6 juillet 1989. Entre Mme Inès Garnier, bailleresse, 8 quai de la Fosse, 44000 Nantes, et M. Malo Le Bris, locataire.',
		articles: [
			['Article 1 – Logement', 'Appartement de deux pièces, 41 m² de surface habitable, troisième étage, 27 rue Crébillon, 44000 Nantes, loué meublé à usage de résidence principale. L’inventaire du mobilier et l’état des lieux sont annexés.'],
			['Article 2 – Durée', 'Un an à compter du 1er décembre 2026, reconduit tacitement. Le locataire peut donner congé à tout moment avec un préavis d’un mois ; la bailleresse pour l’échéance, avec un préavis de trois mois et un motif légitime et sérieux.'],
			['Article 3 – Loyer et charges', 'Loyer mensuel de 690 euros, payable d’avance le 5 du mois, révisé chaque année selon l’indice de référence des loyers. Forfait de charges de 55 euros par mois.'],
			['Article 4 – Dépôt de garantie', '1 380 euros, restitués dans le délai de l’article 22 de la loi, déduction faite des sommes justifiées.'],
			['Article 5 – Obligations', 'Le locataire use paisiblement du logement, l’assure et l’entretient. La bailleresse délivre un logement décent et en assure la jouissance paisible.']
		]
	},
	{
		name: 'Accord de confidentialité.pdf',
		title: 'Accord de confidentialité réciproque',
		lead: 'Entre la société Atelier Lumen, SARL, et la société Brise Marine Conseil, SAS, qui envisagent une collaboration et s’échangent à cette fin des informations réservées.',
		articles: [
			['Article 1 – Informations confidentielles', 'Toute information commerciale, technique ou financière communiquée par une partie à l’autre, quel qu’en soit le support, à l’exception de ce qui est public ou que la partie qui la reçoit possédait déjà.'],
			['Article 2 – Engagements', 'La partie qui reçoit une information n’en use que pour étudier la collaboration, ne la communique qu’à ceux de ses collaborateurs qui en ont besoin, et la protège comme les siennes.'],
			['Article 3 – Durée', 'Deux ans à compter de la dernière signature ; l’obligation de secret survit trois ans.'],
			['Article 4 – Restitution', 'À la demande, les supports sont rendus ou détruits dans les quinze jours, et il en est attesté par écrit.']
		]
	}
];
