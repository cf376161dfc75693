// The legal texts that come with the product, by kind; the newest version of each is last. A client may write its own over them.

import { typeset } from '#lib/i18n/french.ts';
import { consumerProofConvention, proofConvention } from './default-conventions.ts';
import { identificationProcedure } from './default-procedure.ts';
import { caTerms, electronicForm, privacyNotice } from './default-texts.ts';
import type { Kind, Words } from './kinds.ts';

/** Digests are of the words with their non-breaking spaces, as they are shown. */
const set = (versions: readonly Words[]): readonly Words[] => versions.map((words) => ({ ...words, fr: typeset(words.fr) }));

export const defaults: Readonly<Record<Kind, readonly Words[]>> = {
	'proof-convention': set(proofConvention),
	'consumer-proof-convention': set(consumerProofConvention),
	'electronic-form': set(electronicForm),
	'ca-terms': set(caTerms),
	'privacy-notice': set(privacyNotice),
	'identification-procedure': set(identificationProcedure)
};
