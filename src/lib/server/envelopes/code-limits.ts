// How many codes may be asked for (ARCHITECTURE §4.4) and tried, and how many SMS a day may cost (SECURITY "OTP"). Subjects are keyed hashes: no number and no address is kept in a counter.

import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';

/** Of one code. */
export const maximumTries = 5;

export interface Asked {
	readonly signer: string;
	readonly number: string;
	readonly client: string;
	/** An address, as sourceOf tells it. */
	readonly source: string;
}

const day = 86_400;

/** By signer, by number for one client and for all together, by client, by address: an office signs from one, a fleet of phones behind one carrier too. */
const limits = [
	{ of: 'signer', seconds: 3600, most: 5, subject: (a: Asked) => a.signer },
	{ of: 'number', seconds: day, most: 10, subject: (a: Asked) => `${a.client}:${a.number}` },
	{ of: 'any-number', seconds: day, most: 20, subject: (a: Asked) => a.number },
	{ of: 'client', seconds: day, most: 500, subject: (a: Asked) => a.client },
	{ of: 'address', seconds: day, most: 200, subject: (a: Asked) => a.source }
] as const;

/** Counts one code asked for. `too-many` / `codes` above a limit; what was counted goes back with the transaction then. */
export async function countCode(tx: Tx, asked: Asked): Promise<void> {
	for (const { of, seconds, most, subject } of limits) {
		const [{ n }] = await tx<[{ n: number }]>`select app.hit(app.blind(${`code\n${of}\n${subject(asked)}`}), ${seconds} * interval '1 second') as n`;
		if (n > most) throw new DomainError('too-many', 'codes', { retryAfter: seconds });
	}
}

/** Counts one SMS of the instance's day. `too-many` / `sms-cap` above `most`. */
export async function countSms(tx: Tx, most: number): Promise<void> {
	const [{ n }] = await tx<[{ n: number }]>`select app.hit('sms', interval '1 day') as n`;
	if (n > most) throw new DomainError('too-many', 'sms-cap', { retryAfter: day });
}
