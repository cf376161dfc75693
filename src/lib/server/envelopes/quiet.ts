// Reminders a signer wants no more (SIGN-21): of this envelope, or of any from this client. Codes, links they ask for and the signed document still go; undone on the same page.

import { append } from '../audit/append.ts';
import { DomainError } from '../errors.ts';
import type { SignerContext } from './door.ts';
import { tried } from './sign-here.ts';

export const scopes = ['none', 'envelope', 'client'] as const;
export type Scope = (typeof scopes)[number];
const perDay = 20;

/** Which reminders are stopped for the signer's address from now on; what was said before of this envelope and of all is replaced. The same again changes nothing. `too-many` / `requests`. */
export async function stopReminders(ctx: SignerContext, scope: Scope): Promise<void> {
	await tried(ctx, 'signer.reminders', async (tx) => {
		const [{ email }] = await tx<[{ email: string }]>`select email from signer where id = ${ctx.signer} for no key update`;
		const was = await tx<{ envelope: string | null }[]>`select envelope from reminder_stop where email = ${email} and (envelope is null or envelope = ${ctx.envelope})`;
		const now: Scope = was.some((r) => r.envelope === null) ? 'client' : was.length ? 'envelope' : 'none';
		if (now === scope) return;
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`reminders:${ctx.signer}`}, interval '1 day') as n`;
		if (n > perDay) throw new DomainError('too-many', 'requests', { retryAfter: 86_400 });
		await tx`delete from reminder_stop where email = ${email} and (envelope is null or envelope = ${ctx.envelope})`;
		if (scope !== 'none') await tx`insert into reminder_stop (client, email, envelope) values (${ctx.actor.client}, ${email}, ${scope === 'envelope' ? ctx.envelope : null}) on conflict do nothing`;
		await append(tx, { op: 'signer.reminders', safe: ctx.safe, obj: ctx.signer, actor: ctx.signer, values: { stopped: scope } });
	});
}
