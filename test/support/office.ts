// Office documents written by hand: a ZIP of parts.

import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive (APPNOTE 6.3), every entry deflated but `mimetype`, which is stored (ODF 1.3 part 2 §3.3). */
export function zipOf(entries: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
	const locals: Buffer[] = [];
	const central: Buffer[] = [];
	let at = 0;
	for (const [name, content] of Object.entries(entries)) {
		const plain = Buffer.from(content as string);
		const stored = name === 'mimetype';
		const data = stored ? plain : deflateRawSync(plain, { level: 9 });
		const head = Buffer.alloc(26);
		head.writeUInt16LE(20, 0);
		head.writeUInt16LE(stored ? 0 : 8, 4);
		head.writeUInt32LE(crc32(plain), 10);
		head.writeUInt32LE(data.length, 14);
		head.writeUInt32LE(plain.length, 18);
		head.writeUInt16LE(name.length, 22);
		const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), data]);
		const tail = Buffer.alloc(16);
		tail.writeUInt32LE(at, 10 + 2);
		central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), head, tail.subarray(2), Buffer.from(name)]));
		locals.push(local);
		at += local.length;
	}
	const size = central.reduce((sum, c) => sum + c.length, 0);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 0, 'latin1');
	end.writeUInt16LE(central.length, 8);
	end.writeUInt16LE(central.length, 10);
	end.writeUInt32LE(size, 12);
	end.writeUInt32LE(at, 16);
	return new Uint8Array(Buffer.concat([...locals, ...central, end]));
}

const schemas = 'http://schemas.openxmlformats.org';
const relationships = (all: string) => `<?xml version="1.0"?><Relationships xmlns="${schemas}/package/2006/relationships">${all}</Relationships>`;

/** A DOCX of one paragraph. `picture`, `template`: addresses of a picture and of a template that Word would fetch. `filler`: more bytes of text. */
export function docxOf(text: string, { picture, template, filler = 0 }: { picture?: string; template?: string; filler?: number } = {}): Uint8Array {
	const drawing = picture ? `<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:100pt;height:100pt"><v:imagedata r:link="rPicture" xmlns:r="${schemas}/officeDocument/2006/relationships"/></v:shape></w:pict></w:r></w:p>` : '';
	const link = (id: string, kind: string, target: string) => `<Relationship Id="${id}" Type="${schemas}/officeDocument/2006/relationships/${kind}" Target="${target}" TargetMode="External"/>`;
	return zipOf({
		'[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="${schemas}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>`,
		'_rels/.rels': relationships(`<Relationship Id="r1" Type="${schemas}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>`),
		'word/_rels/document.xml.rels': relationships(`<Relationship Id="rSettings" Type="${schemas}/officeDocument/2006/relationships/settings" Target="settings.xml"/>${picture ? link('rPicture', 'image', picture) : ''}`),
		'word/_rels/settings.xml.rels': relationships(template ? link('rTemplate', 'attachedTemplate', template) : ''),
		'word/settings.xml': `<?xml version="1.0"?><w:settings xmlns:w="${schemas}/wordprocessingml/2006/main" xmlns:r="${schemas}/officeDocument/2006/relationships">${template ? '<w:attachedTemplate r:id="rTemplate"/>' : ''}</w:settings>`,
		'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="${schemas}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}${'a'.repeat(filler)}</w:t></w:r></w:p>${drawing}</w:body></w:document>`
	});
}

/** An ODT of one paragraph. */
export function odtOf(text: string): Uint8Array {
	const type = 'application/vnd.oasis.opendocument.text';
	const [office, manifest] = ['urn:oasis:names:tc:opendocument:xmlns:office:1.0', 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'];
	return zipOf({
		mimetype: type,
		'content.xml': `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="${office}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:text><text:p>${text}</text:p></office:text></office:body></office:document-content>`,
		'META-INF/manifest.xml': `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="${manifest}" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`
	});
}
