// Signatures for the bench: everything real but the phone.

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

/** What a signature needs of the bench. */
type Signing = Pick<Bench, 'ctx' | 'worker' | 'safe' | 'owner'>;

/** A signer who has opened the document and asked for a code, and the code. */
export interface Ready {
	readonly client: string;
	readonly signer: string;
	readonly challenge: string;
	readonly attempt: string;
	readonly code: string;
}

/** An envelope sent to so many signers, in order. */
export async function envelopeOf({ ctx, safe }: Signing, { signers, pages, lines = 1 }: { readonly signers: number; readonly pages: number; /** Of text, on each page. */ readonly lines?: number }): Promise<string> {
	const pdf = await PDFDocument.create();
	for (let page = 1; page <= pages; page++) {
		const sheet = pdf.addPage([595, 842]);
		for (let i = 0; i < lines; i++) sheet.drawText(`Bench ${page}${i ? `.${i}. The parties agree to what the annex says of the services, their terms and their price.` : ''}`, { x: 50, y: 790 - i * 18, size: 10.5 });
	}
	const bytes = await pdf.save({ useObjectStreams: false });
	const { id } = await stage.create(ctx, { safe, name: 'bench.pdf', length: bytes.length });
	await stage.write(ctx, id, 0, (async function* () {
		yield bytes;
	})());
	const { document } = await deposit(ctx, { stage: id });
	const people = Array.from({ length: signers }, (_, i) => ({ name: `Bench ${i}`, email: `signer${i}@localhost.example`, number: `+3361234560${i}`, locale: 'fr' as const }));
	const envelope = await prepareEnvelope(ctx, { document, title: 'Bench', note: '', days: 1, signers: people });
	await send(ctx, envelope);
	return envelope;
}

/** The signer whose turn it is has opened the document and asked for a code. */
async function asked({ ctx, worker, safe, owner }: Signing, envelope: string): Promise<Ready> {
	const [signer] = await owner<{ id: string; client: string; shown: string; sha256: Uint8Array }[]>`update signer s set state = 'opened' from envelope e, version v where s.envelope = ${envelope} and s.state = 'invited' and e.id = s.envelope and v.id = e.current_version returning s.id, s.client, v.id as shown, v.sha256`;
	const challenge: ChallengeRow = { id: crypto.randomUUID(), client: signer!.client, signer: signer!.id, envelope, safe, number: '+33612345678', nonce: ctx.primitives.random(16), documentHash: signer!.sha256, values: utf8(canonicalValues({ name: 'Bench', drawing: null })) };
	await owner`insert into challenge (id, client, signer, number, nonce, document_hash, shown_version, "values") values (${challenge.id}, ${challenge.client}, ${challenge.signer}, ${challenge.number}, ${challenge.nonce}, ${challenge.documentHash}, ${signer!.shown}, ${challenge.values})`;
	return { client: challenge.client, signer: challenge.signer, challenge: challenge.id, attempt: crypto.randomUUID(), code: codeOf(worker, challenge) };
}

/** A signer alone on a page of their own. */
export const ready = async (bench: Signing): Promise<Ready> => asked(bench, await envelopeOf(bench, { signers: 1, pages: 1 }));

/** The code typed and accepted; milliseconds from there to the signed version stored. */
async function signature(bench: Signing, one: Ready): Promise<number> {
	await withActor(bench.ctx, { ...bench.ctx.actor, client: one.client }).tx((tx) => tx`insert into attempt (id, client, challenge, code) values (${one.attempt}, ${one.client}, ${one.challenge}, ${one.code})`);
	const intent = await accept(bench.worker, { attempt: one.attempt });
	const from = performance.now();
	await sign(bench.worker, { intent: intent! });
	return performance.now() - from;
}

/** Everyone signs, one after the other. */
export async function signAll(bench: Signing, envelope: string): Promise<void> {
	for (let waits = true; waits; ) {
		await signature(bench, await asked(bench, envelope));
		const { count } = await bench.owner`select from signer where envelope = ${envelope} and state = 'invited'`;
		waits = count > 0;
	}
}

/** Milliseconds from code accepted to signed version stored, one after the other. */
export async function signatures(bench: Signing, count: number): Promise<number[]> {
	const times: number[] = [];
	for (let i = 0; i < count; i++) times.push(await signature(bench, await ready(bench)));
	return times;
}
