// Signatures for the bench: everything real but the phone. Timed from the moment the right code is with the worker.

import { PDFDocument } from 'pdf-lib';
import { utf8 } from '#crypto/bytes.ts';
import { withActor } from '#lib/server/context.ts';
import { deposit } from '#lib/server/documents/deposit.ts';
import * as stage from '#lib/server/documents/stage.ts';
import { accept, codeOf, type ChallengeRow } from '#lib/server/envelopes/accept.ts';
import { prepareEnvelope } from '#lib/server/envelopes/prepare.ts';
import { send } from '#lib/server/envelopes/send.ts';
import { canonicalValues } from '#lib/server/envelopes/sign-here.ts';
import { sign } from '#lib/server/envelopes/sign.ts';
import type { Bench } from './bench-instance.ts';

type Signing = Pick<Bench, 'ctx' | 'worker' | 'safe' | 'owner'>;

/** An envelope sent to one signer who has opened it and asked for a code; the attempt with the right code. */
async function ready({ ctx, worker, safe, owner }: Signing): Promise<string> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Bench');
	const bytes = await pdf.save({ useObjectStreams: false });
	const { id } = await stage.create(ctx, { safe, name: 'bench.pdf', length: bytes.length });
	await stage.write(ctx, id, 0, (async function* () {
		yield bytes;
	})());
	const { document } = await deposit(ctx, { stage: id });
	const envelope = await prepareEnvelope(ctx, { document, title: 'Bench', note: '', days: 1, signers: [{ name: 'Bench', email: 'signer@localhost.example', number: '+33612345678', locale: 'fr' }] });
	await send(ctx, envelope);
	const [signer] = await owner<{ id: string; client: string; base: Uint8Array }[]>`update signer s set state = 'opened' from envelope e where s.envelope = ${envelope} and e.id = s.envelope returning s.id, s.client, e.base_digest as base`;
	const challenge: ChallengeRow = { id: crypto.randomUUID(), client: signer!.client, signer: signer!.id, envelope, safe, number: '+33612345678', nonce: ctx.primitives.random(16), documentHash: signer!.base, values: utf8(canonicalValues({ name: 'Bench', drawing: null })) };
	await owner`insert into challenge (id, client, signer, number, nonce, document_hash, "values") values (${challenge.id}, ${challenge.client}, ${challenge.signer}, ${challenge.number}, ${challenge.nonce}, ${challenge.documentHash}, ${challenge.values})`;
	const attempt = crypto.randomUUID();
	await withActor(ctx, { ...ctx.actor, client: challenge.client }).tx((tx) => tx`insert into attempt (id, client, challenge, code) values (${attempt}, ${challenge.client}, ${challenge.id}, ${codeOf(worker, challenge)})`);
	return attempt;
}

/** Milliseconds from code accepted to signed version stored, one after the other. */
export async function signatures(bench: Signing, count: number): Promise<number[]> {
	const times: number[] = [];
	for (let i = 0; i < count; i++) {
		const attempt = await ready(bench);
		await accept(bench.worker, { attempt });
		const [intent] = await bench.owner<{ id: string }[]>`select i.id from signing_intent i join attempt a on a.challenge = i.challenge where a.id = ${attempt}`;
		const from = performance.now();
		await sign(bench.worker, { intent: intent!.id });
		times.push(performance.now() - from);
	}
	return times;
}
