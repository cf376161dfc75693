// Promises over any input, not over examples: what is written is read back, what is signed verifies, and one bit more or less does not.

import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, test } from 'vitest';
import { read, type Node } from '#crypto/asn1/der.ts';
import { oid } from '#crypto/asn1/oid.ts';
import * as write from '#crypto/asn1/write.ts';
import { concat, equal, hex, utf8 } from '#crypto/bytes.ts';
import { attribute } from '#crypto/cms/attributes.ts';
import { assemble, signedAttributes } from '#crypto/cms/build.ts';
import { readSignedData } from '#crypto/cms/signed-data.ts';
import { verifySignedData } from '#crypto/cms/verify.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import * as pdf from '#crypto/pdf/objects.ts';
import { beginRevision } from '#crypto/pdf/revision.ts';
import { digest } from '#crypto/primitives.ts';
import { openNote, parseNote, parseVerifier, signNote } from '#crypto/tlog/note.ts';
import { consistencyProof, append, inclusionProof, leafHash, treeHash, verifyConsistency, verifyInclusion } from '#crypto/tlog/merkle.ts';
import { parseTile, readBundle, tilePath, writeBundle } from '#crypto/tlog/tile.ts';
import { readRequest, writeRequest } from '#crypto/tsp/request.ts';
import { makeToken } from '#crypto/tsp/response.ts';
import { verifyToken } from '#crypto/tsp/token.ts';
import { generateKey, nodeSigner } from '#lib/server/keys/primitives.ts';
import { CryptoError } from '#crypto/errors.ts';
import * as material from './material.ts';
import { anchors, orRefused, primitives as p } from './judging.ts';

const flip = (bytes: Uint8Array, bit: number): Uint8Array => bytes.map((b, i) => (i === bit >> 3 ? b ^ (1 << (bit & 7)) : b));
const bytes = (maxLength = 40) => fc.uint8Array({ maxLength });

describe('DER', () => {
	/** A value as we write it, and the same in a spelling that only BER allows. */
	const { value } = fc.letrec<{ value: { der: Uint8Array; ber: Uint8Array } }>((tie) => ({
		value: fc.oneof(
			{ maxDepth: 5 },
			bytes().map((b) => ({ der: write.octetString(b), ber: write.tlv(0x24, write.octetString(b.subarray(0, 3)), write.octetString(b.subarray(3))) })),
			fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((n) => ({ der: write.integer(n), ber: write.integer(n) })),
			bytes(300).map((b) => ({ der: write.bitString(b), ber: concat(Uint8Array.of(3, 0x84, 0, 0, (b.length + 1) >> 8, b.length + 1, 0), b) })),
			fc.array(tie('value'), { maxLength: 4 }).map((all) => ({ der: write.sequence(...all.map((v) => v.der)), ber: concat(Uint8Array.of(0x30, 0x80), ...all.map((v) => v.ber), new Uint8Array(2)) })),
			fc.array(tie('value'), { maxLength: 4 }).map((all) => ({ der: write.setOf(...all.map((v) => v.der)), ber: write.tlv(0x31, ...all.map((v) => v.ber).reverse()) })),
			fc.tuple(fc.nat(30), tie('value')).map(([n, v]) => ({ der: write.explicit(n, v.der), ber: concat(Uint8Array.of(0xa0 | n, 0x80), v.ber, new Uint8Array(2)) }))
		)
	}));

	const encoded = (node: Node): Uint8Array => write.tlv(node.tag, ...(node.tag & 0x20 ? node.children.map(encoded) : [node.content]));

	test('X.690 what is written is read, and written again the same; its BER spellings become it', () => {
		fc.assert(
			fc.property(value, ({ der, ber }) => {
				expect(hex(encoded(read(der)))).toBe(hex(der));
				expect(hex(write.toDer(read(ber, { ber: true })))).toBe(hex(der));
			}),
			{ numRuns: 500 }
		);
	});

	test('X.690 §10.1 any bytes that are read are the only encoding of what they say', () => {
		fc.assert(
			fc.property(value, fc.nat(), ({ der }, bit) => {
				const changed = flip(der, bit % (der.length * 8));
				const node = orRefused(() => read(changed));
				if (node) expect(hex(encoded(node))).toBe(hex(changed));
			}),
			{ numRuns: 1000 }
		);
	});
});

describe('CMS', () => {
	const { seal } = material;
	const extra = fc.uniqueArray(fc.tuple(fc.nat(1000), bytes()), { maxLength: 4, selector: ([n]) => n }).map((all) => all.map(([n, b]) => attribute(`1.2.3.${n}`, write.octetString(b))));
	const intact = async (der: Uint8Array, content: Uint8Array) => {
		const data = readSignedData(der, { ber: true });
		const verdict = await verifySignedData(p, data, { contentDigest: digest(p, data.signerInfo.digestAlgorithm, content), contentType: oid.data, existed: material.at });
		return verdict.intact && verdict.signer !== null;
	};

	/** BER has other spellings of the same: what is signed is the DER of it (RFC 5652 §5.4). */
	const speltAs = (der: Uint8Array, tbs: Uint8Array) => orRefused(() => readSignedData(der, { ber: true }))?.signerInfo.tbs.some((t) => equal(t, tbs)) ?? false;
	/** An empty OCTET STRING that becomes a constructed one of no parts. */
	const empty: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>[], number] = [new Uint8Array(), [attribute('1.2.3.0', write.octetString(new Uint8Array()))], 93];

	test('any content under any attributes verifies; one bit of either changed does not, unless it says the same in BER', async () => {
		await fc.assert(
			fc.asyncProperty(bytes(200), extra, fc.nat(), async (content, more, bit) => {
				const signed = signedAttributes(p, { contentDigest: digest(p, 'SHA-256', content), hash: 'SHA-256', certificate: seal.certificate, more });
				const der = assemble(signed, { signature: await seal.signer.sign(signed.tbs), algorithm: seal.signer.algorithm, certificates: [seal.certificate.der] });
				expect(await intact(der, content)).toBe(true);
				if (content.length) expect(await intact(der, flip(content, bit % (content.length * 8)))).toBe(false);
				const at = Buffer.from(der).indexOf(signed.tbs.subarray(1));
				expect(at).toBeGreaterThan(0);
				const changed = flip(der, at * 8 + (bit % ((signed.tbs.length - 1) * 8)));
				expect(await intact(changed, content).catch((error: unknown) => !(error instanceof CryptoError))).toBe(speltAs(changed, signed.tbs));
			}),
			{ numRuns: 150, examples: [empty] }
		);
	});
});

describe('RFC 3161', () => {
	const requests = fc.record({
		hash: fc.constantFrom('SHA-256', 'SHA-384', 'SHA-512'),
		nonce: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n })),
		policy: fc.option(fc.constant('1.2.3.4')),
		certReq: fc.boolean(),
		data: bytes()
	});

	test('SAFE-4 any request is read as written, its token proves the time for it alone, and no bit of its TSTInfo may change', async () => {
		await fc.assert(
			fc.asyncProperty(requests, fc.integer({ min: 0, max: 86_400_000 }), fc.nat(), async ({ data, ...wishes }, later, bit) => {
				const request = { ...wishes, imprint: digest(p, wishes.hash, data) } as const;
				expect(readRequest(writeRequest(request))).toEqual(request);
				const genTime = material.at + later;
				const token = await makeToken(p, material.authority, request, { genTime, serialNumber: 9n, accuracy: 1500 });
				const given = { anchors, intermediates: [material.issuing.certificate, material.authority.certificate] };
				expect(await verifyToken(p, token, { for: { request }, ...given })).toMatchObject({ proven: true, tstInfo: { genTime, nonce: request.nonce, accuracy: 1500 } });
				expect((await verifyToken(p, token, { for: { data: concat(data, Uint8Array.of(0)) }, ...given })).proven).toBe(false);
				const content = readSignedData(token).content!;
				const at = Buffer.from(token).indexOf(content);
				expect((await verifyToken(p, flip(token, at * 8 + (bit % (content.length * 8))), { for: { data }, ...given })).proven).toBe(false);
			}),
			{ numRuns: 100 }
		);
	});
});

describe('PDF revisions', async () => {
	const made = await PDFDocument.create();
	made.addPage();
	const files = [await made.save({ useObjectStreams: false }), await made.save({ useObjectStreams: true }), material.pdfs[1]!];
	const object = fc.letrec<{ object: pdf.PdfObject }>((tie) => ({
		object: fc.oneof(
			{ maxDepth: 3 },
			fc.constantFrom(null, true, false),
			fc.integer().map(pdf.number),
			fc.string({ unit: fc.constantFrom(...'aZ#/ ()<>%é\n\\'), maxLength: 8 }).map((text) => pdf.name(Buffer.from(text).toString('latin1'))),
			bytes(12).map(pdf.hexString),
			fc.string().map(pdf.textString),
			fc.nat(5).map((n) => pdf.ref(n + 1)),
			fc.array(tie('object'), { maxLength: 3 }).map((items) => pdf.array(...items)),
			fc.dictionary(fc.constantFrom('A', 'B', 'C'), tie('object')).map(pdf.dict),
			bytes().map((raw) => pdf.stream({ Own: pdf.number(1) }, raw))
		)
	})).object;
	/** A stream only as the whole of an object (ISO 32000-1 §7.3.8.1). */
	const whole = (o: pdf.PdfObject, inside = false): boolean => (pdf.isStream(o) ? !inside : pdf.isArray(o) ? o.items.every((i) => whole(i, true)) : !pdf.isDict(o) || [...o.map.values()].every((v) => whole(v, true)));
	const said = (o: pdf.PdfObject) => hex(pdf.writeObject(o));

	test('SIGN-7 any objects are appended: not a byte before them changes, the old objects are as they were, the new ones come back', () => {
		fc.assert(
			fc.property(fc.constantFrom(...files), fc.array(object.filter((o) => whole(o)), { minLength: 1, maxLength: 5 }), (file, objects) => {
				const before = openDocument(file);
				const writer = beginRevision(before);
				const targets = objects.map((o) => {
					const target = writer.allocate();
					writer.set(target, o);
					return target;
				});
				const { bytes: written } = writer.finish(new Uint8Array(16));
				const after = openDocument(written);
				expect(equal(written.subarray(0, file.length), file)).toBe(true);
				expect(after.trailing).toBe(0);
				expect(after.revisions).toHaveLength(before.revisions.length + 1);
				expect(after.revisions.at(-1)!.kind).toBe(before.revisions.at(-1)!.kind);
				for (const num of before.numbers()) expect(said(after.get(num))).toBe(said(before.get(num)));
				targets.forEach((target, i) => expect(said(after.get(target.num))).toBe(said(objects[i]!)));
			}),
			{ numRuns: 200 }
		);
	});
});

describe('log', async () => {
	const size = 24;
	const leaves = Array.from({ length: size }, (_, i) => leafHash(p, utf8(`${i}`)));
	const nodes = new Map<string, Uint8Array>();
	const node = async (level: number, index: number) => nodes.get(`${level}/${index}`)!;
	for (const n of await append(p, node, 0, leaves)) nodes.set(`${n.level}/${n.index}`, n.hash);
	const roots = await Promise.all(Array.from({ length: size + 1 }, (_, n) => treeHash(p, node, n)));
	const eachChanged = (proof: readonly Uint8Array[]) => [...proof.map((h, i) => proof.with(i, flip(h, 3))), ...proof.map((_, i) => proof.toSpliced(i, 1)), ...proof.map((h, i) => proof.toSpliced(i, 0, h))];

	test('LOG-3 inclusion: at every size every other index, leaf, root and any changed, missing or doubled hash is refused', async () => {
		for (let n = 1; n <= size; n++) {
			for (let index = 0; index < n; index++) {
				const proof = await inclusionProof(p, node, index, n);
				expect(verifyInclusion(p, leaves[index]!, index, n, proof, roots[n]!)).toBe(true);
				for (let other = -1; other <= n; other++) if (other !== index) expect(verifyInclusion(p, leaves[index]!, other, n, proof, roots[n]!)).toBe(false);
				for (let other = 0; other <= size; other++) if (other !== n) expect(verifyInclusion(p, leaves[index]!, index, n, proof, roots[other]!)).toBe(false);
				for (const other of eachChanged(proof)) expect(verifyInclusion(p, leaves[index]!, index, n, other, roots[n]!)).toBe(false);
			}
		}
	});

	test('LOG-3 consistency: between any two sizes every other root and any changed, missing or doubled hash is refused', async () => {
		for (let second = 1; second <= size; second++) {
			for (let first = 1; first <= second; first++) {
				const proof = await consistencyProof(p, node, first, second);
				expect(verifyConsistency(p, first, second, proof, roots[first]!, roots[second]!)).toBe(true);
				for (let other = 0; other <= size; other++) {
					if (other !== first) expect(verifyConsistency(p, first, second, proof, roots[other]!, roots[second]!)).toBe(false);
					if (other !== second) expect(verifyConsistency(p, first, second, proof, roots[first]!, roots[other]!)).toBe(false);
				}
				for (const other of eachChanged(proof)) expect(verifyConsistency(p, first, second, other, roots[first]!, roots[second]!)).toBe(false);
			}
		}
	});

	test('LOG-2 any text is signed and opened; one character changed is not', async () => {
		const { privateKey, spki } = generateKey('ed25519');
		const verifier = { name: 'log.example', key: spki.slice(-32) };
		const signer = nodeSigner(privateKey, { scheme: 'ed25519' });
		await fc.assert(
			fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 5 }), fc.nat(), async (lines, at) => {
				const text = `${lines.join('\n').replace(/[\0-\x09\x0b-\x1f]/g, '')}\n`;
				const note = await signNote(p, text, verifier, signer);
				expect(await openNote(p, note, [verifier])).toBe(text);
				const i = at % note.length;
				const changed = `${note.slice(0, i)}${note[i] === 'b' ? 'c' : 'b'}${note.slice(i + 1)}`;
				await expect(openNote(p, changed, [verifier])).rejects.toBeInstanceOf(CryptoError);
			}),
			{ numRuns: 300 }
		);
	});

	test('LOG-2 what is no note, verifier, tile or bundle is refused, not misread', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'\u2014 +=AZaz09\n/x.p', '\n\n') }), bytes(), (text, some) => {
				orRefused(() => parseNote(text));
				orRefused(() => parseVerifier(p, text));
				const tile = parseTile(`tile/${text}`);
				if (tile) expect(tilePath(tile)).toBe(`tile/${text}`);
				const bundle = orRefused(() => readBundle(some));
				if (bundle) expect(writeBundle(bundle)).toEqual(some);
			}),
			{ numRuns: 2000 }
		);
	});
});
