// The columns of a bulk file, as its header names them in either language. Whoever reads a file takes both.

const names = {
	name: ['nom complet', 'full name'],
	email: ['e-mail', 'e-mail'],
	number: ['mobile', 'mobile'],
	locale: ['langue', 'language'],
	surname: ['nom de la pièce d’identité', 'surname on the identity document'],
	givenNames: ['prénoms de la pièce d’identité', 'given names on the identity document'],
	birthDate: ['date de naissance', 'date of birth'],
	title: ['Titre', 'Title'],
	days: ['Délai en jours', 'Days to sign'],
	reference: ['Votre référence', 'Your reference']
} as const satisfies Readonly<Record<string, readonly [fr: string, en: string]>>;

export type ColumnKind = keyof typeof names;

/** As a header says it: `Locataire (e-mail)`. `label`: of its role; null: of the envelope. */
export function columnName(locale: 'fr' | 'en', { kind, label }: { readonly kind: ColumnKind; readonly label: string | null }): string {
	const name = names[kind][locale === 'fr' ? 0 : 1];
	return label ? `${label} (${name})` : name;
}
