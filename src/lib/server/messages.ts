// Sending what the outbox rows ask for: the worker finds the words, derives links and codes at that moment, and keeps neither.

import { createHash } from 'node:crypto';
import { base64url, hex, lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import { abuseMail } from './abuse.ts';
import { append } from './audit/append.ts';
import { withActor, type WorkerContext } from './context.ts';
import { expectDelivery, reportSecret } from './delivery.ts';
import { codeOf, type ChallengeRow } from './envelopes/accept.ts';
import { approvalInvitation, approvalReminder } from './envelopes/approval-text.ts';
import { closed, declined, delegated, expiring, invitation, spared, unsigned, type Closing, type Invitation } from './envelopes/mail-text.ts';
import { previewMail } from './envelopes/preview.ts';
import { answerMail, requestMail } from './envelopes/request-mails.ts';
import { codeSms } from './envelopes/sms-text.ts';
import { NotCovered } from './evidence/receipt.ts';
import { dress, type Draft } from './letter.ts';
import type { Mail } from './mail/mailer.ts';
import type { Sms } from './sms/sender.ts';
import * as account from './identity/mails.ts';
import { accepted, again, refused, toReview } from './identity-check/mail-text.ts';
import { copyCodeMessage, signedCopy } from './signed-copy/compose.ts';
import { notTaken } from './untaken.ts';
import { withdrawalNotice, withdrawalReceived } from './withdrawal/compose.ts';

type Kind = (typeof account.kinds)[number] | 'signing-link' | 'code' | 'signed-copy' | 'copy-code' | 'withdrawal' | 'withdrawal-notice' | 'declined' | 'delegated' | 'closed' | 'expiring' | 'unsigned' | 'identity-again' | 'identity-accepted' | 'identity-refused' | 'identity-review' | 'preview' | 'spared' | 'request' | 'request-answered' | 'abuse';
type Ready = { readonly mail: Draft } | { readonly sms: Omit<Sms, 'id' | 'report'> };

const linkSecret = (ctx: WorkerContext, link: string) => base64url(ctx.signing.link(lengthPrefixed(utf8('probant/link/v1'), utf8('signing'), utf8(link))));

/** What to send; null when there is nothing to say any more (the link was replaced, the challenge ended). Throws NotCovered for what waits for the log. */
async function compose(ctx: WorkerContext, id: string, kind: Kind, subject: string): Promise<Ready | null> {
	switch (kind) {
		case 'signing-link':
			return signingLink(ctx, subject, invitation);
		case 'expiring':
			return signingLink(ctx, subject, expiring);
		case 'identity-accepted':
			return signingLink(ctx, subject, accepted);
		case 'identity-again':
			return signingLink(ctx, subject, again);
		case 'identity-refused':
			return identityRefused(ctx, subject);
		case 'identity-review':
			return identityReview(ctx, subject);
		case 'unsigned':
			return unsignedMail(ctx, subject);
		case 'preview': {
			const mail = await previewMail(ctx, subject);
			return mail && { mail };
		}
		case 'request':
			return requestMail(ctx, subject).then((mail) => mail && { mail });
		case 'request-answered':
			return answerMail(ctx, subject).then((mail) => mail && { mail });
		case 'abuse':
			return abuseMail(ctx, subject).then((mail) => mail && { mail });
		case 'code':
			return code(ctx, subject);
		case 'signed-copy':
			return signedCopy(ctx, subject).then((mail) => mail && { mail });
		case 'copy-code':
			return copyCodeMessage(ctx, subject);
		case 'withdrawal':
			return withdrawalReceived(ctx, subject).then((mail) => mail && { mail });
		case 'withdrawal-notice':
			return withdrawalNotice(ctx, subject).then((mail) => mail && { mail });
		case 'declined':
			return declinedMail(ctx, subject);
		case 'delegated':
			return delegatedMail(ctx, subject);
		case 'spared':
			return sparedMail(ctx, subject);
		case 'closed':
			return closedMail(ctx, subject);
		default: {
			const mail = await account.render(ctx, { id, kind, subject });
			return mail && { mail };
		}
	}
}

interface Addressed {
	readonly sender: string;
	readonly name: string;
	readonly email: string;
	readonly locale: 'fr' | 'en';
	readonly title: string;
	readonly reference: string;
}

async function signingLink(ctx: WorkerContext, link: string, words: (locale: 'fr' | 'en', i: Invitation & { readonly identityReason: string }) => Pick<Mail, 'subject' | 'text'>): Promise<Ready | null> {
	const secret = linkSecret(ctx, link);
	const [row] = await ctx.tx(async (tx) => {
		await tx`update link set hash = ${createHash('sha256').update(secret).digest()} where id = ${link} and ended_at is null`;
		return tx<(Addressed & { note: string; expires: Date; role: 'signer' | 'approver'; identityReason: string; delegatedBy: string; group: string })[]>`
			select s.role, c.name as sender, s.name, s.email, s.locale, e.title, e.reference, e.note, e.expires_at as expires, coalesce((select string_agg(o.name, ', ' order by o.position) from signer o where o.group_of = s.group_of and o.id <> s.id and o.state <> 'declined'), '') as "group",
				coalesce((select d.from_name from delegation d where d.signer = s.id order by d.at desc limit 1), '') as "delegatedBy",
				coalesce((select d.reason from identity_decision d join identity_check k on k.id = d.identity_check where k.signer = s.id and d.verdict = 'again' order by d.at desc limit 1), '') as "identityReason"
			from link l join signer s on s.id = l.signer join envelope e on e.id = s.envelope join client c on c.id = l.client where l.id = ${link} and l.ended_at is null and e.state = 'waiting'`;
	});
	const asks = row?.role !== 'approver' ? words : words === invitation ? approvalInvitation : approvalReminder;
	return row ? { mail: { to: row.email, locale: row.locale, ...asks(row.locale, { ...row, link: `${ctx.settings.origin}/sign/${secret}` }) } } : null;
}

async function code(ctx: WorkerContext, challenge: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(ChallengeRow & { locale: 'fr' | 'en'; reference: string })[]>`
			select c.id, c.client, c.signer, s.envelope, e.safe, c.number, c.nonce, c.document_hash as "documentHash", c."values", s.locale, e.reference
			from challenge c join signer s on s.id = c.signer join envelope e on e.id = s.envelope where c.id = ${challenge} and c.ended_at is null and c.expires_at > app.now()`
	);
	if (!row) return null;
	return { sms: { to: row.number, text: codeSms(row.locale, ctx.settings.operator, codeOf(ctx, row), row.reference, new URL(ctx.settings.origin).host) } };
}

async function declinedMail(ctx: WorkerContext, signer: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(Addressed & { signer: string; reason: string | null; envelope: string; goesOn: boolean })[]>`
			select p.name, p.email, p.locale, s.name as signer, e.title, e.reference, s.decline_reason as reason, e.id as envelope, e.state <> 'declined' as "goesOn"
			from signer s join envelope e on e.id = s.envelope join person p on p.id = e.created_by where s.id = ${signer} and s.state = 'declined'`
	);
	return row ? { mail: { to: row.email, locale: row.locale, ...declined(row.locale, { ...row, reason: row.reason ?? '', link: `${ctx.settings.origin}/envelopes/${row.envelope}` }) } } : null;
}

async function delegatedMail(ctx: WorkerContext, signer: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(Pick<Addressed, 'name' | 'locale' | 'title' | 'reference'> & { to: string; from: string; by: string; email: string; reason: string; envelope: string; shared: boolean })[]>`
			select p.name, p.email as to, p.locale, d.from_name as from, d.to_name as by, d.to_email as email, d.reason, e.title, e.reference, e.id as envelope, exists (select from contact_sharing h where h.envelope = e.id and h.noted = 'delegate' and d.signer = any (h.signers) and h.at >= d.at) as shared
			from delegation d join signer s on s.id = d.signer join envelope e on e.id = s.envelope join person p on p.id = e.created_by where s.id = ${signer} order by d.at desc limit 1`
	);
	return row ? { mail: { to: row.to, locale: row.locale, ...delegated(row.locale, { ...row, to: row.by, link: `${ctx.settings.origin}/envelopes/${row.envelope}` }) } } : null;
}

async function sparedMail(ctx: WorkerContext, signer: string): Promise<Ready | null> {
	const [row] = await ctx.tx((tx) => tx<Addressed[]>`select c.name as sender, s.name, s.email, s.locale, e.title, e.reference from signer s join envelope e on e.id = s.envelope join client c on c.id = s.client where s.id = ${signer} and s.state = 'spared'`);
	return row ? { mail: { to: row.email, locale: row.locale, ...spared(row.locale, row) } } : null;
}

async function closedMail(ctx: WorkerContext, signer: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(Closing & Addressed)[]>`
			select c.name as sender, s.name, s.email, s.locale, e.title, e.reference, e.state, coalesce(e.cancel_reason, '') as reason, s.state = 'signed' as signed
			from signer s join envelope e on e.id = s.envelope join client c on c.id = s.client where s.id = ${signer} and e.state in ('cancelled', 'declined', 'expired')`
	);
	return row ? { mail: { to: row.email, locale: row.locale, ...closed(row.locale, row) } } : null;
}

async function unsignedMail(ctx: WorkerContext, envelope: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(Addressed & { expires: Date; missing: string | null })[]>`
			select p.name, p.email, p.locale, e.title, e.reference, e.expires_at as expires, (select string_agg(s.name, ', ' order by s.position) from signer s where s.envelope = e.id and s.due) as missing
			from envelope e join person p on p.id = e.created_by where e.id = ${envelope} and e.state = 'waiting'`
	);
	return row?.missing ? { mail: { to: row.email, locale: row.locale, ...unsigned(row.locale, { ...row, missing: row.missing, link: `${ctx.settings.origin}/envelopes/${envelope}` }) } } : null;
}

async function identityRefused(ctx: WorkerContext, check: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<Addressed[]>`
			select c.name as sender, s.name, s.email, s.locale, e.title, e.reference
			from identity_check k join signer s on s.id = k.signer join envelope e on e.id = s.envelope join client c on c.id = k.client where k.id = ${check} and k.state = 'refused' and e.state = 'waiting'`
	);
	return row ? { mail: { to: row.email, locale: row.locale, ...refused(row.locale, row) } } : null;
}

/** To every officer at once: colleagues who know each other. */
async function identityReview(ctx: WorkerContext, check: string): Promise<Ready | null> {
	const [row] = await ctx.tx(
		(tx) => tx<{ to: string | null; locale: 'fr' | 'en'; reference: string }[]>`
			select string_agg(p.email, ', ' order by p.email) as to, min(p.locale) as locale, e.reference
			from identity_check k join signer s on s.id = k.signer join envelope e on e.id = s.envelope join member m on m.client = k.client and m.registers and m.active join person p on p.id = m.person
			where k.id = ${check} and k.state = 'to-review' group by e.reference`
	);
	return row?.to ? { mail: { to: row.to, locale: row.locale, ...toReview(row.locale, { reference: row.reference, link: `${ctx.settings.origin}/identity-checks/${check}` }) } } : null;
}

/** The job: sends one message once, when its row says so. What no provider took is tried again (untaken.ts), and thrown as NotTaken. */
export async function sendMessage(ctx: WorkerContext, payload: { readonly message: string }): Promise<void> {
	const id = payload.message;
	const [row] = await ctx.tx((tx) => tx<{ client: string | null; kind: Kind; subject: string }[]>`select client, kind, subject from message where id = ${id} and state = 'waiting' and next_try <= app.now()`);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	try {
		const ready = await compose(own, id, row.kind, row.subject);
		if (!ready) {
			await own.tx((tx) => tx`update message set state = 'dropped' where id = ${id}`);
			return;
		}
		const report = reportSecret(ctx, id);
		const reference = 'mail' in ready ? await ctx.mailer.send(await dress(own, { id, subject: row.subject }, ready.mail)) : await ctx.sms.send({ ...ready.sms, id, report: `${ctx.settings.origin}/sms/${id}/${report}` });
		const digest = createHash('sha256').update('mail' in ready ? ready.mail.to : ready.sms.to).digest();
		await own.tx(async (tx) => {
			await tx`update message set state = 'sent', sent_at = app.now(), provider_reference = ${reference} where id = ${id}`;
			if ('sms' in ready) await expectDelivery(ctx, tx, id, report);
			await append(tx, { op: 'message.send', safe: null, obj: id, values: { kind: row.kind, recipient: hex(digest), reference } });
		});
	} catch (error) {
		if (error instanceof NotCovered) throw error; // no try: it waits for the log
		await notTaken(own, { id, kind: row.kind }, error);
	}
}
