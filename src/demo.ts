// npm run up -- --demo: one client with a safe, three contracts deposited, one of them sent for signature. Made once, as its people would make it.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as clients from '#lib/server/clients.ts';
import { composeOwner, composeWeb, withActor, type Context, type Parts } from '#lib/server/context.ts';
import * as credits from '#lib/server/credits.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as read from '#lib/server/documents/read.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { list } from '#lib/server/envelopes/list.ts';
import * as envelopes from '#lib/server/envelopes/send.ts';
import { confirmSharing } from '#lib/server/envelopes/send-confirmed.ts';
import { sharing } from '#lib/server/envelopes/sharing.ts';
import { DomainError } from '#lib/server/errors.ts';
import type { Settings } from '#lib/server/env.ts';
import { authorDeed } from '#lib/server/evidence/author.ts';
import { confirm } from '#lib/server/identity/confirm.ts';
import { login } from '#lib/server/identity/login.ts';
import { outbox } from '#lib/server/identity/outbox.ts';
import { register } from '#lib/server/identity/register.ts';
import * as sessions from '#lib/server/identity/sessions.ts';
import type { Session } from '#lib/server/identity/sessions.ts';
import { current } from '#lib/server/identity/terms.ts';
import * as safes from '#lib/server/safes.ts';
import { contracts } from './demo-contracts.ts';

const email = 'camille.morel@demo.example';
const source = 'demonstration';

/** The link of a mail the worker has put into the outbox. */
async function mailedLink(ctx: Context, path: string): Promise<string> {
	for (const end = Date.now() + 30_000; Date.now() < end; ) {
		const mail = (await outbox(ctx)).find((m) => m.recipient === email && m.body.includes(`/${path}/`));
		const secret = mail && new RegExp(`/${path}/([A-Za-z0-9_-]{43})`).exec(mail.body)?.[1];
		if (secret) return secret;
		await new Promise((next) => setTimeout(next, 100));
	}
	throw new Error('the demonstration’s mail did not arrive: is the worker running?');
}

/** The session of the demonstration's administrator, who is registered when there is none. */
async function signIn(nobody: Context, password: string): Promise<Session> {
	const enter = () => login(nobody, { source, agent: source }, { email, password });
	const secret = await enter().catch(async (error: unknown) => {
		if (!(error instanceof DomainError) || error.kind !== 'unauthenticated') throw error;
		await register(nobody, source, { email, name: 'Camille Morel', locale: 'fr', password, terms: current.version });
		await confirm(nobody, source, await mailedLink(nobody, 'confirm'));
		return enter();
	});
	const session = await sessions.find(nobody, secret);
	if (!session) throw new Error('a session that is gone at once');
	return session;
}

async function depositContract(ctx: Context, safe: string, { name, ...deed }: (typeof contracts)[number]): Promise<string> {
	const bytes = await authorDeed({ ...deed, language: 'fr', at: new Date() });
	const { id } = await stage.create(ctx, { safe, name, length: bytes.length });
	await stage.write(ctx, id, 0, (async function* () { yield bytes; })());
	return (await deposit(ctx, { stage: id })).document;
}

async function make(web: Parts, owner: Parts, password: string): Promise<void> {
	const nobody = withActor(web, { person: null, client: null, via: 'cli' });
	const session = await signIn(nobody, password);
	const of = (client: string | null) => withActor(web, { person: session.person, client, via: 'cli' });
	const client = session.client ?? (await clients.create(of(null), session, { name: 'Atelier Lumen', registrationNumber: '', safe: 'Contrats' })).client;
	const operator = withActor(owner, { person: null, client: null, via: 'cli' });
	await clients.verify(operator, client);
	const ctx = of(client);
	if (!(await credits.balances(ctx)).length) await credits.purchase(operator, { client, level: 1, units: 50, reference: 'DEMO' });
	const safe = (await safes.list(ctx))[0]!.id;
	const there = await read.list(ctx, safe);
	const documents: string[] = [];
	for (const contract of contracts) documents.push(there.find((d) => d.name === contract.name)?.id ?? (await depositContract(ctx, safe, contract)));
	if (!(await list(ctx, { state: null, words: '', page: 1 })).count) {
		const signers = [
			{ name: 'Hugo Lefèvre', email: 'hugo.lefevre@demo.example', number: '+33612345678', locale: 'fr' as const },
			{ name: 'Camille Morel', email, number: '+33687654321', locale: 'fr' as const }
		];
		const envelope = await prepareEnvelope(ctx, { document: documents[0]!, title: contracts[0]!.title, note: 'Bonjour, voici le contrat dont nous avons parlé. Bonne lecture !', days: 30, signers });
		await confirmSharing(ctx, envelope, (await sharing(ctx, envelope)).digest); // Camille sends it, and signs it
		await envelopes.send(ctx, envelope);
	}
	await sessions.end(ctx, session.id);
}

/** Makes what is missing of the demonstration. Answers what to tell. */
export async function demonstrate(settings: Settings, ownerUrl: string): Promise<string[]> {
	const kept = join(settings.DATA_DIRECTORY, 'demo-password');
	if (!existsSync(kept)) writeFileSync(kept, randomBytes(12).toString('base64url'), { mode: 0o600 });
	const password = readFileSync(kept, 'utf8');
	const [web, owner] = [await composeWeb(settings), await composeOwner(settings, ownerUrl)];
	try {
		await make(web, owner, password);
	} finally {
		await web.database.close();
		await owner.database.close();
	}
	return [`Demonstration: ${settings.ORIGIN}/login as ${email}, password ${password}`, `What would be mailed and texted, links and codes: ${settings.ORIGIN}/outbox`];
}
