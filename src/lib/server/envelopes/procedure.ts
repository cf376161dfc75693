// What an envelope records of identification when it is sent (SIGN-17): the client's procedure in force, each signer's level, who sends.

import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { currentTexts, textDigest, type LegalText } from '../legal/texts.ts';

async function procedureOf(tx: Tx): Promise<LegalText> {
	const [procedure] = await currentTexts(tx, ['identification-procedure']);
	return procedure!;
}

/** Throws `invalid` / `procedure-needed` unless the client wrote a procedure of its own: without, nobody may put a signature forward as advanced (SIGN-2). */
export async function requireProcedure(tx: Tx): Promise<void> {
	if ((await procedureOf(tx)).writtenAt === null) throw new DomainError('invalid', 'procedure-needed');
}

/** Records them; answers what the event of sending says. Throws what `requireProcedure` does where a signer is to sign in their own name at level 1. */
export async function recordProcedure(ctx: Context, tx: Tx, envelope: string): Promise<Record<string, string>> {
	const { version, fr, en } = await procedureOf(tx);
	const [{ levels, advanced }] = await tx<[{ levels: string; advanced: boolean }]>`
		select string_agg(position || ':' || level || case when advanced then '-own-name' else '' end, ' ' order by position) as levels, bool_or(advanced) as advanced from signer where envelope = ${envelope} and role = 'signer'`;
	if (advanced) await requireProcedure(tx);
	await tx`update envelope set procedure_version = ${version}, sent_by = ${ctx.actor.person} where id = ${envelope}`;
	return { procedure: version, 'procedure-sha256-fr': textDigest(ctx.primitives, fr), 'procedure-sha256-en': textDigest(ctx.primitives, en), levels };
}
