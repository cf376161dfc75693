// The identification procedure that comes with the product (SIGN-17): what it does to know a signer, at each level, and no more. A version is never changed; the newest is last.

import type { Words } from './kinds.ts';

export const identificationProcedure: readonly Words[] = [
	{
		version: 'default-2026-11-29',
		fr: `Comment notre organisation identifie ceux qui signent, selon le niveau choisi pour chaque signataire.

Niveau 1. L’identité est celle que nous déclarons : nom et adresse e-mail, et numéro de mobile, sauf si nous laissons le signataire l’indiquer ; le dossier de preuve dit d’où vient le numéro. Nous ne déclarons que des coordonnées obtenues de la personne ou déjà employées avec elle. Le signataire ouvre un lien personnel reçu par e-mail, puis saisit un code à usage unique reçu par SMS. Aucune pièce d’identité n’est contrôlée. Il en résulte une signature simple, scellée par le cachet du service.

Niveau 2. Nous déclarons le nom de famille, les prénoms, la date de naissance si nous la connaissons, et le numéro de mobile, qui ne peut pas être saisi au moment de signer. Le signataire photographie sa pièce d’identité ; la machine en lit la zone de lecture automatique, contrôle ses clés et compare l’identité à celle déclarée ; un agent d’enregistrement, qui n’est pas partie au document, décide sur ces éléments, ou deux si la règle de l’organisation le demande. C’est une copie qui est contrôlée, à distance ; le service ne prétend pas établir que la personne est présente. Puis vient le code par SMS, et la signature est faite avec un certificat au nom du signataire, d’une autorité qui n’est sur aucune liste de confiance.

Choix du niveau. Qui prépare l’envoi choisit le niveau de chaque signataire selon la nature et l’enjeu de l’acte. L’enveloppe garde ce choix, son auteur et la version de cette procédure.

Actes exclus. Avant chaque envoi, l’expéditeur confirme que l’acte n’est pas de ceux qui ne peuvent être signés ainsi (article 1175 du code civil, actes authentiques).`,
		en: `How our organisation identifies those who sign, by the level chosen for each signer.

Level 1. The identity is the one we declare: name and e-mail address, and mobile number unless we leave it to the signer to say; the evidence file says where the number comes from. We declare only contacts obtained from the person or already used with them. The signer opens a personal link received by e-mail, then enters a one-time code received by SMS. No identity document is checked. The result is a simple signature, sealed by the service’s seal.

Level 2. We declare surname, given names, date of birth where we know it, and the mobile number, which cannot be entered when signing. The signer photographs their identity document; the machine reads its machine-readable zone, verifies its check digits and compares the identity with the declared one; a registration officer, no party to the document, decides on that, or two where the organisation’s rule asks for it. What is checked is a copy, remotely; the service does not claim to establish that the person is present. Then comes the code by SMS, and the signature is made with a certificate in the signer’s name, from an authority that is on no trusted list.

Choice of level. Whoever prepares the request chooses each signer’s level by the nature and the stakes of the act. The envelope keeps that choice, who made it and the version of this procedure.

Excluded acts. Before each sending the sender confirms that the act is none of those that cannot be signed this way (article 1175 of the French civil code, authentic deeds).`
	}
];
