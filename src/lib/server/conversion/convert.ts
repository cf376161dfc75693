// The worker's part in a copy that can be signed: made in the sandbox, judged by our own preflight, deposited beside its original.

import { hex } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { addDocument } from '../documents/deposit.ts';
import { bytesOf } from '../documents/read.ts';
import { flatten, NotFlattened, type Failure } from './flatten.ts';

/** Another worker made it. */
class MadeMeanwhile extends Error {
	override name = 'MadeMeanwhile';
}

interface Row {
	readonly id: string;
	readonly client: string;
	readonly safe: string;
	readonly source: string;
	readonly type: string;
	readonly name: string;
	readonly sha256: Uint8Array;
	readonly tries: number;
}

/** A worker that it killed twice does not try a third time. */
const mostTries = 2;

const copyName = ({ name, type }: Row): string => (type === 'application/pdf' ? `${name.replace(/\.pdf$/i, '').slice(0, 230)} – copie à plat.pdf` : `${name.replace(/\.\w{1,5}$/, '').slice(0, 250)}.pdf`);

async function fail(own: WorkerContext, row: Row, failure: Failure): Promise<void> {
	await own.tx(async (tx) => {
		const { count } = await tx`update conversion set state = 'failed', failure = ${failure} where id = ${row.id} and state = 'waiting'`;
		if (count) await append(tx, { op: 'document.convert', safe: row.safe, obj: row.id, res: 'error', values: { reason: failure } });
	});
}

/** The job. A conversion that is over is left alone. What the document itself makes impossible is a failure with a reason; what the store does is thrown, and the job comes back. */
export async function convert(ctx: WorkerContext, payload: { readonly conversion: string }): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select k.id, k.client, k.safe, k.source, k.tries, v.media_type as type, v.sha256, d.name from conversion k join version v on v.id = k.source join document d on d.id = v.document
			where k.id = ${payload.conversion} and k.state = 'waiting'`
	);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	if (!ctx.sandbox) return fail(own, row, 'missing');
	if (row.tries >= mostTries) return fail(own, row, 'damaged');
	const source = await bytesOf(own, row.source);
	await own.tx((tx) => tx`update conversion set tries = tries + 1 where id = ${row.id}`);
	let bytes: Uint8Array;
	try {
		bytes = await flatten(ctx.sandbox, source, row.type);
	} catch (error) {
		if (error instanceof NotFlattened) return fail(own, row, error.failure);
		throw error;
	}
	await own.tx((tx) => tx`update conversion set tries = 0 where id = ${row.id}`); // it lived through it: whatever fails now is not the document's fault
	try {
		await addDocument(own, { client: row.client, safe: row.safe, name: copyName(row), kind: 'document', bytes }, async (tx, document) => {
			const { count } = await tx`update conversion set state = 'made', document = ${document}, made_at = app.now() where id = ${row.id} and state = 'waiting'`;
			if (!count) throw new MadeMeanwhile();
			await append(tx, { op: 'document.convert', safe: row.safe, obj: row.id, values: { document, source: hex(row.sha256) } });
		});
	} catch (error) {
		if (!(error instanceof MadeMeanwhile)) throw error; // its bytes are left to the sweep
	}
}
