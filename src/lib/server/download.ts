// Serving stored bytes: as an attachment that no browser interprets, with the exact name (RFC 6266, RFC 8187), and one range (RFC 9110 §14).

import { Readable } from 'node:stream';
import { hex } from '#crypto/bytes.ts';
import { DomainError } from './errors.ts';

/** `attachment` with the name in ASCII for old readers and in UTF-8 for the others. */
export function disposition(name: string): string {
	const ascii = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\x20-\x7e]|["\\%]/g, '_');
	const exact = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}

/** The strong validator of bytes: their digest. */
const tagOf = (sha256: Uint8Array): string => `"${hex(sha256)}"`;

/** The one range a request asks for, of such bytes; null for the whole, and when it goes on from others (If-Range). `invalid` / `range` when it cannot be served. */
export function rangeOf(headers: Headers, { size, sha256 }: { readonly size: number; readonly sha256: Uint8Array }): { start: number; end: number } | null {
	const m = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
	if (!m || (!m[1] && !m[2])) return null;
	if ((headers.get('if-range') ?? tagOf(sha256)) !== tagOf(sha256)) return null;
	const start = m[1] ? Number(m[1]) : Math.max(0, size - Number(m[2]));
	const end = m[1] && m[2] ? Math.min(size, Number(m[2]) + 1) : size;
	if (start >= end) throw new DomainError('invalid', 'range');
	return { start, end };
}

/** An answer with these bytes. */
export function download(bytes: AsyncIterable<Uint8Array> | Uint8Array, about: { readonly name: string; readonly type: string; readonly size: number; readonly sha256?: Uint8Array; readonly range?: { readonly start: number; readonly end: number } | null }): Response {
	const body = bytes instanceof Uint8Array ? new Blob([new Uint8Array(bytes)]).stream() : (Readable.toWeb(Readable.from(bytes)) as unknown as ReadableStream);
	const { range, size, sha256 } = about;
	const headers: Record<string, string> = {
		'content-type': about.type,
		'content-length': String(range ? range.end - range.start : size),
		'content-disposition': disposition(about.name),
		'content-security-policy': "default-src 'none'; sandbox",
		'accept-ranges': 'bytes',
		'cache-control': 'private, no-store'
	};
	if (sha256) headers.etag = tagOf(sha256);
	if (range) headers['content-range'] = `bytes ${range.start}-${range.end - 1}/${size}`;
	return new Response(body, { status: range ? 206 : 200, headers });
}

/** A picture on one of our pages, which the browser does not keep. */
export const picture = (bytes: Uint8Array, type: string): Response =>
	new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'content-length': String(bytes.length), 'content-disposition': 'inline', 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'no-store' } });

/** The HTML of a mail as a page to be framed by ours: an origin of its own, nothing run, nothing fetched. */
export function pageOfMail(html: string): Response {
	const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
	return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'no-store' } });
}
