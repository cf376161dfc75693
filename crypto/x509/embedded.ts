// Trust in whatever is carried: no judgement of who anyone is. Never a default; for those who ask about structure, integrity and time alone.

import { equal } from '../bytes.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from './certificate.ts';
import { sameName } from './name.ts';

/** Certificates trusted as they are; `embedded`: the topmost that those at hand lead to, from each leaf. */
export type Anchors = readonly Certificate[] | 'embedded';

const maximumLength = 8;
const maximumTries = 64;

/** From a leaf up through those that signed each other, to the last: the leaf itself when none signed it. */
export async function topmost(primitives: Primitives, leaf: Certificate, held: readonly Certificate[]): Promise<Certificate> {
	let top = leaf;
	let tries = 0;
	const signed = async (parent: Certificate) => ++tries <= maximumTries && (await primitives.verify(top.signatureAlgorithm, parent.spki, top.tbs, top.signature));
	for (let length = 1; length < maximumLength && !sameName(top.subject, top.issuer); length++) {
		let parent: Certificate | null = null;
		for (const c of held) if (!parent && sameName(c.subject, top.issuer) && !equal(c.der, top.der) && (await signed(c))) parent = c;
		if (!parent) break;
		top = parent;
	}
	return top;
}
