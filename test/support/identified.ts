// Signers of level 2 whose identity a registration officer has accepted, with a reader that reads what it is told to.

import { attempt } from '#lib/server/envelopes/sign-here.ts';
import * as capture from '#lib/server/identity-check/capture.ts';
import { decide } from '#lib/server/identity-check/decide.ts';
import { appoint } from '#lib/server/identity-check/officers.ts';
import type { Reader } from '#lib/server/identity-check/reader.ts';
import { createEnvelopes } from './envelopes.ts';
import { pngOf } from './pictures.ts';
import type { World } from './world.ts';

const eriksson = { format: 'TD3', surname: 'ERIKSSON', givenNames: 'ANNA MARIA', documentNumber: 'L898902C3', issuer: 'UTO', nationality: 'UTO', birthDate: '1974-08-12', sex: 'F', expiryDate: '2032-04-15', checks: [{ name: 'composite', ok: true }] } as const;
const reader: Reader = { readDocument: () => Promise.resolve({ mrz: eriksson, quality: [] }), compareNames: () => ({ agrees: true, reasons: [] }) };
const declared = { name: 'Anna Maria Eriksson', locale: 'fr', level: 2, surname: 'Eriksson', givenNames: 'Anna Maria', birthDate: '1974-08-12' } as const;

export async function createIdentified(world: World) {
	const home = await createEnvelopes(world, reader);
	const { ada, work, sent, enter, ask } = home;
	const officer = await world.person(ada.client, 'reader');
	await appoint(ada.ctx, officer.person, true);

	let numbers = 5700;
	/** Anna, of level 2, whose identity was accepted, at her door again. */
	async function identified(email: string, ...others: Parameters<typeof sent>[0]) {
		const envelope = await sent([{ ...declared, email, number: `+3361234${++numbers}` }, ...others]);
		const { ctx, signer } = await enter(email);
		await capture.begin(ctx, { document: 'passport', notice: capture.noticeVersion });
		await capture.addImage(ctx, { side: 'front', bytes: pngOf(800, 560) });
		await capture.submit(ctx);
		await work();
		const [check] = await world.owner<[{ id: string }]>`select id from identity_check where signer = ${signer}`;
		await decide(officer.ctx, check.id, { verdict: 'accept', reason: '' });
		await work();
		return { envelope, signer, ctx: (await enter(email)).ctx };
	}
	/** The code she typed is right, and her signature is not made yet. */
	async function accepted(...asked: Parameters<typeof identified>) {
		const { envelope, signer, ctx } = await identified(...asked);
		await attempt(ctx, await ask(ctx, declared.name));
		await work(['envelopes.sign']);
		const [intent] = await world.owner<[{ id: string }]>`select id from signing_intent where signer = ${signer}`;
		return { envelope, signer, ctx, intent: intent.id };
	}
	return { ...home, officer, identified, accepted };
}
