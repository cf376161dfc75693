// What a token is verified by later on: the certificates above its authority's, and what is said of each now. For an evidence record, inside the token (crypto/ers/token-data.ts).

import { equal, fromLatin1 } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { TokenData } from '#crypto/ers/token-data.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { readOcspResponse } from '#crypto/x509/ocsp.ts';
import { standing } from '../certificates.ts';
import type { WorkerContext } from '../context.ts';
import { revocationData } from './revocation-data.ts';

/** Whether an answer is about a certificate of the path, by somebody entitled to give it. */
async function speaksOf({ primitives }: WorkerContext, path: readonly Certificate[], der: Uint8Array, at: number): Promise<boolean> {
	for (const [i, certificate] of path.slice(0, -1).entries()) {
		try {
			if (await readOcspResponse(primitives, der, certificate, path[i + 1]!, at)) return true;
		} catch (error) {
			if (!(error instanceof CryptoError)) throw error; // about this one it says nothing that counts
		}
	}
	return false;
}

/** Asks once for each authority. `at`: now, milliseconds. What it returns throws RevocationUnavailable when an outside authority's data cannot be had. */
export function tokenDataAt(ctx: WorkerContext, at: number): (path: readonly Certificate[]) => Promise<TokenData> {
	const asked = new Map<string, Promise<TokenData>>();
	let own: Promise<Uint8Array[]> | null = null;
	const ask = async (path: readonly Certificate[]): Promise<TokenData> => {
		// The authority in use may be another than the one that made the token.
		if (!equal(path.at(-1)!.der, ctx.signing.root.certificate)) return revocationData({ ...ctx, at }, [path]);
		const answers = await (own ??= standing(ctx, at));
		const about = await Promise.all(answers.map((der) => speaksOf(ctx, path, der, at)));
		return { certificates: path.slice(0, -1).map((c) => c.der), ocsp: answers.filter((_, i) => about[i]), crls: [] };
	};
	return (path) => {
		const key = fromLatin1(path[0]!.der);
		const known = asked.get(key) ?? ask(path);
		asked.set(key, known);
		return known;
	};
}
