// What goes out about a signed document: itself to everyone once all is done, with their attestation and the link to have it again; and the codes asked for at that link. Worker only.

import { createHash } from 'node:crypto';
import type { WorkerContext } from '../context.ts';
import { confirmedContract, durableCopy } from '../consumer/durable-copy.ts';
import { bytesOf } from '../documents/read.ts';
import { completion } from '../envelopes/mail-text.ts';
import { codeSms } from '../envelopes/sms-text.ts';
import { NotCovered } from '../evidence/receipt.ts';
import type { Draft } from '../letter.ts';
import type { Sms } from '../sms/sender.ts';
import { copyCode, type CopyChallenge } from './code.ts';
import { linkTo } from './link.ts';
import { codeMail, hadAgain } from './mail-text.ts';

/** Attached up to so many bytes together; above, linked. */
const attachable = 10 * 1024 * 1024;

interface Row {
	readonly client: string;
	readonly sender: string;
	readonly name: string;
	readonly email: string;
	readonly locale: 'fr' | 'en';
	readonly title: string;
	readonly reference: string;
	readonly version: string;
	/** The version that is their attestation; null: they did not sign, or it is not made yet. */
	readonly attestation: string | null;
	/** It is not made, and still waited for. */
	readonly early: boolean;
}

/** Minutes for which the mail waits for the attestation; a log that stands still must not keep the document from anyone. */
const patience = '10 minutes';

/** The signed document and the attestation, to one who took part. Null when there is nothing to send; throws NotCovered while the attestation is waited for. */
export async function signedCopy(ctx: WorkerContext, signer: string): Promise<Draft | null> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select s.client, c.name as sender, s.name, s.email, s.locale, e.title, e.reference, e.current_version as version, a.id as attestation, s.role = 'signer' and a.id is null and e.closed_at > app.now() - ${patience}::interval as early
			from signer s join envelope e on e.id = s.envelope join client c on c.id = s.client join version v on v.id = e.current_version left join version a on a.document = s.attestation
			where s.id = ${signer} and e.state = 'completed' and v.wrapped_key is not null`
	);
	if (!row) return null;
	if (row.early) throw new NotCovered('the attestation is not there yet');
	const document = { name: `${row.reference}.pdf`, type: 'application/pdf', content: await bytesOf(ctx, row.version) };
	const attestation = row.attestation ? [{ name: `${row.reference} – attestation.pdf`, type: 'application/pdf', content: await bytesOf(ctx, row.attestation) }] : [];
	const attached = document.content.length + (attestation[0]?.content.length ?? 0) <= attachable;
	const link = await ctx.tx((tx) => linkTo(ctx, tx, row.client, signer));
	const consumer = await ctx.tx((tx) => confirmedContract(tx, signer));
	const rootFingerprint = createHash('sha256').update(ctx.signing.root.certificate).digest('hex');
	const words = completion(row.locale, { ...row, attached, attestation: attestation.length > 0, again: hadAgain(row.locale, row.sender, link, consumer?.contract.longArchive) + (consumer ? `\n\n${durableCopy(row.locale, { ...row, ...consumer, link })}` : ''), verify: `${ctx.settings.origin}/verify`, rootFingerprint });
	return { to: row.email, locale: row.locale, ...words, attachments: attached ? [document, ...attestation] : attestation };
}

/** The code of a challenge that is still good, by its channel; null when it ended. */
export async function copyCodeMessage(ctx: WorkerContext, challenge: string): Promise<{ readonly mail: Draft } | { readonly sms: Omit<Sms, 'id' | 'report'> } | null> {
	const [row] = await ctx.tx(
		(tx) => tx<(CopyChallenge & { name: string; locale: 'fr' | 'en'; reference: string })[]>`
			select c.id, c.nonce, c.signer, c.channel, c."to", c.document_hash as "documentHash", s.name, s.locale, e.reference
			from signed_copy_challenge c join signer s on s.id = c.signer join envelope e on e.id = s.envelope where c.id = ${challenge} and c.ended_at is null and c.expires_at > app.now()`
	);
	if (!row) return null;
	const { to, locale, reference, name } = row;
	const code = copyCode(ctx, row);
	return row.channel === 'sms' ? { sms: { to, text: codeSms(locale, ctx.settings.operator, code, reference, new URL(ctx.settings.origin).host, 'open') } } : { mail: { to, locale, ...codeMail(locale, { name, code, reference }) } };
}
