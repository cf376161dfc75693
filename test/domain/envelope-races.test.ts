// A code typed at the same moment as what would make it void. Whoever comes first decides, and the loser is told; both orders must have been seen.

import { expect, test } from 'vitest';
import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import * as certificates from '#lib/server/certificates.ts';
import { expire } from '#lib/server/envelopes/complete.ts';
import { correct } from '#lib/server/envelopes/correct.ts';
import type { SignerContext } from '#lib/server/envelopes/door.ts';
import { cancel, follow } from '#lib/server/envelopes/send.ts';
import { SelfCheckFailed } from '#lib/server/envelopes/claim.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { standing } from '#lib/server/envelopes/standing.ts';
import { accepted } from '../support/accepted.ts';
import { createEnvelopes, zoe } from '../support/envelopes.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { ada, worker, work, sent, enter, ask } = await createEnvelopes(world);
const rounds = 50;
/** Another number each round: codes to one are limited. */
let numbers = 1000;

interface Round {
	readonly id: string;
	readonly signer: string;
	readonly ctx: SignerContext;
}
interface Rival {
	/** Answers whether it won; a refusal other than the ones named is an error. */
	readonly act: (round: Round) => Promise<unknown>;
	readonly refusals: readonly string[];
	/** What the sender then sees, had it won. */
	readonly won: object;
	readonly before?: (round: Round) => Promise<unknown>;
}

const rivals: Readonly<Record<string, Rival>> = {
	cancel: { act: ({ id }) => cancel(ada.ctx, id), refusals: ['being-signed'], won: { state: 'cancelled' } },
	decline: { act: ({ ctx }) => here.decline(ctx, ''), refusals: ['already-signed'], won: { state: 'declined', signers: [{ state: 'declined' }] } },
	correct: {
		act: ({ id, signer }) => correct(ada.ctx, id, signer, { ...zoe, email: 'z@test.example' }),
		refusals: ['signer-done'],
		won: { state: 'waiting', signers: [{ state: 'invited', email: 'z@test.example' }] }
	},
	expire: {
		before: ({ id }) => world.owner`update envelope set expires_at = app.now() - interval '1 second' where id = ${id}`,
		act: ({ id }) => expire(worker, { envelope: id }),
		refusals: [],
		won: { state: 'expired' }
	}
};

const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

for (const [name, { act, refusals, won, before }] of Object.entries(rivals)) {
	test(`SIGN-6 sign against ${name}, ${rounds} times: one outcome, and no signature after the other won`, { timeout: 300_000 }, async () => {
		const seen = { signed: 0, rival: 0 };
		for (let i = 0; i < rounds; i++) {
			const person = { ...zoe, number: `+3361234${++numbers}` };
			const id = await sent([person]);
			const { ctx, signer } = await enter(zoe.email);
			const attempt = await here.attempt(ctx, await ask(ctx, zoe.name));
			const round = { id, signer, ctx };
			await before?.(round);
			// Acceptance has more to do before it decides: the rival starts up to 19 ms after it, or 4 before.
			const lead = (i % 24) - 4;
			const [, outcome] = await Promise.allSettled([later(Math.max(0, -lead)).then(() => accepted(worker, { attempt })), later(Math.max(0, lead)).then(() => act(round))]).then((both) => {
				const failed = both[0].status === 'rejected' ? both[0].reason : null;
				if (failed) throw failed;
				return both;
			});
			if (outcome.status === 'rejected') expect(refusals).toContain((outcome.reason as { reason?: string }).reason ?? String(outcome.reason));
			await work(['envelopes.complete']);
			const after = await follow(ada.ctx, id);
			const intents = await world.owner<{ state: string }[]>`select state from signing_intent where envelope = ${id}`;
			if (intents.length) {
				expect(intents).toEqual([{ state: 'released' }]);
				expect(after).toMatchObject({ state: 'waiting', signers: [{ state: 'signed', email: zoe.email }] });
				if (refusals.length) expect(outcome.status).toBe('rejected');
				seen.signed++;
			} else {
				expect(outcome.status).toBe('fulfilled');
				expect(after).toMatchObject(won);
				expect((await standing(ctx, attempt)).outcome).toBe('expired');
				seen.rival++;
			}
		}
		console.info(`sign against ${name}: ${seen.signed} signed, ${seen.rival} ${name}`);
		expect(Math.min(seen.signed, seen.rival)).toBeGreaterThan(0);
	});
}

test('SIGN-7 sign against revocation of the service seal, 30 times: what was released was stamped before it, the rest is not and is signed by the next seal', { timeout: 300_000 }, async () => {
	await worker.tx((tx) => certificates.register(tx, certificates.inUse(worker.signing)));
	const serial = serialNumberHex(readCertificate(worker.signing.serviceSeal.certificate));
	const seen = { released: 0, refused: 0 };
	for (let i = 0; i < 30; i++) {
		const id = await sent([{ ...zoe, number: `+3361235${++numbers}` }]);
		const { ctx } = await enter(zoe.email);
		await here.attempt(ctx, await ask(ctx, zoe.name, '203.0.113.8'));
		await work(['envelopes.sign']);
		const [{ intent }] = await world.owner<[{ intent: string }]>`select id as intent from signing_intent where envelope = ${id}`;
		const [signed] = await Promise.allSettled([sign(worker, { intent }), later(i * 8).then(() => certificates.revoke(worker, { serial, reason: 'keyCompromise' }))]);
		const [stamped] = await world.owner<{ before: boolean }[]>`
			select v.created_at <= c.revoked_at + interval '1 second' as before from signer s join version v on v.id = s.signed_version, certificate c where s.envelope = ${id} and c.serial = ${serial}`; // it is revoked to the second
		if (signed.status === 'rejected') {
			expect(signed.reason).toBeInstanceOf(SelfCheckFailed);
			expect(stamped).toBeUndefined();
			seen.refused++;
		} else {
			expect(stamped).toEqual({ before: true });
			seen.released++;
		}
		await world.owner`update certificate set revoked_at = null, reason = null where serial = ${serial}`; // the next seal, in short
		await world.owner`update signing_intent set lease_until = null where id = ${intent}`;
		await sign(worker, { intent });
		await work(['envelopes.complete']);
		expect((await follow(ada.ctx, id)).signers).toMatchObject([{ state: 'signed' }]);
		expect(await world.owner`select from version v join envelope e on e.document = v.document where e.id = ${id}`).toHaveLength(3);
	}
	console.info(`sign against revocation of the seal: ${seen.released} released, ${seen.refused} refused`);
	expect(Math.min(seen.released, seen.refused)).toBeGreaterThan(0);
});
