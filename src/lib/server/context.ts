// The composition root: what every domain verb gets as its first argument, the process's parts and who asks.

import type { Primitives } from '#crypto/primitives.ts';
import type { Actor, Database, Tx } from './db/pool.ts';
import type { SigningKeys } from './keys/signing-keys.ts';
import type { StorageKey } from './keys/storage-key.ts';
import type { Mailer } from './mail/mailer.ts';
import type { ObjectStore } from './objects/store.ts';
import type { SmsSender } from './sms/sender.ts';
import type { TimestampAuthority } from './tsa/authority.ts';

/** Settings the domain needs; adapters have got theirs already. */
export interface DomainSettings {
	/** `https://safe.example` without a slash at its end. */
	readonly origin: string;
	/** As named in certificates, marks and messages. */
	readonly operator: string;
	readonly production: boolean;
	/** A private instance: its operator vouches for every client, none waits for verification (ACC-1). */
	readonly privateInstance: boolean;
	/** Largest deposit in bytes. */
	readonly maximumSize: number;
	/** Regions (ISO 3166-1) whose telephone numbers get codes (SIGN-21). */
	readonly countries: readonly string[];
	/** Where uploads wait, sealed, until they are deposited. */
	readonly stageDirectory: string;
}

/** The parts of a process, built once. Tests pass other adapters. */
export interface Parts {
	readonly database: Database;
	readonly primitives: Primitives;
	readonly objects: ObjectStore;
	readonly storageKey: StorageKey;
	readonly settings: DomainSettings;
}

/** What only the worker holds: it alone seals, signs, timestamps and sends. */
export interface WorkerParts extends Parts {
	readonly signing: SigningKeys;
	readonly tsa: TimestampAuthority;
	readonly mailer: Mailer;
	readonly sms: SmsSender;
}

interface Asking {
	readonly actor: Actor;
	/** One transaction in which row-level security knows the actor. No network or object I/O inside. */
	readonly tx: <T>(act: (tx: Tx) => Promise<T>) => Promise<T>;
}
export type Context = Parts & Asking;
export type WorkerContext = WorkerParts & Asking;

/** The context of one request or job. */
export function withActor<P extends Parts>(parts: P, actor: Actor): P & Asking {
	return { ...parts, actor, tx: (act) => parts.database.tx(actor, act) };
}
