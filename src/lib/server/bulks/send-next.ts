// The worker's part: the next line of a bulk becomes an envelope, by the verbs of single sending and in the sender's name. One line a job, so that others get their turn.

import { append } from '../audit/append.ts';
import { asMember, type Context, type WorkerContext } from '../context.ts';
import * as credits from '../credits.ts';
import { fromTemplate, templateUse, unitsOf, type Role } from '../envelopes/templates.ts';
import { sendConfirmed } from '../envelopes/send-confirmed.ts';
import { sharing } from '../envelopes/sharing.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { BulkState } from './bulk.ts';

interface Owner {
	readonly id: string;
	readonly safe: string;
	readonly template: string;
	readonly number: number;
	readonly state: BulkState;
	readonly acts: string;
}

interface Claimed {
	readonly number: number;
	readonly input: unknown;
	readonly document: string;
	readonly envelope: string;
	readonly tries: number;
	/** Contacts that are shared were warned of, and confirmed with the start. */
	readonly warned: boolean;
}

/** For so long nobody else takes the line up. */
const lease = '2 minutes';
/** After an outage or a fault of ours it is tried again, each time later; after so many times the sender decides. */
const mostTries = 8;
const later = (tries: number): number => Math.min(600, 5 * 2 ** (tries - 1));

/** Somebody else made the same thing meanwhile, or a part is down: as good as not tried. */
const passing = (error: unknown): boolean => !(error instanceof DomainError) || error.kind === 'unavailable' || error.reason === 'parent-moved' || error.reason === 'fields-moved';

/** Takes the next line that waits; of a cancelled bulk, one whose worker died while it was being sent. */
async function claim(ctx: Context, bulk: string): Promise<Claimed | undefined> {
	const [line] = await ctx.tx(
		(tx) => tx<Claimed[]>`
			update bulk_line l set lease_until = app.now() + ${lease}::interval, tries = tries + 1
			where l.bulk = ${bulk} and l.number = (
				select n.number from bulk_line n join bulk b on b.id = n.bulk where n.bulk = ${bulk} and b.state in ('running', 'cancelled') and n.state = 'waiting' and (n.lease_until is null or n.lease_until <= app.now()) order by n.number limit 1 for update of n skip locked)
			returning l.number, l.input, l.document, l.envelope, l.tries, l.warnings @> '[{"reason": "shared"}]' or l.warnings @> '[{"reason": "own-contact"}]' as warned`
	);
	return line;
}

/** Where the line's envelope is: null when it is not made. */
async function sentState(ctx: Context, envelope: string): Promise<'sent' | 'draft' | null> {
	const [row] = await ctx.tx((tx) => tx<{ sent: boolean }[]>`select sent_at is not null as sent from envelope where id = ${envelope}`);
	return row ? (row.sent ? 'sent' : 'draft') : null;
}

/** A line that will be refused for want of credits leaves no draft behind; what is held is decided by the sending itself. */
async function requireCredits(ctx: Context, roles: readonly Role[]): Promise<void> {
	if (ctx.settings.privateInstance) return;
	const balances = await credits.balances(ctx);
	for (const level of credits.levels) {
		if (unitsOf(roles, level) > (balances.find((b) => b.level === level)?.available ?? 0)) throw new DomainError('forbidden', 'no-credit');
	}
}

/** The sender must be a member still; every right is asked again by the verbs. Made under the line's own ids, so a second run goes on where the first one died. */
async function sendLine(ctx: Context, bulk: Owner, line: Claimed): Promise<void> {
	const { client, person } = ctx.actor;
	const [{ active, roles }] = await ctx.tx(
		(tx) => tx<[{ active: boolean; roles: Role[] | null }]>`
			select exists (select from member where client = ${client} and person = ${person} and active) as active, (select roles from template_version where template = ${bulk.template} and number = ${bulk.number}) as roles`
	);
	if (!active) throw new DomainError('forbidden', 'no-member');
	if (!(await sentState(ctx, line.envelope))) await requireCredits(ctx, roles ?? []);
	await fromTemplate(ctx, bulk.template, templateUse.parse(line.input), { document: line.document, envelope: line.envelope });
	await sendConfirmed(ctx, line.envelope, { acts: bulk.acts, sharing: line.warned ? (await sharing(ctx, line.envelope)).digest : '' });
}

/** Writes what became of a line this worker still holds, and has the next one sent. */
async function settle(ctx: Context, bulk: Owner, line: Claimed, outcome: { readonly state: 'sent' | 'cancelled' } | { readonly state: 'failed' | 'waiting'; readonly reason: string }): Promise<void> {
	const reason = 'reason' in outcome ? outcome.reason : null;
	await ctx.tx(async (tx) => {
		const { count } = await tx`
			update bulk_line set state = ${outcome.state}, reason = ${reason}, input = case when ${outcome.state} = 'sent' then null else input end, sent_at = case when ${outcome.state} = 'sent' then app.now() end,
				lease_until = case when ${outcome.state} = 'waiting' then app.now() + ${later(line.tries)} * interval '1 second' end
			where bulk = ${bulk.id} and number = ${line.number} and state = 'waiting' and tries = ${line.tries}`;
		if (count && outcome.state === 'failed') await append(tx, { op: 'bulk.fail', safe: bulk.safe, obj: bulk.id, res: 'denied', values: { line: String(line.number), reason: reason ?? '', envelope: line.envelope } });
		await enqueue(tx, 'bulks.send', { bulk: bulk.id });
	});
}

/** The job: sends one line, or says why not, and asks for the next. Repeated or killed anywhere, no line is sent twice. */
export async function sendNext(ctx: WorkerContext, payload: { readonly bulk: string }): Promise<void> {
	const [row] = await ctx.tx((tx) => tx<{ client: string; sender: string | null }[]>`select client, sender from bulk where id = ${payload.bulk} and state in ('running', 'cancelled')`);
	if (!row?.sender) return;
	const member = asMember(ctx, { client: row.client, person: row.sender });
	const line = await claim(member, payload.bulk);
	if (!line) return;
	const [bulk] = await member.tx((tx) => tx<Owner[]>`select id, safe, template, template_number as number, state, acts_version as acts from bulk where id = ${payload.bulk}`);
	if (!bulk) return;
	if ((await sentState(member, line.envelope)) === 'sent') return settle(member, bulk, line, { state: 'sent' });
	if (bulk.state === 'cancelled') return settle(member, bulk, line, { state: 'cancelled' });
	try {
		await sendLine(member, bulk, line);
	} catch (error) {
		const reason = error instanceof DomainError ? error.reason : 'bulk-fault';
		await settle(member, bulk, line, { state: passing(error) && line.tries < mostTries ? 'waiting' : 'failed', reason });
		if (error instanceof DomainError) return;
		throw error; // named in the worker's log
	}
	await settle(member, bulk, line, { state: 'sent' });
}
