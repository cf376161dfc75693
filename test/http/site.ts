// A site of a test's own: the built web on its own database, people with sessions, and the things that acts are tried on.

import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import { composeWeb, withActor, type Context, type WorkerContext } from '#lib/server/context.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { askForCopy } from '#lib/server/conversion/copies.ts';
import { deposit, type Deposited } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { allowedOrigins, allowOrigin } from '#lib/server/envelopes/embedding-origins.ts';
import { embed } from '#lib/server/envelopes/embedding.ts';
import { handOver } from '#lib/server/envelopes/hand-over.ts';
import { inside } from '#lib/server/envelopes/door.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { send } from '#lib/server/envelopes/send.ts';
import { saveTemplate } from '#lib/server/envelopes/templates.ts';
import { readSettings } from '#lib/server/env.ts';
import { receipt } from '#lib/server/evidence/receipt.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import * as capture from '#lib/server/identity-check/capture.ts';
import { find, secretHash } from '#lib/server/identity/sessions.ts';
import * as safes from '#lib/server/safes.ts';
import { pngOf } from '../support/pictures.ts';
import { contract } from '../support/signing.ts';
import { startWeb } from '../support/web.ts';
import { createWorld } from '../support/world.ts';

/** A secret as links and cookies carry them, whose hash a row is given. */
export const secretOf = (): string => randomBytes(32).toString('base64url');

/** The signers of its envelopes; of level 2 the first declares an identity. */
const signersOf = (level: 1 | 2) =>
	['Zoë', 'Bob'].map((name, i) => ({ name, email: `${i}@test.example`, number: `+3361234567${i}`, locale: 'fr' as const, ...(level === 2 && !i ? { level, surname: 'Müller', givenNames: 'Zoë', birthDate: '1974-08-12' } : {}) }));

/** @param settings more of the web process's */
export async function createSite(settings: Readonly<Record<string, string>> = {}) {
	const world = await createWorld();
	const { origin, data } = await startWeb(world.database.url('web'), { PRIVATE_INSTANCE: 'true', ...settings });
	const parts = await composeWeb(readSettings({ NODE_ENV: 'test', ORIGIN: origin, DATA_DIRECTORY: data, DATABASE_URL: world.database.url('web'), PRIVATE_INSTANCE: 'true', ...settings }));
	afterAll(() => parts.database.close());
	const { owner } = world;
	/** The worker of what the web stores. */
	const worker: WorkerContext = { ...world.worker, objects: parts.objects, storageKey: parts.storageKey };
	const pdf = await contract();
	const of = (person: string, client: string): Context => withActor(parts, { person, client, via: 'web' });

	/** A session, fresh from a step-up: its cookie and its id. */
	async function session(person: string, client: string): Promise<{ cookie: string; id: string }> {
		const secret = secretOf();
		const [row] = await owner<[{ id: string }]>`
			insert into session (hash, person, client, step_up_at) values (${secretHash(secret)}, ${person}, ${client}, app.now()) returning id`;
		return { cookie: `__Host-session=${secret}`, id: row.id };
	}
	const newSafe = async (ctx: Context) => (await safes.create(ctx, { name: 'Theirs' })).id;
	/** An upload that is whole; its bytes default to a contract. */
	async function staged(ctx: Context, safe: string, name = 'theirs.pdf', bytes: Uint8Array = pdf): Promise<string> {
		const { id } = await stage.create(ctx, { safe, name, length: bytes.length });
		await stage.write(ctx, id, 0, (async function* () { yield bytes; })());
		return id;
	}
	const put = async (ctx: Context, safe: string, name?: string, bytes?: Uint8Array): Promise<Deposited> => deposit(ctx, { stage: await staged(ctx, safe, name, bytes) });
	/** Everything that waits gets its leaf, and a checkpoint. */
	async function sequence(): Promise<void> {
		while (await assign(world.worker));
		await publish(world.worker);
	}
	/** Its token, a checkpoint over it, and its receipt. */
	async function receipted(version: string): Promise<void> {
		await timestamp(worker, { version });
		await sequence();
		await receipt(worker, { version });
	}
	const prepared = async (ctx: Context, safe: string, level: 1 | 2 = 1) =>
		prepareEnvelope(ctx, { document: (await put(ctx, safe)).document, title: 'T', note: '', days: 7, signers: signersOf(level) });
	const templated = async (ctx: Context, safe: string): Promise<string> =>
		saveTemplate(ctx, { envelope: await prepared(ctx, safe), name: `T ${crypto.randomUUID()}`, template: '', roles: ['Bailleur', 'Locataire'].map((label) => ({ label, keep: false })) });
	/** A signer of a sent envelope whose turn it is, the other one, the first's live link, and how to get a session at a door. */
	async function invited(ctx: Context, safe: string, level: 1 | 2 = 1) {
		const envelope = await prepared(ctx, safe, level);
		await send(ctx, envelope);
		const [first, second] = await owner<{ id: string; client: string }[]>`select id, client from signer where envelope = ${envelope} order by position`;
		const link = secretOf();
		await owner`update link set hash = ${secretHash(link)} where signer = ${first!.id} and ended_at is null`;
		const knock = async (signer: string): Promise<string> => {
			const secret = secretOf();
			await owner`update signer set state = 'opened' where id = ${first!.id} and state = 'invited'`;
			await owner`insert into signing_session (hash, client, signer) values (${secretHash(secret)}, ${first!.client}, ${signer})`;
			return `__Host-signing=${secret}`;
		};
		return { envelope, signer: first!.id, fellow: second!.id, link, knock };
	}
	/** A signer who signs in person, and whose turn it is. */
	async function inPerson(ctx: Context, safe: string): Promise<{ envelope: string; signer: string }> {
		const [first, second] = signersOf(1);
		const envelope = await prepareEnvelope(ctx, { document: (await put(ctx, safe)).document, title: 'T', note: '', days: 7, signers: [{ ...first!, manner: 'digitised' }, second!] });
		await send(ctx, envelope);
		const [row] = await owner<[{ id: string }]>`select id from signer where envelope = ${envelope} and position = 1`;
		return { envelope, signer: row.id };
	}
	/** The secret of a URL for a signer, to be shown in https://shop.example. */
	async function embedded(ctx: Context, envelope: string, signer: string): Promise<string> {
		if (!(await allowedOrigins(ctx)).length) await allowOrigin(ctx, 'https://shop.example');
		return (await embed(ctx, envelope, { signer, origin: (await allowedOrigins(ctx))[0]!.id })).split('/').at(-1)!;
	}
	/** A session whose device is handed to such a signer, with the signer's own. */
	async function locked(person: string, client: string): Promise<{ cookie: string; signer: string; envelope: string }> {
		const ctx = of(person, client);
		const at = await inPerson(ctx, await newSafe(ctx));
		const { cookie } = await session(person, client);
		const found = await find(withActor(parts, { person: null, client: null, via: 'web' }), cookie.split('=')[1]!);
		const handed = await handOver(ctx, found!, at, { address: '203.0.113.7', agent: 'Tablet' });
		return { ...at, cookie: `${cookie}; __Host-signing=${handed}` };
	}
	/** An identity check with its image, waiting for an officer. */
	async function checked(ctx: Context, safe: string): Promise<{ check: string; image: string }> {
		const { signer, knock } = await invited(ctx, safe, 2);
		const at = await inside(parts, (await knock(signer)).split('=')[1]!, signer);
		await capture.begin(at, { document: 'passport', notice: capture.noticeVersion });
		await capture.addImage(at, { side: 'front', bytes: pngOf(800, 560, 1) });
		await capture.submit(at);
		const [row] = await owner<[{ check: string; image: string }]>`
			update identity_check k set state = 'to-review', read_at = app.now() from identity_image i where i.identity_check = k.id and k.signer = ${signer} returning k.id as check, i.id as image`;
		return row;
	}
	/** A flat copy that waits to be looked at. */
	async function copied(ctx: Context, safe: string): Promise<string> {
		const id = await askForCopy(ctx, (await put(ctx, safe)).document);
		await owner`update conversion set state = 'made', document = ${(await put(ctx, safe)).document}, made_at = app.now() where id = ${id}`;
		return id;
	}
	/** A code's SMS on its way, and the secret its gateway reports with. */
	async function texted(client: string): Promise<{ message: string; secret: string }> {
		const secret = secretOf();
		const [{ id }] = await owner<[{ id: string }]>`insert into message (client, kind, channel, subject, state, report_hash) values (${client}, 'code', 'sms', gen_random_uuid(), 'sent', ${secretHash(secret)}) returning id`;
		return { message: id, secret };
	}
	return { embedded, inPerson, locked, world, owner, origin, data, parts, worker, pdf, of, session, newSafe, staged, put, sequence, receipted, prepared, templated, invited, checked, copied, texted };
}

export type Site = Awaited<ReturnType<typeof createSite>>;
