// A witness on loopback HTTP as C2SP tlog-witness says, real in every byte, that misbehaves on demand. Written from the specifications alone: of our code it uses the tree's proofs.

import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { verifyConsistency } from '#crypto/tlog/merkle.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { httpWitness } from '#lib/server/witness/http.ts';
import type { Witness } from '#lib/server/witness/witness.ts';

export type WitnessMood = 'honest' | 'down' | 'slow' | 'huge' | 'other-key' | 'other-checkpoint' | 'no-size';

export interface TestWitness {
	mood: WitnessMood;
	/** Requests it was sent. */
	asked: number;
	/** What it remembers of the logs it knows, by origin. */
	readonly seen: Map<string, { size: number; root: Uint8Array }>;
	readonly url: string;
	readonly witness: Witness;
}

const spki = Buffer.from('302a300506032b6570032100', 'hex');
const hash4 = (name: string, type: number, key: Uint8Array) => createHash('sha256').update(name).update(Buffer.from([0x0a, type])).update(key).digest().subarray(0, 4);

function pair() {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	return { key: publicKey.export({ format: 'der', type: 'spki' }).subarray(12), privateKey };
}

/** @param log verifier line of the log it knows; logs of the same key under names that begin so are known too. */
export async function createWitness(log: string, name = 'witness.test/w1'): Promise<TestWitness> {
	const [own, other] = [pair(), pair()];
	const [, logName = '', encoded = ''] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(log) ?? [];
	const logKey = Buffer.from(encoded, 'base64').subarray(1);
	const seconds = () => Math.floor(Date.now() / 1000);

	function cosign(text: string): string {
		const { privateKey } = test.mood === 'other-key' ? other : own;
		const time = Buffer.alloc(8);
		time.writeBigUInt64BE(BigInt(seconds()));
		const said = test.mood === 'other-checkpoint' ? text.replace(/\n(\d+)\n/, (_, n: string) => `\n${Number(n) + 1}\n`) : text;
		const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds()}\n${said}`), privateKey);
		return `\u2014 ${name} ${Buffer.concat([hash4(name, 4, own.key), time, signature]).toString('base64')}\n`;
	}

	/** add-checkpoint: status and body. */
	function answer(request: string): [number, string] {
		const [, old, proofText, text, signatures] = /^old (\d+)\n((?:[A-Za-z0-9+/=]+\n)*)\n([^]*?\n)\n([^]*)$/.exec(request) ?? [];
		if (old === undefined || text === undefined) return [400, ''];
		const [origin = '', size = '', root = ''] = text.split('\n');
		if (!origin.startsWith(logName)) return [404, ''];
		const id = hash4(origin, 1, logKey);
		const signed = signatures!.split('\n').some((line) => {
			const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
			return bytes.subarray(0, 4).equals(id) && verify(null, Buffer.from(text), createPublicKey({ key: Buffer.concat([spki, logKey]), format: 'der', type: 'spki' }), bytes.subarray(4));
		});
		if (!signed) return [403, ''];
		const [from, to, hash] = [Number(old), Number(size), Buffer.from(root, 'base64')];
		if (from > to) return [400, ''];
		const before = test.seen.get(origin) ?? { size: 0, root: new Uint8Array() };
		if (before.size !== from || (from === to && !hash.equals(before.root))) return [409, `${before.size}\n`];
		const proof = proofText!.split('\n').filter(Boolean).map((line) => new Uint8Array(Buffer.from(line, 'base64')));
		if (from === 0 ? proof.length > 0 : !verifyConsistency(nodePrimitives, from, to, proof, before.root, hash)) return [422, ''];
		test.seen.set(origin, { size: to, root: hash });
		return [200, cosign(text)];
	}

	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			test.asked++;
			if (test.mood === 'slow') return;
			if (test.mood === 'down') return void response.writeHead(503).end();
			if (test.mood === 'huge') return void response.end('x'.repeat(1 << 20));
			const [status, body] = request.method === 'POST' && request.url === '/w/add-checkpoint' ? answer(Buffer.concat(parts).toString('utf8')) : [404, ''];
			response.writeHead(status, { 'content-type': status === 409 && test.mood !== 'no-size' ? 'text/x.tlog.size' : 'text/plain' }).end(body);
		});
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/w/`;
	const line = `${name}+${hash4(name, 4, own.key).toString('hex')}+${Buffer.concat([Buffer.of(4), own.key]).toString('base64')}`;
	const test: TestWitness = { mood: 'honest', asked: 0, seen: new Map(), url, witness: httpWitness(line, url) };
	return test;
}
