// The checked-in table of what the last mutation run of each file gave.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

export interface Row {
	readonly file: string;
	readonly mutants: number;
	readonly killed: number;
	readonly equivalent: number;
	readonly survived: number;
	/** Git's id of the file's content then (`git log --find-object=ID` names its commit, whatever was rebased since), 12 digits. */
	readonly blob: string;
}

const path = new URL('table.tsv', import.meta.url);
const head = '# npm run mutate, file by file: mutants, killed, equivalent, survived, and the content measured (git log --find-object). Tabs between.';

/** What git calls a file's content. */
export function blobOf(file: string): string {
	const bytes = readFileSync(new URL(`../../../${file}`, import.meta.url));
	return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex').slice(0, 12);
}

export function readTable(): Row[] {
	return readFileSync(path, 'utf8')
		.split('\n')
		.filter((line) => line && !line.startsWith('#'))
		.map((line) => {
			const [file, mutants, killed, equivalent, survived, blob] = line.split('\t') as [string, string, string, string, string, string];
			return { file, mutants: Number(mutants), killed: Number(killed), equivalent: Number(equivalent), survived: Number(survived), blob };
		});
}

/** Puts a row in the place of an earlier one of the same file. */
export function record(row: Row): void {
	const rows = [...readTable().filter((r) => r.file !== row.file), row].sort((a, b) => (a.file < b.file ? -1 : 1));
	writeFileSync(path, `${[head, ...rows.map((r) => [r.file, r.mutants, r.killed, r.equivalent, r.survived, r.blob].join('\t'))].join('\n')}\n`);
}

/** Percent of the mutants that could be noticed. */
export const share = ({ killed, survived }: Pick<Row, 'killed' | 'survived'>): number => (100 * killed) / (killed + survived);
