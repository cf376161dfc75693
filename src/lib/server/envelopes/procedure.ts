// What an envelope records of identification when it is sent (SIGN-17): the client's procedure in force, each signer's level, who sends.

import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { currentTexts, textDigest } from '../legal/texts.ts';

/** Records them; answers what the event of sending says. */
export async function recordProcedure(ctx: Context, tx: Tx, envelope: string): Promise<Record<string, string>> {
	const [procedure] = await currentTexts(tx, ['identification-procedure']);
	const { version, fr, en } = procedure!;
	const [{ levels }] = await tx<[{ levels: string }]>`select string_agg(position || ':' || level, ' ' order by position) as levels from signer where envelope = ${envelope} and role = 'signer'`;
	await tx`update envelope set procedure_version = ${version}, sent_by = ${ctx.actor.person} where id = ${envelope}`;
	return { procedure: version, 'procedure-sha256-fr': textDigest(ctx.primitives, fr), 'procedure-sha256-en': textDigest(ctx.primitives, en), levels };
}
