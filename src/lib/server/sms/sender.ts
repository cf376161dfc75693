// SMS as the domain sees it. Implementations: outbox.ts (development), ovh.ts, twilio.ts, webhook.ts.

export interface Sms {
	/** E.164. */
	readonly to: string;
	/** At most 160 GSM-7 characters, checked by the caller. */
	readonly text: string;
	readonly id: string;
}

export interface SmsSender {
	/** Resolves when the provider took it; the answer is the provider's own reference, kept as evidence. Throws when it did not. */
	send(sms: Sms): Promise<string>;
}
