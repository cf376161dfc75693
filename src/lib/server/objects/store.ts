// The object store as the domain sees it: immutable versions under random keys. Implementations: file.ts, s3.ts.

export type ObjectStoreErrorCode = 'not-found' | 'exists' | 'checksum' | 'locked' | 'unsupported' | 'unavailable';

/** The one error of object stores. `unavailable` may be retried; the others will not change by themselves. */
export class ObjectStoreError extends Error {
	override name = 'ObjectStoreError';
	readonly code: ObjectStoreErrorCode;
	constructor(code: ObjectStoreErrorCode, message: string, options?: { cause?: unknown }) {
		super(message, options);
		this.code = code;
	}
}

/** A stored version of a key. `version` is the store's own id of it. */
export interface StoredObject {
	readonly key: string;
	readonly version: string;
	/** Bytes. */
	readonly size: number;
	readonly storedAt: Date;
}

/** Bytes [start, end) of an object. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

export interface ObjectStore {
	/** What this store can promise: `lock` is Object Lock in COMPLIANCE mode, proved by a self-test, never assumed. */
	readonly capabilities: { readonly versions: boolean; readonly lock: boolean; readonly presign: boolean };
	/**
	 * Stores a new version. When it resolves, the bytes are durable: a kill or a power cut no longer loses them; when it rejects, nothing is visible.
	 * Parts of the body are kept as they come: a source does not write into them again. An error of the body itself is passed on as it is. `sha256` (32 bytes) is compared with what arrived: `checksum` when it differs. `ifAbsent`: `exists` when the key has a version.
	 */
	put(key: string, body: AsyncIterable<Uint8Array>, options?: { size?: number; sha256?: Uint8Array; ifAbsent?: boolean }): Promise<StoredObject>;
	/** The bytes of a version (the latest when none is named). `not-found` before the first byte. */
	get(key: string, options?: { version?: string; range?: Range }): AsyncIterable<Uint8Array>;
	stat(key: string, version?: string): Promise<StoredObject>;
	/** Every version whose key begins with `prefix`, in order of key. */
	list(prefix: string): AsyncIterable<StoredObject>;
	/** Removes one version for good. `locked` while its retention runs. Removing what is not there is done already. */
	remove(key: string, version: string): Promise<void>;
	/** Object Lock COMPLIANCE until then. `locked` when it would shorten; `unsupported` without the capability. */
	retain(key: string, version: string, until: Date): Promise<void>;
	/** An address at which anyone reads this version for so many seconds. `unsupported` without the capability. */
	presign(key: string, version: string, seconds: number): Promise<string>;
	/** Answers when the store does; throws `unavailable`. */
	ping(): Promise<void>;
}

/** A body that remembers its own error: the caller's, which a store must not turn into one of storage. */
export function watched(body: AsyncIterable<Uint8Array>): { readonly bytes: AsyncIterable<Uint8Array>; threw(error: unknown): boolean } {
	const own: unknown[] = [];
	async function* bytes(): AsyncGenerator<Uint8Array> {
		try {
			yield* body;
		} catch (error) {
			own.push(error);
			throw error;
		}
	}
	return { bytes: bytes(), threw: (error) => own.includes(error) };
}
