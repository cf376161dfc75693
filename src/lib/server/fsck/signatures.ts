// One released version for each signing intent and each signer, on an unbroken line from the frozen base to the current version.

import { CryptoError } from '#crypto/errors.ts';
import type { WorkerContext } from '../context.ts';
import { openInRow, type InRow } from '../documents/in-row.ts';
import * as safes from '../safes.ts';
import { found, type Finding } from './finding.ts';

/** Versions of a document follow one another: each names the one before. */
async function lines(ctx: WorkerContext): Promise<Finding[]> {
	const rows = await ctx.tx(
		(tx) => tx<{ id: string; number: number }[]>`
			select v.id, v.number from version v left join version p on p.id = v.parent
			where v.number > 1 and (p.document is distinct from v.document or p.number is distinct from v.number - 1)`
	);
	return rows.map(({ id, number }) => found('version-order', id, `number ${number}`));
}

/** A signer's versions are the ones whose event names the signer: one once the intent was released, none before. */
async function released(ctx: WorkerContext): Promise<Finding[]> {
	const rows = await ctx.tx(
		(tx) => tx<{ signer: string; intent: string | null; versions: number; said: string | null }[]>`
			select s.id as signer, i.state as intent, count(v.id)::int as versions, s.signed_version as said
			from signer s join envelope e on e.id = s.envelope left join signing_intent i on i.signer = s.id and i.state <> 'failed'
			left join (version v join event x on x.id = v.event) on v.document = e.document and convert_from(x.body, 'UTF8')::jsonb ->> 'actor' = s.id::text
			group by s.id, i.id having count(v.id) <> (i.state is not distinct from 'released')::int or (s.signed_version is not null and not s.signed_version = any (array_agg(v.id)))`
	);
	return rows.map(({ signer, intent, versions }) => found('signature-released', signer, `intent ${intent ?? 'none'}, ${versions} versions`));
}

/** Intent, signer and envelope tell one story. */
async function states(ctx: WorkerContext): Promise<Finding[]> {
	const rows = await ctx.tx(
		(tx) => tx<{ id: string; detail: string }[]>`
			select s.id, format('signer %s, intent %s', s.state, coalesce(i.state, 'none')) as detail from signer s left join signing_intent i on i.signer = s.id and i.state <> 'failed'
			where (s.state = 'signed') <> (i.state is not distinct from 'released') or i.state in ('ready', 'signed') and s.state <> 'signing'
				or s.state = 'signing' and i.state is null
			union all
			select e.id, format('envelope %s, %s of %s signed, %s versions', e.state, n.signed, n.signers, n.versions) from envelope e join lateral (
				select count(*) filter (where s.role = 'signer') as signers, count(*) filter (where s.state = 'signed') as signed, (select c.number - b.number from version c, version b where c.id = e.current_version and b.id = e.base_version) as versions
				from signer s where s.envelope = e.id
			) n on true
			where n.versions <> n.signed + (e.state = 'completed')::int or e.state = 'completed' and n.signed <> n.signers`
	);
	return rows.map(({ id, detail }) => found('signature-state', id, detail));
}

/** A code was accepted and no signature came of it: tried again, or its signer was asked for another code. Somebody should look why. */
async function failing(ctx: WorkerContext): Promise<Finding[]> {
	const rows = await ctx.tx(
		(tx) => tx<{ id: string; detail: string }[]>`
			select i.id, format('%s, %s times, %s', i.trouble, i.failures, case when i.state = 'failed' then 'given up' else 'tried again' end) as detail from signing_intent i join signer s on s.id = i.signer join envelope e on e.id = i.envelope
			where e.state = 'waiting' and (i.state in ('ready', 'signed') and i.failures > 0 and (i.trouble = 'self-check' or i.created_at < app.now() - interval '1 hour') or i.state = 'failed' and i.trouble in ('self-check', 'fault', 'service-down', 'service-refused') and s.due)`
	);
	return rows.map(({ id, detail }) => found('signature-failing', id, detail));
}

/** A signature that waits for its time-stamp opens. */
async function opens(ctx: WorkerContext, id: string): Promise<boolean> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<(InRow & { client: string; safe: string })[]>`select i.sealed, i.wrapped_key as "wrappedKey", i.client, e.safe from signing_intent i join envelope e on e.id = i.envelope where i.id = ${id} and i.state = 'signed'`;
		if (!row) return true; // released meanwhile
		try {
			await openInRow(ctx, { client: row.client, safe: row.safe, owner: id }, await safes.safeKey(ctx, tx, { id: row.safe, client: row.client }), row);
			return true;
		} catch (error) {
			if (error instanceof CryptoError) return false;
			throw error;
		}
	});
}

export interface SignatureCounts {
	/** That wait for their time-stamps. */
	signatures: number;
}

export async function* signatures(ctx: WorkerContext, counts: SignatureCounts): AsyncGenerator<Finding> {
	for (const question of [lines, released, states, failing]) yield* await question(ctx);
	for (const { id } of await ctx.tx((tx) => tx<{ id: string }[]>`select id from signing_intent where state = 'signed' order by id`)) {
		counts.signatures++;
		if (!(await opens(ctx, id))) yield found('signature-altered', id);
	}
}
