// The deposit receipt: JSON that proves, and the same for people as a sealed PDF. Made once the version has its token and a checkpoint covers its event.

import { hex } from '#crypto/bytes.ts';
import { writeReceipt } from '#crypto/bundle/receipt.ts';
import { append } from '../audit/append.ts';
import { proofOf } from '../audit/proof.ts';
import { withActor, type Context, type WorkerContext } from '../context.ts';
import { consume, readContent, storeContent } from '../documents/content.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';
import { authorSheet, type Sheet } from './author.ts';
import { sealSheet } from './seal.ts';

interface Row {
	readonly client: string;
	readonly safe: string;
	readonly document: string;
	readonly sha256: Uint8Array;
	readonly size: string;
	readonly mediaType: string;
	readonly event: string;
	readonly token: Uint8Array;
	readonly genTime: Date;
	readonly quality: { kind: string };
	readonly authority: string;
}

/** Thrown to come back later: the sequencer has not covered the event yet. */
export class NotCovered extends Error {
	override name = 'NotCovered';
}

function sheet(version: string, row: Row, index: number, now: Date): Sheet {
	const kinds: Record<string, string> = { internal: 'interne (horloge de l’instance) / internal', 'third-party': 'tiers / third party', qualified: 'qualifié / qualified' };
	return {
		title: 'Attestation de dépôt / Deposit receipt',
		lead: 'Le coffre-fort électronique a reçu, scellé, relu et horodaté le fichier décrit ci-dessous. / The safe has received, sealed, read back and timestamped the file described below.',
		rows: [
			['Empreinte SHA-256 / SHA-256 digest', hex(row.sha256)],
			['Taille en octets / Size in bytes', row.size],
			['Type', row.mediaType],
			['Document', row.document],
			['Version', version],
			['Horodatage RFC 3161 / Timestamp', `${row.genTime.toISOString()} – ${row.authority}, ${kinds[row.quality.kind] ?? row.quality.kind}`],
			['Rang dans le journal / Index in the log', String(index)]
		],
		foot: 'Le reçu JSON porte le jeton et la preuve d’inclusion au journal ; il se vérifie hors ligne. Il ne nomme personne. / The JSON receipt carries the token and the log inclusion proof; it is checked offline. It names nobody.',
		language: 'fr',
		at: now
	};
}

/** The job. Does nothing when the receipt is there. Throws NotCovered until a checkpoint covers the deposit. */
export async function receipt(ctx: WorkerContext, payload: { readonly version: string }): Promise<void> {
	const { version } = payload;
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select v.client, v.safe, v.document, v.sha256, v.size, v.media_type as "mediaType", v.event, t.token, t.gen_time as "genTime", t.quality, t.authority
			from version v join timestamp_token t on t.version = v.id
			where v.id = ${version} and v.number = 1 and v.wrapped_key is not null and not exists (select from receipt r where r.version = v.id)`
	);
	if (!row) return;
	const proof = await proofOf(ctx, row.event);
	if (!proof) throw new NotCovered(`no checkpoint covers the deposit of ${version} yet`);
	const key = (name: string) => proof.openings[name]?.key ?? new Uint8Array();
	const json = writeReceipt({
		version,
		document: row.document,
		sha256: row.sha256,
		size: Number(row.size),
		type: row.mediaType,
		token: row.token,
		openings: { sha256: key('sha256'), size: key('size'), type: key('type'), document: key('document') },
		log: { verifier: proof.verifier, keys: proof.keys, checkpoint: proof.checkpoint, entry: proof.entry, index: proof.index, inclusion: proof.inclusion }
	});
	const [{ now }] = await ctx.tx((tx) => tx<[{ now: Date }]>`select app.now() as now`);
	const pdf = await sealSheet(ctx, await authorSheet(sheet(version, row, proof.index, now), ctx.settings.fonts), now.getTime());
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	const plain = (async function* () {
		yield pdf;
	})();
	const stored = await storeContent(own, { kind: 'receipt', client: row.client, safe: row.safe, owner: version, plain });
	await own.tx(async (tx) => {
		// Two jobs may have come this far: the second leaves its bytes to the sweep.
		await tx`select pg_advisory_xact_lock(hashtextextended(${version}, 0))`;
		if ((await tx`select from receipt where version = ${version}`).count) return;
		const event = await append(tx, { op: 'document.receipt', safe: row.safe, obj: version });
		await tx`insert into receipt (version, client, safe, json, sha256, size, object_key, store_version, wrapped_key, event)
			values (${version}, ${row.client}, ${row.safe}, ${json}, ${stored.sha256}, ${stored.size}, ${stored.objectKey}, ${stored.storeVersion}, ${stored.wrappedKey}, ${event.id})`;
		await consume(tx, stored.intent);
		await tx`select pg_notify('version', ${version})`;
	});
}

/** A receipt for the depositor: JSON bytes, or the sealed PDF. Needs `read`. `not-found` / `receipt-pending` until it is made. */
export async function receiptOf(ctx: Context, version: string, form: 'json' | 'pdf'): Promise<Uint8Array> {
	const [row] = safes.isId(version)
		? await ctx.tx(
				(tx) => tx<{ client: string; safe: string; json: Uint8Array; size: string; objectKey: string; storeVersion: string; wrappedKey: Uint8Array | null }[]>`
					select client, safe, json, size, object_key as "objectKey", store_version as "storeVersion", wrapped_key as "wrappedKey" from receipt where version = ${version}`
			)
		: [];
	if (!row) {
		const { count } = safes.isId(version) ? await ctx.tx((tx) => tx`select from version where id = ${version}`) : { count: 0 };
		throw count ? new DomainError('not-found', 'receipt-pending') : await safes.missing(ctx, 'version', version, 'read');
	}
	await safes.require(ctx, row.safe, 'read');
	if (form === 'json') return row.json;
	if (!row.wrappedKey) throw new DomainError('gone', 'destroyed');
	const parts: Uint8Array[] = [];
	for await (const part of readContent(ctx, { ...row, wrappedKey: row.wrappedKey, owner: version, size: Number(row.size) })) parts.push(part);
	return new Uint8Array(Buffer.concat(parts));
}
