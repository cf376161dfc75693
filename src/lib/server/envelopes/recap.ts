// Recap, then confirm (SIGN-18): what a consumer's page tells of the contract before the code, and that exactly that was confirmed. It is part of V, so the code is bound to it.

import { hex } from '#crypto/bytes.ts';
import type { Primitives } from '#crypto/primitives.ts';
import { contractOf } from '../consumer/contract.ts';
import { recapOf, recapText, recapVersion, type Recap } from '../consumer/recap.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { textDigest } from '../legal/texts.ts';

export interface RecapTask {
	readonly lines: Recap;
	/** What V says of it: version, a space, SHA-256 of the words in the signer's language. */
	readonly said: string;
	/** Confirmed in this session, by these words. */
	readonly confirmedAt: Date | null;
}

/** Null for one who does not sign as a consumer. */
export async function recapTask(primitives: Primitives, tx: Tx, signer: string): Promise<RecapTask | null> {
	const [row] = await tx<{ envelope: string; locale: 'fr' | 'en'; sender: string; title: string; reference: string }[]>`
		select s.envelope, s.locale, c.name as sender, e.title, e.reference from signer s join envelope e on e.id = s.envelope join client c on c.id = e.client where s.id = ${signer} and s.consumer`;
	const contract = row && (await contractOf(tx, row.envelope));
	if (!contract) return null;
	const lines = recapOf(recapVersion, { ...contract, ...row }, row.locale);
	const sha256 = textDigest(primitives, recapText(lines));
	const [confirmed] = await tx<{ at: Date }[]>`
		select k.at from recap_confirmation k join signing_session g on g.signer = k.signer and g.ended_at is null and k.at >= g.created_at
		where k.signer = ${signer} and k.version = ${recapVersion} and k.sha256 = ${Buffer.from(sha256, 'hex')} order by k.at desc limit 1`;
	return { lines, said: `${recapVersion} ${sha256}`, confirmedAt: confirmed?.at ?? null };
}

/** `invalid` / `recap-needed` while it was not confirmed; `conflict` / `recap-changed` for other words than those of now. */
export function requireRecap(task: RecapTask | null, said: string | undefined): void {
	if (task && said === undefined) throw new DomainError('invalid', 'recap-needed');
	if (task?.said !== said) throw new DomainError('conflict', 'recap-changed');
	if (task && !task.confirmedAt) throw new DomainError('invalid', 'recap-needed');
}

/** As it is asked to be confirmed. `conflict` / `recap-changed` unless it is what the page tells now; `forbidden` / `no-recap` for one who is no consumer. */
export async function keepConfirmation(tx: Tx, client: string, signer: string, task: RecapTask | null, said: string): Promise<Record<string, string>> {
	if (!task) throw new DomainError('forbidden', 'no-recap');
	if (task.said !== said) throw new DomainError('conflict', 'recap-changed');
	const [version, sha256] = said.split(' ') as [string, string];
	const digest = Buffer.from(sha256, 'hex');
	await tx`insert into recap_confirmation (client, signer, version, words, sha256) values (${client}, ${signer}, ${version}, ${recapText(task.lines)}, ${digest})`;
	return { version, sha256: hex(digest) };
}
