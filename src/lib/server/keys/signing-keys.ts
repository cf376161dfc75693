// What the worker alone signs and derives with; the web process never holds it. Implementation: file.ts under the signing key-encryption key.

import type { Signer } from '#crypto/primitives.ts';

/** A signing key with its certificate and the chain up to, but without, the root. DER. */
export interface CertifiedSigner {
	readonly signer: Signer;
	readonly certificate: Uint8Array;
	readonly chain: readonly Uint8Array[];
}

/** `publicKey` is 32 bytes. */
export interface CheckpointKey {
	readonly publicKey: Uint8Array;
	readonly signer: Signer;
}

export interface SigningKeys {
	/** The operator's service seal: signatures of level 1. */
	readonly serviceSeal: CertifiedSigner;
	/** The instance's seal: receipts, reports, evidence files. */
	readonly instanceSeal: CertifiedSigner;
	readonly tsa: CertifiedSigner;
	readonly ocsp: CertifiedSigner;
	/** Signs the CA's certificate and says that it is not revoked. */
	readonly root: CertifiedSigner;
	/** The issuing CA. */
	readonly ca: CertifiedSigner;
	/** Those it follows: they issue nothing any more, and still say what became of what they issued. */
	readonly former: readonly { readonly ca: CertifiedSigner; readonly ocsp: CertifiedSigner }[];
	/** Sign checkpoints (C2SP signed note, Ed25519): the newest, and those it follows until that is signed by both. `name` is the first log's. */
	readonly log: CheckpointKey & { readonly name: string; readonly earlier: readonly CheckpointKey[] };
	/** HMAC-SHA256 under the code key (ARCHITECTURE §4.4); 32 bytes. */
	code(message: Uint8Array): Uint8Array;
	/** HMAC-SHA256 under the link key: link secrets are derived when a message is sent and never stored; 32 bytes. */
	link(message: Uint8Array): Uint8Array;
}

/** What everyone may know of them; the worker publishes it in the database at start. */
export interface PublicKeys {
	/** DER of the root certificate. */
	readonly root: Uint8Array;
	readonly ca: Uint8Array;
}
