// ISO 32000-2 §7.6: what qpdf encrypts under an empty user password is read, by both adapters; nothing else is opened.

import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { webPrimitives } from '#lib/client/primitives.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { run } from '../../test/support/openssl.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { signField, withFields } from '../../test/support/signing.ts';
import { concat, fromHex, fromLatin1, latin1, type Bytes } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { signatureFields } from '../pades/fields.ts';
import { openDocument, type PdfDocument } from './document.ts';
import { decodeStream } from './filters.ts';
import { openStandardHandler } from './decrypt.ts';
import { array, dict, dictOf, hexString, isStream, isString, name, number, stream, textOf, withEntries, type Dict, type PdfObject } from './objects.ts';
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

const resolve = (o: PdfObject | undefined) => o ?? null;
const handled = (encrypt: Dict, id = new Uint8Array(0)) => openStandardHandler(nodePrimitives, encrypt, id, resolve);

test('§7.6.3.1 the handler is the standard one, of a version and a key length there is; a key’s length follows from the version', () => {
	for (const [kind, other] of [['RC4, 40 bits', 128], ['RC4, 128 bits, crypt filters', 40], ['AES, 256 bits, revision 6', 40]] as const) {
		const document = openDocument(encrypted(kind));
		const encrypt = document.resolve(document.trailer.map.get('Encrypt')) as Dict;
		const ids = document.trailer.map.get('ID') as unknown as { items: { bytes: Bytes }[] };
		const opens = (change: Readonly<Record<string, PdfObject>>) => handled(withEntries(encrypt, change), ids.items[0]!.bytes) !== null;
		expect([opens({}), opens({ Length: number(other) })], kind).toEqual([true, true]);
		const wrong = [{ Filter: name('Other') }, { V: number(3) }, { V: number(1.5) }, { V: name('x') }, { U: hexString(new Uint8Array(0)) }];
		for (const change of wrong) expect(opens(change as never), JSON.stringify(change)).toBe(false);
		if (kind.startsWith('AES')) for (const change of [{ R: number(4) }, { UE: hexString(new Uint8Array(31)) }, { CF: dict({ StdCF: dict({ CFM: name('Other') }) }) }, { CF: dict({}) }, { StrF: name('Missing') }, { StmF: name('Missing') }]) expect(opens(change)).toBe(false);
	}
	const document = openDocument(encrypted('RC4, 128 bits'));
	const encrypt = document.resolve(document.trailer.map.get('Encrypt')) as Dict;
	const ids = document.trailer.map.get('ID') as unknown as { items: { bytes: Bytes }[] };
	for (const [length, opened] of [[128, true], [130, false], [8, false], [264, false], [40, false]] as const) expect(handled(withEntries(encrypt, { Length: number(length) }), ids.items[0]!.bytes) !== null, String(length)).toBe(opened);
});

/** AES-256 of revision 5 under the empty password: U and UE made for a key of our own. */
const fileKey = new Uint8Array(32).fill(9);
const [validation, keySalt] = [new Uint8Array(8).fill(1), new Uint8Array(8).fill(2)];
const cbc = (key: Uint8Array, iv: Uint8Array, data: Uint8Array) => nodePrimitives.aesCbcEncrypt(key, iv, data);
const aes256 = dict({
	Filter: name('Standard'), V: number(5), R: number(5), StmF: name('StdCF'), StrF: name('StdCF'), CF: dict({ StdCF: dict({ CFM: name('AESV3') }) }),
	U: hexString(concat(digest(nodePrimitives, 'SHA-256', validation), validation, keySalt)), UE: hexString(cbc(digest(nodePrimitives, 'SHA-256', keySalt), new Uint8Array(16), fileKey))
});
test('§7.6.4.3.4 algorithm 2.B ends with the 64th round when its last octet is 32, and not a round later', () => {
	// Of a file that qpdf 11.3 encrypted, one of 231: its validation hash ends so.
	const [u, ue] = ['0b3ab68945f4b273cfd5bea4ae20a14b5c1e0523e03d79397943ebee4fffd2da5c699af05d43360bcf2449fd80369564', '453e7fee9fe9c93342469f563994fddfbb0c4292a7109ef18dc0c4f530c81171'];
	expect(handled(withEntries(aes256, { R: number(6), U: hexString(fromHex(u)), UE: hexString(fromHex(ue)) }))).not.toBeNull();
});

const iv = new Uint8Array(16).fill(5);
const sealed = (blocks: Uint8Array) => concat(iv, cbc(fileKey, iv, blocks));
const padded = (text: string) => sealed(latin1(text.padEnd(16, String.fromCharCode(16 - text.length))));

test('§7.6.2 AES: whole blocks under 1 to 16 octets of padding; nothing is nothing', () => {
	const open = handled(aes256)!;
	const bytes = (data: Uint8Array) => (open(1, 0, hexString(data)) as { bytes: Uint8Array }).bytes;
	expect(fromLatin1(bytes(padded('abc')))).toBe('abc');
	expect(fromLatin1(bytes(padded('fifteen octets!')))).toBe('fifteen octets!');
	expect([bytes(sealed(new Uint8Array(16).fill(16))), bytes(new Uint8Array(0))]).toEqual([new Uint8Array(0), new Uint8Array(0)]);
	for (const length of [16, 33, 47]) expect(() => bytes(new Uint8Array(length)), String(length)).toThrow(`${length} bytes of AES`);
	for (const pad of [0, 17]) expect(() => bytes(sealed(new Uint8Array(16).fill(pad)))).toThrow('padding');
});

test('§7.6.2, §7.6.5: strings wherever they are, but a signature’s /Contents; streams, but those that say they are in clear', () => {
	const open = handled(aes256)!;
	const text = hexString(padded('abc'));
	const plain = (o: PdfObject) => JSON.stringify(o, (_, v: unknown) => (v instanceof Map ? [...v] : v instanceof Uint8Array ? fromLatin1(v) : v));
	const clear = hexString(latin1('abc'));
	expect(plain(open(1, 0, array(text, dict({ A: array(text) }))))).toBe(plain(array(clear, dict({ A: array(clear) }))));
	expect(plain(open(1, 0, dict({ Contents: text, T: text })))).toBe(plain(dict({ Contents: clear, T: clear })));
	expect(plain(open(1, 0, dict({ ByteRange: array(), Contents: text, T: text })))).toBe(plain(dict({ ByteRange: array(), Contents: text, T: clear })));
	const data = padded('abc');
	const raw = (entries: Readonly<Record<string, PdfObject>>, by = open) => fromLatin1((by(1, 0, stream(entries, data)) as { raw: Uint8Array }).raw);
	expect(raw({})).toBe('abc');
	expect(raw({ Filter: array(name('FlateDecode')) })).toBe('abc');
	expect(raw({ Type: name('Metadata') })).toBe('abc');
	for (const entries of [{ Type: name('XRef') }, { Filter: name('Crypt') }, { Filter: array(name('FlateDecode'), name('Crypt')) }]) expect(raw(entries as never)).toBe(fromLatin1(data));
	const open2 = handled(withEntries(aes256, { EncryptMetadata: false }))!;
	expect([raw({ Type: name('Metadata') }, open2), raw({}, open2)]).toEqual([fromLatin1(data), 'abc']);
	const identity = handled(withEntries(aes256, { StrF: name('Identity'), StmF: name('Identity') }))!;
	expect([raw({}, identity), plain(identity(1, 0, text))]).toEqual([fromLatin1(data), plain(text)]);
});
