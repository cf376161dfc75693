// ISO 32000-2 §7.6: what qpdf encrypts under an empty user password is read, by both adapters; nothing else is opened.

import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { webPrimitives } from '#lib/client/primitives.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { signField, withFields } from '../../test/support/signing.ts';
import { fromLatin1, latin1 } from '../bytes.ts';
import { signatureFields } from '../pades/fields.ts';
import { openDocument, type PdfDocument } from './document.ts';
import { decodeStream } from './filters.ts';
import { dictOf, isStream, isString, textOf } from './objects.ts';
import { preflight } from './preflight.ts';
import { rc4 } from './rc4.ts';

const made = await PDFDocument.create();
made.setTitle('Contrat n° 7');
made.addPage([200, 200]).drawText('Lu et approuvé');
const pki = await createPki();
const signed = await signField(withFields(await made.save({ useObjectStreams: false }), ['amount']), 'amount', await pki.issue('Sceau'), { at: epoch + year / 2, authority: null });

const kinds: Readonly<Record<string, string>> = {
	'RC4, 40 bits': '40',
	'RC4, 128 bits': '128 --use-aes=n',
	'RC4, 128 bits, crypt filters': '128 --use-aes=n --force-V4',
	'AES, 128 bits': '128 --use-aes=y',
	'AES, 128 bits, metadata in clear': '128 --use-aes=y --cleartext-metadata',
	'AES, 256 bits, revision 5': '256 --force-R5',
	'AES, 256 bits, revision 6': '256'
};
function encrypted(kind: string, user = '""'): Uint8Array {
	const { text } = run('sh', ['-c', `qpdf --allow-weak-crypto --object-streams=${kind.startsWith('AES') ? 'generate' : 'preserve'} --encrypt ${user} owner ${kinds[kind]!} -- a.pdf b.pdf; base64 -w0 b.pdf`], { 'a.pdf': signed });
	return new Uint8Array(Buffer.from(/[A-Za-z0-9+/=]{200,}/.exec(text)![0], 'base64'));
}

/** Title, field name, first page's text, CMS. */
function read(document: PdfDocument): unknown[] {
	const title = document.entry(document.trailer.map.get('Info'), 'Title');
	const [field] = signatureFields(document);
	const contents = dictOf(document.resolve(field!.dict.map.get('V')))!.map.get('Contents');
	const content = document.entry(document.pages()[0]!.page, 'Contents');
	const streams = (typeof content === 'object' && content?.kind === 'array' ? content.items.map((i) => document.resolve(i)) : [content]).filter(isStream);
	return [isString(title) ? textOf(title) : title, field!.name, streams.map((s) => fromLatin1(decodeStream(s, document.resolve))).join(''), isString(contents) ? contents.bytes : null];
}

test.each(Object.keys(kinds))('%s: strings, streams and object streams are read, a signature’s /Contents as it stands', (kind) => {
	const bytes = encrypted(kind);
	for (const primitives of [nodePrimitives, webPrimitives]) {
		const document = openDocument(bytes, { primitives });
		expect([document.encrypted, document.closed]).toEqual([true, false]);
		expect(read(document)).toEqual(read(openDocument(signed)));
	}
	expect(openDocument(bytes).closed).toBe(true);
	expect(preflight(bytes).refusals.map((r) => r.reason)).toEqual(['encrypted']);
});

test.each(Object.keys(kinds))('%s: under another password it stays closed', (kind) => {
	expect(openDocument(encrypted(kind, 'secret'), { primitives: nodePrimitives }).closed).toBe(true);
});

test('RC4 gives the streams of RFC 6229', () => {
	const stream = (key: string) => Buffer.from(rc4(Buffer.from(key, 'hex'), new Uint8Array(16))).toString('hex');
	expect(stream('0102030405')).toBe('b2396305f03dc027ccc3524a0a1118a8');
	expect(stream('0102030405060708090a0b0c0d0e0f10')).toBe('9ac7cc9a609d1ef7b2932899cde41b97');
	expect(rc4(latin1('Key'), latin1('Plaintext'))).toEqual(Uint8Array.from(Buffer.from('bbf316e8d940af0ad3', 'hex')));
});
