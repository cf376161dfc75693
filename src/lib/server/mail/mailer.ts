// Mail as the domain sees it. Implementations: smtp.ts, outbox.ts (development: kept in the database and shown on a page).

export interface Mail {
	readonly to: string;
	readonly subject: string;
	readonly text: string;
	readonly html?: string;
	readonly attachments?: readonly { readonly name: string; readonly type: string; readonly content: Uint8Array }[];
	/** Same id, same mail: becomes the Message-ID, so that a retry is not a second mail where the receiver looks. */
	readonly id: string;
}

export interface Mailer {
	/** Resolves when the provider took it; the answer is the provider's own reference, kept as evidence. Throws when it did not. */
	send(mail: Mail): Promise<string>;
}
