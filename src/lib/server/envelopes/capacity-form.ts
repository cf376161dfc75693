// What the form of a new envelope says of a signer's capacity, as `newParticipant` takes it.

import type { z } from 'zod';
import type { capacityWish } from './capacity.ts';

type Wish = Partial<{ [K in keyof typeof capacityWish]: z.input<(typeof capacityWish)[K]> }>;

/** @param text the trimmed value of the signer's field of that name; empty when there is none */
export function capacityInForm(text: (name: string) => string): Wish {
	const kind = text('capacity-kind');
	if (kind === 'given') return { organisation: text('organisation') || undefined, capacity: text('capacity') || undefined, mandateAsked: text('mandate') !== '', capacityAsked: false };
	return { capacityAsked: kind === 'asked', mandateAsked: kind === 'asked' && text('mandate') !== '' };
}
