// An address or a number that two people of an envelope share, or that is its sender's too (SIGN-21): warned of, confirmed, recorded. What one person holds then proves less.

import { createHash } from 'node:crypto';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';

export interface Shared {
	readonly kind: 'email' | 'number';
	readonly value: string;
	/** Ids of the signers and approvers who have it, and their names, in order. */
	readonly signers: readonly string[];
	readonly names: readonly string[];
	/** It is the sender's too. */
	readonly sender: boolean;
}

/** What is shared in an envelope now; copies are never asked anything and do not count. */
export const sharedIn = (tx: Tx, envelope: string) => tx<Shared[]>`select kind, value, signers, names, sender from app.shared_contacts(${envelope})`;

/** SHA-256 of what is shared, hexadecimal: what its sender confirms is this and nothing else. Empty: nothing is. */
export function sharingDigest(shared: readonly Shared[]): string {
	if (!shared.length) return '';
	return createHash('sha256').update(JSON.stringify(shared.map(({ kind, value, signers, sender }) => [kind, value, signers, sender]))).digest('hex');
}

/** The warning of an envelope, and what confirms it. */
export async function sharing(ctx: Context, envelope: string): Promise<{ readonly shared: readonly Shared[]; readonly digest: string }> {
	const shared = await ctx.tx((tx) => sharedIn(tx, envelope));
	return { shared, digest: sharingDigest(shared) };
}

interface Noted {
	readonly envelope: string;
	readonly safe: string;
	readonly client: string;
	readonly noted: 'send' | 'correct' | 'delegate' | 'number';
	/** The signer who confirmed; null: the asker did. */
	readonly signer: string | null;
}

/** Keeps what was confirmed, with its event. */
export async function noteSharing(ctx: Context, tx: Tx, { envelope, safe, client, noted, signer }: Noted, shared: readonly Shared[]): Promise<void> {
	for (const { kind, value, signers, sender } of shared) {
		await tx`insert into contact_sharing (client, envelope, kind, value, signers, sender, noted, person) values (${client}, ${envelope}, ${kind}, ${value}, ${[...signers]}, ${sender}, ${noted}, ${signer ? null : ctx.actor.person})`;
		await append(tx, { op: 'envelope.sharing', safe, obj: envelope, ...(signer ? { actor: signer } : {}), values: { kind, value, signers: signers.join(' '), sender: String(sender), noted } });
	}
}

/** At level 2 the number is one person's, given beforehand (SIGN-3): `invalid` / `same-number` when a signer of level 2 shares theirs, or `signer` shares that of one. */
export async function requireOwnNumber(tx: Tx, envelope: string, signer: string): Promise<void> {
	const { count } = await tx`
		select from signer s join signer o on o.envelope = s.envelope and o.id <> s.id and o.number = s.number where s.envelope = ${envelope} and s.id = ${signer} and (s.level = 2 or o.level = 2)`;
	if (count) throw new DomainError('invalid', 'same-number');
}

/**
 * After a signer's contact changed in a sent envelope: what they now share has to be confirmed, and is kept. `values`: the address and number that changed.
 * `invalid`: `same-contact` unless confirmed, `same-number`.
 */
export async function requireConfirmed(ctx: Context, tx: Tx, about: Noted & { readonly whose: string; readonly values: readonly (string | null)[]; readonly confirmed: boolean }): Promise<readonly Shared[]> {
	await requireOwnNumber(tx, about.envelope, about.whose);
	const shared = (await sharedIn(tx, about.envelope)).filter((s) => s.signers.includes(about.whose) && about.values.includes(s.value));
	if (shared.length && !about.confirmed) throw new DomainError('invalid', 'same-contact');
	await noteSharing(ctx, tx, about, shared);
	return shared;
}
