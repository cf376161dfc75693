// What fsck says: one finding a line. The words are for scripts too, and do not change.

/** `upload-…`: acknowledged bytes of one that is not deposited yet. `…-overdue`: nobody sweeps. */
export type Problem =
	| 'object-missing'
	| 'object-altered'
	| 'object-orphan'
	| 'intent-overdue'
	| 'upload-short'
	| 'upload-stray'
	| 'event-differs'
	| 'token-invalid'
	| 'record-invalid'
	| 'version-order'
	| 'signature-altered'
	| 'signature-released'
	| 'signature-state'
	| 'signature-failing'
	| 'renewal-failing'
	| 'renewal-late'
	| 'key-ending'
	| 'authority-down'
	| 'signing-service-down'
	| 'clock-off'
	| 'event-altered'
	| 'event-unqueued'
	| 'leaf-missing'
	| 'leaf-differs'
	| 'chain-broken'
	| 'node-differs'
	| 'checkpoint-differs'
	| 'anchor-missing'
	| 'anchor-differs'
	| 'anchor-ahead'
	| 'cosignature-differs'
	| 'witness-contradicts';

export interface Finding {
	readonly problem: Problem;
	/** Id, key or index of what it is about; never a name. */
	readonly subject: string;
	readonly detail: string;
}

export const found = (problem: Problem, subject: string | number, detail = ''): Finding => ({ problem, subject: String(subject), detail });
