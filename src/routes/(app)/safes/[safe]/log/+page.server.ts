import { operations } from '#lib/server/audit/operations.ts';
import { metadata } from '#lib/server/documents/read.ts';
import { logPageSize, readLog } from '#lib/server/documents/read-log.ts';
import { DomainError } from '#lib/server/errors.ts';
import * as safes from '#lib/server/safes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
	const safe = await safes.require(ctx, params.safe, 'audit');
	const text = (name: string) => url.searchParams.get(name) || null;
	const op = operations.find((o) => o === text('op'));
	const [from, until, before, document] = [text('from'), text('until'), text('before'), text('document')];
	const events = await readLog(ctx, safe.id, {
		...(op ? { op } : {}),
		...(from ? { from: new Date(`${from}T00:00:00Z`) } : {}),
		...(until ? { until: new Date(`${until}T00:00:00Z`) } : {}),
		...(before ? { before } : {}),
		...(document ? { document } : {})
	});
	const of = document ? await metadata(ctx, document) : null;
	if (of && of.safe !== safe.id) throw new DomainError('not-found', 'document');
	return { safe, of: of && { id: of.id, name: of.name }, events, operations, filter: { op: op ?? '', from: from ?? '', until: until ?? '', document: document ?? '' }, more: events.length === logPageSize ? (events.at(-1)?.id ?? null) : null };
};
