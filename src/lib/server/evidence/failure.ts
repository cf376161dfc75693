// Whether it is the authority that failed.

import { TimestampUnavailable } from '../tsa/authority.ts';
import { TimestampRefused } from '../tsa/token.ts';

/** And how; null for any other error. */
export function failureOf(error: unknown): 'unavailable' | 'refused' | null {
	if (error instanceof TimestampUnavailable) return 'unavailable';
	return error instanceof TimestampRefused ? 'refused' : null;
}
