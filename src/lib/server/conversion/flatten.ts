// Office documents, pictures and PDFs with more in them than pages, as plain PDFs: LibreOffice, GraphicsMagick and Ghostscript, each in the sandbox.

import { preflight } from '#crypto/pdf/preflight.ts';
import type { Command, Limits, Sandbox } from '../sandbox/sandbox.ts';

export type Failure = 'unknown' | 'password' | 'damaged' | 'too-long' | 'too-large' | 'unfit' | 'missing';

/** Why there is no copy. Never what the programs said: it may quote the document. */
export class NotFlattened extends Error {
	override name = 'NotFlattened';
	readonly failure: Failure;
	constructor(failure: Failure) {
		super(failure);
		this.failure = failure;
	}
}

const limits: Limits = { memory: 6 * 2 ** 30, cpu: 90, wall: 120, output: 64 << 20, scratch: 512 << 20, processes: 256 };

/** Pictures of its pages, 150 to the inch: text, links, fields, layers, scripts and whatever lies behind are gone. */
const pictures: Pick<Command, 'program' | 'arguments'> = { program: 'gs', arguments: ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-sstdout=%stderr', '-sDEVICE=pdfimage24', '-r150', '-sOutputFile=-', 'input.pdf'] };
/** Each on a sheet of A4. */
const sheets: Pick<Command, 'program' | 'arguments'> = { ...pictures, arguments: ['-sPAPERSIZE=a4', '-dFIXEDMEDIA', '-dPDFFitPage', ...pictures.arguments] };
/** Upright, without what a camera writes beside the picture. */
const picture: Pick<Command, 'program' | 'arguments'> = { program: 'gm', arguments: ['convert', 'input', '-auto-orient', '+profile', '*', '-resize', '2480x2480>', 'pdf:-'] };
/** Macros do not run without a window (LibreOffice's default for documents of unknown origin), and nothing outside can be reached. */
const office = (name: string): Pick<Command, 'program' | 'arguments'> => ({
	program: 'sh',
	arguments: ['-c', `soffice -env:UserInstallation=file:///work/profile --headless --norestore --nolockcheck --convert-to pdf --outdir out ${name} >&2 && cat out/input.pdf`]
});

const has = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text, 0, 'latin1');

/** The name under which LibreOffice knows what it is; null when it is no text document of a kind we take. */
function officeName(type: string, bytes: Uint8Array): string | null {
	if (type === 'text/rtf') return 'input.rtf';
	if (type === 'application/vnd.ms-office') return 'input.doc';
	if (type !== 'application/zip') return null;
	if (has(bytes.subarray(0, 200), 'mimetypeapplication/vnd.oasis.opendocument.text')) return 'input.odt';
	return has(bytes, 'word/document.xml') ? 'input.docx' : null;
}

const isPicture = (type: string) => /^image\/(png|jpeg|gif|tiff|webp)$/.test(type);

/** Media types (of first bytes) that a copy may be made of. */
export const mayFlatten = (type: string): boolean => type === 'application/pdf' || isPicture(type) || ['application/zip', 'application/vnd.ms-office', 'text/rtf'].includes(type);

export const programs = ['gs', 'gm', 'soffice'] as const;

async function run(sandbox: Sandbox, command: Pick<Command, 'program' | 'arguments'>, name: string, bytes: Uint8Array): Promise<Uint8Array> {
	if (!sandbox.has(command.program === 'sh' ? 'soffice' : command.program)) throw new NotFlattened('missing');
	const { status, stopped, output, complaint } = await sandbox.run({ ...command, files: { [name]: bytes }, limits });
	if (stopped === 'wall' || status === 137 || status === 152) throw new NotFlattened('too-long'); // killed, or out of processor time
	if (stopped === 'output') throw new NotFlattened('too-large');
	if (/password/i.test(complaint)) throw new NotFlattened('password');
	if (status !== 0 || !output.length) throw new NotFlattened('damaged');
	return new Uint8Array(output);
}

const fit = (pdf: Uint8Array): boolean => !preflight(pdf).refusals.length;

/** A PDF that may be signed, from the bytes of a document and their media type. Throws NotFlattened. */
export async function flatten(sandbox: Sandbox, bytes: Uint8Array, type: string): Promise<Uint8Array> {
	const flat = async (pdf: Uint8Array, how = pictures): Promise<Uint8Array> => {
		const made = await run(sandbox, how, 'input.pdf', pdf);
		const { refusals } = preflight(made);
		if (refusals.length) throw new NotFlattened(refusals.some((r) => r.reason === 'no-pages' || r.reason === 'damaged') ? 'damaged' : 'unfit');
		return made;
	};
	if (type === 'application/pdf') return flat(bytes);
	if (isPicture(type)) return flat(await run(sandbox, picture, 'input', bytes), sheets);
	const name = officeName(type, bytes);
	if (!name) throw new NotFlattened('unknown');
	const written = await run(sandbox, office(name), name, bytes);
	return fit(written) ? written : flat(written);
}
