// A timestamp authority (RFC 3161) as the domain sees it. It carries bytes; verifying the token is crypto/tsp's and the domain's.

/** What the token is worth: our own clock, somebody else's, or a qualified one with its trusted-list entry. */
export type TimestampQuality =
	| { readonly kind: 'internal' }
	| { readonly kind: 'third-party' }
	| { readonly kind: 'qualified'; readonly entry: string };

/** The one error of timestamp authorities; always worth a retry later. */
export class TimestampUnavailable extends Error {
	override name = 'TimestampUnavailable';
}

export interface TimestampAuthority {
	readonly name: string;
	readonly quality: TimestampQuality;
	/** DER certificates a token must chain to, pinned for this authority. */
	readonly anchors: readonly Uint8Array[];
	/** The policy OID asked for and demanded back; null: whatever the authority's own is. */
	readonly policy: string | null;
	/** TimeStampReq DER in, TimeStampResp DER out, unread. At most 64 KiB and 5 s. Throws TimestampUnavailable. */
	request(timeStampReq: Uint8Array): Promise<Uint8Array>;
}
