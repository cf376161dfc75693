// A mutated deposit receipt: never throws, and passes only as it was issued. It is canonical, so it has no other spelling; only a token's unsigned parts may differ.

import { equal } from '#crypto/bytes.ts';
import { readReceipt, verifyReceipt, writeReceipt } from '#crypto/bundle/receipt.ts';
import { readSignedData } from '#crypto/cms/signed-data.ts';
import * as material from './material.ts';
import { anchors, primitives } from './judging.ts';

export async function checkReceipt(mutant: Uint8Array): Promise<string | null> {
	const report = await verifyReceipt(primitives, mutant, { logs: [material.logVerifier], anchors: anchors.map((c) => c.der) });
	if (report.indication !== 'TOTAL-PASSED') return null;
	const receipt = readReceipt(mutant);
	if (!equal(writeReceipt({ ...receipt, token: material.stamp }), material.receipt)) return 'another receipt passed';
	const [own, original] = [receipt.token, material.stamp].map((token) => readSignedData(token, { ber: true }).content!);
	return equal(own!, original!) ? null : 'a receipt passed with a time that nobody signed';
}
