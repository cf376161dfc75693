// The composition root: what every domain verb gets as its first argument, the process's parts and who asks.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64 } from '#crypto/bytes.ts';
import type { Primitives, Sealing } from '#crypto/primitives.ts';
import { pemBodies } from '#crypto/x509/pem.ts';
import { connect, pool, type Actor, type Database, type Tx } from './db/pool.ts';
import { egress, type Egress } from './egress/client.ts';
import { readSettings, type Settings } from './env.ts';
import type { RecordHash } from './evidence/record-hash.ts';
import { nodePrimitives, rememberingVerdicts } from './keys/primitives.ts';
import { openRing } from './keys/ring.ts';
import type { PublicKeys, SigningKeys } from './keys/signing-keys.ts';
import type { StorageKey } from './keys/storage-key.ts';
import { openVault } from './keys/vault.ts';
import type { Mailer } from './mail/mailer.ts';
import { outbox } from './mail/outbox.ts';
import { fileStore } from './objects/file.ts';
import type { S3Settings } from './objects/s3.ts';
import type { ObjectStore } from './objects/store.ts';
import { bubblewrap } from './sandbox/bubblewrap.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { builtIn } from './signing-service/built-in.ts';
import { csc } from './signing-service/csc.ts';
import type { RemoteService, SigningService } from './signing-service/signing-service.ts';
import { ovhSms } from './sms/ovh.ts';
import type { SmsSender } from './sms/sender.ts';
import { twilioSms } from './sms/twilio.ts';
import { webhookSms } from './sms/webhook.ts';
import { httpClock } from './time/http.ts';
import type { TimeSource } from './time/source.ts';
import type { TimestampAuthority } from './tsa/authority.ts';
import { httpAuthority } from './tsa/http.ts';
import { internalAuthority } from './tsa/internal.ts';
import { httpWitness } from './witness/http.ts';
import type { Witness } from './witness/witness.ts';

/** Settings the domain needs; adapters have got theirs already. */
export interface DomainSettings {
	/** `https://safe.example` without a slash at its end. */
	readonly origin: string;
	/** As named in certificates, marks and messages. */
	readonly operator: string;
	/** Where reports of abuse are mailed; null: nowhere. */
	readonly operatorMail: string | null;
	readonly production: boolean;
	/** A private instance: its operator vouches for every client, none waits for verification (ACC-1). */
	readonly privateInstance: boolean;
	/** Certificate policy of this instance, dotted OID; the arc below it is ours. */
	readonly policy: string;
	/** Largest deposit in bytes. */
	readonly maximumSize: number;
	/** Regions (ISO 3166-1) whose telephone numbers get codes (SIGN-21). */
	readonly countries: readonly string[];
	/** Where uploads wait, sealed, until they are deposited. */
	readonly stageDirectory: string;
	/** Days for which images of identity documents are kept after the decision (SIGN-20). */
	readonly identityImageDays: number;
	/** Days for which an accepted identity counts. */
	readonly identityReuseDays: number;
	/** Days before the end of a proof at which it is renewed (SIGN-15). */
	readonly renewDays: number;
	/** Hash of evidence records: those under a weaker one are renewed under it. */
	readonly recordHash: RecordHash;
	/** DER roots of the outside timestamp authority; none where ours is used. */
	readonly timestampAnchors: readonly Uint8Array[];
	/** Most SMS in a day, whoever they are for. */
	readonly smsPerDay: number;
	/** What whoever hands in bounced mails must show; null: nobody does. */
	readonly bounceToken: string | null;
	/** The remote signing service that signs at level 2, as it is named; null: our own CA does. */
	readonly remote: RemoteService | null;
	/** Font files for letters that DejaVu lacks, first choice first. */
	readonly fonts: readonly string[];
}

/** The parts of a process, built once. Tests pass other adapters. */
export interface Parts {
	readonly database: Database;
	readonly primitives: Primitives & Sealing;
	readonly objects: ObjectStore;
	readonly storageKey: StorageKey;
	readonly settings: DomainSettings;
}

/** What only the worker holds: it alone seals, signs, timestamps and sends. */
export interface WorkerParts extends Parts {
	/** Where what was signed of the log is kept. */
	readonly anchor: ObjectStore;
	/** Who cosigns the log's checkpoints. */
	readonly witnesses: readonly Witness[];
	readonly signing: SigningKeys;
	readonly tsa: TimestampAuthority;
	/** Who signs in signers' names at level 2. */
	readonly signingService: SigningService;
	/** Our own CA: the same, or what level 1 in a signer's own name has whatever signs at level 2. */
	readonly builtIn: SigningService;
	/** Outside clocks beside the authority's. */
	readonly timeSources: readonly TimeSource[];
	/** How addresses found in data are asked. */
	readonly egress: Egress;
	readonly mailer: Mailer;
	readonly sms: SmsSender;
	/** Where it acts in a member's name: the role `web`, so that row-level security holds it to what they may see and do. Null: no `DATABASE_URL`. */
	readonly sending: Database | null;
	/** Where other people's parsers run; null where the host allows none: what needs it is off. */
	readonly sandbox: Sandbox | null;
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

/** The same context in a transaction that is open: what asks for one is a part of it. */
export const within = <C extends Asking>(ctx: C, tx: Tx): C => ({ ...ctx, tx: (act) => act(tx) });

/** S3's and SMTP's libraries are a good part of what a process loads: only where they are used. */
const s3Store = async (at: S3Settings): Promise<ObjectStore> => (await import('./objects/s3.ts')).s3Store(at);

/** The context of a job in a member's name: what they may do is decided as at a request of theirs. */
export function asMember(ctx: WorkerContext, member: { readonly person: string; readonly client: string }): Context {
	if (!ctx.sending) throw new Error('DATABASE_URL: missing, the worker cannot act for a member');
	const { primitives, objects, storageKey, settings } = ctx;
	return withActor({ database: ctx.sending, primitives, objects, storageKey, settings }, { ...member, via: 'worker' });
}

/** The parts of a web process. Throws when a part cannot be had; the caller stops the start. */
export async function composeWeb(settings: Settings = readSettings(process.env, 'web')): Promise<Parts> {
	return compose(settings, settings.DATABASE_URL);
}

/** The parts of the operator's command line: `url` is the role owner's, which row-level security does not bind. */
export const composeOwner = (settings: Settings, url: string): Promise<Parts> => compose(settings, url);

async function compose(settings: Settings, url: string | undefined): Promise<Parts> {
	if (!url) throw new Error('no database: start through `npm run up` or `npm start`, or set DATABASE_URL');
	const objects = settings.S3_ENDPOINT
		? await s3Store({ endpoint: settings.S3_ENDPOINT, region: settings.S3_REGION, bucket: settings.S3_BUCKET ?? '', accessKey: settings.S3_ACCESS_KEY ?? '', secretKey: settings.S3_SECRET_KEY ?? '' })
		: await fileStore(join(settings.DATA_DIRECTORY, 'objects'));
	const direct = settings.DATABASE_URL_LISTEN; // there is a pooler
	return {
		database: connect(pool(url, 20, !direct), direct ? pool(direct, 1) : undefined),
		primitives: nodePrimitives,
		objects,
		storageKey: await openVault(settings.STORAGE_KEY_DIRECTORY),
		settings: {
			origin: settings.ORIGIN,
			operator: settings.OPERATOR_NAME,
			operatorMail: settings.OPERATOR_MAIL ?? null,
			policy: settings.POLICY_OID,
			production: settings.production,
			privateInstance: settings.PRIVATE_INSTANCE,
			maximumSize: settings.MAXIMUM_SIZE,
			countries: settings.COUNTRIES.trim().split(/\s+/),
			stageDirectory: join(settings.DATA_DIRECTORY, 'stage'),
			identityImageDays: settings.IDENTITY_IMAGE_DAYS,
			identityReuseDays: settings.IDENTITY_REUSE_DAYS,
			renewDays: settings.RENEW_DAYS,
			recordHash: settings.RECORD_HASH,
			timestampAnchors: settings.TSA_URL ? await certificatesIn('TSA_ANCHORS_FILE', settings.TSA_ANCHORS_FILE ?? '') : [],
			smsPerDay: settings.SMS_PER_DAY,
			bounceToken: settings.MAIL_BOUNCE_TOKEN ?? null,
			remote: remoteOf(settings),
			fonts: settings.FONTS
		}
	};
}

const remoteOf = (s: Settings): RemoteService | null => (s.SIGNING_SERVICE === 'csc' ? { name: s.CSC_NAME ?? '', listed: s.CSC_LISTED ?? null } : null);

/** The certificates of a PEM file. An error names the setting. */
async function certificatesIn(setting: 'TSA_ANCHORS_FILE' | 'CSC_ANCHORS_FILE', path: string): Promise<Uint8Array[]> {
	const text = await readFile(path, 'utf8').catch((cause: unknown) => Promise.reject(new Error(`${setting}: ${path} cannot be read`, { cause })));
	const found = pemBodies(text, 'CERTIFICATE').map(fromBase64);
	if (!found.length) throw new Error(`${setting}: no certificate in ${path}`);
	return found;
}

/** Who signs in signers' names; null: our own CA. The settings are whole: env.ts looked. */
async function remoteService(s: Settings): Promise<SigningService | null> {
	const remote = remoteOf(s);
	if (!remote) return null;
	const url = (s.CSC_URL ?? '').replace(/\/$/, '');
	const authorization = s.CSC_AUTHORIZATION === 'basic' ? ({ kind: 'basic' } as const) : ({ kind: 'oauth2', url: s.CSC_TOKEN_URL ?? `${url}/oauth2/token` } as const);
	return csc({ ...remote, primitives: nodePrimitives, url, authorization, clientId: s.CSC_CLIENT_ID ?? '', clientSecret: s.CSC_CLIENT_SECRET ?? '', anchors: await certificatesIn('CSC_ANCHORS_FILE', s.CSC_ANCHORS_FILE ?? '') });
}

/** Where the log is anchored: a bucket and credentials of its own where they are set. An error names the setting. */
async function anchorOf(settings: Settings, objects: ObjectStore): Promise<ObjectStore> {
	const { ANCHOR_BUCKET: bucket, ANCHOR_ACCESS_KEY: accessKey, ANCHOR_SECRET_KEY: secretKey } = settings;
	if (!bucket) return objects;
	try {
		return await s3Store({ endpoint: settings.ANCHOR_ENDPOINT ?? settings.S3_ENDPOINT ?? '', region: settings.ANCHOR_REGION ?? settings.S3_REGION, bucket, accessKey: accessKey ?? '', secretKey: secretKey ?? '' });
	} catch (cause) {
		throw new Error(`ANCHOR_BUCKET: ${(cause as Error).message}`, { cause });
	}
}

/** How SMS go out; null where nothing is set. The settings are whole: env.ts looked. */
function smsOf(s: Settings): SmsSender | null {
	if (s.SMS_URL) return webhookSms(s.SMS_URL, s.SMS_TOKEN ?? null);
	if (s.OVH_SMS_SERVICE) return ovhSms({ endpoint: s.OVH_SMS_ENDPOINT, service: s.OVH_SMS_SERVICE, applicationKey: s.OVH_SMS_KEY ?? '', applicationSecret: s.OVH_SMS_SECRET ?? '', consumerKey: s.OVH_SMS_CONSUMER ?? '', sender: s.OVH_SMS_SENDER });
	return s.TWILIO_SID ? twilioSms({ endpoint: s.TWILIO_ENDPOINT, sid: s.TWILIO_SID, token: s.TWILIO_TOKEN ?? '', from: s.TWILIO_FROM ?? '' }) : null;
}

/** The parts of a worker process, with its keys, and what it publishes for everyone. */
export async function composeWorker(settings: Settings): Promise<{ parts: WorkerParts; published: PublicKeys }> {
	const parts = { ...(await compose(settings, settings.DATABASE_URL_WORKER)), primitives: rememberingVerdicts(nodePrimitives) };
	const vault = await openVault(settings.SIGNING_KEY_DIRECTORY);
	const { signing, published } = await openRing(settings.SIGNING_KEY_DIRECTORY, vault, settings.ORIGIN);
	const tsa = settings.TSA_URL
		? httpAuthority({ name: new URL(settings.TSA_URL).host, quality: { kind: 'third-party' }, anchors: parts.settings.timestampAnchors, policy: settings.TSA_POLICY ?? null, url: new URL(settings.TSA_URL) })
		: internalAuthority({ primitives: nodePrimitives, tsa: signing.tsa, root: published.root, policy: settings.POLICY_OID, now: Date.now });
	const own = builtIn({ primitives: nodePrimitives, signing, origin: settings.ORIGIN });
	const kept = outbox(parts.database.sql);
	const mailer = settings.SMTP_URL ? (await import('./mail/smtp.ts')).smtpMailer(settings.SMTP_URL, settings.MAIL_FROM, { bounces: settings.MAIL_BOUNCES, reportHeader: settings.MAIL_REPORT_HEADER }) : kept.mailer;
	const sms = smsOf(settings) ?? kept.sms;
	const sending = settings.DATABASE_URL ? connect(pool(settings.DATABASE_URL, 4, !settings.DATABASE_URL_LISTEN)) : null;
	return { parts: { ...parts, anchor: await anchorOf(settings, parts.objects), witnesses: settings.WITNESSES.map(({ line, url }) => httpWitness(line, url)), signing, tsa, signingService: (await remoteService(settings)) ?? own, builtIn: own, timeSources: settings.CLOCK_SOURCES.map(httpClock), egress: egress(settings.EGRESS_ALLOW), mailer, sms, sending, sandbox: await bubblewrap() }, published };
}
