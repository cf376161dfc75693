// What is fuzzed: for each kind its seeds, its mutations, and what must hold of every mutant.

import { byteMutators, type Mutator } from './mutate-bytes.ts';
import { mutateDer } from './mutate-der.ts';
import { pdfMutators } from './mutate-pdf.ts';
import * as material from './material.ts';
import { checkCms } from './check-cms.ts';
import { checkDer } from './check-der.ts';
import { checkPdf, signedContents } from './check-pdf.ts';
import { checkReceipt } from './check-receipt.ts';
import { checkTsp } from './check-tsp.ts';
import { random, type Random } from './random.ts';
import { files, opensslSeeds } from './seeds.ts';

export interface Kind {
	/** Groups drawn from with equal chance, so that thousands of files from elsewhere do not drown the few of ours. */
	readonly seeds: readonly (readonly Uint8Array[])[];
	/** Mutations that know the format; in one case of four those that do not are drawn as well. */
	readonly mutators: readonly Mutator[];
	/** What is wrong with how the mutant was judged; null: nothing. Whatever it throws is wrong too. */
	check(mutant: Uint8Array): Promise<string | null>;
}

const largest = 20_000;

const kinds = {
	pdf: () => ({ seeds: [material.pdfs, material.pdfs.slice(0, 3), files(/^(signed|parser|attacks)\/.*\.pdf$/, largest)], mutators: pdfMutators, check: checkPdf }),
	cms: () => ({ seeds: [material.cms, [...opensslSeeds(/\bcms\//, largest), ...files(/^signed\/.*\.pdf$/, 200_000).flatMap(signedContents)]], mutators: [mutateDer], check: checkCms }),
	tsp: () => ({ seeds: [[material.stamp], [material.stamp, material.response, material.query], opensslSeeds(/\bcms\//, 4000)], mutators: [mutateDer], check: checkTsp }),
	der: () => ({ seeds: [[material.root, material.issuing, material.seal].map((h) => h.certificate.der), [...material.ocsp, material.crl], [...opensslSeeds(/./, largest), ...files(/^pkits\/.*\.(crt|crl)$/, largest)]], mutators: [mutateDer], check: checkDer }),
	receipt: () => ({ seeds: [[material.receipt]], mutators: byteMutators, check: checkReceipt })
} satisfies Record<string, () => Kind>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];

/** A kind, its seeds read. */
export const kindOf = (name: KindName): Kind => kinds[name]();

const maximumMutant = 100_000;

/** The mutant of a seed number: the same bytes whenever the same corpora are there. */
export function mutant(kind: Kind, seed: number): Uint8Array {
	const r: Random = random(seed);
	const group = r.pick(kind.seeds.filter((g) => g.length));
	const [first, other] = [r.pick(group), r.pick(r.pick(kind.seeds.filter((g) => g.length)))];
	let bytes = first;
	const mutators = r.below(4) ? kind.mutators : [...kind.mutators, ...byteMutators];
	for (let left = 1 + r.below(3); left > 0; left--) bytes = r.pick(mutators)(r, bytes, other);
	return bytes.slice(0, maximumMutant);
}
