// The code that opens a signed document: derived like those of signing (ARCHITECTURE §4.4), apart from them, bound to who, where it went and which bytes; stored nowhere.

import { lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import type { WorkerContext } from '../context.ts';
import { sixDigits } from '../envelopes/code.ts';

export interface CopyChallenge {
	readonly id: string;
	/** 16 random bytes. */
	readonly nonce: Uint8Array;
	readonly signer: string;
	readonly channel: 'sms' | 'mail';
	/** The number in E.164, or the address. */
	readonly to: string;
	/** SHA-256 of the version it opens. */
	readonly documentHash: Uint8Array;
}

/** Six digits, the same each time they are derived. Worker only. */
export function copyCode(ctx: Pick<WorkerContext, 'signing'>, c: CopyChallenge): string {
	return sixDigits(ctx.signing.code(lengthPrefixed(utf8('probant/otp-copy/v1'), utf8(c.id), c.nonce, utf8(c.signer), utf8(c.channel), utf8(c.to), c.documentHash, utf8('open'))));
}
