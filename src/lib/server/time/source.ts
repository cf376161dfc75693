// Somebody else's clock, as the domain sees it.

/** Always worth another try later. */
export class TimeUnavailable extends Error {
	override name = 'TimeUnavailable';
}

export interface TimeSource {
	readonly name: string;
	/** What it says now is, milliseconds since 1970, and by how much that may be wrong of itself, milliseconds. Within 5 s. Throws TimeUnavailable. */
	ask(): Promise<{ readonly at: number; readonly accuracy: number }>;
}
