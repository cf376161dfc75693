// How much /Contents to keep for a CMS that is not there yet (ISO 32000-1 §12.8.1): enough, or made again with more; never cut.

import { CryptoError } from '../errors.ts';

/** Largest /Contents made, in bytes of CMS. */
const most = 1 << 20;

/**
 * Bytes to keep for a CMS with these certificates (DER) and a time-stamp token of about `token` bytes (0: none).
 * Beside them: attributes, the largest RSA signature, structure.
 */
export const roomFor = (certificates: readonly Uint8Array[], token: number): number => 2048 + certificates.reduce((sum, c) => sum + c.length, 0) + Math.ceil(token * 1.5);

/** Makes with so much room, and with twice as much while what comes does not fit. Throws CryptoError `limit` / `contents-size` above 1 MiB, and whatever `make` throws. */
export async function withRoom<T>(room: number, make: (contentsSize: number) => Promise<T>): Promise<T> {
	try {
		return await make(room);
	} catch (error) {
		if (!(error instanceof CryptoError && error.reason === 'contents-size') || room * 2 > most) throw error;
		return withRoom(room * 2, make);
	}
}
