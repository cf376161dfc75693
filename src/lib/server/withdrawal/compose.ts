// What goes out about a withdrawal: the acknowledgement to the consumer, and word of it to the sender. Worker only.

import type { WorkerContext } from '../context.ts';
import { bytesOf } from '../documents/read.ts';
import { NotCovered } from '../evidence/receipt.ts';
import type { Draft } from '../letter.ts';
import { notice, received, type Withdrawn } from './mail-text.ts';

/** Minutes for which the mail waits for the sealed acknowledgement; a log that stands still must not keep it from anyone. */
const patience = '10 minutes';

/** To the address that was asked for, and to the one known of the signer where that is another. Throws NotCovered while the sealed one is waited for. */
export async function withdrawalReceived(ctx: WorkerContext, withdrawal: string): Promise<Draft | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(Withdrawn & { to: string; known: string; locale: 'fr' | 'en'; version: string | null; early: boolean })[]>`
			select w.name, c.name as sender, e.title, e.reference, w.statement, w.at, w.email as to, s.email as known, s.locale, v.id as version, v.id is null and w.at > app.now() - ${patience}::interval as early
			from withdrawal w join signer s on s.id = w.signer join envelope e on e.id = s.envelope join client c on c.id = w.client left join version v on v.document = w.acknowledgement and v.wrapped_key is not null where w.id = ${withdrawal}`
	);
	if (!row) return null;
	if (row.early) throw new NotCovered('the acknowledgement is not there yet');
	const attachments = row.version ? [{ name: `${row.reference} – ${row.locale === 'fr' ? 'rétractation' : 'withdrawal'}.pdf`, type: 'application/pdf', content: await bytesOf(ctx, row.version) }] : [];
	const to = row.known === row.to ? row.to : `${row.to}, ${row.known}`;
	return { to, locale: row.locale, ...received(row.locale, row, attachments.length > 0), attachments };
}

export async function withdrawalNotice(ctx: WorkerContext, withdrawal: string): Promise<Draft | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(Withdrawn & { consumer: string; to: string; locale: 'fr' | 'en'; envelope: string })[]>`
			select p.name, p.email as to, p.locale, s.name as consumer, c.name as sender, e.title, e.reference, e.id as envelope, w.statement, w.at
			from withdrawal w join signer s on s.id = w.signer join envelope e on e.id = s.envelope join client c on c.id = w.client join person p on p.id = e.created_by where w.id = ${withdrawal}`
	);
	return row ? { to: row.to, locale: row.locale, ...notice(row.locale, { ...row, link: `${ctx.settings.origin}/envelopes/${row.envelope}` }) } : null;
}
