// Depositing by a plain form, as a browser without JavaScript sends it.

import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { maximumForm } from '#lib/server/documents/deposit-form.ts';
import * as read from '#lib/server/documents/read.ts';
import { createSite } from './site.ts';

const site = await createSite({ MAXIMUM_SIZE: String(64 << 20) });
async function home() {
	const { person, client } = await site.world.administrator();
	const ctx = site.of(person, client);
	const [{ cookie }, safe] = [await site.session(person, client), await site.newSafe(ctx)];
	const post = (files: readonly File[]) => {
		const body = new FormData();
		for (const file of files) body.append('files', file);
		return fetch(`${site.origin}/safes/${safe}?/deposit`, { method: 'POST', headers: { cookie, origin: site.origin, accept: 'text/html' }, body, redirect: 'manual' });
	};
	const events = async () => (await site.owner<{ said: string }[]>`select concat_ws(' ', convert_from(body, 'utf8')::json ->> 'op', convert_from(body, 'utf8')::json ->> 'res') as said from event where client = ${client} and safe = ${safe} order by id`).map((e) => e.said);
	return { ctx, safe, cookie, post, events };
}

test('SAFE-3 the page has the form, and what it sends is deposited byte for byte', async () => {
	const { ctx, safe, cookie, post, events } = await home();
	const page = await (await fetch(`${site.origin}/safes/${safe}`, { headers: { cookie, accept: 'text/html' } })).text();
	expect(page).toMatch(/<form method="POST" action="\?\/deposit" enctype="multipart\/form-data">[\s\S]*type="file"[\s\S]*<noscript>[\s\S]*<button/);
	const files = [randomBytes(3_000_000), randomBytes(10)];
	const answer = await post(files.map((bytes, i) => new File([bytes], `Été n° ${i} « é ».bin`)));
	expect([answer.status, answer.headers.get('location')]).toEqual([303, `/safes/${safe}`]);
	const kept = await read.list(ctx, safe, { sort: 'name' });
	expect(kept.map((d) => [d.name, d.size])).toEqual(files.map((bytes, i) => [`Été n° ${i} « é ».bin`, bytes.length]));
	for (const [i, { id }] of kept.entries()) {
		const [version] = (await read.metadata(ctx, id)).versions;
		expect(version!.sha256).toBe(createHash('sha256').update(files[i]!).digest('hex'));
	}
	expect(await events()).toEqual(['safe.create ok', 'document.deposit ok', 'document.deposit ok']);
});

test('what is refused is said on the page, with the file’s name, and what came before it stays', async () => {
	const { ctx, safe, post, events } = await home();
	for (const [file, status, words] of [
		[new File(['x'], 'a\u202eb.pdf'), 400, 'marques invisibles'],
		[new File([], 'empty.pdf'), 400, 'Ce fichier est vide'],
		[new File([], ''), 400, 'Aucun fichier n’est choisi'],
		[new File([new Uint8Array(maximumForm + (65 << 10))], 'large.pdf'), 413, 'trop grand']
	] as const) {
		const answer = await post([file]);
		expect(answer.status).toBe(status);
		expect(await answer.text()).toContain(words);
	}
	const answer = await post([new File(['good'], 'good.pdf'), new File([], 'empty.pdf')]);
	expect(answer.status).toBe(400);
	expect(await answer.text()).toMatch(/<strong><bdi>empty\.pdf<\/bdi><\/strong>/);
	expect((await read.list(ctx, safe)).map((d) => d.name)).toEqual(['good.pdf']);
	expect(await site.owner`select from stage where safe = ${safe} and version is null`).toEqual([]); // nothing half done
	expect((await events()).filter((e) => e === 'document.deposit denied')).toHaveLength(3);
});
