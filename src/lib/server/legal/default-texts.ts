// Acceptance of the electronic form, terms of the certification authority, privacy notice: the words that come with the product. A version is never changed; the newest is last.

import type { Words } from './kinds.ts';

export const electronicForm: readonly Words[] = [
	{
		version: 'default-2026-11-29',
		fr: `J’accepte que ce document soit lu, signé et remis sous forme électronique. Si je préfère le papier, je le demande à l’expéditeur au lieu de signer ici.

Ce que vous acceptez. Le document vous est présenté sur cette page, vous le signez ici, et l’exemplaire signé vous est remis par e-mail, sous forme électronique (articles 1125 à 1127-4, 1174 et 1366 du code civil). Vous déclarez disposer d’un appareil qui permet de le lire et de le conserver.

Le papier. Rien ne vous oblige à signer ici. Avant de signer, vous pouvez demander à l’expéditeur un exemplaire sur papier, à lire ou à signer à la main, en répondant à son e-mail. Demander le papier, ou refuser de signer ici, ne vous engage à rien.

Pour ce document seulement. Votre acceptation porte sur ce document et ne vaut pas pour d’autres.`,
		en: `I agree that this document is read, signed and handed over in electronic form. If I prefer paper, I ask the sender for it instead of signing here.

What you agree to. The document is presented to you on this page, you sign it here, and the signed copy reaches you by e-mail, in electronic form (articles 1125 to 1127-4, 1174 and 1366 of the French civil code). You declare that you have a device on which you can read and keep it.

Paper. Nothing obliges you to sign here. Before signing you may ask the sender for a copy on paper, to read or to sign by hand, by answering their e-mail. Asking for paper, or declining to sign here, commits you to nothing.

For this document only. Your agreement is about this document and holds for no other.`
	}
];

/** Met by those who sign with a certificate in their name, whoever issues it. */
export const caTerms: readonly Words[] = [
	{
		version: 'default-2026-11-29',
		fr: `J’accepte les conditions de l’autorité de certification qui délivre, pour cette signature, un certificat à mon nom.

Ce qui est délivré. Après le contrôle d’une copie de votre pièce d’identité et la saisie du code reçu par SMS, l’autorité de ce service délivre un certificat à votre nom. Il ne sert qu’à la signature de ce document. Sa clé est produite pour cette seule signature, n’est écrite nulle part et n’est plus utilisée ensuite.

Ce que ce certificat n’est pas. Cette autorité ne figure sur aucune liste de confiance de l’Union européenne. Le certificat n’est pas qualifié, et la signature n’est pas présumée fiable. Un lecteur de PDF affichera « identité inconnue ».

Ce que vous faites. Vous donnez une identité exacte et une pièce qui est la vôtre. Vous regardez le nom qui figurera au certificat : s’il est faux, vous ne signez pas et prévenez l’expéditeur. Vous gardez pour vous votre téléphone et le code.

Ce que fait l’autorité. Elle garde la trace du contrôle, publie l’état des certificats (listes de révocation, réponses OCSP) et révoque un certificat dont la signature n’a pas été conservée. Pour faire révoquer le vôtre, écrivez à l’expéditeur ou à l’exploitant du service.

Ce qui est conservé. Le certificat figure dans le document signé : votre nom y est lisible par qui reçoit le document. Les images de la pièce d’identité suivent la notice qui vous a été montrée avant de les prendre.`,
		en: `I accept the terms of the certification authority that issues, for this signature, a certificate in my name.

What is issued. After a copy of your identity document was checked and you enter the code received by SMS, this service’s authority issues a certificate in your name. It serves to sign this document only. Its key is made for this one signature, is written nowhere, and is not used again.

What this certificate is not. This authority is on no trusted list of the European Union. The certificate is not qualified, and the signature is not presumed reliable. A PDF reader will show “identity unknown”.

What you do. You give a correct identity and a document that is yours. You look at the name that will stand in the certificate: if it is wrong, you do not sign and tell the sender. You keep your phone and the code to yourself.

What the authority does. It keeps a record of the check, publishes the status of certificates (revocation lists, OCSP answers) and revokes a certificate whose signature was not kept. To have yours revoked, write to the sender or to the operator of the service.

What is kept. The certificate stands in the signed document: your name can be read there by whoever receives it. The images of the identity document follow the notice shown to you before they were taken.`
	},
	{
		version: 'default-2026-11-30',
		fr: `J’accepte les conditions de qui délivre le certificat à mon nom avec lequel cette signature est faite.

Qui le délivre. Le texte que vous acceptez pour signer le dit : l’autorité de ce service, ou un service de signature à distance que l’exploitant a choisi. Il dit aussi comment votre identité a été établie : sur une copie de votre pièce d’identité, ou par l’expéditeur selon sa procédure.

L’autorité de ce service. Le certificat ne sert qu’à la signature de ce document. Sa clé est produite pour cette seule signature, n’est écrite nulle part et n’est plus utilisée ensuite. Cette autorité ne figure sur aucune liste de confiance de l’Union européenne ; un lecteur de PDF affichera « identité inconnue ». Elle publie l’état des certificats (listes de révocation, réponses OCSP) et révoque un certificat dont la signature n’a pas été conservée. Pour faire révoquer le vôtre, écrivez à l’expéditeur ou à l’exploitant du service.

Un service de signature à distance. Il garde votre certificat et sa clé. Après votre code, nous lui demandons de signer une empreinte qui engage ce document ; il reçoit votre adresse e-mail et cette empreinte, pas le document. Ses propres conditions valent aussi ; c’est lui qui publie l’état de ses certificats et qui les révoque.

Ce que cela ne donne pas. Ce qui est fait ici ne donne à la signature ni la qualité de signature qualifiée, ni la présomption de fiabilité.

Ce que vous faites. Vous donnez une identité exacte et, si elle est demandée, une pièce qui est la vôtre. Vous regardez le nom qui figurera au certificat : s’il est faux, vous ne signez pas et prévenez l’expéditeur. Vous gardez pour vous votre téléphone et le code.

Ce qui est conservé. Le certificat figure dans le document signé : votre nom y est lisible par qui reçoit le document. Les images d’une pièce d’identité suivent la notice qui vous a été montrée avant de les prendre.`,
		en: `I accept the terms of whoever issues the certificate in my name with which this signature is made.

Who issues it. The text that you accept to sign says so: this service’s authority, or a remote signing service that the operator has chosen. It also says how your identity was established: on a copy of your identity document, or by the sender after its procedure.

This service’s authority. The certificate serves to sign this document only. Its key is made for this one signature, is written nowhere, and is not used again. This authority is on no trusted list of the European Union; a PDF reader will show “identity unknown”. It publishes the status of certificates (revocation lists, OCSP answers) and revokes a certificate whose signature was not kept. To have yours revoked, write to the sender or to the operator of the service.

A remote signing service. It keeps your certificate and its key. After your code we ask it to sign a digest that commits to this document; it gets your e-mail address and that digest, not the document. Its own terms hold too; it publishes the status of its certificates and revokes them.

What this does not give. What is done here makes the signature neither a qualified signature nor one presumed reliable.

What you do. You give a correct identity and, where one is asked for, a document that is yours. You look at the name that will stand in the certificate: if it is wrong, you do not sign and tell the sender. You keep your phone and the code to yourself.

What is kept. The certificate stands in the signed document: your name can be read there by whoever receives it. The images of an identity document follow the notice shown to you before they were taken.`
	}
];

export const privacyNotice: readonly Words[] = [
	{
		version: 'default-2026-11-29',
		fr: `Vos données : l’expéditeur les fait traiter pour recueillir et prouver votre signature. La notice dit lesquelles, pour quoi, et vos droits.

Qui. L’expéditeur nommé en haut de cette page est responsable du traitement ; répondez à son e-mail pour le joindre. L’exploitant de ce service traite les données pour lui. Les prestataires d’e-mail et de SMS reçoivent votre adresse ou votre numéro, et le message.

Quelles données. Ce que l’expéditeur a déclaré de vous (nom, adresse e-mail, numéro, identité à contrôler s’il y a lieu), ce que vous saisissez ou dessinez, l’adresse IP et le navigateur quand vous ouvrez le lien, les pages que votre navigateur dit avoir affichées, les codes demandés et les essais, les messages et leur remise, les dates.

Pour quoi, et à quel titre. Conclure et exécuter ce que vous signez (article 6, paragraphe 1, point b, du RGPD) ; en garder la preuve et se défendre en cas de litige, intérêt légitime de l’expéditeur (point f). Aucune décision n’est prise par une machine seule.

Combien de temps. Le document et son dossier de preuve sont gardés le temps que l’expéditeur a fixé pour ce type de document. Le journal ne contient que des pseudonymes et des empreintes ; vos données peuvent en être effacées sans l’altérer.

Vos droits. Accès, rectification, effacement, limitation, opposition et portabilité, dans les conditions du RGPD, auprès de l’expéditeur ; réclamation à la CNIL (www.cnil.fr). Ce qui est nécessaire pour prouver un droit peut être gardé malgré une demande d’effacement (article 17, paragraphe 3, point e). Sans ces données, la signature ne peut pas être recueillie ici ; vous pouvez demander le papier.`,
		en: `Your data: the sender has them processed to take and to prove your signature. The notice says which, what for, and your rights.

Who. The sender named at the top of this page is the controller; answer their e-mail to reach them. The operator of this service processes the data for them. The providers of e-mail and SMS receive your address or number, and the message.

Which data. What the sender declared of you (name, e-mail address, number, the identity to check where there is one), what you enter or draw, the IP address and browser when you open the link, the pages your browser says it showed, the codes asked for and the tries, the messages and their delivery, the dates.

What for, and on what ground. To conclude and perform what you sign (article 6(1)(b) GDPR); to keep the proof of it and defend claims, the sender’s legitimate interest (point f). No decision is taken by a machine alone.

How long. The document and its evidence file are kept for the time the sender set for documents of this type. The log holds pseudonyms and digests only; your data can be erased from it without altering it.

Your rights. Access, rectification, erasure, restriction, objection and portability, under the conditions of the GDPR, with the sender; a complaint to the supervisory authority (in France the CNIL, www.cnil.fr). What is needed to prove a right may be kept in spite of a request for erasure (article 17(3)(e)). Without these data the signature cannot be taken here; you may ask for paper.`
	}
];
