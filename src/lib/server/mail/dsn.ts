// Delivery status notifications (RFC 3464) inside a multipart/report (RFC 6522): which mail of ours, what became of it, why (RFC 3463). Bounded, and read only as far as that.

export type Reason = 'address' | 'full' | 'refused' | 'unreachable' | 'other';
export const reasons = ['address', 'full', 'refused', 'unreachable', 'other'] as const satisfies readonly Reason[];

export interface Notification {
	/** Id of the message, from the address it came back to or from what is returned of it. */
	readonly message: string;
	/** Null: not known yet (delayed), or no longer followed (relayed). */
	readonly state: 'delivered' | 'undelivered' | null;
	/** Enhanced status code, `5.1.1`. */
	readonly status: string | null;
}

/** What an enhanced status code (RFC 3463 §3) comes to. */
export function reasonOf(status: string): Reason {
	const [, kind = '', subject = '', detail = ''] = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(status) ?? [];
	if (subject === '1' && !['7', '8'].includes(detail)) return 'address';
	if (subject === '2') return detail === '2' ? 'full' : detail === '1' || detail === '0' ? 'address' : 'refused';
	if (subject === '4' || kind === '4') return 'unreachable';
	return ['1', '3', '5', '6', '7'].includes(subject) ? 'refused' : 'other';
}

type Fields = ReadonlyMap<string, readonly string[]>;
interface Part {
	readonly fields: Fields;
	readonly body: string;
}

const [mostParts, mostDepth, mostFields] = [20, 3, 500];

/** Header fields (RFC 5322 §2.2), unfolded, names in lower case. */
function fieldsOf(text: string): Fields {
	const found = new Map<string, string[]>();
	for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/, mostFields)) {
		const at = line.indexOf(':');
		if (at < 1) continue;
		const name = line.slice(0, at).trim().toLowerCase();
		found.set(name, [...(found.get(name) ?? []), line.slice(at + 1).trim()]);
	}
	return found;
}

function partOf(text: string): Part {
	const end = /\r?\n\r?\n/.exec(text);
	if (/^\r?\n/.test(text)) return { fields: new Map(), body: text };
	return end ? { fields: fieldsOf(text.slice(0, end.index)), body: text.slice(end.index + end[0].length) } : { fields: fieldsOf(text), body: '' };
}

const first = (fields: Fields, name: string): string => fields.get(name)?.[0] ?? '';
const typeOf = (value: string): string => /^[^;\s]+/.exec(value)?.[0].toLowerCase() ?? '';

/** The parts inside a multipart body (RFC 2046 §5.1), those inside them after. */
function partsOf(type: string, body: string, depth = 0): Part[] {
	const boundary = /boundary="?([^";\s]{1,70})"?/i.exec(type)?.[1];
	if (!typeOf(type).startsWith('multipart/') || !boundary || depth === mostDepth) return [];
	const [, ...pieces] = `\n${body}`.split(`\n--${boundary}`, mostParts + 2);
	const parts = pieces.filter((piece) => !piece.startsWith('--')).map((piece) => partOf(piece.replace(/^[ \t]*\r?\n/, '')));
	return [...parts, ...parts.flatMap((part) => partsOf(first(part.fields, 'content-type'), part.body, depth + 1))];
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const returnedTypes = ['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers'];

/** Null when it is no notification, or of no mail that names its message. @param type Content-Type of `raw`: `message/rfc822`, or the multipart's own with its boundary */
export function readNotification(raw: Uint8Array, type: string): Notification | null {
	const text = new TextDecoder().decode(raw);
	const whole: Part = typeOf(type) === 'message/rfc822' ? partOf(text) : { fields: new Map([['content-type', [type]]]), body: text };
	const parts = partsOf(first(whole.fields, 'content-type'), whole.body);
	const status = parts.find((part) => ['message/delivery-status', 'message/global-delivery-status'].includes(typeOf(first(part.fields, 'content-type'))));
	const returned = parts.find((part) => returnedTypes.includes(typeOf(first(part.fields, 'content-type'))));
	const cameTo = ['x-original-to', 'delivered-to', 'envelope-to', 'to'].flatMap((name) => whole.fields.get(name) ?? []).join(' ');
	const message = new RegExp(`\\+(${uuid})@`, 'i').exec(cameTo)?.[1] ?? new RegExp(`^message-id:\\s*<(${uuid})@`, 'im').exec(returned?.body ?? '')?.[1];
	if (!status || !message) return null;
	const recipients = status.body.split(/\r?\n[ \t]*\r?\n/).map(fieldsOf).filter((group) => group.has('action'));
	if (!recipients.length) return null;
	const failed = recipients.find((group) => typeOf(first(group, 'action')) === 'failed');
	const told = failed ?? recipients[0]!;
	const state = failed ? 'undelivered' : recipients.every((group) => typeOf(first(group, 'action')) === 'delivered') ? 'delivered' : null;
	return { message: message.toLowerCase(), state, status: /^[245]\.\d{1,3}\.\d{1,3}\b/.exec(first(told, 'status'))?.[0] ?? null };
}
