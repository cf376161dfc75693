// Verification in the visitor's browser, off the page's thread. Nothing is fetched and nothing leaves: bytes and trust come in, a verdict goes out.

import { verifyReceipt, type ReceiptReport } from '#crypto/bundle/receipt.ts';
import { fromBase64, fromLatin1 } from '#crypto/bytes.ts';
import type { Report } from '#crypto/pades/report.ts';
import { validate } from '#crypto/pades/validate.ts';
import { digest } from '#crypto/primitives.ts';
import { webPrimitives } from './primitives.ts';

export interface Request {
	readonly id: number;
	readonly kind: 'pdf' | 'receipt';
	readonly bytes: Uint8Array;
	/** The file a receipt should be about, when it is at hand. */
	readonly original: Uint8Array | null;
	/** DER certificates in base64. */
	readonly anchors: readonly string[];
	/** DER OCSPResponses in base64. */
	readonly ocsp: readonly string[];
	readonly logs: readonly string[];
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** One ByteRange: start, length, start, length. */
export type Range = readonly [number, number, number, number];
export type Verdict = { readonly kind: 'pdf'; readonly report: Report; readonly ranges: readonly Range[] } | { readonly kind: 'receipt'; readonly report: ReceiptReport };
export type Answer = { readonly id: number; readonly verdict: Verdict } | { readonly id: number; readonly failure: string };

/** As the file spells them: only a hint for other tools, never what the verdict rests on. */
function rangesOf(bytes: Uint8Array): Range[] {
	const found = fromLatin1(bytes).matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g);
	return [...found].map((m) => [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])]);
}

async function verify({ kind, bytes, original, at, ...trust }: Request): Promise<Verdict> {
	const anchors = trust.anchors.map(fromBase64);
	if (kind === 'pdf') {
		const report = await validate(webPrimitives, bytes, { trust: { anchors }, at, revocation: trust.ocsp.map(fromBase64) });
		return { kind, report, ranges: rangesOf(bytes) };
	}
	const file = original ? { fileSha256: digest(webPrimitives, 'SHA-256', original) } : {};
	return { kind, report: await verifyReceipt(webPrimitives, bytes, { logs: trust.logs, anchors, ...file }) };
}

onmessage = async ({ data }: MessageEvent<Request>) => {
	try {
		postMessage({ id: data.id, verdict: await verify(data) } satisfies Answer);
	} catch (error) {
		postMessage({ id: data.id, failure: (error as Error).message } satisfies Answer);
	}
};
