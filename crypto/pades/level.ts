// The baseline level a signature reaches (EN 319 142-1 §6): no more than what the file alone shows.

import { equal } from '../bytes.ts';
import type { Certificate } from '../x509/certificate.ts';
import { revocationStatus } from '../x509/revocation.ts';
import { storedData, type Judging } from './judging.ts';
import type { Level } from './report.ts';

/** The signer's path, and its time-stamp's when there is one, leaf to anchor; the proven signing time in milliseconds. */
interface Shown {
	readonly chain: readonly Certificate[];
	readonly stamp: readonly Certificate[];
	readonly proven: number | null;
}

/**
 * Of a baseline signature whose CMS is in order, in a revision. B-T: a proven time. B-LT: the file answers for every certificate below the anchors.
 * B-LTA: a proven document time-stamp covers that.
 */
export async function levelOf(judging: Judging, revision: number, { chain, stamp, proven }: Shown): Promise<Level> {
	if (proven === null) return 'B-B';
	const paths = stamp.length ? [chain, stamp] : [chain];
	const shownBy = async (limit: number) => {
		for (const path of paths) if (!(await carries(judging, path, proven, limit))) return false;
		return true;
	};
	const archived = judging.stamps.filter((s) => s.revision > revision).map((s) => s.revision);
	if (archived.length && (await shownBy(Math.max(...archived)))) return 'B-LTA';
	return (await shownBy(Infinity)) ? 'B-LT' : 'B-T';
}

/** The certificates are in the file, and its document security store as of revision `limit` says that they were good. */
async function carries(judging: Judging, path: readonly Certificate[], at: number, limit: number): Promise<boolean> {
	const here = (c: Certificate) => judging.evidence.certificates.some((h) => h.provenBy <= limit && equal(h.der, c.der));
	return path.length > 1 && path.slice(0, -1).every(here) && (await revocationStatus(judging.primitives, path, storedData(judging, limit), at)).status === 'good';
}
