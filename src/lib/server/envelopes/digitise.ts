// A digitised signature (SIGN-14): drawn in person on the sender's device, without a code. Its own class, below level 1.
// No number and no code bind it. In their place: V with the drawing in it, the digest of the bytes that were read, and the hand-over during which the sender's session is locked,
// all in one row that the worker looks at again before it writes the intent (accept.ts). It proves what was drawn, on which bytes, when, in whose locked session;
// not who drew: that the sender did not do it in the signer's place, nor a web process that was taken over, nothing here can tell.

import { utf8 } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import { DomainError } from '../errors.ts';
import { requireSigning } from '../health.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { agreedValues } from './agreed.ts';
import { inFrench } from './capacity.ts';
import type { SignerContext } from './door.ts';
import { canonicalValues, requireConsented, tried, turn, type Signing } from './sign-here.ts';

/**
 * Records the consent and asks the worker to accept exactly this drawing, these values and the version that was read; answers the attempt, whose outcome is read by `outcome`.
 * `forbidden`: `code-needed` for a signer of another level, `not-handed-over` once the device was taken back; `invalid` / `drawing-needed`; `unavailable`: `authority-down`, `clock-off`; and what `requireConsented` says.
 */
export async function digitise(ctx: SignerContext, input: Signing): Promise<string> {
	const values = utf8(canonicalValues(input.values));
	return tried(ctx, 'signer.draw', async (tx) => {
		const { client, role, level } = await turn(tx, ctx);
		if (role !== 'signer' || level !== 0) throw new DomainError('forbidden', 'code-needed');
		const [{ held }] = await tx<[{ held: boolean }]>`select app.handed_over(${ctx.handOver}) as held`;
		if (!held) throw new DomainError('forbidden', 'not-handed-over');
		if (!input.values.drawing) throw new DomainError('invalid', 'drawing-needed');
		await requireSigning(tx, { remote: false });
		const shown = await requireConsented(tx, ctx, 'digitised', input);
		await tx`update signer set consented_at = app.now(), consent_version = ${input.consent}, pages_reached = greatest(pages_reached, ${input.pagesReached}) where id = ${ctx.signer}`;
		await tx`update challenge set ended_at = app.now() where signer = ${ctx.signer} and ended_at is null`;
		const [challenge, attempt] = [crypto.randomUUID(), crypto.randomUUID()];
		await tx`
			insert into challenge (id, client, signer, nonce, document_hash, shown_version, "values", action, hand_over)
			values (${challenge}, ${client}, ${ctx.signer}, ${ctx.primitives.random(16)}, ${Buffer.from(input.sha256, 'hex')}, ${shown}, ${values}, 'digitise', ${ctx.handOver})`;
		await tx`insert into attempt (id, client, challenge) values (${attempt}, ${client}, ${challenge})`;
		await append(tx, { op: 'signer.consent', safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer, values: { version: input.consent, 'pages-reached': String(input.pagesReached), ...agreedValues(input.values.texts ?? {}), ...(input.values.capacity ? { capacity: inFrench(input.values.capacity) } : {}) } });
		await enqueue(tx, 'envelopes.attempt', { attempt });
		return attempt;
	});
}
