// Who makes a certificate in a signer's name and signs with its key: our own CA, or a remote signing service. The domain records both; neither stands in for the other.

import type { CertifiedSigner } from '../keys/signing-keys.ts';

/** It cannot sign now: down, slow, it answers nonsense, or it does not take our account. Worth a retry later; the message names no token and no person. */
export class SigningUnavailable extends Error {
	override name = 'SigningUnavailable';
}

/** It answered, and what it has must not be used: another's certificate, one that is not good, a signature that is not one. Nothing is signed. */
export class SigningRefused extends Error {
	override name = 'SigningRefused';
}

/** Who is to sign, as their certificate has to name them. */
export interface Person {
	readonly surname: string;
	readonly givenNames: string;
	/** What a remote service knows them by: their e-mail address. */
	readonly user: string;
}

export interface Asked {
	readonly person: Person;
	/** Certificate policy, dotted OID, of what our own CA issues; a remote service has its own. */
	readonly policy: string;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** A certificate and a signer over CAdES signed attributes, good for one signature. `sign` throws SigningUnavailable, SigningRefused; KeyUsed at the second call. */
export interface Certified extends CertifiedSigner {
	/** DER of the root its chain leads to: what later validations trust, whatever is configured by then. */
	readonly anchor: Uint8Array;
}

/** As the signature, the evidence and the pages name it. */
export interface RemoteService {
	readonly name: string;
	/** Where its CA stands on a trusted list, by the operator's configuration; null: nowhere. */
	readonly listed: string | null;
}

export interface SigningService {
	/** Null: our own CA, which is on no trusted list; its certificates are registered, answered for and revoked by the domain. */
	readonly remote: RemoteService | null;
	/** A certificate in this person's name, checked: chain, names, key usage, time. The key signs nothing yet. Throws SigningUnavailable, SigningRefused. */
	certify(asked: Asked): Promise<Certified>;
	/** Throws SigningUnavailable when nothing could be signed now. */
	look(): Promise<void>;
}
