// The terms of use. A version is never changed: who accepted it accepted these words. The newest is last.

export interface Terms {
	/** The day it came into force. */
	readonly version: string;
	readonly fr: readonly string[];
	readonly en: readonly string[];
}

export const versions: readonly Terms[] = [
	{
		version: '2026-11-01',
		fr: [
			'Cette instance conserve les documents que vous y déposez et en garde des preuves d’intégrité, d’ordre et de date que chacun peut vérifier sans elle.',
			'L’exploitant de l’instance peut, matériellement, lire ce qu’elle conserve ; il s’engage à ne le faire que sur instruction écrite de votre organisation. Le journal inscrit chaque ouverture faite par l’application.',
			'Vous déposez des documents que vous avez le droit de conserver, et n’invitez à signer que des personnes avec qui vous traitez.',
			'Votre adresse et votre nom servent à vous identifier, à vous écrire et à dire dans le journal qui a fait quoi. Le journal ne contient de vous qu’un pseudonyme ; l’effacer le rend anonyme sans l’altérer.',
			'Vous gardez vos moyens de connexion pour vous. Ce qui est fait avec eux est réputé fait par vous jusqu’à ce que vous signaliez leur perte.',
			'Vous pouvez à tout moment reprendre vos documents avec leurs preuves.'
		],
		en: [
			'This instance keeps the documents you deposit and proofs of their integrity, order and time, which anyone can check without it.',
			'Whoever operates the instance can technically read what it keeps; they undertake to do so only on your organisation’s written instruction. The log records every opening made through the application.',
			'You deposit documents that you may keep, and ask for signatures only from people you deal with.',
			'Your address and name serve to identify you, to write to you and to say in the log who did what. The log holds only a pseudonym of you; erasing it makes the log anonymous without altering it.',
			'You keep your means of signing in to yourself. What is done with them is taken to be done by you until you report them lost.',
			'You can take your documents back, with their proofs, at any time.'
		]
	}
];

/** The version that is accepted now. */
export const current: Terms = versions.at(-1)!;
