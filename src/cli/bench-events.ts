// Events given their leaves, beside the machine's own limit: the same PostgreSQL, rows of the same size in synced commits of as many, a hash for each, and nothing else.

import { createHash } from 'node:crypto';
import { append } from '#lib/server/audit/append.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import type { Bench } from './bench-instance.ts';
import { timed } from './measure.ts';

/** As many as the sequencer takes at a time. */
const batch = 1000;

/** Milliseconds for `count` rows like a leaf's. */
async function limit({ owner, safe }: Bench, count: number): Promise<number> {
	const [{ size }] = await owner<[{ size: number }]>`select avg(octet_length(body))::int as size from event`;
	const body = Buffer.alloc(size);
	await owner`create table bench_leaf (index bigint primary key, event bigint not null, safe uuid, seq bigint not null, prev bytea, leaf bytea not null)`;
	try {
		return await timed(async () => {
			for (let done = 0; done < count; done += batch) {
				const rows = Array.from({ length: Math.min(batch, count - done) }, (_, i) => {
					body.writeUInt32BE(done + i);
					const leaf = createHash('sha256').update(body).digest();
					return { index: done + i, event: done + i, safe, seq: done + i, prev: leaf, leaf };
				});
				await owner`insert into bench_leaf ${owner(rows, 'index', 'event', 'safe', 'seq', 'prev', 'leaf')}`;
			}
		});
	} finally {
		await owner`drop table bench_leaf`;
	}
}

/** The line of the report. */
export async function events(bench: Bench, count: number): Promise<string> {
	while (await assign(bench.worker));
	for (let done = 0; done < count; done += 500) {
		await bench.ctx.tx(async (tx) => {
			for (let i = 0; i < Math.min(500, count - done); i++) await append(tx, { op: 'log.read', safe: bench.safe, obj: bench.safe });
		});
	}
	const own = await limit(bench, count);
	const took = await timed(async () => {
		while (await assign(bench.worker));
	});
	const rate = (milliseconds: number) => `${((count / milliseconds) * 1000).toFixed(0)} per second`;
	return `events sequenced: ${rate(took)}, ${((own / took) * 100).toFixed(1)} % of the machine's own limit (SHA-256 + rows of the same size in synced commits of ${batch}: ${rate(own)})`;
}
