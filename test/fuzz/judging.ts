// What the checks of mutants share: a verdict that is a value, signature checks remembered, and the trust our material is judged with.

import { createHash } from 'node:crypto';
import { CryptoError } from '#crypto/errors.ts';
import type { Primitives } from '#crypto/primitives.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import * as material from './material.ts';

/** What the reader gives, or null when it refuses with a CryptoError; anything else it throws goes on. */
export function orRefused<T>(read: () => T): T | null {
	try {
		return read();
	} catch (error) {
		if (error instanceof CryptoError) return null;
		throw error;
	}
}

/** The same of a promise. */
export const orRejected = <T>(reading: Promise<T>): Promise<T | null> =>
	reading.catch((error: unknown) => {
		if (error instanceof CryptoError) return null;
		throw error;
	});

const remembered = new Map<string, Promise<boolean>>();

/** Node's, but the same question of a key is asked once: most mutants keep most of their signatures. */
export const primitives: Primitives = {
	...nodePrimitives,
	verify(algorithm, spki, message, signature) {
		const h = createHash('sha256').update(JSON.stringify([algorithm, spki.length, signature.length]));
		const key = h.update(spki).update(signature).update(message).digest('base64');
		const known = remembered.get(key) ?? nodePrimitives.verify(algorithm, spki, message, signature);
		remembered.set(key, known);
		return known;
	}
};

export const anchors = [material.root.certificate];
