// Mutants of some files against some tests: which of them a test notices.

import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Mutant } from './instrument.ts';
import type { Job, Loaded, Tried } from './worker.ts';

export interface Judged extends Mutant {
	/** `late`: it never ended, which whoever waits notices; told apart, since a machine that is busy looks the same. */
	readonly fate: 'killed' | 'survived' | 'equivalent' | 'late';
	/** Tests that come by its place. */
	readonly tests: number;
}

export interface Wishes {
	readonly targets: readonly string[];
	/** Test files. */
	readonly tests: readonly string[];
	/** One mutant in so many; default all. */
	readonly every?: number;
}

/** Those that change nothing anyone can observe: `file ⇥ change` → reason. */
export const equivalents: ReadonlyMap<string, string> = new Map(
	readFileSync(new URL('equivalent.tsv', import.meta.url), 'utf8')
		.split('\n')
		.filter((line) => line && !line.startsWith('#'))
		.map((line) => line.split('\t') as [string, string, string])
		.map(([file, change, reason]) => [`${file}\t${change}`, reason])
);

const answered = <T>(worker: Worker, within: number): Promise<T | 'late'> =>
	new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve('late'), within);
		worker.once('error', reject);
		worker.once('message', (message: T) => {
			clearTimeout(timer);
			worker.off('error', reject);
			resolve(message);
		});
	});

async function start(wishes: Wishes, measure: boolean): Promise<{ worker: Worker; loaded: Loaded }> {
	const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { targets: wishes.targets, tests: wishes.tests, measure } });
	const loaded = await answered<Loaded>(worker, 600_000);
	if (loaded === 'late') throw new Error('the tests do not end without any mutant');
	return { worker, loaded };
}

export interface Campaign {
	/** Tests that are run. */
	readonly sound: number;
	/** Tests that fail without a mutant, and are left out: name and fault. */
	readonly faults: readonly { readonly name: string; readonly fault: string }[];
	/** Rows of the list of equivalents that name no mutant of these files. */
	readonly stale: readonly string[];
	/** One after the other, file by file. */
	readonly judged: AsyncGenerator<Judged>;
}

/** Loads everything, runs the tests once without a mutant, and then each mutant as it is asked for. */
export async function campaign(wishes: Wishes): Promise<Campaign> {
	const first = await start(wishes, true);
	const { mutants, tests } = first.loaded;
	const made = new Set(mutants.map(({ file, change }) => `${file}\t${change}`));
	const sound = tests.map((t, index) => ({ ...t, index })).filter((t) => !t.fault);

	async function* judged(): AsyncGenerator<Judged> {
		let { worker } = first;
		try {
			for (const [id, mutant] of mutants.entries()) {
				if (id % (wishes.every ?? 1)) continue;
				const reaching = sound.filter((t) => t.reached.includes(id)).sort((a, b) => a.ms - b.ms);
				if (equivalents.has(`${mutant.file}\t${mutant.change}`)) {
					yield { ...mutant, fate: 'equivalent', tests: reaching.length };
					continue;
				}
				const usual = reaching.reduce((ms, t) => ms + t.ms, 0);
				worker.postMessage({ id, tests: reaching.map((t) => ({ index: t.index, endless: 10_000 + t.passes * 20 })) } satisfies Job);
				const tried = await answered<Tried>(worker, 10_000 + usual * 10);
				if (tried === 'late') {
					await worker.terminate();
					({ worker } = await start(wishes, false));
				}
				yield { ...mutant, fate: tried === 'late' ? 'late' : tried.by !== null ? 'killed' : 'survived', tests: reaching.length };
			}
		} finally {
			await worker.terminate();
		}
	}
	return {
		sound: sound.length,
		faults: tests.flatMap(({ name, fault }) => (fault === null ? [] : [{ name, fault }])),
		stale: [...equivalents.keys()].filter((row) => wishes.targets.includes(row.split('\t')[0]!) && !made.has(row)),
		judged: judged()
	};
}
