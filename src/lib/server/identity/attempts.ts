// Tries of what is guessed, counted before they are judged. A limit is of one source, or of one source and one account:
// whoever tries from elsewhere locks nobody out but themselves.

import { isIPv6 } from 'node:net';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';

/** Tries in 15 minutes. */
const most = { 'login-account': 10, login: 50, register: 20, confirm: 50, reset: 20, 'reset-account': 3, 'reset-use': 20, 'step-up': 10, passkey: 100, invite: 100 } as const;
const width = '15 minutes';
export type Kind = keyof typeof most;

/** What counts as one source: an IPv4 address, or the /64 of an IPv6 one. */
export function sourceOf(address: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
	if (mapped) return mapped;
	if (!isIPv6(address)) return address;
	const [head = '', tail] = address.toLowerCase().replace(/%.*/, '').split('::');
	const groups = (text: string | undefined) => (text ? text.split(':') : []);
	const left = groups(head);
	const right = groups(tail);
	const all = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
	return `${all.slice(0, 4).map((g) => Number.parseInt(g, 16).toString(16)).join(':')}::/64`;
}

/** The keyed hash under which a source is counted; nothing else of it is kept. */
export async function blind(ctx: Context, source: string): Promise<string> {
	return ctx.tx(async (tx) => (await tx<[{ blind: string }]>`select app.blind(${source}) as blind`)[0].blind);
}

/** Counts one try, committed whatever follows. Throws `too-many` with `retryAfter` in seconds above the limit. */
export async function count(ctx: Context, kind: Kind, ...subject: readonly string[]): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<[{ tries: number; left: number }]>`
			select app.hit(app.blind(${[kind, ...subject].join('\n')}), ${width}::interval) as tries,
				ceil(extract(epoch from date_bin(${width}::interval, app.now(), 'epoch') + ${width}::interval - app.now()))::int as left`
	);
	if (row.tries > most[kind]) throw new DomainError('too-many', 'too-many-tries', { retryAfter: Math.max(1, row.left) });
}
