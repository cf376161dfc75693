// The envelope's neutral reference: on screen, in the SMS, on every signed page. It tells nothing, and is no secret.

/** Crockford's base 32: nothing that is read as something else. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Eight characters in two groups (40 bits) from 5 random bytes. Uniqueness is the database's. */
export function formatReference(random: Uint8Array): string {
	const bits = random.subarray(0, 5).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
	const text = Array.from({ length: 8 }, (_, i) => alphabet[Number((bits >> BigInt(35 - 5 * i)) & 31n)]).join('');
	return `${text.slice(0, 4)}-${text.slice(4)}`;
}
