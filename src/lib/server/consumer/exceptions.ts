// Why there may be no right of withdrawal: the exceptions of C. conso. L221-28 that are known when a contract is concluded.
// Not here: 1°, 5°, 6°, 9° and 13°, which depend on what comes after (performance, unsealing, mixing). The right is there until then, so the function stays.

export const exceptions = ['2', '3', '4', '7', '8', '10', '11', '12'] as const;
export type Exception = (typeof exceptions)[number];

/** As a consumer reads it: what the contract supplies. */
export const exceptionWords: Readonly<Record<Exception, Readonly<Record<'fr' | 'en', string>>>> = {
	'2': { fr: 'bien ou service dont le prix dépend de fluctuations du marché financier échappant au professionnel', en: 'goods or a service whose price depends on fluctuations of the financial market beyond the trader’s control' },
	'3': { fr: 'bien confectionné selon vos spécifications ou nettement personnalisé', en: 'goods made to your specifications or clearly personalised' },
	'4': { fr: 'bien susceptible de se détériorer ou de se périmer rapidement', en: 'goods liable to deteriorate or expire rapidly' },
	'7': { fr: 'boissons alcoolisées livrées après trente jours, dont la valeur dépend du marché', en: 'alcoholic beverages delivered after thirty days, whose value depends on the market' },
	'8': { fr: 'travaux d’entretien ou de réparation urgents à votre domicile, que vous avez expressément demandés', en: 'urgent maintenance or repairs at your home that you expressly asked for' },
	'10': { fr: 'journal, périodique ou magazine, hors abonnement', en: 'a newspaper, periodical or magazine, other than by subscription' },
	'11': { fr: 'contrat conclu lors d’une enchère publique', en: 'a contract concluded at a public auction' },
	'12': { fr: 'hébergement autre que résidentiel, transport de biens, location de voitures, restauration ou loisirs, à une date ou pour une période déterminée', en: 'accommodation other than residential, transport of goods, car rental, catering or leisure, at a set date or period' }
};
