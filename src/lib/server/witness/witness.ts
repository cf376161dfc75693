// A witness (C2SP tlog-witness) as the domain sees it. It carries text; what it signed is verified by crypto/tlog.

import type { NoteVerifier } from '#crypto/tlog/note.ts';

/** The one error of witnesses: no usable answer. Never a reason to stop; worth a retry later. */
export class WitnessUnavailable extends Error {
	override name = 'WitnessUnavailable';
}

/** What `add-checkpoint` answers: signature lines; the size it has cosigned last, when that is not the old size it was told; or that the proof is wrong. */
export type WitnessAnswer = { readonly kind: 'cosigned'; readonly lines: string } | { readonly kind: 'at'; readonly size: number } | { readonly kind: 'inconsistent' };

export interface Witness {
	/** Its verifier line as configured, of type 0x04. */
	readonly line: string;
	readonly verifier: NoteVerifier;
	/** Sends an `add-checkpoint` request. At most 16 KiB and 5 s. Throws WitnessUnavailable. */
	addCheckpoint(request: string): Promise<WitnessAnswer>;
}
