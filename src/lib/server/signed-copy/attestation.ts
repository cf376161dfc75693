// What an attestation holds (SIGN-8), as data: the evidence of one signature, cut out of the envelope's, so that it can be handed out. Of the others it holds names alone.

import { fromBase64 } from '#crypto/bytes.ts';
import { readEntry } from '#crypto/tlog/entry.ts';
import type { Dossier, DossierSigner } from '../envelopes/dossier.ts';

type Entry = Dossier['log']['entries'][number];

export interface Attestation {
	readonly kind: 'probant/attestation/v1';
	readonly instance: Dossier['instance'];
	readonly envelope: Pick<Dossier['envelope'], 'reference' | 'title' | 'sender' | 'sentAt' | 'closedAt'>;
	/** SHA-256 of the version frozen before sending, and of the last one, which everyone got. */
	readonly document: { readonly name: string; readonly frozen: string; readonly last: string };
	readonly signer: Pick<DossierSigner, 'id' | 'name' | 'level' | 'by' | 'inPerson' | 'identity' | 'number' | 'numberSource' | 'pagesReached' | 'consent' | 'consumer'> & { /** Who handed over to them, oldest first. */ readonly delegations: readonly { readonly from: string; readonly at: string }[]; readonly signedAt: string; readonly signed: NonNullable<DossierSigner['signed']> };
	/** Version of the client's identification procedure that the envelope recorded; null: none was. */
	readonly procedure: string | null;
	/** Names of the others who took part. */
	readonly others: readonly string[];
	/** Where in the log the acceptance of the code, or of the drawing at level 0, and the sealing of the signature are. */
	readonly places: { readonly sign: number; readonly seal: number };
	/** The events of this signature and of the envelope's sending and completion, each with its proof. */
	readonly log: Dossier['log'];
}

/** Theirs, as the log names them. */
const ownActs = new Set(['signer.recap', 'signer.consent', 'signer.challenge', 'signer.draw', 'signer.attempt', 'signer.sign', 'signer.seal']);
/** Everyone's. */
const sharedActs = new Set(['envelope.send', 'envelope.complete']);

/** The attestation of one who signed. Throws when the dossier does not show that they did. */
export function attestationOf(dossier: Dossier, signer: DossierSigner): Attestation {
	const { signed, signedAt } = signer;
	if (!signed || !signedAt) throw new Error('an attestation of what was not signed');
	const read = dossier.log.entries.map((entry) => ({ entry, body: readEntry(fromBase64(entry.entry)).body }));
	const kept = read.filter(({ body }) => body.res === 'ok' && (sharedActs.has(body.op) || (ownActs.has(body.op) && body.actor === signer.id)));
	const place = (op: string) => kept.findLast(({ body }) => body.op === op)?.entry.index;
	const [sign, seal] = [place('signer.sign'), place('signer.seal')];
	if (sign === undefined || seal === undefined) throw new Error('the log does not hold this signature');
	const { id, name, level, by, inPerson, identity, number, numberSource, pagesReached, consent, consumer, delegations } = signer;
	const { reference, title, sender, sentAt, closedAt } = dossier.envelope;
	return {
		kind: 'probant/attestation/v1',
		instance: dossier.instance,
		envelope: { reference, title, sender, sentAt, closedAt },
		document: { name: dossier.document.name, frozen: dossier.document.frozen.sha256, last: dossier.document.last.sha256 },
		signer: { id, name, level, by, inPerson, identity, number, numberSource, pagesReached, consent, consumer, delegations: delegations.map(({ from, at }) => ({ from, at })), signedAt, signed },
		procedure: dossier.legal.procedure?.version ?? null,
		others: dossier.signers.filter((s) => s.id !== signer.id && s.state !== 'spared').map((s) => s.name),
		places: { sign, seal },
		log: { ...dossier.log, entries: kept.map(({ entry }): Entry => entry) }
	};
}
