// A timestamp authority on loopback HTTP, real in every byte, that misbehaves on demand.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { readRequest, type TimeStampReq } from '#crypto/tsp/request.ts';
import { granted, makeToken, rejected, type Authority } from '#crypto/tsp/response.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { httpAuthority } from '#lib/server/tsa/http.ts';
import type { TimestampAuthority } from '#lib/server/tsa/authority.ts';
import { createPki, epoch, year, type Pki } from './pki.ts';
import { createRevocationServer, type RevocationServer } from './revocation-server.ts';

export type Mood =
	| 'honest'
	| 'down' // 503
	| 'slow' // takes the request and says nothing
	| 'huge'
	| 'html'
	| 'redirect'
	| 'rejects'
	| 'wrong-imprint'
	| 'wrong-nonce'
	| 'no-nonce'
	| 'wrong-policy'
	| 'untrusted' // another root's
	| 'expired' // its certificate ended before genTime
	| 'not-a-tsa' // no timeStamping usage
	| 'tampered' // one bit of the signature
	| 'oversized'; // honest, its token twice what anybody keeps room for: certificates nobody needs

export interface HostileTsa {
	mood: Mood;
	/** Requests answered or held. */
	asked: number;
	readonly authority: TimestampAuthority;
	/** Where it listens. */
	readonly url: string;
	/** What is said of its certificates, on loopback; null: of its own PKI's. */
	readonly revocation: RevocationServer | null;
	/** Its root's certificate, DER. */
	readonly root: Uint8Array;
	/** Waits for the next request to come in. */
	nextRequest(): Promise<void>;
}

const other = (request: TimeStampReq, mood: Mood): TimeStampReq => {
	if (mood === 'wrong-imprint') return { ...request, imprint: request.imprint.map((b) => b ^ 1) };
	if (mood === 'wrong-nonce') return { ...request, nonce: (request.nonce ?? 0n) + 1n };
	if (mood === 'no-nonce') return { ...request, nonce: null };
	return request;
};

/** `now`: the authority's clock, ms. `own`: the authority it is when honest, and its PKI. */
export async function createHostileTsa(now: () => number = Date.now, own?: { readonly pki: Pki; readonly honest: Authority }): Promise<HostileTsa> {
	const revocation = own ? null : await createRevocationServer();
	const pki = own?.pki ?? (await createPki('Hostile', { issuing: { crl: `${revocation!.url}root.crl` } }));
	if (revocation) revocation.pki = pki;
	const elsewhere = await createPki('Elsewhere');
	const authorities: Partial<Record<Mood, Authority>> = {
		untrusted: await elsewhere.authority(),
		expired: await pki.authority({ notBefore: epoch - year, notAfter: epoch - 1 }),
		'not-a-tsa': { ...(await pki.issue('no TSA')), policy: '1.3.6.1.4.1.99999.1.1' }
	};
	const honest = own?.honest ?? (await pki.authority({ crl: `${revocation!.url}ca.crl` }));
	authorities.oversized = { ...honest, chain: [...honest.chain, ...(await Promise.all(Array.from({ length: 40 }, (_, i) => pki.issue(`Unneeded ${i}`)))).map(({ certificate }) => certificate.der)] };
	const waiting: (() => void)[] = [];

	async function answer(bytes: Uint8Array, mood: Mood): Promise<Uint8Array> {
		if (mood === 'huge') return new Uint8Array(1 << 20);
		if (mood === 'rejects') return rejected('systemFailure', 'no');
		const authority = { ...(authorities[mood] ?? honest), ...(mood === 'wrong-policy' ? { policy: '1.3.6.1.4.1.99999.6' } : {}) };
		const stamp = { genTime: now(), serialNumber: BigInt(tsa.asked), accuracy: null };
		const token = await makeToken(nodePrimitives, authority, other(readRequest(bytes), mood), stamp);
		if (mood === 'tampered') token[token.length - 1]! ^= 1;
		return granted(token);
	}

	async function serve(body: Uint8Array, response: ServerResponse): Promise<void> {
		const { mood } = tsa;
		tsa.asked++;
		for (const wake of waiting.splice(0)) wake();
		if (mood === 'slow') return;
		if (mood === 'down') return void response.writeHead(503).end();
		if (mood === 'redirect') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
		response.writeHead(200, { 'content-type': mood === 'html' ? 'text/html' : 'application/timestamp-reply' });
		response.end(await answer(body, mood));
	}

	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => serve(Buffer.concat(chunks), response).catch((error: unknown) => response.destroy(error as Error)));
	});
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const tsa: HostileTsa = {
		mood: 'honest',
		asked: 0,
		url,
		revocation,
		root: pki.root.certificate.der,
		authority: httpAuthority({
			name: 'hostile',
			url: new URL(url),
			quality: { kind: 'third-party' },
			anchors: [pki.root.certificate.der],
			policy: '1.3.6.1.4.1.99999.1.1'
		}),
		nextRequest: () => new Promise((ok) => waiting.push(ok))
	};
	return tsa;
}
