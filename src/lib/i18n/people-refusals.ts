// Refusals about what signers ask, contacts and groups, as sentences. French, English.

import { typeset } from './french.ts';

const refusals: Readonly<Record<string, readonly [fr: string, en: string]>> = {
	'sharing-unconfirmed': ['Des coordonnées sont partagées, ou ont changé depuis que vous avez lu l’avertissement. Relisez-le ci-dessous, confirmez, puis envoyez.', 'Contacts are shared, or have changed since you read the warning. Read it below, confirm, then send.'],
	'same-contact': ['Cette adresse ou ce numéro sert déjà à une autre personne de l’enveloppe, ou à l’expéditeur. Corrigez, ou cochez la case qui dit que vous le savez. Rien n’a changé.', 'This address or number already serves another person of the envelope, or the sender. Correct it, or tick the box that says you know. Nothing was changed.'],
	'same-number': ['Au niveau 2, un signataire a un numéro de mobile à lui seul : il ne peut pas le partager.', 'At level 2 a signer has a mobile number of their own: it cannot be shared.'],
	'reminders-stopped': ['Aucune des personnes attendues ne veut plus de rappels : rien n’est parti. Écrivez-leur autrement, ou corrigez leurs coordonnées.', 'None of those awaited wants any more reminders: nothing was sent. Write to them otherwise, or correct their contact.'],
	'nothing-to-sign': ['Il n’y a plus rien à signer ici : posez plutôt une question à l’expéditeur.', 'There is nothing left to sign here: ask the sender a question instead.'],
	'paper-asked': ['Vous avez déjà demandé le papier : l’expéditeur ne l’a pas encore classé.', 'You have asked for paper already: the sender has not settled it yet.'],
	'group-unlike': ['Les personnes d’un groupe ont le même rôle et le même niveau ; la première ne remplace personne, une copie non plus.', 'The people of a group have the same role and the same level; the first stands in for nobody, nor does a copy.'],
	'group-done': ['Une autre personne de votre groupe l’a déjà fait : vous n’avez plus rien à faire.', 'Another person of your group has done it already: you have nothing left to do.'],
	'group-signing': ['Une autre personne de votre groupe signe en ce moment. Attendez un instant : si sa signature aboutit, vous n’aurez rien à faire.', 'Another person of your group is signing right now. Wait a moment: if their signature comes about, you have nothing to do.'],
	requests: ['C’est assez pour aujourd’hui : réessayez demain. Rien n’est perdu.', 'That is enough for today: try again tomorrow. Nothing is lost.'],
	reports: ['Trois signalements par jour au plus. Les précédents sont transmis.', 'Three reports a day at most. The earlier ones were passed on.'],
	'question-empty': ['Écrivez votre question.', 'Write your question.'],
	'question-long': ['Une question a 2000 caractères au plus. Rien n’est parti : raccourcissez-la.', 'A question has 2000 characters at most. Nothing was sent: shorten it.'],
	'answer-empty': ['Écrivez votre réponse, ou classez la demande sans répondre.', 'Write your answer, or settle the request without answering.'],
	'answer-long': ['Une réponse a 2000 caractères au plus. Rien n’est parti : raccourcissez-la.', 'An answer has 2000 characters at most. Nothing was sent: shorten it.'],
	'signer-request': ['Cette demande n’est pas de cette enveloppe.', 'That request is not of this envelope.'],
	'request-settled': ['Quelqu’un a déjà classé cette demande.', 'Someone has settled this request already.'],
	'field-reason': ['Choisissez un motif.', 'Choose a reason.'],
	'field-scope': ['Choisissez quels rappels vous voulez.', 'Choose which reminders you want.'],
	'field-words': ['Ce texte est trop long : 2000 caractères au plus.', 'This text is too long: 2000 characters at most.']
};

/** The sentence of a refusal of this domain; undefined for another's. */
export function peopleRefusal(locale: 'fr' | 'en', reason: string): string | undefined {
	const [fr, en] = refusals[reason] ?? [];
	return locale === 'fr' ? fr && typeset(fr) : en;
}
