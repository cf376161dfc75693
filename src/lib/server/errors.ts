// The one error of the domain. http.ts maps its kind to a status; the dictionaries translate its reason for people.

export type DomainErrorKind =
	| 'invalid' // the input cannot be right
	| 'unauthenticated'
	| 'forbidden'
	| 'not-found' // also: not yours to know about
	| 'conflict' // true a moment ago
	| 'gone' // expired, replaced, used
	| 'too-large'
	| 'too-many' // a limit per time; `details.retryAfter` in seconds
	| 'unavailable'; // a part we depend on is down; nothing was lost

/** `reason` is a stable kebab-case word: the key of its sentence in the dictionaries. `details` carry what the sentence names, never a secret. */
export class DomainError extends Error {
	override name = 'DomainError';
	readonly kind: DomainErrorKind;
	readonly reason: string;
	readonly details: Readonly<Record<string, string | number>>;
	constructor(kind: DomainErrorKind, reason: string, details: Readonly<Record<string, string | number>> = {}, options?: { cause?: unknown }) {
		super(reason, options);
		this.kind = kind;
		this.reason = reason;
		this.details = details;
	}
}
