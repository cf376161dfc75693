import { error } from '@sveltejs/kit';
import { base64 } from '#crypto/bytes.ts';
import { pem } from '#crypto/x509/pem.ts';
import { published } from '#lib/server/published.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { ctx }, params: { file } }) => {
	const keys = await published(ctx);
	if (!keys) error(404);
	const files: Record<string, readonly [type: string, body: Uint8Array | string]> = {
		'root.crt': ['application/pkix-cert', keys.root],
		'ca.crt': ['application/pkix-cert', keys.ca],
		'root.pem': ['application/x-pem-file', pem('CERTIFICATE', base64(keys.root))],
		'root.crl': ['application/pkix-crl', keys.lists.root],
		'ca.crl': ['application/pkix-crl', keys.lists.ca],
		'log.txt': ['text/plain; charset=utf-8', `${keys.logVerifiers.at(-1)}\n`]
	};
	const found = files[file];
	if (!found) error(404);
	const [type, body] = found;
	return new Response(typeof body === 'string' ? body : new Uint8Array(body), { headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' } });
};
