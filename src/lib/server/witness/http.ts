// A witness over HTTP (C2SP tlog-witness, add-checkpoint). The address is configured, never found in data.

import { parseWitness } from '#crypto/tlog/cosignature.ts';
import { nodePrimitives } from '../keys/primitives.ts';
import { WitnessUnavailable, type Witness, type WitnessAnswer } from './witness.ts';

const limit = 16_384; // bytes of an answer
const patience = 5_000; // ms from connecting to the last byte

async function bounded(name: string, response: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > limit) throw new WitnessUnavailable(`${name} answered more than ${limit} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

async function answerOf(name: string, response: Response): Promise<WitnessAnswer> {
	if (response.status === 200) return { kind: 'cosigned', lines: await bounded(name, response) };
	if (response.status === 409) {
		const size = /^(0|[1-9]\d{0,14})\n$/.exec(await bounded(name, response))?.[1];
		if (size === undefined || response.headers.get('content-type') !== 'text/x.tlog.size') throw new WitnessUnavailable(`${name} answered 409 without a size`);
		return { kind: 'at', size: Number(size) };
	}
	await response.body?.cancel();
	if (response.status === 422) return { kind: 'inconsistent' };
	throw new WitnessUnavailable(`${name} answered ${response.status}`);
}

/** @param url submission prefix; follows no redirect. CryptoError when `line` is no witness's verifier line. */
export function httpWitness(line: string, url: string): Witness {
	const verifier = parseWitness(nodePrimitives, line);
	const address = `${url.replace(/\/$/, '')}/add-checkpoint`;
	return {
		line,
		verifier,
		async addCheckpoint(body) {
			try {
				return await answerOf(verifier.name, await fetch(address, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body, redirect: 'error', signal: AbortSignal.timeout(patience) }));
			} catch (cause) {
				if (cause instanceof WitnessUnavailable) throw cause;
				throw new WitnessUnavailable(`${verifier.name} cannot be reached`, { cause });
			}
		}
	};
}
