// The proof conventions that come with the product, between a sender and a signer: contracts on proof (C. civ. 1356), which can be rebutted. A version is never changed; the newest is last.

import type { Words } from './kinds.ts';

export const proofConvention: readonly Words[] = [
	{
		version: 'default-2026-11-29',
		fr: `J’accepte la convention de preuve : elle dit ce qui servira à prouver ma signature, et que chacun peut le contester.

Objet. Cette convention règle, entre l’expéditeur nommé en haut de cette page et vous, la preuve de ce que vous signez ici. C’est un contrat sur la preuve au sens de l’article 1356 du code civil ; elle ne vaut que pour des droits dont vous avez, l’un et l’autre, la libre disposition.

Ce qui est admis comme preuve. Le document électronique avec les signatures, cachets et horodatages qu’il porte, le dossier de preuve de l’enveloppe et les entrées du journal auxquelles il renvoie peuvent être produits pour établir le contenu du document, ce que vous avez saisi, la date et votre accord. Votre accord s’exprime en saisissant sur cette page le code reçu par SMS.

Ce que vaut la signature. La page de signature, le document et le dossier de preuve le disent. La présente convention n’y ajoute rien : elle ne donne à la signature ni la qualité de signature qualifiée, ni la présomption de fiabilité du second alinéa de l’article 1367 du code civil.

Preuve contraire. Ces éléments peuvent être discutés et combattus par tout moyen, par vous comme par l’expéditeur. La convention n’établit aucune présomption irréfragable, ne contredit aucune de celles que la loi établit et ne modifie pas la foi attachée à l’aveu ou au serment (article 1356). Entre des preuves par écrit contraires, le juge détermine par tout moyen le titre le plus vraisemblable (article 1368).

Vérifier. Le document signé se vérifie avec des outils courants, sans ce service. Vous pouvez demander à l’expéditeur le dossier de preuve pour ce qui vous concerne.`,
		en: `I accept the proof convention: it says what will serve to prove my signature, and that anyone may contest it.

Purpose. This convention governs, between the sender named at the top of this page and you, the proof of what you sign here. It is a contract on proof within the meaning of article 1356 of the French civil code; it holds only for rights that each of you may freely dispose of.

What is admitted as proof. The electronic document with the signatures, seals and timestamps it carries, the envelope’s evidence file and the entries of the log it refers to may be produced to establish what the document says, what you entered, the date and your agreement. You express your agreement by entering on this page the code received by SMS.

What the signature is worth. The signing page, the document and the evidence file say it. This convention adds nothing to it: it makes the signature neither a qualified signature nor one presumed reliable under the second paragraph of article 1367 of the civil code.

Proof to the contrary. These elements may be discussed and rebutted by any means, by you as by the sender. The convention establishes no irrebuttable presumption, contradicts none that the law establishes, and does not change the credit attached to a confession or an oath (article 1356). Between written proofs that conflict, the court determines by any means which is the more plausible (article 1368).

Checking. The signed document can be checked with ordinary tools, without this service. You may ask the sender for the evidence file as far as it concerns you.`
	}
];

export const consumerProofConvention: readonly Words[] = [
	{
		version: 'default-2026-11-29',
		fr: `J’accepte la convention de preuve : elle dit ce qui servira à prouver ma signature. Je peux le contester par tout moyen, et elle ne me charge d’aucune preuve.

Objet. Cette convention règle, entre le professionnel nommé en haut de cette page et vous, consommateur, la preuve de ce que vous signez ici. C’est un contrat sur la preuve au sens de l’article 1356 du code civil ; elle ne vaut que pour des droits dont vous avez, l’un et l’autre, la libre disposition.

Ce qui peut être produit. Le document électronique avec les signatures, cachets et horodatages qu’il porte, le dossier de preuve de l’enveloppe et les entrées du journal auxquelles il renvoie peuvent être produits, par vous comme par le professionnel, pour établir le contenu du document, ce que vous avez saisi, la date et votre accord. Votre accord s’exprime en saisissant sur cette page le code reçu par SMS.

La charge de la preuve ne change pas. Ce que le professionnel doit prouver selon la loi, il doit toujours le prouver : aucune clause de cette convention ne vous en impose la charge (article R. 212-1 du code de la consommation). Elle ne limite pas vos moyens de preuve (article R. 212-2).

Preuve contraire. Vous pouvez discuter et combattre ces éléments par tout moyen : dire par exemple que vous n’avez pas reçu le code, que vous ne l’avez pas saisi, ou que le document n’est pas celui que vous avez lu. La convention n’établit aucune présomption irréfragable, ne contredit aucune de celles que la loi établit et ne modifie pas la foi attachée à l’aveu ou au serment (article 1356). Entre des preuves par écrit contraires, le juge détermine par tout moyen le titre le plus vraisemblable (article 1368).

Ce que vaut la signature. La page de signature, le document et le dossier de preuve le disent. La présente convention n’y ajoute rien : elle ne donne à la signature ni la qualité de signature qualifiée, ni la présomption de fiabilité du second alinéa de l’article 1367 du code civil.

Vérifier. Le document signé se vérifie avec des outils courants, sans ce service. Vous pouvez demander au professionnel le dossier de preuve pour ce qui vous concerne.`,
		en: `I accept the proof convention: it says what will serve to prove my signature. I may contest it by any means, and it puts no burden of proof on me.

Purpose. This convention governs, between the professional named at the top of this page and you, a consumer, the proof of what you sign here. It is a contract on proof within the meaning of article 1356 of the French civil code; it holds only for rights that each of you may freely dispose of.

What may be produced. The electronic document with the signatures, seals and timestamps it carries, the envelope’s evidence file and the entries of the log it refers to may be produced, by you as by the professional, to establish what the document says, what you entered, the date and your agreement. You express your agreement by entering on this page the code received by SMS.

The burden of proof does not change. What the professional has to prove by law they still have to prove: no clause of this convention puts that burden on you (article R. 212-1 of the French consumer code). It does not limit your means of proof (article R. 212-2).

Proof to the contrary. You may discuss and rebut these elements by any means: say for instance that you did not receive the code, that you did not enter it, or that the document is not the one you read. The convention establishes no irrebuttable presumption, contradicts none that the law establishes, and does not change the credit attached to a confession or an oath (article 1356). Between written proofs that conflict, the court determines by any means which is the more plausible (article 1368).

What the signature is worth. The signing page, the document and the evidence file say it. This convention adds nothing to it: it makes the signature neither a qualified signature nor one presumed reliable under the second paragraph of article 1367 of the civil code.

Checking. The signed document can be checked with ordinary tools, without this service. You may ask the professional for the evidence file as far as it concerns you.`
	}
];
