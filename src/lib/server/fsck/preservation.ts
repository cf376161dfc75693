// Proofs that end: documents and evidence records whose renewal failed or came too late, and keys whose certificates end before what they stamp is to be renewed.

import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import { inUse } from '../certificates.ts';
import type { WorkerContext } from '../context.ts';
import { found, type Finding } from './finding.ts';

/** So long before a key's certificate ends, its successor is due: what it stamps then still lives through the margin of renewal. Milliseconds. */
const ahead = 60 * 86_400_000;

export async function* preservation(ctx: WorkerContext): AsyncGenerator<Finding> {
	const rows = await ctx.tx((tx) => tx<{ document: string; late: boolean; failure: string; until: Date | null }[]>`select document, late, failure, good_until as until from preservation where failure is not null order by good_until nulls first`);
	for (const { document, late, failure, until } of rows) yield found(late ? 'renewal-late' : 'renewal-failing', document, `good until ${until?.toISOString() ?? 'an unknown time'}: ${failure}`);
	const records = await ctx.tx((tx) => tx<{ version: string; late: boolean; failure: string; until: Date | null }[]>`select version, late, failure, good_until as until from evidence_record where failure is not null order by good_until nulls first`);
	for (const { version, late, failure, until } of records) yield found(late ? 'renewal-late' : 'renewal-failing', version, `evidence record, good until ${until?.toISOString() ?? 'an unknown time'}: ${failure}`);
	const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
	const limit = now.getTime() + ctx.settings.renewDays * 86_400_000 + ahead;
	for (const certificate of inUse(ctx.signing).map(({ der }) => readCertificate(der))) if (certificate.notAfter < limit) yield found('key-ending', serialNumberHex(certificate), `ends ${new Date(certificate.notAfter).toISOString()}: 'probant keys rotate' makes the next`);
}
