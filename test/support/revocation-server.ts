// What a PKI says of its certificates, on loopback HTTP: OCSP, and the lists of its CA and root. It says what a test makes it say.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { equal } from '#crypto/bytes.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { writeOcspRequest, writeOcspResponse, type CertStatus } from '#crypto/x509/ocsp.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import type { Pki } from './pki.ts';
import { lists } from './signing.ts';

export interface RevocationServer {
	/** Ends with a slash. `ocsp`, `ca.crl`, `root.crl` and, larger than any list, `huge` are under it. */
	readonly url: string;
	/** Whose certificates it speaks of; to be set before it is asked. */
	pki: Pki | null;
	/** Those it answers for by OCSP, under the issuing CA. */
	readonly holders: Certificate[];
	/** What it says of each. */
	status: CertStatus;
	/** It takes questions and drops them. */
	down: boolean;
	/** Paths asked for, in order. */
	readonly asked: string[];
}

export async function createRevocationServer(): Promise<RevocationServer> {
	async function answer(path: string, body: Uint8Array): Promise<Uint8Array | null> {
		const { pki, holders, status } = server;
		if (!pki) throw new Error('asked before its PKI is set');
		const now = Date.now();
		if (path === '/huge') return new Uint8Array(21 << 20);
		if (path === '/ca.crl') return (await lists(pki, now))[0]!;
		if (path === '/root.crl') return (await lists(pki, now))[1]!;
		const certificate = path === '/ocsp' && holders.find((c) => equal(writeOcspRequest(p, c, pki.ca.certificate), body));
		return certificate ? writeOcspResponse(p, pki.ca, { certificate, issuer: pki.ca.certificate }, { status, producedAt: now, thisUpdate: now, nextUpdate: now + 3_600_000 }) : null;
	}
	const http = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const path = request.url ?? '';
			server.asked.push(path);
			if (server.down) return void response.destroy();
			answer(path, new Uint8Array(Buffer.concat(chunks))).then(
				(bytes) => response.writeHead(bytes ? 200 : 404).end(bytes ?? undefined),
				(error: unknown) => response.destroy(error as Error)
			);
		});
	});
	await new Promise<void>((ok) => http.listen(0, '127.0.0.1', ok));
	afterAll(() => {
		http.closeAllConnections();
		http.close();
	});
	const server: RevocationServer = { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, pki: null, holders: [], status: { status: 'good' }, down: false, asked: [] };
	return server;
}
