// Verification in the visitor's browser, off the page's thread. Nothing is fetched and nothing leaves: bytes and trust come in, a report goes out.

import { verifyReceipt, type ReceiptReport } from '#crypto/bundle/receipt.ts';
import { fromBase64 } from '#crypto/bytes.ts';
import { validate } from '#crypto/pades/validate.ts';
import type { Report } from '#crypto/pades/report.ts';
import { webPrimitives } from './primitives.ts';

export interface VerifyTask {
	readonly bytes: Uint8Array;
	/** DER in base64. */
	readonly anchors: readonly string[];
	readonly logs: readonly string[];
	readonly ocsp: readonly string[];
	readonly at: number;
}

export type Verified = { readonly kind: 'pdf'; readonly report: Report } | { readonly kind: 'receipt'; readonly report: ReceiptReport } | { readonly kind: 'error'; readonly message: string };

onmessage = async ({ data }: MessageEvent<VerifyTask>) => {
	const anchors = data.anchors.map(fromBase64);
	try {
		if (data.bytes[0] === 0x7b) {
			const report = await verifyReceipt(webPrimitives, data.bytes, { logs: data.logs, anchors });
			postMessage({ kind: 'receipt', report } satisfies Verified);
		} else {
			const report = await validate(webPrimitives, data.bytes, { trust: { anchors }, at: data.at, revocation: data.ocsp.map(fromBase64) });
			postMessage({ kind: 'pdf', report } satisfies Verified);
		}
	} catch (error) {
		postMessage({ kind: 'error', message: (error as Error).message } satisfies Verified);
	}
};
