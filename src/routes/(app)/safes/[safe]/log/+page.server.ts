import { operations } from '#lib/server/audit/operations.ts';
import { logPageSize, readLog } from '#lib/server/documents/read-log.ts';
import * as safes from '#lib/server/safes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
	const safe = await safes.require(ctx, params.safe, 'audit');
	const text = (name: string) => url.searchParams.get(name) || null;
	const op = operations.find((o) => o === text('op'));
	const [from, until, before] = [text('from'), text('until'), text('before')];
	const events = await readLog(ctx, safe.id, {
		...(op ? { op } : {}),
		...(from ? { from: new Date(`${from}T00:00:00Z`) } : {}),
		...(until ? { until: new Date(`${until}T00:00:00Z`) } : {}),
		...(before ? { before } : {})
	});
	return { safe, events, operations, filter: { op: op ?? '', from: from ?? '', until: until ?? '' }, more: events.length === logPageSize ? (events.at(-1)?.id ?? null) : null };
};
