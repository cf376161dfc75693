// The legal texts a client keeps, and which of them a signer meets (SIGN-16). The identification procedure is the client's own record (SIGN-17).

export const kinds = ['proof-convention', 'consumer-proof-convention', 'electronic-form', 'ca-terms', 'privacy-notice', 'identification-procedure'] as const;
export type Kind = (typeof kinds)[number];

/** A version in both languages: paragraphs, an empty line between two. */
export interface Words {
	readonly version: string;
	readonly fr: string;
	readonly en: string;
}

/** Accepted with a box of its own; everything else is shown and asks for nothing. */
export const isAccepted = (kind: Kind): boolean => kind !== 'privacy-notice' && kind !== 'identification-procedure';

/** What a signer meets before signing, in order. The terms of the certification authority: only where the signature is made with a certificate in their name. The proof conventions say that agreement is given by a code: not where there is none, at level 0. */
export const kindsFor = ({ coded, certified }: { readonly coded: boolean; readonly certified: boolean }, consumer: boolean): readonly Kind[] => [...(coded ? [consumer ? ('consumer-proof-convention' as const) : ('proof-convention' as const)] : []), 'electronic-form', ...(certified ? (['ca-terms'] as const) : []), 'privacy-notice'];
