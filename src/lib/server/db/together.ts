// Statements of one transaction that do not wait for each other's answers: sent in one go, a round trip for all.

type Settled<T extends readonly unknown[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/** SQLSTATE of what comes after the statement that failed. */
const aborted = '25P02';

/**
 * Statements of the list itself are sent in its order, after the first one of each function in it.
 * Their results, once all have come to an end. Throws what the first one to fail threw, and only then: with `Promise.all` the transaction would end while others are still
 * under way, and what those send next would go over a connection that is somebody else's by then.
 */
export async function together<const T extends readonly unknown[]>(acts: T): Promise<Settled<T>> {
	const ends = await Promise.allSettled(acts);
	const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
	if (errors.length) throw errors.find((error) => (error as { code?: unknown } | null)?.code !== aborted) ?? errors[0];
	return ends.map((end) => (end as PromiseFulfilledResult<unknown>).value) as Settled<T>;
}
