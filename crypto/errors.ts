// The one error of the proof library. A verdict is a value; this is malformed input or misuse.

export type CryptoErrorCode =
	| 'malformed' // the bytes are not what the standard says
	| 'limit' // a depth, size or count cap was passed
	| 'unsupported' // well-formed, but an algorithm or a feature we do not do
	| 'refused' // well-formed and understood, but must not be processed (encrypted PDF, JavaScript …)
	| 'mismatch' // a digest, imprint, nonce, tag or proof does not match
	| 'misuse'; // the caller passed something impossible

/** Thrown by crypto/ on malformed or refused input. `reason` is a stable kebab-case word a caller can translate. */
export class CryptoError extends Error {
	override name = 'CryptoError';
	readonly code: CryptoErrorCode;
	readonly reason: string;
	constructor(code: CryptoErrorCode, reason: string, message: string = reason, options?: { cause?: unknown }) {
		super(message, options);
		this.code = code;
		this.reason = reason;
	}
}
