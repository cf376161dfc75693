// What a file's first bytes say it is. A name or a browser's word decides nothing.

const signatures: readonly (readonly [type: string, at: number, bytes: string])[] = [
	['application/pdf', 0, '%PDF-'],
	['image/png', 0, '\x89PNG\r\n\x1a\n'],
	['image/jpeg', 0, '\xff\xd8\xff'],
	['image/gif', 0, 'GIF8'],
	['image/tiff', 0, 'II*\0'],
	['image/tiff', 0, 'MM\0*'],
	['image/webp', 8, 'WEBP'],
	['application/zip', 0, 'PK\x03\x04'],
	['application/vnd.ms-office', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
	['application/gzip', 0, '\x1f\x8b'],
	['text/xml', 0, '<?xml'],
	['text/xml', 0, '\xef\xbb\xbf<?xml'],
	['text/rtf', 0, '{\\rtf']
];

/** An IANA media type; text/plain for what reads as UTF-8 text, application/octet-stream for the rest. */
export function mediaType(head: Uint8Array): string {
	const latin = String.fromCharCode(...head.subarray(0, 512));
	const found = signatures.find(([, at, bytes]) => latin.startsWith(bytes, at));
	if (found) return found[0];
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
		return head.includes(0) ? 'application/octet-stream' : 'text/plain';
	} catch {
		return 'application/octet-stream';
	}
}
