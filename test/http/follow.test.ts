// Waiting pages: what a stream of events says, to whom, and when it ends.

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { secretHash } from '#lib/server/identity/sessions.ts';
import * as safes from '#lib/server/safes.ts';
import { startWeb } from '../support/web.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const webs = [await startWeb(world.database.url('web')), await startWeb(world.database.url('web'))] as const;

async function deposited() {
	const { person, client, ctx } = await world.administrator();
	const safe = (await safes.create(ctx, { name: 'Contracts' })).id;
	const bytes = randomBytes(100);
	const { id } = await stage.create(ctx, { safe, name: 'a.bin', length: bytes.length });
	await stage.write(ctx, id, 0, (async function* () { yield bytes; })());
	const secret = randomBytes(32).toString('base64url');
	await world.owner`insert into session (hash, person, client) values (${secretHash(secret)}, ${person}, ${client})`;
	return { person, safe, ...(await deposit(ctx, { stage: id })), headers: { cookie: `__Host-session=${secret}`, accept: 'text/event-stream' } };
}

/** A stream, one event at a time: its name and its data. Null at its end. */
async function listen(address: string, headers: Record<string, string>) {
	const response = await fetch(address, { headers });
	expect(response.headers.get('content-type')).toBe('text/event-stream');
	const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	return async function next(): Promise<{ event: string; data: unknown } | null> {
		for (;;) {
			const at = text.indexOf('\n\n');
			if (at < 0) {
				const { done, value } = await reader.read().catch(() => ({ done: true, value: '' }));
				if (done) return null;
				text += value;
				continue;
			}
			const lines = Object.fromEntries(text.slice(0, at).split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
			text = text.slice(at + 2);
			if (lines.data) return { event: lines.event ?? 'message', data: JSON.parse(lines.data as string) as unknown };
		}
	};
}

test('UX a waiting page hears of a change from whichever process it asked, the present state first', async () => {
	const { document, version, safe, headers } = await deposited();
	const streams = await Promise.all(webs.flatMap(({ origin }) => [listen(`${origin}/documents/${document}/events`, headers), listen(`${origin}/safes/${safe}/events`, headers)]));
	for (const next of streams) expect(JSON.stringify((await next())!.data)).toMatch(/"(timestamp|stamped)":false/);
	await timestamp(world.worker, { version });
	for (const next of streams) expect(JSON.stringify((await next())!.data)).toMatch(/"(timestamp|stamped)":true/);
});

test('SAFE-3 a stream ends at the next event when the right or the session is gone', async () => {
	for (const lose of ['right', 'session'] as const) {
		const { person, document, version, headers } = await deposited();
		const next = await listen(`${webs[0].origin}/documents/${document}/events`, headers);
		await next();
		if (lose === 'right') await world.owner`delete from safe_right where person = ${person}`;
		else await world.owner`update session set ended_at = app.now() where person = ${person}`;
		await timestamp(world.worker, { version });
		const said = await next();
		expect(said).toMatchObject({ event: 'end', data: { reason: lose === 'right' ? 'document' : 'session-ended' } });
		expect(await next()).toBeNull();
	}
});

test('listening does not keep a session alive', async () => {
	const { person, document, version, headers } = await deposited();
	const next = await listen(`${webs[0].origin}/documents/${document}/events`, headers);
	await next();
	const [before] = await world.owner`select seen_at from session where person = ${person}`;
	await timestamp(world.worker, { version });
	await next();
	expect(await world.owner`select seen_at from session where person = ${person}`).toEqual([before]);
});

test('OPS-3 a connection that broke is made again, and what was missed meanwhile is read', async () => {
	const { document, version, headers } = await deposited();
	const next = await listen(`${webs[0].origin}/documents/${document}/events`, headers);
	await next();
	await world.owner`drop trigger hint on timestamp_token`; // the change itself tells nothing
	await timestamp(world.worker, { version });
	const cut = await world.web.database.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`;
	expect(cut.length).toBeGreaterThan(0);
	expect(JSON.stringify((await next())!.data)).toContain('"timestamp":true');
});

test('OPS-2 an open stream does not hold up the end of the process', async () => {
	const { document, headers } = await deposited();
	const next = await listen(`${webs[1].origin}/documents/${document}/events`, headers);
	await next();
	const from = performance.now();
	await webs[1].stop();
	expect(performance.now() - from).toBeLessThan(2500);
	expect(await next()).toBeNull();
});
