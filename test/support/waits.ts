import { expect } from 'vitest';
import type { TransactionSql } from 'postgres';

/** Until something in this database waits for a lock, as one does that this transaction holds. */
export async function untilOneWaits(tx: TransactionSql): Promise<void> {
	const waiting = () => tx`select from pg_locks w where not w.granted and exists (select from pg_locks here join pg_database d on d.oid = here.database where here.pid = w.pid and d.datname = current_database())`;
	await expect.poll(async () => (await waiting()).count, { timeout: 10_000 }).toBeGreaterThan(0);
}
