// A browser without a screen, for journeys over HTTP: its cookies, its forms, and the links it is mailed.

import { vi } from 'vitest';
import type { CaughtMail } from './catchers.ts';

export type Visitor = (path: string, init?: RequestInit & { readonly form?: Readonly<Record<string, string>> }) => Promise<Response>;

/** @param at where it asks; @param origin the address a reverse proxy gives our pages */
export function visitor(at: string, origin: string): Visitor & { readonly cookies: ReadonlyMap<string, string> } {
	const jar = new Map<string, string>();
	const visit: Visitor = async (path, init = {}) => {
		const { form, ...rest } = init;
		const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
		const body = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
		const response = await fetch(`${at}${path}`, { redirect: 'manual', ...rest, ...body, headers: { origin, cookie, accept: 'text/html', 'accept-language': 'en', ...rest.headers } });
		for (const set of response.headers.getSetCookie()) {
			const [name = '', value = ''] = set.split(';')[0]!.split(/=(.*)/s);
			jar.set(name, value);
		}
		return response;
	};
	return Object.assign(visit, { cookies: jar });
}

/** The path a mail's link leads to, once it has come. */
export async function linkTo(mails: readonly CaughtMail[], origin: string, recipient: string, path: string): Promise<string> {
	const link = new RegExp(`${origin}(/${path}/[A-Za-z0-9_-]{43})`);
	const find = () =>
		mails
			.filter((m) => m.to.includes(recipient))
			.map((m) => link.exec(m.source.replace(/=\r?\n/g, '').replace(/=3D/g, '='))?.[1])
			.find(Boolean);
	return (await vi.waitUntil(find, { timeout: 30_000, interval: 100 }))!;
}

/** Deposits bytes as the page does: by tus, then by what it was given. */
export async function depositAs(who: Visitor, safe: string, name: string, bytes: Uint8Array, sha256?: string): Promise<{ document: string; version: string }> {
	const tus = { 'tus-resumable': '1.0.0' };
	const base64 = (text: string) => Buffer.from(text).toString('base64');
	const about = `safe ${base64(safe)},name ${base64(name)}${sha256 ? `,sha256 ${base64(sha256)}` : ''}`;
	const made = await who('/upload', { method: 'POST', headers: { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': about } });
	const address = made.headers.get('location')!;
	await who(address, { method: 'PATCH', headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: new Uint8Array(bytes) });
	const deposited = await who('/deposits', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stage: address.split('/').at(-1) }) });
	return (await deposited.json()) as { document: string; version: string };
}
