// A depositor's browser: uploads by tus and deposits, over HTTP; what the server acknowledged is remembered, what was cut is tried again.

import { createHash, randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import { withActor } from '#lib/server/context.ts';
import { secretHash } from '#lib/server/identity/sessions.ts';
import * as safes from '#lib/server/safes.ts';
import type { Instance } from './instance.ts';

/** What the server said is kept. */
export interface Acknowledged {
	readonly version: string;
	/** Of the bytes, hexadecimal. */
	readonly sha256: string;
	/** SHA-256 of the event's body, hexadecimal. */
	readonly event: string;
}

export interface Upload {
	readonly name: string;
	readonly sha256: string;
	/** Null: the deposit was made, and its answer was cut off. */
	readonly acknowledged: Acknowledged | null;
}

const tus = { 'tus-resumable': '1.0.0' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** An administrator of a client of its own, with a safe and a session. */
export async function createDepositor(instance: Instance) {
	const { owner, origin } = instance;
	const [person, client, secret] = [crypto.randomUUID(), crypto.randomUUID(), randomBytes(32).toString('base64url')];
	await owner`insert into person (id, email, name) values (${person}, ${`${person}@test.example`}, 'Ada')`;
	await owner`insert into client (id, name) values (${client}, 'A client')`;
	await owner`insert into member (client, person, role) values (${client}, ${person}, 'administrator')`;
	await owner`insert into session (hash, person, client, step_up_at) values (${secretHash(secret)}, ${person}, ${client}, app.now())`;
	const ctx = withActor(instance.web, { person, client, via: 'web' });
	const safe = (await safes.create(ctx, { name: 'Contrats' })).id;

	/** An answer, whatever happens to the server meanwhile: null when there was none, or it had no database. */
	async function ask(path: string, init: RequestInit): Promise<Response | null> {
		const headers = { accept: 'application/json', origin, cookie: `__Host-session=${secret}`, ...init.headers };
		const response = await fetch(new URL(path, origin), { ...init, headers }).catch(() => null);
		return response && response.status >= 500 ? null : response;
	}
	const again = <T>(act: () => Promise<T | null>): Promise<T> => vi.waitUntil(async () => (await act()) ?? false, { timeout: 80_000, interval: 50 }) as Promise<T>;

	/** Time passes for what a killed process still held. */
	const leasesEnd = () => owner`update intent set lease = least(lease, app.now() - interval '1 second') where kind = 'deposit'`.then(() => owner`update stage set lease = least(lease, app.now() - interval '1 second')`);

	async function announce(name: string, bytes: Uint8Array, sha256: string): Promise<string> {
		const metadata = Object.entries({ safe, name, sha256 }).map(([key, value]) => `${key} ${base64(value)}`).join(',');
		const made = await again(() => ask('/upload', { method: 'POST', headers: { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': metadata } }));
		expect(made.status).toBe(201);
		return made.headers.get('location')!;
	}
	async function offsetOf(url: string): Promise<number> {
		const head = await again(() => ask(url, { method: 'HEAD', headers: tus }));
		expect(head.status, 'an announced upload is there').toBe(200);
		return Number(head.headers.get('upload-offset'));
	}
	/** Sends in two requests, so that one is acknowledged before what cuts the other; what was acknowledged is never asked for again. */
	async function send(url: string, bytes: Uint8Array): Promise<void> {
		let acknowledged = 0;
		for (let offset = 0; offset < bytes.length; ) {
			const end = offset < bytes.length / 2 ? Math.ceil(bytes.length / 2 / 2 ** 20) * 2 ** 20 : bytes.length;
			const sent = await ask(url, { method: 'PATCH', headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body: bytes.slice(offset, end) });
			if (sent?.status === 204) acknowledged = Number(sent.headers.get('upload-offset'));
			else await leasesEnd().catch(() => {}); // the database may be the one that was killed
			offset = await offsetOf(url);
			expect(offset).toBeGreaterThanOrEqual(acknowledged);
		}
	}
	async function deposit(stage: string): Promise<Acknowledged | null> {
		const answer = await again(async () => {
			const response = await ask('/deposits', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stage }) });
			const body = response && ((await response.json()) as Acknowledged & { reason?: string });
			if (body?.reason === 'stage-busy') await leasesEnd();
			return body && body.reason !== 'stage-busy' ? body : null;
		});
		if (answer.reason) expect(answer.reason).toBe('stage-used');
		return answer.reason ? null : answer;
	}

	return {
		ctx,
		safe,
		client,
		/** Uploads and deposits two chunks, however often it is cut. */
		async upload(): Promise<Upload> {
			const name = `${crypto.randomUUID()}.bin`;
			const bytes = randomBytes(1_200_000);
			const sha256 = createHash('sha256').update(bytes).digest('hex');
			const url = await announce(name, bytes, sha256);
			await send(url, bytes);
			return { name, sha256, acknowledged: await deposit(url.split('/').at(-1)!) };
		},
		/** There is one document of that name, with the digest that was sent, and what was acknowledged is what it is. */
		async kept({ name, sha256, acknowledged }: Upload): Promise<void> {
			const rows = await owner<Acknowledged[]>`
				select v.id as version, encode(v.sha256, 'hex') as sha256, encode(e.digest, 'hex') as event from document d join version v on v.document = d.id join event e on e.id = v.event where d.name = ${name}`;
			expect(rows).toEqual([acknowledged ? { version: acknowledged.version, sha256: acknowledged.sha256, event: acknowledged.event } : expect.objectContaining({ sha256 })]);
			expect(rows[0]!.sha256).toBe(sha256);
		}
	};
}
