// A CSV as people's spreadsheets write it (RFC 4180, with `;`, `,` or a tab between): UTF-8 alone, for another encoding would turn names into others without a word.

import { CsvError, parse } from 'csv-parse/sync';
import { DomainError } from '../errors.ts';

/** The largest file, in bytes, and the most lines below its header. */
export const maximumFile = 2 << 20;
export const maximumLines = 1000;

export interface Table {
	readonly header: readonly string[];
	/** Lines that are not empty. `number`: the row as a spreadsheet counts it, the header being 1. */
	readonly lines: readonly { readonly number: number; readonly cells: readonly string[] }[];
}

const separators = [';', ',', '\t'] as const;

function decode(bytes: Uint8Array): string {
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); // which leaves out the mark at its beginning
	} catch (cause) {
		throw new DomainError('invalid', 'bulk-encoding', {}, { cause });
	}
	if (text.includes('\0')) throw new DomainError('invalid', 'bulk-encoding');
	return text;
}

/** The one that stands most often in the header, outside quotes. */
function separatorOf(text: string): string {
	const header = text.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n|\r/, 1)[0] ?? '';
	const counts = separators.map((s) => header.split(s).length);
	return separators[counts.indexOf(Math.max(...counts))]!;
}

/** Without the apostrophe that our own exports put before what a spreadsheet would take for a formula. */
const plain = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@\t\r])/, '');

/**
 * Reads a file. `too-large` / `bulk-file`; `invalid`: `bulk-encoding` for one that is not UTF-8, `bulk-quotes` with the row near which quotes do not fit,
 * `bulk-empty` without a line below the header, `bulk-lines` for too many.
 */
export function readTable(bytes: Uint8Array): Table {
	if (bytes.length > maximumFile) throw new DomainError('too-large', 'bulk-file');
	const text = decode(bytes);
	let records: string[][];
	try {
		records = parse(text, { delimiter: separatorOf(text), relaxColumnCount: true });
	} catch (cause) {
		if (!(cause instanceof CsvError)) throw cause;
		throw new DomainError('invalid', 'bulk-quotes', { row: Number((cause as { lines?: number }).lines ?? 0) }, { cause });
	}
	const [header = [], ...rest] = records.map((cells) => cells.map(plain));
	const lines = rest.map((cells, i) => ({ number: i + 2, cells })).filter(({ cells }) => cells.some(Boolean));
	if (!lines.length) throw new DomainError('invalid', 'bulk-empty');
	if (lines.length > maximumLines) throw new DomainError('invalid', 'bulk-lines', { most: maximumLines });
	return { header, lines };
}
