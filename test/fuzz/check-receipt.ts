// A mutated deposit receipt: never throws, and passes only as the bytes that were issued: it is canonical, so it has no other spelling.

import { equal } from '#crypto/bytes.ts';
import { verifyReceipt } from '#crypto/bundle/receipt.ts';
import * as material from './material.ts';
import { anchors, primitives } from './judging.ts';

export async function checkReceipt(mutant: Uint8Array): Promise<string | null> {
	const report = await verifyReceipt(primitives, mutant, { logs: [material.logVerifier], anchors: anchors.map((c) => c.der) });
	return report.indication === 'TOTAL-PASSED' && !equal(mutant, material.receipt) ? 'another receipt passed' : null;
}
