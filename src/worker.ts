// The worker process: jobs, sequencer, signing. It alone holds the signing keys.

import { flushCompileCache } from 'node:module';
import { LogSplit } from '#lib/server/audit/anchor.ts';
import { recover, sizeOf } from '#lib/server/audit/recover.ts';
import { assign, requeue } from '#lib/server/audit/sequence.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import { lineage, LogKeyMissing } from '#lib/server/audit/log-keys.ts';
import { askWitness } from '#lib/server/audit/witness.ts';
import { sendNext } from '#lib/server/bulks/send-next.ts';
import { ClockOff, lookAtClock } from '#lib/server/clock.ts';
import { composeWorker, withActor, type WorkerContext } from '#lib/server/context.ts';
import { convert } from '#lib/server/conversion/convert.ts';
import { askDelivery } from '#lib/server/delivery.ts';
import { destroy } from '#lib/server/documents/dispose.ts';
import { accept } from '#lib/server/envelopes/accept.ts';
import { SelfCheckFailed, SignatureHeld } from '#lib/server/envelopes/claim.ts';
import { complete, expire } from '#lib/server/envelopes/complete.ts';
import { evidence } from '#lib/server/envelopes/evidence.ts';
import { lookAtService } from '#lib/server/envelopes/remote.ts';
import { makeFirstPage } from '#lib/server/envelopes/first-page.ts';
import { remindDue } from '#lib/server/envelopes/remind.ts';
import { advanceStuck } from '#lib/server/envelopes/steps.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as certificates from '#lib/server/certificates.ts';
import { warn } from '#lib/server/envelopes/warn.ts';
import { readSettings } from '#lib/server/env.ts';
import { lookAtAuthority } from '#lib/server/evidence/authority.ts';
import { heads } from '#lib/server/evidence/heads.ts';
import { NotCovered, receipt } from '#lib/server/evidence/receipt.ts';
import { ownAnswers } from '#lib/server/evidence/revocation.ts';
import { renew } from '#lib/server/evidence/renew.ts';
import { renewRecords } from '#lib/server/evidence/renew-records.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import type { Part } from '#lib/server/health.ts';
import { KeyProblem } from '#lib/server/keys/vault.ts';
import { eraseCheck } from '#lib/server/identity-check/erase.ts';
import { compareNames } from '#lib/server/identity-check/compare.ts';
import { readCheck } from '#lib/server/identity-check/read.ts';
import { canRead, readDocument } from '#lib/server/identity-check/reading.ts';
import { startRunner, type Handlers } from '#lib/server/jobs/runner.ts';
import { sendMessage } from '#lib/server/messages.ts';
import { accept as acceptCopy } from '#lib/server/signed-copy/accept.ts';
import { attest } from '#lib/server/signed-copy/attest.ts';
import { SigningRefused } from '#lib/server/signing-service/signing-service.ts';
import { receiptsDue, sweep } from '#lib/server/unfinished.ts';
import { acknowledge } from '#lib/server/withdrawal/acknowledge.ts';
import { NotTaken } from '#lib/server/untaken.ts';
import { concat, uint32 } from '#crypto/bytes.ts';

const log = (level: 'info' | 'error', event: string, details: Record<string, unknown> = {}) => process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, process: 'worker', event, ...details })}\n`);
const failed = (what: string, error: unknown) => log('error', what, { name: (error as Error).name, reason: (error as { reason?: string; code?: string }).reason ?? (error as { code?: string }).code ?? '' });

const settings = readSettings();
const { parts, published } = await composeWorker(settings);
const ctx: WorkerContext = withActor(parts, { person: null, client: null, via: 'worker' });

/** Everyone may know these: certificates, and what we say of our own certificates today. */
async function publishKeys(): Promise<void> {
	await ctx.tx((tx) => certificates.register(tx, certificates.inUse(ctx.signing)));
	const revoked = await certificates.revokedInUse(ctx);
	if (revoked.length) throw new KeyProblem(`revoked, and in use: ${revoked.join(', ')}; 'probant keys rotate' makes the next`);
	await certificates.publishStatus(ctx);
	const answers = await ownAnswers(ctx, Date.now());
	const former = Object.fromEntries(ctx.signing.former.map(({ ca }, i) => [`ca-${i + 1}`, ca.certificate]));
	const values = { root: published.root, ca: published.ca, ...former, ocsp: concat(...answers.flatMap((a) => [uint32(a.length), a])) };
	for (const [name, value] of Object.entries(values)) await ctx.tx((tx) => tx`insert into published (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value, at = app.now()`);
}

/** What waits for a checkpoint, for the lease of a worker that may be dead, or for the clock, is brought back by the sweep: sooner than by trying again and again, each time later. */
const later = (error: unknown) => (error instanceof NotCovered || error instanceof SignatureHeld || error instanceof ClockOff ? undefined : Promise.reject(error));

/** What its row brings back, when the row says: shown, and no more the job's. */
const ofRow = (error: unknown): void => {
	if (!(error instanceof NotTaken || error instanceof SelfCheckFailed || error instanceof SigningRefused)) throw error;
	failed(error.name, error);
};

const signing = (x: { readonly intent: string }) => sign(ctx, x).catch(later).catch(ofRow);

const looks: Readonly<Record<Part, (ctx: WorkerContext) => Promise<void>>> = { authority: lookAtAuthority, clock: lookAtClock, 'signing-service': lookAtService };

const handlers: Handlers = {
	'evidence.timestamp': (x) => timestamp(ctx, x),
	'evidence.receipt': (x) => receipt(ctx, x).catch(later),
	'evidence.renew': (x) => renew(ctx, x),
	'evidence.records': (x) => renewRecords(ctx, x),
	'messages.send': (x) => sendMessage(ctx, x).catch(later).catch(ofRow),
	'messages.delivery': (x) => askDelivery(ctx, x),
	'envelopes.attempt': async (x) => {
		const intent = await accept(ctx, x);
		if (intent) await signing({ intent }).catch((error: unknown) => failed('envelopes.sign', error)); // whoever typed the code waits; should it fail, its row brings it back
	},
	'envelopes.sign': signing,
	'envelopes.advance': (x) => advanceStuck(ctx, x),
	'envelopes.complete': (x) => complete(ctx, x),
	'envelopes.expire': (x) => expire(ctx, x),
	'envelopes.remind': (x) => remindDue(ctx, x),
	'envelopes.evidence': (x) => evidence(ctx, x).catch(later),
	'envelopes.first-page': (x) => makeFirstPage(ctx, x),
	'envelopes.warn': (x) => warn(ctx, x),
	'bulks.send': (x) => sendNext(ctx, x),
	'signed-copies.attempt': (x) => acceptCopy(ctx, x),
	'signed-copies.attest': (x) => attest(ctx, x).catch(later),
	'withdrawals.acknowledge': (x) => acknowledge(ctx, x).catch(later),
	'identity.read': (x) => readCheck(ctx, x, canRead(ctx) ? { readDocument, compareNames } : null), // without: officers compare by eye, and are told so
	'identity.erase': (x) => eraseCheck(ctx, x),
	'documents.convert': (x) => convert(ctx, x),
	'documents.destroy': (x) => destroy(ctx, x),
	'log.heads': (x) => heads(ctx, x),
	'log.witness': (x) => askWitness(ctx, x),
	'instance.look': ({ part }: { part: Part }) => looks[part](ctx)
};

let stopping = false;

/** What crashes left behind; before that, whether a key in use was revoked: then nothing more is signed here. */
async function swept(): Promise<void> {
	const revoked = await certificates.revokedInUse(ctx);
	if (!revoked.length) return sweep(ctx);
	log('error', 'revoked', { serials: revoked });
	void stop(); // which waits for this very sweep
}

/** Leaves every 200 ms, a checkpoint every second while there is something new. Nothing gets a leaf before the anchor was asked whether the database is of now. */
async function sequence(): Promise<void> {
	let sound = false;
	for (let turn = 0, size = 0; !stopping; turn++) {
		try {
			const seen = size;
			size = await sizeOf(ctx);
			if (size < seen) sound = false; // restored under us
			if (!sound && turn % 5 === 0) {
				const recovered = await recover(ctx);
				if (recovered) log('info', 'recovered', { ...recovered });
				await requeue(ctx);
				sound = true;
			}
			if (sound) while ((await assign(ctx)) === 1000);
			if (sound && turn % 5 === 0 && (await publish(ctx))) await receiptsDue(ctx);
		} catch (error) {
			failed('sequencer', error);
			if (error instanceof LogKeyMissing) return void stop(); // whoever supervises starts it again, with the keys of now
			if (error instanceof LogSplit) {
				log('error', 'log', { split: error.kind, message: error.message });
				sound = false;
			}
		}
		await new Promise((done) => setTimeout(done, 200));
	}
}

await lineage(ctx);
await publishKeys();
const daily = setInterval(() => void publishKeys().catch((error: unknown) => failed('publish', error)), 86_400_000);
const runner = await startRunner(settings.DATABASE_URL_JOBS ?? '', handlers, swept, failed);
const sequencer = sequence();
void runner.ended.then((error) => {
	if (stopping) return;
	failed('runner', error);
	void stop(); // whoever supervises starts it again
});
log('info', 'started', { sandbox: parts.sandbox ? 'on' : 'off: no bubblewrap, or user namespaces forbidden' });
process.send?.({ ready: 'worker' });
flushCompileCache(); // for the next start, however this one ends (up.js)

async function stop(): Promise<void> {
	if (stopping) return;
	stopping = true;
	clearInterval(daily);
	await runner.stop();
	await sequencer;
	await Promise.all([parts.database.close(), parts.sending?.close()]);
	process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.on('disconnect', () => void stop());
