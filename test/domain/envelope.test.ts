import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromBase64 } from '#crypto/bytes.ts';
import { validate } from '#crypto/pades/validate.ts';
import { openCheckpoint } from '#crypto/tlog/checkpoint.ts';
import { opens, readEntry } from '#crypto/tlog/entry.ts';
import { leafHash, verifyInclusion } from '#crypto/tlog/merkle.ts';
import { parseVerifier } from '#crypto/tlog/note.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { withActor } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { NotCovered } from '#lib/server/evidence/receipt.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import { ArchiveRefused } from '#lib/server/evidence/archive.ts';
import { complete, expire } from '#lib/server/envelopes/complete.ts';
import { consentVersion } from '#lib/server/envelopes/consent.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { prepareEnvelope, type NewEnvelope } from '#lib/server/envelopes/prepare.ts';
import * as sending from '#lib/server/envelopes/send.ts';
import type { Dossier } from '#lib/server/envelopes/dossier.ts';
import { evidence } from '#lib/server/envelopes/evidence.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import type { Mail } from '#lib/server/mail/mailer.ts';
import { sendMessage } from '#lib/server/messages.ts';
import * as safes from '#lib/server/safes.ts';
import { attest } from '#lib/server/signed-copy/attest.ts';
import type { Sms } from '#lib/server/sms/sender.ts';
import { TimestampUnavailable } from '#lib/server/tsa/authority.ts';
import { accepted } from '../support/accepted.ts';
import { allAgreed } from '../support/envelopes.ts';
import { run } from '../support/openssl.ts';
import { contract } from '../support/signing.ts';
import { createPki } from '../support/pki.ts';
import { createWorld, type Person } from '../support/world.ts';

const world = await createWorld();
const mails: Mail[] = [];
const texts: Sms[] = [];
const worker = { ...world.worker, mailer: { send: async (m: Mail) => (mails.push(m), 'ok') }, sms: { send: async (s: Sms) => (texts.push(s), 'ok') } };
const jobs = world.database.connect('jobs');

/** Runs what is queued, as the worker would, until nothing is left. */
async function work(ctx = worker): Promise<void> {
	const run: Record<string, (payload: never) => Promise<void>> = {
		'messages.send': (x) => sendMessage(ctx, x).catch((error: unknown) => (error instanceof NotCovered ? undefined : Promise.reject(error as Error))), // as the worker: it comes back
		'envelopes.attempt': (x) => accepted(ctx, x),
		'envelopes.sign': (x) => sign(ctx, x),
		'envelopes.complete': (x) => complete(ctx, x)
	};
	for (;;) {
		const [job] = await jobs`delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t where t.id = j.task_id and j.id = (select id from graphile_worker._private_jobs order by id limit 1) returning t.identifier, j.payload`;
		if (!job) return;
		await run[job.identifier]?.(job.payload as never);
	}
}
async function* once(bytes: Uint8Array) {
	yield bytes;
}
async function depositPdf(who: Person, safe: string, bytes: Uint8Array): Promise<string> {
	const s = await stage.create(who.ctx, { safe, name: 'contrat.pdf', length: bytes.length });
	await stage.write(who.ctx, s.id, 0, once(bytes));
	return (await deposit(who.ctx, { stage: s.id })).document;
}
const people = [
	{ name: 'Zoë Müller', email: 'zoe@test.example', number: '06 12 34 56 78', locale: 'fr' },
	{ name: 'Bob Łuczak', email: 'bob@test.example', number: '+33 7 58 76 54 32', locale: 'en' }
] as const;
async function envelope(signers: NewEnvelope['signers'] = [...people]): Promise<{ ada: Person; safe: string; document: string; id: string }> {
	const ada = await world.administrator();
	const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
	const document = await depositPdf(ada, safe, await contract({ pages: 2 }));
	const id = await prepareEnvelope(ada.ctx, { document, title: 'Contrat de prestation', note: 'Merci', days: 30, signers });
	return { ada, safe, document, id };
}
const stranger = withActor(world.web, { person: null, client: null, via: 'link' });
/** Opens the last mailed link as its signer. */
async function enterLast() {
	const secret = /\/sign\/(\S{43})/.exec(mails.findLast((m) => m.text.includes('/sign/'))!.text)![1]!;
	const { signer, cookie } = await door.enter(stranger, secret, null, { address: '203.0.113.7', agent: 'Firefox' });
	return { secret, cookie, ctx: await door.inside(world.web, cookie, signer) };
}
const sha256 = (b: Uint8Array) => createHash('sha256').update(b).digest('hex');
async function ask(ctx: door.SignerContext, values: here.Signing['values'] = { name: 'Zoë Müller', drawing: null }) {
	const shown = Buffer.concat(await Array.fromAsync((await here.open(ctx)).bytes));
	const challenge = await here.requestCode(ctx, { consent: consentVersion, pagesReached: 2, sha256: sha256(shown), values: { ...values, texts: allAgreed((await here.task(ctx)).texts) } }, '198.51.100.1');
	await work();
	return { challenge, code: /(\d{6})/.exec(texts.at(-1)!.text)![1]! };
}
const ops = async (client: string) => (await world.owner`select convert_from(body, 'utf8')::json ->> 'op' as op, convert_from(body, 'utf8')::json ->> 'res' as res from event where client = ${client} order by id`).map((e) => `${e.op} ${e.res}`);

test('SIGN-2 SIGN-4 SIGN-7 SIGN-9 two signers in order: each sees the bytes, gets a code, signs; everyone gets a document that checks without us', async () => {
	const { ada, document, id } = await envelope();
	expect(world.web.settings.privateInstance).toBe(true);
	await sending.send(ada.ctx, id);
	await expect(sending.send(ada.ctx, id)).rejects.toMatchObject({ kind: 'conflict' });
	await work();
	expect(mails).toHaveLength(1);
	expect(mails[0]).toMatchObject({ to: 'zoe@test.example' });

	const zoe = await enterLast();
	const seen = await here.task(zoe.ctx);
	expect(seen).toMatchObject({ state: 'opened', sender: 'A client', title: 'Contrat de prestation', number: '••••••••••78', position: 1, total: 2 });
	const { code } = await ask(zoe.ctx, { name: 'Zoë Müller', drawing: [[[0, 0], [500, 500]], [[10, 900]]] });
	expect(texts.at(-1)).toMatchObject({ to: '+33612345678' });
	expect(texts.at(-1)!.text).toContain(seen.reference);
	expect(texts.at(-1)!.text).not.toContain('Contrat');
	const wrong = await here.attempt(zoe.ctx, code === '000000' ? '000001' : '000000');
	await work();
	expect(await standing(zoe.ctx, wrong)).toMatchObject({ outcome: 'wrong', triesLeft: 4 });
	const right = await here.attempt(zoe.ctx, code);
	await work();
	expect(await standing(zoe.ctx, right)).toMatchObject({ outcome: 'right' });
	expect(await here.task(zoe.ctx)).toMatchObject({ state: 'signed', intent: 'released' });
	await expect(here.attempt(zoe.ctx, code)).rejects.toMatchObject({ reason: 'already-signed' });

	expect(mails.at(-1)).toMatchObject({ to: 'bob@test.example' });
	const bob = await enterLast();
	const second = await ask(bob.ctx, { name: 'Bob Łuczak', drawing: null });
	await here.attempt(bob.ctx, second.code);
	await work();
	expect((await sending.follow(ada.ctx, id)).state).toBe('completed');

	await settle();
	await attest(worker, { envelope: id });
	await work();
	const copies = mails.filter((m) => m.attachments);
	expect(copies.map((m) => m.to).sort()).toEqual(['bob@test.example', 'zoe@test.example']);
	const pdf = copies[0]!.attachments![0]!.content;
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 60_000 });
	expect(report.signatures.map((s) => [s.kind, s.indication, s.level, s.signer?.kind])).toEqual([
		['signature', 'TOTAL-PASSED', 'B-LTA', 'seal'],
		['signature', 'TOTAL-PASSED', 'B-LTA', 'seal'],
		['document-timestamp', 'TOTAL-PASSED', 'none', undefined]
	]);
	expect(run('qpdf', ['--check', 'a.pdf'], { 'a.pdf': pdf }).text).toContain('No syntax or stream encoding errors found');
	expect(run('pdfsig', ['-nocert', 'a.pdf'], { 'a.pdf': pdf }).text.match(/Signature is Valid/g)).toHaveLength(2); // poppler 22 judges no document time-stamp
	expect(run('mutool', ['sign', '-v', 'a.pdf'], { 'a.pdf': pdf }).text).not.toMatch(/digest failure|repair|changed since/i);
	expect(report.indication).toBe('TOTAL-PASSED');
	const known = await read.metadata(ada.ctx, document);
	expect(known.versions.map((v) => v.number)).toEqual([5, 4, 3, 2, 1]);
	expect(known.versions[0]!.sha256).toBe(sha256(pdf));
	const log = await ops(ada.client);
	for (const op of ['envelope.prepare ok', 'envelope.send ok', 'signer.open ok', 'signer.read ok', 'signer.consent ok', 'signer.challenge ok', 'signer.attempt denied', 'signer.attempt ok', 'signer.sign ok', 'envelope.complete ok', 'message.send ok']) expect(log, op).toContain(op);
});

test('SIGN-4 the code is nowhere: not in the database, not readable by the web', async () => {
	const { ada, id } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	const { code } = await ask(ctx);
	const tables = await world.owner<{ name: string }[]>`select table_schema || '.' || table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'app', 'jobs', 'graphile_worker') and table_name not in ('outbox')`;
	for (const { name } of tables) {
		const [found] = await world.owner.unsafe(`select count(*)::int as n from ${name} t where t::text ~ '[^0-9a-f.]${code}[^0-9a-f]'`); // behind a point: of a second
		expect(found!.n, name).toBe(0);
	}
	const attempt = await here.attempt(ctx, code);
	const web = world.database.connect('web');
	await expect(web`select code from attempt where id = ${attempt}`).rejects.toMatchObject({ code: '42501' });
	await expect(web`select hash from link`).rejects.toMatchObject({ code: '42501' });
	await expect(web`insert into signing_intent (client, envelope, signer, challenge, "values") values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '')`).rejects.toMatchObject({ code: '42501' });
	await work();
	expect(await world.owner`select code from attempt where id = ${attempt}`).toEqual([{ code: null }]);
});

test('SIGN-4 other values make another code; the same ones the same; five tries, then it is over; ten minutes, then it is too late', async () => {
	const { ada, id } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	const first = await ask(ctx);
	await world.owner`update message set created_at = created_at - interval '31 seconds' where subject = ${first.challenge}`;
	const again = await ask(ctx);
	expect(again).toEqual(first);
	const other = await ask(ctx, { name: 'Z. Müller', drawing: null });
	expect(other.challenge).not.toBe(first.challenge);
	const wrong = other.code === '123456' ? '654321' : '123456';
	for (let i = 0; i < 5; i++) {
		await here.attempt(ctx, wrong);
		await work();
	}
	await expect(here.attempt(ctx, other.code)).rejects.toMatchObject({ kind: 'too-many', reason: 'code-exhausted' });
	const late = await ask(ctx, { name: 'Zoë M.', drawing: null });
	await world.owner`update app.clock set shift = '11 minutes'`;
	await expect(here.attempt(ctx, late.code)).rejects.toMatchObject({ kind: 'gone', reason: 'code-expired' });
	await world.owner`update app.clock set shift = '0'`;
	await ask(ctx, { name: 'Zoë 4', drawing: null });
	await expect(ask(ctx, { name: 'Zoë 5', drawing: null })).rejects.toMatchObject({ kind: 'too-many', reason: 'codes' });
	const denied = (await ops(ada.client)).filter((op) => op.endsWith('denied'));
	expect(denied.filter((op) => op === 'signer.attempt denied')).toHaveLength(7); // five wrong, one exhausted, one late
	expect(denied).toContain('signer.challenge denied');
});

test('SIGN-4 a document that is not the one read gets no code', async () => {
	const { ada, id } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	await expect(here.requestCode(ctx, { consent: consentVersion, pagesReached: 1, sha256: '0'.repeat(64), values: { name: 'Z', drawing: null } }, '198.51.100.1')).rejects.toMatchObject({ reason: 'document-moved' });
});

test('a link opened by a scanner changes nothing; a second exchange ends the first session; a replaced link is dead', async () => {
	const { ada, id } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const secret = /\/sign\/(\S{43})/.exec(mails.at(-1)!.text)![1]!;
	for (let i = 0; i < 3; i++) expect(await door.knock(stranger, secret)).toMatchObject({ live: true, sender: 'A client' });
	expect((await sending.follow(ada.ctx, id)).signers[0]!.state).toBe('invited');
	const pc = await door.enter(stranger, secret, null, { address: '203.0.113.7', agent: 'Firefox' });
	const phone = await door.enter(stranger, secret, null, { address: '203.0.113.7', agent: 'Firefox' });
	await expect(door.inside(world.web, pc.cookie, pc.signer)).rejects.toMatchObject({ reason: 'signing-session' });
	await door.inside(world.web, phone.cookie, phone.signer);
	await sending.remind(ada.ctx, id);
	await work();
	await expect(door.enter(stranger, secret, null, { address: '203.0.113.7', agent: 'Firefox' })).rejects.toMatchObject({ kind: 'gone', reason: 'link-dead' });
	await expect(door.knock(stranger, 'x'.repeat(43))).rejects.toMatchObject({ kind: 'gone' });
	expect(await ops(ada.client)).toContain('signer.open denied');
});

test('100 parallel tries of a right code sign once', async () => {
	const { ada, id, document } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	const { code } = await ask(ctx);
	const attempts = (await Promise.allSettled(Array.from({ length: 5 }, () => here.attempt(ctx, code)))).flatMap((a) => (a.status === 'fulfilled' ? [a.value] : []));
	await Promise.all(attempts.flatMap((attempt) => Array.from({ length: 20 }, () => accepted(worker, { attempt }))));
	const intents = await world.owner`select id from signing_intent where envelope = ${id}`;
	expect(intents).toHaveLength(1);
	await Promise.allSettled(Array.from({ length: 20 }, () => sign(worker, { intent: intents[0]!.id as string })));
	await work();
	expect((await read.metadata(ada.ctx, document)).versions).toHaveLength(4);
	expect((await sending.follow(ada.ctx, id)).state).toBe('completed');
});

test('SIGN-7 SIGN-12 a TSA that is down leaves "signed, timestamp pending"; it is released later with the same signature', async () => {
	const { ada, id } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	const { code } = await ask(ctx);
	const attempt = await here.attempt(ctx, code);
	await accepted(worker, { attempt });
	const [intent] = await world.owner<{ id: string }[]>`select id from signing_intent where envelope = ${id}`;
	const down = { ...worker, tsa: { ...worker.tsa, request: () => Promise.reject(new TimestampUnavailable('down')) } };
	await expect(sign(down, { intent: intent!.id })).rejects.toThrow('down');
	expect(await here.task(ctx)).toMatchObject({ state: 'signing', intent: 'signed' });
	expect((await sending.follow(ada.ctx, id)).signers[0]).toMatchObject({ pending: true });
	await sign(worker, { intent: intent!.id });
	expect(await here.task(ctx)).toMatchObject({ state: 'signed', intent: 'released' });
});

test('SIGN-7 SIGN-12 everyone has signed and the TSA is down: completion waits, says so, outlives the term, and is never less than B-LTA', async () => {
	const { ada, id, document } = await envelope([people[0]]);
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	const { code } = await ask(ctx);
	await accepted(worker, { attempt: await here.attempt(ctx, code) });
	const [intent] = await world.owner<{ id: string }[]>`select id from signing_intent where envelope = ${id}`;
	await sign(worker, { intent: intent!.id });
	const down = { ...worker, tsa: { ...worker.tsa, request: () => Promise.reject(new TimestampUnavailable('down')) } };
	await expect(complete(down, { envelope: id })).rejects.toThrow('down');
	expect((await sending.follow(ada.ctx, id)).state).toBe('waiting');
	expect(await ops(ada.client)).toContain('envelope.complete error');
	await world.owner`update envelope set expires_at = app.now() - interval '1 second' where id = ${id}`;
	expect(await world.database.connect('worker')`select task from app.unfinished_envelopes() where id = ${id}`).toEqual([]);
	await expire(worker, { envelope: id });
	expect((await sending.follow(ada.ctx, id)).state).toBe('waiting');
	const ring = await createPki('Strange');
	const lying = { ...worker, signing: { ...worker.signing, ocsp: { ...worker.signing.ocsp, signer: ring.ca.signer } } };
	await expect(complete(lying, { envelope: id })).rejects.toThrow(ArchiveRefused);
	const before = (await read.metadata(ada.ctx, document)).versions.length;
	await complete(worker, { envelope: id });
	expect((await sending.follow(ada.ctx, id)).state).toBe('completed');
	expect((await read.metadata(ada.ctx, document)).versions).toHaveLength(before + 1);
	await complete(worker, { envelope: id });
	expect((await read.metadata(ada.ctx, document)).versions).toHaveLength(before + 1);
});

test('SIGN-6 declining closes the envelope and tells the sender; an expired one is closed by the sweep', async () => {
	const { ada, id } = await envelope();
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	await here.decline(ctx, 'Le montant est faux');
	await work();
	expect(mails.at(-1)!.text).toContain('Le montant est faux');
	expect(await sending.follow(ada.ctx, id)).toMatchObject({ state: 'declined', signers: [{ state: 'declined' }, { state: 'waiting' }] });
	const late = await envelope([people[0]]);
	await sending.send(late.ada.ctx, late.id);
	await world.owner`update envelope set expires_at = app.now() - interval '1 second' where id = ${late.id}`;
	expect(await world.database.connect('worker')`select task from app.unfinished_envelopes() where id = ${late.id}`).toEqual([{ task: 'envelopes.expire' }]);
	await expire(worker, { envelope: late.id });
	expect((await sending.follow(late.ada.ctx, late.id)).state).toBe('expired');
});

test('what speaks against signing is refused with its reason and leaves an event', async () => {
	const { ada, safe } = await envelope([people[0]]);
	const text = await depositPdf(ada, safe, new TextEncoder().encode('just text'));
	const wish = (document: string, signers: NewEnvelope['signers'] = [people[0]]) => prepareEnvelope(ada.ctx, { document, title: 'T', note: '', days: 1, signers });
	await expect(wish(text)).rejects.toMatchObject({ kind: 'invalid', reason: 'pdf-not-a-pdf' });
	const broken = new TextDecoder('latin1').decode(await contract()).replace('%%EOF', '%%EOX');
	await expect(wish(await depositPdf(ada, safe, Buffer.from(broken, 'latin1')))).rejects.toMatchObject({ reason: 'pdf-damaged' });
	await expect(wish(text, [{ ...people[0], number: '01 42 68 53 00' }])).rejects.toMatchObject({ reason: 'number-not-mobile' });
	await expect(wish(text, [people[0], { ...people[1], number: people[0].number, level: 2, surname: 'Łuczak', givenNames: 'Bob' }])).rejects.toMatchObject({ reason: 'same-number' });
	expect(await ops(ada.client)).toContain('envelope.prepare denied');
});

test('SAFE-1 another client’s envelope does not exist', async () => {
	const { id } = await envelope([people[0]]);
	const other = await world.administrator();
	for (const act of [sending.follow, sending.send, sending.cancel, sending.remind]) await expect(act(other.ctx, id)).rejects.toMatchObject({ kind: 'not-found' });
});

/** Whatever waits for the log and for timestamps. */
async function settle(): Promise<void> {
	for (const { id } of await world.owner<{ id: string }[]>`select id from version v where not exists (select from timestamp_token t where t.version = v.id) and v.wrapped_key is not null`) await timestamp(worker, { version: id });
	while ((await assign(worker)) === 1000);
	await publish(worker);
}

test('SIGN-8 the evidence file: sealed, for those who audit alone, its data attached, every line of them provable from the log', async () => {
	const { ada, safe, document, id } = await envelope();
	await sending.send(ada.ctx, id);
	await work();
	for (const { name } of people) {
		const { ctx } = await enterLast();
		const { code } = await ask(ctx, { name, drawing: null });
		await here.attempt(ctx, code);
		await work();
	}
	await work();
	await expect(evidence(worker, { envelope: id })).rejects.toThrow(NotCovered);
	expect((await sending.follow(ada.ctx, id)).evidence).toBeNull();
	await settle();
	await Promise.all([evidence(worker, { envelope: id }), evidence(worker, { envelope: id })]);
	await evidence(worker, { envelope: id });
	const { evidence: file, reference } = await sending.follow(ada.ctx, id);
	const made = await world.owner<{ id: string; version: string }[]>`select d.id, v.id as version from document d join version v on v.document = d.id where d.kind = 'evidence' and d.client = ${ada.client}`;
	expect(made).toMatchObject([{ id: file }]);
	expect(await ops(ada.client)).toContain('envelope.evidence ok');

	const pdf = new Uint8Array(Buffer.concat(await Array.fromAsync((await read.open(ada.ctx, made[0]!.version)).bytes)));
	const report = await validate(p, pdf, { trust: { anchors: [world.root] }, at: Date.now() + 1000 });
	expect(report).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ level: 'B-LT', coverage: 'whole-revision' }] });
	const files = { 'a.pdf': pdf };
	expect(run('pdfsig', ['-nocert', 'a.pdf'], files).text).toContain('Signature is Valid');
	expect(run('qpdf', ['--check', 'a.pdf'], files).text).toContain('No syntax or stream encoding errors found');
	expect(Number(run('qpdf', ['--show-npages', 'a.pdf'], files).text)).toBeLessThanOrEqual(3); // for people to read
	const text = run('pdftotext', ['-layout', 'a.pdf', '-'], files).text.replace(/\s+/g, ' ');
	expect(text.indexOf('Dossier de preuve')).toBeLessThan(text.indexOf('Evidence file')); // French first
	for (const said of [reference, 'Zoë Müller', 'Bob Łuczak', 'zoe@test.example', '203.0.113.7', 'Firefox', 'Signature électronique simple', 'sans présomption de fiabilité', '••••••••••78']) expect(text).toContain(said);
	expect(text).not.toMatch(/612345678|qualifi|vérifiée/);

	const json = run('qpdf', ['--show-attachment=evidence.json', 'a.pdf'], files).text;
	const dossier = JSON.parse(json) as Dossier;
	expect(dossier).toMatchObject({ kind: 'probant/evidence/v1', envelope: { reference, state: 'completed' }, signers: [{ name: 'Zoë Müller', level: 1, identity: null, state: 'signed', pagesReached: 2, codes: [{ tries: 1 }], messages: [{ kind: 'signing-link', state: 'sent', reference: 'ok' }, { kind: 'code', channel: 'sms' }, { kind: 'signed-copy' }] }, { name: 'Bob Łuczak' }] });
	expect(JSON.stringify(dossier)).not.toContain('612345678');

	const { size, root } = await openCheckpoint(p, dossier.log.checkpoint, parseVerifier(p, dossier.log.verifier));
	const told = dossier.log.entries.map(({ index, entry, inclusion, openings }) => {
		const bytes = fromBase64(entry);
		expect(verifyInclusion(p, leafHash(p, bytes), index, size, inclusion.map(fromBase64), root)).toBe(true);
		const body = readEntry(bytes).body;
		for (const [name, { key, value }] of Object.entries(openings)) expect(opens(p, body, { name, key: fromBase64(key), value })).toBe(true);
		expect(Object.keys(openings).sort()).toEqual(Object.keys(body.c).sort());
		return { ...body, openings };
	});
	const value = (op: string, name: string) => told.filter((e) => e.op === op && e.openings[name]).map((e) => e.openings[name]!.value);
	expect(told.map((e) => e.op)).toEqual(expect.arrayContaining(['envelope.prepare', 'envelope.send', 'message.send', 'signer.open', 'signer.consent', 'signer.challenge', 'signer.attempt', 'signer.sign', 'document.version', 'envelope.complete']));
	expect(value('envelope.prepare', 'base')).toEqual([dossier.document.frozen.sha256]);
	expect(value('document.version', 'sha256')).toEqual(expect.arrayContaining([...dossier.signers.map((s) => s.signed!.sha256), dossier.document.last.sha256]));
	expect(value('signer.open', 'address')).toEqual(dossier.signers.flatMap((s) => s.opened.map((o) => o.address)));
	expect(value('signer.consent', 'pages-reached')).toEqual(dossier.signers.map((s) => String(s.pagesReached)));
	expect(value('message.send', 'reference')).toHaveLength(dossier.signers.flatMap((s) => s.messages).filter((m) => m.state === 'sent').length);

	// a reader of the safe sees the contract and not the evidence
	const eve = await world.person(ada.client, 'reader');
	await safes.grant(ada.ctx, { safe, person: eve.person, rights: ['read'] });
	expect((await read.list(eve.ctx, safe)).map((d) => d.id)).toEqual([document]);
	expect(await read.count(eve.ctx, safe)).toBe(1);
	for (const refused of [() => read.open(eve.ctx, made[0]!.version), () => read.metadata(eve.ctx, file!)]) await expect(refused()).rejects.toMatchObject({ kind: 'forbidden', reason: 'right-missing' });
	expect(await read.count(ada.ctx, safe)).toBe(2);
	await expect(prepareEnvelope(ada.ctx, { document: file!, title: 'x', note: '', days: 1, signers: [people[0]] })).rejects.toMatchObject({ kind: 'not-found' });
});

test('SIGN-8 a declined envelope has its evidence file too, a draft that was cancelled has none', async () => {
	const { ada, id } = await envelope();
	await sending.send(ada.ctx, id);
	await work();
	const { ctx } = await enterLast();
	await here.decline(ctx, 'Le montant est faux');
	await work();
	await settle();
	await evidence(worker, { envelope: id });
	const { evidence: file } = await sending.follow(ada.ctx, id);
	const version = (await read.metadata(ada.ctx, file!)).versions[0]!.id;
	const pdf = new Uint8Array(Buffer.concat(await Array.fromAsync((await read.open(ada.ctx, version)).bytes)));
	const text = run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': pdf }).text;
	for (const said of ['refusée / declined', 'Le montant est faux', 'pas encore invité']) expect(text).toContain(said);

	const draft = await envelope();
	await sending.cancel(draft.ada.ctx, draft.id);
	await settle();
	await evidence(worker, { envelope: draft.id });
	expect((await sending.follow(draft.ada.ctx, draft.id)).evidence).toBeNull();
});
