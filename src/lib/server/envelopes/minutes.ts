// Minutes drawn up on the sender's tablet (SIGN-14): an intervention report or acceptance minutes, made into a new document of the safe and an envelope whose signers sign in person.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import { guarded } from '../audit/guarded.ts';
import type { Context } from '../context.ts';
import { addDocument } from '../documents/deposit.ts';
import { authorMinutes, type Box, type DecisionBoxes } from '../evidence/author-minutes.ts';
import * as safes from '../safes.ts';
import type { DecisionFields } from './decision.ts';
import { placeFields, type PlacedField } from './fields.ts';
import { line } from './line.ts';
import { newParticipant, prepareEnvelope, requirePeople } from './prepare.ts';

const paragraph = (maximum: number) =>
	z
		.string()
		.transform((text) => text.replace(/\r\n?/g, '\n').trim())
		.pipe(z.string().max(maximum).regex(/^(?:[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\n)*$/u));

export const newMinutes = z.object({
	safe: z.uuid(),
	kind: z.enum(['intervention', 'acceptance']),
	place: line(200),
	date: z.iso.date(),
	present: paragraph(1000).default(''),
	works: paragraph(4000).pipe(z.string().min(1)),
	text: paragraph(4000).default(''),
	/** One a line. */
	reservations: paragraph(4000).default(''),
	language: z.enum(['fr', 'en']),
	/** The first is the client of the works, who decides on acceptance minutes. */
	signers: z.array(newParticipant.pick({ name: true, email: true, number: true, locale: true, manner: true })).min(1).max(2)
});
export type NewMinutes = z.input<typeof newMinutes>;

const titles = { intervention: { fr: 'Procès-verbal d’intervention', en: 'Intervention report' }, acceptance: { fr: 'Procès-verbal de réception', en: 'Acceptance minutes' } } as const;

/** The boxes of the decision as fields, and which is which. */
function asFields(b: DecisionBoxes, signers: readonly string[], language: 'fr' | 'en'): { placed: PlacedField[]; decision: DecisionFields } {
	const placed: PlacedField[] = [];
	const put = (kind: PlacedField['kind'], box: Box, label: string, signer = signers[0]!): string => {
		const id = crypto.randomUUID();
		placed.push({ ...box, id, signer, kind, required: false, label, expected: '' });
		return id;
	};
	const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
	const decision = {
		accept: put('checkbox', b.accept, say('Accepte sans réserve', 'Accepts without reservations')),
		reserve: put('checkbox', b.reserve, say('Accepte avec réserves', 'Accepts with reservations')),
		reservations: b.reservations.map((box, i) => put('text', box, say(`Réserve ${i + 1}`, `Reservation ${i + 1}`))),
		deadline: put('date', b.deadline, say('Réserves à lever le', 'Reservations lifted by')),
		postpone: put('checkbox', b.postpone, say('Reporte', 'Postpones')),
		until: put('date', b.until, say('Réception reportée au', 'Acceptance postponed to')),
		refuse: put('checkbox', b.refuse, say('Refuse', 'Refuses')),
		reason: put('text', b.reason, say('Motif du refus', 'Reason for refusing'))
	};
	b.signatures.forEach((box, i) => put('signature', box, '', signers[i]!));
	return { placed, decision };
}

/** Draws them up; answers the envelope, not yet sent. Needs `deposit` and `send` in the safe; what `prepareEnvelope` refuses, with nothing left behind where the people are wrong. */
export async function drawUp(ctx: Context, asked: NewMinutes): Promise<string> {
	const input = newMinutes.parse(asked);
	const { kind, language, date, place, safe } = input;
	await safes.require(ctx, safe, 'deposit');
	await safes.require(ctx, safe, 'send');
	const client = ctx.actor.client!; // a member's: they have rights in a safe of it
	const signers = input.signers.map((s) => ({ ...s, role: 'signer' as const, step: 1, instead: false }));
	return guarded(ctx, { op: 'envelope.minutes', safe, obj: safe }, async () => {
		requirePeople(ctx, signers);
		const [{ now, name }] = await ctx.tx((tx) => tx<[{ now: Date; name: string }]>`select app.now() as now, name from client where id = ${client}`);
		const read = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date));
		const reservations = input.reservations.split('\n').map((r) => r.trim()).filter(Boolean);
		const { pdf, boxes } = await authorMinutes({ kind, client: name, place, date: read, present: input.present, works: input.works, text: input.text, reservations, language, at: now }, signers.length, ctx.settings.fonts);
		const title = `${titles[kind][language]} – ${place} – ${date}`.slice(0, 200);
		const document = await addDocument(ctx, { client, safe, name: `${title.replace(/[/\\]/g, '-')}.pdf`, kind: 'document', bytes: pdf }, async (_, added) => added);
		const envelope = await prepareEnvelope(ctx, { document, title, days: 30, remindDays: 0, signers });
		const people = await ctx.tx((tx) => tx<{ id: string }[]>`select id from signer where envelope = ${envelope} order by position`);
		const fields = boxes && asFields(boxes, people.map((p) => p.id), language);
		if (fields) await placeFields(ctx, envelope, { revision: 0, fields: fields.placed });
		await ctx.tx(async (tx) => {
			await tx`insert into minutes (envelope, client, kind, decider, fields) values (${envelope}, ${client}, ${kind}, ${fields ? people[0]!.id : null}, ${fields ? tx.json(fields.decision) : null})`;
			await append(tx, { op: 'envelope.minutes', safe, obj: envelope, values: { kind, place, date } });
		});
		return envelope;
	});
}
