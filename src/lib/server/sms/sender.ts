// SMS as the domain sees it. Implementations: outbox.ts (development), ovh.ts, twilio.ts, webhook.ts.

export interface Sms {
	/** E.164. */
	readonly to: string;
	/** At most 160 GSM-7 characters, checked by the caller. */
	readonly text: string;
	readonly id: string;
	/** Where a gateway that tells by itself says what became of it: POST {"state": "delivered" | "undelivered", "detail"?}. */
	readonly report: string;
}

export interface Delivery {
	/** Null: on its way still. */
	readonly state: 'delivered' | 'undelivered' | null;
	/** The provider's own code. */
	readonly detail: string | null;
	readonly cost: { readonly amount: number; /** ISO 4217, or the provider's credits. */ readonly unit: string } | null;
}

/** The provider will never reach that number. The message names nobody. */
export class NumberRefused extends Error {
	override name = 'NumberRefused';
}

export interface SmsSender {
	/** Resolves when the provider took it; the answer is the provider's own reference, kept as evidence. Throws when it did not: NumberRefused when it never will. */
	send(sms: Sms): Promise<string>;
	/** Asks what became of one that was taken, by its reference. Absent where the gateway reports by itself, or never knows. */
	delivery?(reference: string): Promise<Delivery>;
}
