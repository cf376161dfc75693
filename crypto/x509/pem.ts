// PEM, the textual form of what is DER (RFC 7468).

const line = /.{1,64}/g;

/** PEM of DER bytes (RFC 7468). */
export function pem(label: 'CERTIFICATE' | 'X509 CRL' | 'PKCS7' | 'CMS', base64: string): string {
	return `-----BEGIN ${label}-----\n${(base64.match(line) ?? []).join('\n')}\n-----END ${label}-----\n`;
}

/** The base64 bodies of all PEM blocks of a label, in order. */
export function pemBodies(text: string, label: string): string[] {
	const blocks = text.matchAll(new RegExp(`-----BEGIN ${label}-----\\s+([A-Za-z0-9+/=\\s]+?)-----END ${label}-----`, 'g'));
	return [...blocks].map((m) => m[1]!.replace(/\s+/g, ''));
}
