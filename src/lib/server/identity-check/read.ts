// The worker's part: reads the document, compares it with what was declared, and says what the officer should look at. It never decides.

import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Mrz } from './mrz.ts';
import type { Reader } from './reader.ts';
import type { Reading } from './reading.ts';
import { images, readImage, sealReading, type Keyed } from './store.ts';

interface Row extends Keyed {
	readonly safe: string;
	readonly surname: string;
	readonly givenNames: string;
	readonly birthDate: string | null;
	readonly today: string;
	readonly tries: number;
}

/** What an officer is shown of it, sealed under the check's key. */
export interface ReadDocument {
	readonly mrz: Mrz | null;
	readonly quality: Reading['quality'];
	/** Why the names differ, as `compareNames` says. */
	readonly nameReasons: readonly string[];
}

const maximumTries = 3;

/** In stable words: `mrz-missing`, `check-digits`, `name-differs`, `birth-date-differs`, `expired`, and what is wrong with an image. Empty: nothing to report, which is no acceptance. */
function findingsOf(declared: Pick<Row, 'surname' | 'givenNames' | 'birthDate' | 'today'>, { mrz, quality }: Reading, names: ReturnType<Reader['compareNames']> | null): string[] {
	const found: (string | false | null)[] = quality.map(({ ok, reason }) => !ok && (reason ?? 'blurred'));
	if (!mrz) return [...new Set(['mrz-missing', ...found])].filter((f) => typeof f === 'string');
	found.push(
		mrz.checks.some((c) => !c.ok) && 'check-digits',
		!names?.agrees && 'name-differs',
		declared.birthDate !== null && declared.birthDate !== mrz.birthDate && 'birth-date-differs',
		mrz.expiryDate !== null && mrz.expiryDate < declared.today && 'expired'
	);
	return [...new Set(found)].filter((f) => typeof f === 'string');
}

/** What an officer is told of a document that was not read; null while it is worth another try. */
function unread(error: unknown, tries: number): string | null {
	if (error instanceof DomainError && error.reason === 'reading-off') return 'reading-off';
	if (error instanceof DomainError && error.kind === 'invalid') return 'image-damaged';
	return tries < maximumTries ? null : 'reading-failed';
}

async function read(own: WorkerContext, row: Row, reader: Reader | null): Promise<{ findings: string[]; reading: ReadDocument | null }> {
	if (!reader) return { findings: ['reading-off'], reading: null };
	const shown = await images(own, row.id);
	const bytes: Uint8Array[] = [];
	for (const image of shown) bytes.push(await readImage(own, row, image));
	const reading = await reader.readDocument(own, bytes);
	const names = reading.mrz && reader.compareNames(row, reading.mrz);
	return { findings: findingsOf(row, reading, names), reading: { ...reading, nameReasons: names?.reasons ?? [] } };
}

/**
 * The job. A check that is not to be read any more is left alone. A document that cannot be read (no sandbox, a damaged image, three failures) goes to the officer unread, and says so.
 * @param reader null where this host cannot read documents: officers then compare by eye
 */
export async function readCheck(ctx: WorkerContext, payload: { readonly check: string }, reader: Reader | null): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select k.id, k.client, k.wrapped_key as "wrappedKey", e.safe, k.surname, k.given_names as "givenNames", k.birth_date::text as "birthDate", app.now()::date::text as today, k.read_tries as tries
			from identity_check k join signer s on s.id = k.signer join envelope e on e.id = s.envelope where k.id = ${payload.check} and k.state = 'reading'`
	);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	let found: Awaited<ReturnType<typeof read>>;
	try {
		found = await read(own, row, reader);
	} catch (error) {
		await own.tx((tx) => tx`update identity_check set read_tries = read_tries + 1 where id = ${row.id} and state = 'reading'`);
		const why = unread(error, row.tries + 1);
		if (!why) throw error;
		found = { findings: [why], reading: null };
	}
	const { findings, reading } = found;
	const sealed = reading && (await sealReading(own, row, JSON.stringify(reading)));
	await own.tx(async (tx) => {
		const { count } = await tx`update identity_check set state = 'to-review', findings = ${findings}, reading = ${sealed}, read_at = app.now() where id = ${row.id} and state = 'reading'`;
		if (!count) return;
		await append(tx, { op: 'identity.read', safe: row.safe, obj: row.id, res: findings.includes('reading-failed') ? 'error' : 'ok', values: { findings: findings.join(' ') } });
		const message = crypto.randomUUID();
		await tx`insert into message (id, client, kind, channel, subject) values (${message}, ${row.client}, 'identity-review', 'mail', ${row.id})`;
		await enqueue(tx, 'messages.send', { message });
	});
}
