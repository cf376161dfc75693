// The web process: adapter-node's handler behind our own server, with limits, headers on static files, and a quick stop.

import { createServer, type ServerResponse } from 'node:http';
import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { readSettings } from '#lib/server/env.ts';
import { refuseSigningKeys } from '#lib/server/keys/prepare.ts';
import { limitTime } from './patience.ts';

setFlagsFromString('--no-incremental-marking'); // buffers of large uploads are cleared at once: 60 MB less at the peak of a 5 GB one, and no slower
const settings = readSettings(process.env, 'web');
await refuseSigningKeys(settings);
process.env.ORIGIN = settings.ORIGIN;
process.env.ADDRESS_HEADER = settings.ADDRESS_HEADER ?? '';
process.env.XFF_DEPTH = String(settings.XFF_DEPTH);
process.env.BODY_SIZE_LIMIT = 'Infinity'; // uploads stream; every other route is limited by the hook
const built = new URL('../build/handler.js', import.meta.url).href;
const { handler } = (await import(built)) as { handler: (request: unknown, response: unknown, next: (error?: unknown) => void) => void };

/** Of static files; a page's own, from Kit, takes its place. A worker is held by the policy its script comes with: viewer, hasher and verifier load code from here and nothing else. */
const staticPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'";

function guard(response: ServerResponse): void {
	response.setHeader('x-content-type-options', 'nosniff');
	response.setHeader('content-security-policy', staticPolicy);
	response.setHeader('referrer-policy', 'no-referrer');
	response.setHeader('x-frame-options', 'DENY');
	response.setHeader('cross-origin-opener-policy', 'same-origin');
	if (settings.production) response.setHeader('strict-transport-security', 'max-age=63072000; includeSubDomains');
}

const server = createServer({ requestTimeout: 0 /* Node's is one for all: limitTime */, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }, (request, response) => {
	guard(response);
	limitTime(request, response);
	handler(request, response, () => {
		response.statusCode = 404;
		response.end('Not found');
	});
});
server.listen(settings.PORT, settings.HOST, () => {
	process.send?.({ ready: 'web' });
	flushCompileCache(); // for the next start, however this one ends (up.js)
});
server.on('error', (error) => {
	process.stderr.write(`web: ${error.message}\n`);
	process.exit(1);
});

function stop(): void {
	server.close(() => process.exit(0));
	server.closeIdleConnections();
	setTimeout(() => {
		server.closeAllConnections();
		process.exit(0);
	}, 1000).unref();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
