// Envelopes taken through their life: a sender, mails and texts that are caught, and the worker's jobs run one by one.

import { createHash } from 'node:crypto';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { lineage } from '#lib/server/audit/log-keys.ts';
import { assign } from '#lib/server/audit/sequence.ts';
import { withActor } from '#lib/server/context.ts';
import { sendNext } from '#lib/server/bulks/send-next.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { agreedTo, type TextShown } from '#lib/server/envelopes/agreed.ts';
import { complete } from '#lib/server/envelopes/complete.ts';
import { confirmRecap } from '#lib/server/envelopes/confirm-recap.ts';
import type { consentVersion } from '#lib/server/envelopes/consent.ts';
import * as door from '#lib/server/envelopes/door.ts';
import { prepareEnvelope, type NewEnvelope } from '#lib/server/envelopes/prepare.ts';
import { send } from '#lib/server/envelopes/send.ts';
import { advanceStuck } from '#lib/server/envelopes/steps.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { eraseCheck } from '#lib/server/identity-check/erase.ts';
import { readCheck } from '#lib/server/identity-check/read.ts';
import type { Reader } from '#lib/server/identity-check/reader.ts';
import type { Mail } from '#lib/server/mail/mailer.ts';
import { sendMessage } from '#lib/server/messages.ts';
import * as safes from '#lib/server/safes.ts';
import { accept as acceptCopy } from '#lib/server/signed-copy/accept.ts';
import { attest } from '#lib/server/signed-copy/attest.ts';
import type { Sms } from '#lib/server/sms/sender.ts';
import { acknowledge } from '#lib/server/withdrawal/acknowledge.ts';
import { accepted } from './accepted.ts';
import { cover } from './covered.ts';
import { contract } from './signing.ts';
import type { Person, World } from './world.ts';

export const zoe = { name: 'Zoë Müller', email: 'zoe@test.example', number: '06 12 34 56 78', locale: 'fr' } as const;
export const bob = { name: 'Bob Łuczak', email: 'bob@test.example', number: '+33 7 58 76 54 32', locale: 'en' } as const;

/** Every legal text a signer is shown, accepted: as the page sends it. */
export const allAgreed = (texts: readonly TextShown[]) => Object.fromEntries(texts.map((text) => [text.kind, agreedTo(text)]));

/** Where the signers come from. */
export const from = { address: '203.0.113.7', agent: 'Firefox' };

/** @param reader what reads identity documents; null: the worker of a host that cannot */
export async function createEnvelopes(world: World, reader: Reader | null = null) {
	const mails: Mail[] = [];
	const texts: Sms[] = [];
	const worker = { ...world.worker, mailer: { send: async (m: Mail) => (mails.push(m), 'ok') }, sms: { send: async (s: Sms) => (texts.push(s), 'ok') } };
	const jobs = world.database.connect('jobs');
	const ada: Person = await world.administrator();
	const safe = (await safes.create(ada.ctx, { name: 'Contrats' })).id;
	const stranger = withActor(world.web, { person: null, client: null, via: 'link' });
	const tasks: Record<string, (payload: never) => Promise<void>> = {
		'messages.send': (x) => sendMessage(worker, x),
		'envelopes.attempt': (x) => accepted(worker, x),
		'envelopes.sign': (x) => sign(worker, x),
		'envelopes.advance': (x) => advanceStuck(worker, x),
		'envelopes.complete': (x) => complete(worker, x),
		'bulks.send': (x) => sendNext(worker, x),
		'signed-copies.attempt': (x) => acceptCopy(worker, x),
		'signed-copies.attest': async ({ envelope }: { envelope: string }) => (await cover(world, worker, envelope), attest(worker, { envelope })),
		'withdrawals.acknowledge': async (x: { withdrawal: string }) => {
			await lineage(worker);
			while (await assign(worker));
			await publish(worker);
			await acknowledge(worker, x);
		},
		'identity.read': (x) => readCheck(worker, x, reader),
		'identity.erase': (x) => eraseCheck(worker, x)
	};

	/** Runs what is queued, but for the tasks left out, until nothing is left. */
	async function work(leftOut: readonly string[] = []): Promise<void> {
		for (;;) {
			const [job] = await jobs`delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t where t.id = j.task_id and j.id = (select id from graphile_worker._private_jobs order by id limit 1) returning t.identifier, j.payload`;
			if (!job) return;
			if (!leftOut.includes(job.identifier as string)) await tasks[job.identifier as string]?.(job.payload as never);
		}
	}
	/** A prepared envelope over a document of its own. */
	async function draft(signers: NewEnvelope['signers'], more: Partial<NewEnvelope> = {}, pdf?: Uint8Array): Promise<string> {
		const bytes = pdf ?? (await contract());
		const s = await stage.create(ada.ctx, { safe, name: 'contrat.pdf', length: bytes.length });
		await stage.write(ada.ctx, s.id, 0, (async function* () { yield bytes; })());
		const { document } = await deposit(ada.ctx, { stage: s.id });
		return prepareEnvelope(ada.ctx, { document, title: 'Contrat de prestation', note: '', days: 30, signers, ...more });
	}
	/** The same, sent; its first link is mailed. */
	async function sent(signers: NewEnvelope['signers'], more: Partial<NewEnvelope> = {}, pdf?: Uint8Array): Promise<string> {
		const id = await draft(signers, more, pdf);
		await send(ada.ctx, id);
		await work();
		return id;
	}
	const lastSecret = (email: string) => /\/sign\/(\S{43})/.exec(mails.findLast((m) => m.to === email && m.text.includes('/sign/'))!.text)![1]!;
	/** Opens the last link mailed to an address. */
	async function enter(email: string) {
		const secret = lastSecret(email);
		const { signer, cookie } = await door.enter(stranger, secret, null, from);
		return { secret, cookie, signer, ctx: await door.inside(world.web, cookie, signer) };
	}
	/** Reads, consents and gets the code; from one address 200 a day are had. */
	async function ask(ctx: door.SignerContext, name: string, address = from.address): Promise<string> {
		const shown = Buffer.concat(await Array.fromAsync((await here.open(ctx)).bytes));
		const { consent: { version }, texts: legal, recap } = await here.task(ctx);
		if (recap) await confirmRecap(ctx, recap.said);
		await here.requestCode(ctx, { consent: version as typeof consentVersion, pagesReached: 1, sha256: createHash('sha256').update(shown).digest('hex'), values: { name, drawing: null, texts: allAgreed(legal), ...(recap ? { recap: recap.said } : {}) } }, address);
		await work();
		return /(\d{6})/.exec(texts.at(-1)!.text)![1]!;
	}
	return { ada, safe, worker, tasks, mails, texts, stranger, work, draft, sent, enter, ask, lastSecret };
}
