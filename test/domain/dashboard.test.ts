import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askForLink, dashboard } from '#lib/server/dashboard.ts';
import { reportMail } from '#lib/server/bounces.ts';
import { cell, filterOf, list, table } from '#lib/server/envelopes/list.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { follow } from '#lib/server/envelopes/send.ts';
import { decline } from '#lib/server/envelopes/sign-here.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const { ada, mails, stranger, sent, enter, work } = await createEnvelopes(world);
const { owner } = world;
let people = 0;
const someone = () => ({ ...zoe, email: `someone-${++people}@test.example`, number: `06 12 34 ${String(people).padStart(2, '0')} 78` });
const ids = (of: { envelopes: readonly { id: string }[] }) => of.envelopes.map(({ id }) => id);
const all = { state: null, words: '', page: 1 } as const;
async function bounce(email: string, reason: string): Promise<void> {
	const [, message, secret] = /\/mail\/([0-9a-f-]{36})\/([\w-]{43})$/.exec(mails.findLast((m) => m.to === email)!.report!)!;
	await reportMail(stranger, message!, secret!, { state: 'undelivered', reason, detail: null });
}

test('SIGN-1 each envelope stands where it belongs, with what can be done; nobody else sees any of it', async () => {
	const [a, b, c, d] = [someone(), someone(), someone(), someone()];
	const waiting = await sent([a], { title: 'Attend' });
	const gone = await sent([b], { title: 'Revenu' });
	const declined = await sent([c], { title: 'Refusé' });
	const expired = await sent([d], { title: 'Expiré' });
	const { document } = await follow(ada.ctx, waiting);
	const draft = await prepareEnvelope(ada.ctx, { document, title: 'Brouillon', note: '', days: 30, signers: [someone()] });
	await bounce(b.email, '5.1.1');
	await decline((await enter(c.email)).ctx, 'non');
	await owner`update envelope set state = 'expired', closed_at = app.now() where id = ${expired}`;
	const done = await sent([someone()], { title: 'Fini' });
	await owner`update envelope set state = 'completed', closed_at = app.now() where id = ${done}`;
	const long = await sent([someone()], { title: 'Fini depuis longtemps' });
	await owner`update envelope set state = 'completed', closed_at = app.now() - interval '31 days' where id = ${long}`;

	const shown = await dashboard(ada.ctx);
	expect(ids(shown.drafts)).toEqual([draft]);
	expect([...ids(shown.waiting)].sort()).toEqual([waiting, gone].sort());
	expect(shown.wrong).toMatchObject({ count: 1, found: [{ envelope: gone, name: zoe.name, email: b.email, what: 'mail-undelivered', reason: 'address' }] });
	expect([ids(shown.declined), ids(shown.expired), ids(shown.completed)]).toEqual([[declined], [expired], [done]]);
	expect(shown.activity).toHaveLength(30);
	expect(shown.activity.at(-1)).toMatchObject({ sent: 6, completed: 1 });
	expect(ids(await list(ada.ctx, { ...all, state: 'undelivered' }))).toEqual([gone]);

	const reader = await world.person(ada.client, 'reader');
	const other = await world.administrator();
	for (const { ctx } of [reader, other]) expect(await dashboard(ctx)).toMatchObject({ asked: [], checks: 0, copies: [], activity: [], drafts: { count: 0 }, waiting: { count: 0 }, wrong: { count: 0 }, declined: { count: 0 }, completed: { count: 0 } });
});

test('SIGN-1 identity checks wait on officers alone, copies on those who may send', async () => {
	const officer = await world.person(ada.client, 'contributor');
	await owner`update member set registers = true where person = ${officer.person}`;
	const envelope = await sent([someone()]);
	const [signer] = (await follow(ada.ctx, envelope)).signers;
	await owner`insert into conversion (client, safe, source, state, document, created_by, made_at) select e.client, e.safe, e.base_version, 'made', e.document, ${ada.person}, app.now() from envelope e where e.id = ${envelope}`;
	await owner`insert into identity_check (client, signer, state, document, notice, surname, given_names, birth_date, email, number, wrapped_key, submitted_at) values (${ada.client}, ${signer!.id}, 'to-review', 'card', 'x', 'M', 'Z', '1990-01-01', 'z@test.example', '+33612345678', '\\x00', app.now())`;
	expect([(await dashboard(officer.ctx)).checks, (await dashboard(ada.ctx)).checks]).toEqual([1, 0]);
	expect([(await dashboard(officer.ctx)).copies.length, (await dashboard(ada.ctx)).copies.length]).toEqual([0, 1]);
});

test('SIGN-1 who is asked to sign sees it at home, by their confirmed address alone, whichever client asks; the link goes to that address, and nowhere else', async () => {
	const eve: Person = await world.administrator();
	const email = `${eve.person}@test.example`;
	const envelope = await sent([{ ...someone(), email }], { title: 'Pour Ève' });
	const [signer] = (await follow(ada.ctx, envelope)).signers;
	expect((await dashboard(eve.ctx)).asked).toEqual([]);
	await owner`update person set confirmed_at = app.now() where id = ${eve.person}`;
	expect((await dashboard(eve.ctx)).asked).toMatchObject([{ signer: signer!.id, role: 'signer', sender: 'A client', title: 'Pour Ève' }]);
	expect(JSON.stringify(await dashboard(eve.ctx))).not.toContain('/sign/');
	expect((await dashboard(ada.ctx)).asked).toEqual([]);
	const first = mails.findLast((m) => m.to === email)!;
	await askForLink(eve.ctx, signer!.id);
	await work();
	const again = mails.findLast((m) => m.to === email)!;
	expect(again.id).not.toBe(first.id);
	expect(again.text).toBe(first.text); // the same link: the one at hand still works
	await expect(askForLink(eve.ctx, signer!.id)).rejects.toMatchObject({ reason: 'link-asked' });
	await expect(askForLink(ada.ctx, signer!.id)).rejects.toMatchObject({ kind: 'not-found' });
	await decline((await enter(email)).ctx, '');
	expect((await dashboard(eve.ctx)).asked).toEqual([]);
	await expect(askForLink(eve.ctx, signer!.id)).rejects.toMatchObject({ kind: 'not-found' });
});

test('SIGN-1 lists are searched, paged and exported whole; what people typed stays words', async () => {
	const sender: Person = await world.person(ada.client, 'contributor');
	const envelope = await sent([someone()], { title: '=HYPERLINK("https://evil.example";"x")' });
	const { safe } = await follow(ada.ctx, envelope);
	await owner`insert into safe_right (safe, client, person, rights) values (${safe}, ${ada.client}, ${sender.person}, '{send,read}')`;
	await owner`insert into envelope (client, safe, document, reference, title, created_by, expires_at)
		select e.client, e.safe, e.document, '7777-' || lpad(n::text, 4, '0'), case n when 1 then '100% _sûr_' else 'Série ' || n end, e.created_by, e.expires_at from envelope e, generate_series(1, 230) n where e.id = ${envelope}`;
	const { count, envelopes } = await list(sender.ctx, { ...all, words: '7777-' });
	expect([count, envelopes.length]).toEqual([230, 50]);
	const seen = new Set<string>();
	for (let page = 1; page <= 5; page++) for (const { id } of (await list(sender.ctx, { ...all, words: '7777-', page })).envelopes) seen.add(id);
	expect(seen.size).toBe(230);
	expect((await list(sender.ctx, { ...all, words: '100% _sûr_' })).count).toBe(1);
	expect((await list(sender.ctx, { ...all, words: '1_0' })).count).toBe(0); // no wildcard
	expect((await list(sender.ctx, { ...all, words: 'HYPERLINK' })).count).toBe(1);
	expect((await list(sender.ctx, { ...all, words: `someone-${people}@` })).count).toBe(1);
	const csv = (await Array.fromAsync(table(sender.ctx, { state: null, words: '' }))).join('');
	expect(csv.split('\r\n')).toHaveLength((await list(sender.ctx, all)).count + 2);
	expect(csv).toContain(`,"'=HYPERLINK(""https://evil.example"";""x"")",waiting,`);
	expect((await Array.fromAsync(table((await world.administrator()).ctx, { state: null, words: '' }))).join('').split('\r\n')).toHaveLength(2);
});

test('SIGN-1 an address makes no filter it should not; a cell makes no formula, no column and no line', () => {
	expect(filterOf(new URLSearchParams('state=nonsense&page=-3&q=%20a%20'))).toEqual({ state: null, words: 'a', page: 1 });
	expect(filterOf(new URLSearchParams(`state=undelivered&page=2.5&q=${'x'.repeat(500)}`))).toEqual({ state: 'undelivered', words: 'x'.repeat(100), page: 1 });
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', "'", 'a', ' ', '\u202e'), maxLength: 12 }), (value) => {
			const text = cell(value);
			const read = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
			expect(read).not.toMatch(/^[=+\-@\t\r]/);
			expect(read.replace(/^'(?=[=+\-@\t\r])/, '')).toBe(value.replace(/^'(?=[=+\-@\t\r])/, ''));
			if (!text.startsWith('"')) expect(text).not.toMatch(/[",;\r\n]/);
		})
	);
});
