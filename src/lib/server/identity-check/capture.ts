// What a signer of level 2 does before they may be sent a code (SIGN-3): choose a document, show it, send it off; or stand on a check accepted before.

import { z } from 'zod';
import { append } from '../audit/append.ts';
import type { Tx } from '../db/pool.ts';
import type { SignerContext } from '../envelopes/door.ts';
import { tried, turn } from '../envelopes/sign-here.ts';
import { DomainError } from '../errors.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { picture } from './image.ts';
import { newKey, storeImage, type Keyed, type StoredImage } from './store.ts';

export type CheckState = 'capturing' | 'reading' | 'to-review' | 'accepted' | 'refused' | 'again' | 'ended';
export type Document = 'passport' | 'card';

/** Of the words that say why, what for and how long (i18n/identity-check.ts): another text, another version. */
export const noticeVersion = 'identity-notice/1';

export const sides: Readonly<Record<Document, readonly StoredImage['side'][]>> = { passport: ['front'], card: ['front', 'back'] };
export const beginning = z.object({ document: z.enum(['passport', 'card']), notice: z.literal(noticeVersion) });

const imagesPerHour = 40;

export interface IdentityTask {
	readonly sender: string;
	readonly reference: string;
	readonly locale: 'fr' | 'en';
	readonly surname: string;
	readonly givenNames: string;
	/** It is this signer's turn, and the envelope is open. */
	readonly mine: boolean;
	/** Nothing stands between this signer and the document. */
	readonly accepted: boolean;
	/** The latest; null before the first one. */
	readonly check: { readonly state: CheckState; readonly document: Document; readonly taken: readonly StoredImage['side'][]; readonly submittedAt: Date | null; readonly reason: string } | null;
	/** Accepted before, for the same client, name, address and number. */
	readonly reusable: { readonly decidedAt: Date; readonly validUntil: Date } | null;
	readonly notice: string;
	/** Days for which images are kept after a decision, and an acceptance can be used again. */
	readonly imageDays: number;
	readonly reuseDays: number;
}

interface CheckRow extends Keyed {
	readonly state: CheckState;
	readonly document: Document;
	readonly submittedAt: Date | null;
}

async function latest(tx: Tx, signer: string): Promise<CheckRow | undefined> {
	const [row] = await tx<CheckRow[]>`
		select k.id, k.client, k.wrapped_key as "wrappedKey", k.state, k.document, k.submitted_at as "submittedAt" from identity_check k join signer s on s.id = k.signer
		where k.signer = ${signer} and app.same_identity(k, s) order by k.created_at desc limit 1`;
	return row;
}

interface Reusable {
	readonly id: string;
	readonly document: Document;
	readonly decidedAt: Date;
	readonly validUntil: Date;
}

/** The number has to be the same too: the fresh code must reach the telephone of the one whose document was seen. */
async function reusable(tx: Tx, signer: string): Promise<Reusable | undefined> {
	const [row] = await tx<Reusable[]>`
		select k.id, k.document, k.decided_at as "decidedAt", k.valid_until as "validUntil" from identity_check k join signer s on s.client = k.client
		where s.id = ${signer} and s.level = 2 and k.signer <> s.id and k.state = 'accepted' and k.reused is null and k.valid_until > app.now() and app.same_identity(k, s) order by k.decided_at desc limit 1`;
	return row;
}

/** Everything the identity page shows; null for a signer of level 1, who has none. */
export async function identityTask(ctx: SignerContext): Promise<IdentityTask | null> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<Pick<IdentityTask, 'sender' | 'reference' | 'locale' | 'surname' | 'givenNames' | 'mine' | 'accepted'>[]>`
			select c.name as sender, e.reference, s.locale, s.surname, s.given_names as "givenNames", app.identity_accepted(s.id) as accepted,
				s.state = 'opened' and e.state = 'waiting' and e.expires_at > app.now() as mine
			from signer s join envelope e on e.id = s.envelope join client c on c.id = e.client where s.id = ${ctx.signer} and s.level = 2`;
		if (!row) return null;
		const check = await latest(tx, ctx.signer);
		const taken = check ? await tx<{ side: StoredImage['side'] }[]>`select side from identity_image where identity_check = ${check.id} and stored_at is not null and wrapped_key is not null order by side desc` : [];
		const [decision] = check ? await tx<{ reason: string }[]>`select reason from identity_decision where identity_check = ${check.id} and verdict <> 'accept' order by at desc limit 1` : [];
		const { identityImageDays: imageDays, identityReuseDays: reuseDays } = ctx.settings;
		return {
			...row,
			check: check ? { state: check.state, document: check.document, submittedAt: check.submittedAt, taken: taken.map(({ side }) => side), reason: decision?.reason ?? '' } : null,
			reusable: (await reusable(tx, ctx.signer)) ?? null,
			notice: noticeVersion,
			imageDays,
			reuseDays
		};
	});
}

/** Whether this signer has to show a document before anything else. */
export async function isAsked(ctx: SignerContext): Promise<boolean> {
	const [row] = await ctx.tx((tx) => tx<{ asked: boolean }[]>`select s.state = 'opened' and e.state = 'waiting' and not app.identity_accepted(s.id) as asked from signer s join envelope e on e.id = s.envelope where s.id = ${ctx.signer}`);
	return row?.asked ?? true;
}

const moved = () => new DomainError('conflict', 'check-state');

/**
 * Begins a check with a document of that kind, or changes the kind of the one begun; the notice was shown.
 * `conflict` / `check-state` while one is read, reviewed or accepted, and at level 1; `forbidden` / `identity-refused` after a refusal.
 */
export async function begin(ctx: SignerContext, input: z.infer<typeof beginning>): Promise<void> {
	const id = crypto.randomUUID();
	const client = ctx.actor.client ?? '';
	const key = await newKey(ctx, { id, client });
	await tried(ctx, 'identity.begin', async (tx) => {
		await turn(tx, ctx);
		const check = await latest(tx, ctx.signer);
		if (check?.state === 'refused') throw new DomainError('forbidden', 'identity-refused');
		if (check?.state === 'capturing') {
			await tx`update identity_check set document = ${input.document} where id = ${check.id}`;
			return;
		}
		if (check?.state === 'reading' || check?.state === 'to-review') throw moved();
		const [{ accepted }] = await tx<[{ accepted: boolean }]>`select app.identity_accepted(${ctx.signer}) as accepted`;
		if (accepted) throw moved();
		const { count } = await tx`
			insert into identity_check (id, client, signer, surname, given_names, birth_date, email, number, document, notice, wrapped_key)
			select ${id}, client, id, surname, given_names, birth_date, email, number, ${input.document}, ${input.notice}, ${key} from signer where id = ${ctx.signer} and level = 2`;
		if (!count) throw moved();
		await append(tx, { op: 'identity.begin', safe: ctx.safe, obj: id, actor: ctx.signer, values: { document: input.document, notice: input.notice } });
	});
}

/** Keeps an image of one side; another one of it before goes. What `picture` refuses, `too-many` / `identity-images`, `conflict` / `check-state` when nothing is being captured. */
export async function addImage(ctx: SignerContext, input: { readonly side: StoredImage['side']; readonly bytes: Uint8Array }): Promise<void> {
	const { check, shown } = await tried(ctx, 'identity.capture', async (tx) => {
		await turn(tx, ctx);
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(${`identity:${ctx.signer}`}, interval '1 hour') as n`;
		if (n > imagesPerHour) throw new DomainError('too-many', 'identity-images', { retryAfter: 3600 });
		const check = await latest(tx, ctx.signer);
		if (check?.state !== 'capturing') throw moved();
		return { check, shown: picture(input.bytes) };
	});
	await storeImage(ctx, check, input.side, shown, async (tx) => {
		await turn(tx, ctx);
		const { count } = await tx`select from identity_check where id = ${check.id} and state = 'capturing' for no key update`;
		if (!count) throw moved();
		await append(tx, { op: 'identity.capture', safe: ctx.safe, obj: check.id, actor: ctx.signer, values: { side: input.side } });
	});
}

/** Sends the images to be read and reviewed: the telephone is free. `invalid` / `identity-side` with `side` while one is missing. */
export async function submit(ctx: SignerContext): Promise<void> {
	await tried(ctx, 'identity.submit', async (tx) => {
		await turn(tx, ctx);
		const check = await latest(tx, ctx.signer);
		if (check?.state !== 'capturing') throw moved();
		const taken = await tx<{ side: string }[]>`select side from identity_image where identity_check = ${check.id} and stored_at is not null and wrapped_key is not null`;
		const missing = sides[check.document].find((side) => !taken.some((t) => t.side === side));
		if (missing) throw new DomainError('invalid', 'identity-side', { side: missing });
		const { count } = await tx`update identity_check set state = 'reading', submitted_at = app.now() where id = ${check.id} and state = 'capturing'`;
		if (!count) throw moved();
		await append(tx, { op: 'identity.submit', safe: ctx.safe, obj: check.id, actor: ctx.signer });
		await enqueue(tx, 'identity.read', { check: check.id });
	});
}

/** Stands on a check accepted before; the code that signs is a fresh one. `gone` / `identity-not-reusable` when there is none any more. */
export async function reuse(ctx: SignerContext): Promise<void> {
	await tried(ctx, 'identity.reuse', async (tx) => {
		await turn(tx, ctx);
		const check = await latest(tx, ctx.signer);
		if (check && ['reading', 'to-review', 'refused'].includes(check.state)) throw moved();
		const before = await reusable(tx, ctx.signer);
		if (!before) throw new DomainError('gone', 'identity-not-reusable');
		await tx`select app.end_identity_checks(${ctx.signer})`;
		const id = crypto.randomUUID();
		await tx`
			insert into identity_check (id, client, signer, surname, given_names, birth_date, email, number, document, notice, state, reused, decided_at, valid_until)
			select ${id}, client, id, surname, given_names, birth_date, email, number, ${before.document}, ${noticeVersion}, 'accepted', ${before.id}, app.now(), ${before.validUntil} from signer where id = ${ctx.signer}`;
		await append(tx, { op: 'identity.reuse', safe: ctx.safe, obj: id, actor: ctx.signer, values: { check: before.id } });
	});
}
