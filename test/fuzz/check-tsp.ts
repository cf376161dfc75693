// A mutated token, response or request: read or refused, and a time is proven only by the TSTInfo the authority signed.

import { equal } from '#crypto/bytes.ts';
import { readSignedData } from '#crypto/cms/signed-data.ts';
import { readRequest } from '#crypto/tsp/request.ts';
import { readResponse } from '#crypto/tsp/response.ts';
import { verifyToken } from '#crypto/tsp/token.ts';
import { readTstInfo } from '#crypto/tsp/tst-info.ts';
import * as material from './material.ts';
import { anchors, orRefused, primitives } from './judging.ts';

const signed = readSignedData(material.stamp).content!;

export async function checkTsp(mutant: Uint8Array): Promise<string | null> {
	orRefused(() => readRequest(mutant));
	orRefused(() => readTstInfo(mutant));
	const token = orRefused(() => readResponse(mutant)) ?? mutant;
	const input = { for: { data: material.content }, anchors, intermediates: [material.issuing.certificate] };
	const { proven } = await verifyToken(primitives, token, input);
	if (!proven) return null;
	return equal(readSignedData(token, { ber: true }).content!, signed) ? null : 'a time is proven that nobody signed';
}
