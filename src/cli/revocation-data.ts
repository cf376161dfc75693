// Revocation data for what a command makes, fetched now through the one egress client: private addresses only where --allow-host names them.

import type { ValidationData } from '#crypto/pades/extend.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { egress } from '#lib/server/egress/client.ts';
import { missingData as missing } from '#lib/server/evidence/missing-data.ts';
import { RevocationUnavailable, revocationData as data, type Fetching } from '#lib/server/evidence/revocation-data.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { Refused } from './refused.ts';

const fetching = (allow: readonly string[]): Fetching => ({ primitives: nodePrimitives, egress: egress(allow), at: Date.now() });

const refused = (error: unknown): never => {
	throw error instanceof RevocationUnavailable ? new Refused(error.message, { cause: error }) : error;
};

/** Data for every certificate below the last of its path, leaf first. Throws Refused when one is not said to be good. */
export const revocationData = (allow: readonly string[], ...paths: readonly (readonly Certificate[])[]): Promise<Required<ValidationData>> => data(fetching(allow), paths).catch(refused);

/** What a file lacks; null when it lacks nothing. Throws Refused when it cannot be had. */
export const missingData = (allow: readonly string[], pdf: Uint8Array, trust: readonly Uint8Array[] | 'embedded'): Promise<ValidationData | null> =>
	missing(fetching(allow), pdf, trust === 'embedded' ? trust : { anchors: trust }).catch(refused);
