// What the worker published for everyone: certificates, revocation lists, the log's key, OCSP answers about the keys in use.

import type { Context } from './context.ts';
import { verifierLines } from './audit/log-keys.ts';

export interface Published {
	readonly root: Uint8Array;
	readonly ca: Uint8Array;
	/** DER CertificateLists. */
	readonly lists: { readonly root: Uint8Array; readonly ca: Uint8Array };
	/** C2SP verifier lines of the log's keys, the newest last. */
	readonly logVerifiers: readonly string[];
	/** DER OCSPResponses about our own certificates. */
	readonly ocsp: readonly Uint8Array[];
}

/** Null until a worker has started once. */
export async function published(ctx: Context): Promise<Published | null> {
	const rows = await ctx.tx((tx) => tx<{ name: string; value: Uint8Array }[]>`select name, value from published`);
	const of = (name: string) => rows.find((r) => r.name === name)?.value;
	const [root, ca, framed, ofRoot, ofCa] = [of('root'), of('ca'), of('ocsp'), of('root.crl'), of('ca.crl')];
	const logVerifiers = await verifierLines(ctx);
	if (!root || !ca || !logVerifiers.length || !framed || !ofRoot || !ofCa) return null;
	const ocsp: Uint8Array[] = [];
	const view = new DataView(framed.buffer, framed.byteOffset, framed.length);
	for (let at = 0; at < framed.length; ) {
		const length = view.getUint32(at);
		ocsp.push(framed.slice(at + 4, at + 4 + length));
		at += 4 + length;
	}
	return { root, ca, lists: { root: ofRoot, ca: ofCa }, logVerifiers, ocsp };
}
