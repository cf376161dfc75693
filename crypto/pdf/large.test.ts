// Sizes that are within the limits, but more than a call takes as arguments.

import { expect, test } from 'vitest';
import { hex, latin1 } from '../bytes.ts';
import { digest } from '../primitives.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import * as material from '../../test/fuzz/material.ts';
import { classifyChanges } from './changes.ts';
import { openDocument } from './document.ts';
import { dict, isRef, number, withEntries, writeObject, type PdfObject } from './objects.ts';
import { beginRevision } from './revision.ts';

const many: PdfObject = { kind: 'array', items: Array.from({ length: 130_000 }, () => number(1)) };

test('an array of 130,000 items is written, and judged when a later revision brings it', () => {
	expect(writeObject(many).length).toBe(260_001);
	const document = openDocument(material.pdfs[0]!);
	const root = document.trailer.map.get('Root');
	if (!isRef(root)) throw new Error('no /Root');
	for (const certs of [many, dict(Object.fromEntries(Array.from({ length: 130_000 }, (_, i) => [`K${i}`, number(1)])))]) {
		const writer = beginRevision(document);
		writer.set(root, withEntries(document.catalog, { DSS: dict({ Certs: certs }) }));
		const changed = openDocument(writer.finish(new Uint8Array(16)).bytes);
		expect(classifyChanges(changed, document.revisions.length).map((c) => [c.kind, c.allowed])).toEqual([['dss', true]]);
	}
});

test('a file of 150,000 objects takes a revision', () => {
	let text = '%PDF-1.7\n';
	const offsets: number[] = [];
	for (let num = 1; num <= 150_000; num++) {
		offsets.push(text.length);
		text += `${num} 0 obj\n${num === 1 ? '<</Type/Catalog>>' : 'null'}\nendobj\n`;
	}
	const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n\r\n`).join('');
	const bytes = latin1(`${text}xref\n0 150001\n0000000000 65535 f\r\n${table}trailer\n<</Size 150001/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`);
	const writer = beginRevision(openDocument(bytes));
	const target = writer.allocate();
	expect(target.num).toBe(150_001);
	writer.set(target, number(5));
	const updated = writer.finish(new Uint8Array(16)).bytes;
	expect(hex(digest(p, 'SHA-256', updated.subarray(0, bytes.length)))).toBe(hex(digest(p, 'SHA-256', bytes)));
	expect(openDocument(updated).get(150_001)).toMatchObject({ value: 5 });
});
