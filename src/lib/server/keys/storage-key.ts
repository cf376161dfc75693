// The storage key-encryption key: wraps safe keys. Web and worker hold it. Implementation: file.ts.

export interface StorageKey {
	/** Wraps 32 bytes, bound to `binding` (see crypto/seal/wrap.ts). The answer names the key version that wrapped. */
	wrap(key: Uint8Array, binding: readonly string[]): Promise<Uint8Array>;
	/** Throws CryptoError `mismatch` on another binding or altered bytes. */
	unwrap(wrapped: Uint8Array, binding: readonly string[]): Promise<Uint8Array>;
	/** Id of the key version that wrapped these bytes. */
	wrapperOf(wrapped: Uint8Array): string;
}
