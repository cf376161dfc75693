// Mail as the domain sees it. Implementations: smtp.ts, outbox.ts (development: kept in the database and shown on a page).

export interface Attached {
	readonly name: string;
	readonly type: string;
	readonly content: Uint8Array;
	/** Shown by the HTML under `cid:` and this; absent: a file. */
	readonly cid?: string;
}

export interface Mail {
	readonly to: string;
	readonly subject: string;
	readonly text: string;
	/** The same words as `text` (html.ts). */
	readonly html: string;
	readonly attachments?: readonly Attached[];
	/** In whose name, any characters; absent: our own. */
	readonly sender?: string;
	/** Where an answer goes; absent: to our own address. */
	readonly replyTo?: { readonly name: string; readonly address: string };
	/** Where whoever carries it may say what became of it, as of an SMS. */
	readonly report?: string;
	/** Same id, same mail: becomes the Message-ID, so that a retry is not a second mail where the receiver looks. */
	readonly id: string;
}

/** The receiving side will never take it: there is no such box, or it wants no such mail (RFC 5321 §4.2.1, 5yz). The message names nobody. */
export class MailRefused extends Error {
	override name = 'MailRefused';
	readonly responseCode: number;
	constructor(responseCode: number) {
		super(`refused with ${responseCode}`);
		this.responseCode = responseCode;
	}
}

export interface Mailer {
	/** Resolves when the provider took it; the answer is the provider's own reference, kept as evidence. Throws when it did not: MailRefused when it never will. */
	send(mail: Mail): Promise<string>;
}
