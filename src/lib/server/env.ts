// Settings: read once, every bad or missing one named together. Secrets may stand in files (NAME_FILE). README's table is made from `settings`.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseWitness } from '#crypto/tlog/cosignature.ts';
import { recordHashes } from './evidence/record-hash.ts';
import { nodePrimitives } from './keys/primitives.ts';

/** Thrown with one line for each wrong setting. */
export class BadSettings extends Error {
	override name = 'BadSettings';
	readonly problems: readonly string[];
	constructor(problems: readonly string[]) {
		super(`settings:\n${problems.map((p) => `  ${p}`).join('\n')}`);
		this.problems = problems;
	}
}

const url = z.url();
const flag = z.enum(['true', 'false']).transform((v) => v === 'true');
const port = z.coerce.number().int().min(1).max(65535);
const size = z.coerce.number().int().min(1);
const days = z.coerce.number().int().min(1).max(36_525);
const optional = z.string().min(1).optional();

/** Files that can be read. */
const paths = z
	.string()
	.default('')
	.transform((text) => text.split(':').filter(Boolean))
	.refine((files) => files.every((file) => existsSync(file)), 'no such file');

const words = z
	.string()
	.default('')
	.transform((text) => text.split(/\s+/).filter(Boolean));

const addresses = words.refine((all) => all.every((one) => url.safeParse(one).success && /^https?:/.test(one)), 'not an address of HTTP');

/** Pairs of a witness's verifier line and its address. */
const witnesses = z
	.string()
	.default('')
	.transform((text, check) => {
		const words = text.split(/\s+/).filter(Boolean);
		return Array.from({ length: Math.ceil(words.length / 2) }, (_, i) => {
			const [line = '', address = ''] = words.slice(2 * i, 2 * i + 2);
			try {
				parseWitness(nodePrimitives, line);
			} catch (error) {
				check.addIssue(`${line}: ${(error as Error).message}`);
			}
			if (!url.safeParse(address).success) check.addIssue(`${line}: no address behind it`);
			return { line, url: address };
		});
	});

/** Every setting: its shape, and what it is for (the README's words). */
const shapes = {
	ORIGIN: { shape: url.default(''), about: 'Public address, without a slash at its end. Default: `http://localhost` and the port. HTTPS in production.' },
	HOST: { shape: z.string().default('127.0.0.1'), about: 'Address the web process listens on.' },
	ADDRESS_HEADER: { shape: z.string().regex(/^[a-z0-9-]+$/i).optional(), about: 'Header in which the reverse proxy says who asks, `x-forwarded-for` mostly: that address goes into limits and evidence, so the proxy must set it itself and be the only way in. Absent: the address that connects.' },
	XFF_DEPTH: { shape: z.coerce.number().int().min(1).max(10).default(1), about: 'Which address of `x-forwarded-for`, from its end: as many as there are proxies of yours.' },
	PORT: { shape: port.default(3000), about: 'Port the web process listens on.' },
	DATA_DIRECTORY: { shape: z.string().default(''), about: 'Where embedded parts keep their data. Default: `data` in the project, or `/var/lib/probant` as root.' },
	DATABASE_URL: { shape: url.optional(), about: 'PostgreSQL of the role `web`; the worker has it too, for what it does in a member’s name (bulk sending). Absent: embedded PostgreSQL (not in production).' },
	DATABASE_URL_WORKER: { shape: url.optional(), about: 'PostgreSQL of the role `worker`.' },
	DATABASE_URL_OWNER: { shape: url.optional(), about: 'PostgreSQL of the role `owner`: migrations.' },
	DATABASE_URL_JOBS: { shape: url.optional(), about: 'PostgreSQL of the role `jobs`: the queue.' },
	DATABASE_URL_LISTEN: { shape: url.optional(), about: 'PostgreSQL of the role `web` without the transaction pooler (PgBouncer) that `DATABASE_URL` and `DATABASE_URL_WORKER` then lead to: nothing is prepared there, and LISTEN goes here. The roles `owner` and `jobs` always go direct.' },
	S3_ENDPOINT: { shape: url.optional(), about: 'S3-compatible storage. Absent: files under DATA_DIRECTORY (not in production).' },
	S3_REGION: { shape: z.string().default('us-east-1'), about: 'Its region.' },
	S3_BUCKET: { shape: optional, about: 'Bucket; its versioning is turned on.' },
	S3_ACCESS_KEY: { shape: optional, about: 'Access key.' },
	S3_SECRET_KEY: { shape: optional, about: 'Secret key.', secret: true },
	ANCHOR_BUCKET: { shape: optional, about: 'Bucket of the log’s anchor, with credentials of its own that the web process never gets. Absent: `S3_BUCKET`, with its credentials.' },
	ANCHOR_ACCESS_KEY: { shape: optional, about: 'Its access key.' },
	ANCHOR_SECRET_KEY: { shape: optional, about: 'Its secret key.', secret: true },
	ANCHOR_ENDPOINT: { shape: url.optional(), about: 'Its storage, another provider’s for instance. Absent: `S3_ENDPOINT`.' },
	ANCHOR_REGION: { shape: optional, about: 'Its region. Absent: `S3_REGION`.' },
	WITNESSES: { shape: witnesses, about: 'Witnesses that cosign the log (C2SP tlog-witness): for each its verifier key and its submission prefix, `name+id+key https://…`, spaces or lines between.' },
	SMTP_URL: { shape: url.optional(), about: 'Mail server, `smtps://user:password@host`. Absent: outbox page (not in production).', secret: true },
	MAIL_FROM: { shape: z.string().default('Probant <probant@localhost>'), about: 'Sender of mails.' },
	MAIL_BOUNCES: { shape: z.email().optional(), about: 'Address that undelivered mails come back to: each mail goes out with its message’s id in it, `bounces+ID@safe.example`. Absent: to the sender’s address.' },
	MAIL_BOUNCE_TOKEN: { shape: z.string().min(20).optional(), about: 'Bearer token of whatever POSTs to `/mail` what came back to that address (`message/rfc822`). Absent: nothing is taken there.', secret: true },
	MAIL_REPORT_HEADER: { shape: z.string().regex(/^X-[A-Za-z0-9-]{1,60}$/).optional(), about: 'Header in which each mail tells its provider where to report: POST {"state": "delivered" or "undelivered", "reason", "detail"} there, once known. For providers that hand a header back and take it out. Absent: none.' },
	SMS_URL: { shape: url.optional(), about: 'SMS through any gateway: POST {to, text, id, report}; what became of it is POSTed to `report`. Without this, OVH or Twilio: outbox page (not in production).', secret: true },
	SMS_TOKEN: { shape: optional, about: 'Bearer token of that gateway.', secret: true },
	OVH_SMS_SERVICE: { shape: optional, about: 'SMS through OVHcloud: the service, `sms-xx1234-1`.' },
	OVH_SMS_KEY: { shape: optional, about: 'Its application key.' },
	OVH_SMS_SECRET: { shape: optional, about: 'Its application secret.', secret: true },
	OVH_SMS_CONSUMER: { shape: optional, about: 'Its consumer key, with GET and POST on `/sms/SERVICE/*`.', secret: true },
	OVH_SMS_SENDER: { shape: z.string().max(11).default(''), about: 'Its sender, validated by OVHcloud. Absent: a short number.' },
	OVH_SMS_ENDPOINT: { shape: url.default('https://eu.api.ovh.com/1.0'), about: 'Its API.' },
	TWILIO_SID: { shape: optional, about: 'SMS through Twilio: the account.' },
	TWILIO_TOKEN: { shape: optional, about: 'Its auth token.', secret: true },
	TWILIO_FROM: { shape: optional, about: 'Its number, sender name or messaging service.' },
	TWILIO_ENDPOINT: { shape: url.default('https://api.twilio.com'), about: 'Its API.' },
	TSA_URL: { shape: url.optional(), about: 'RFC 3161 authority. Absent: our own, shown as internal.' },
	TSA_ANCHORS_FILE: { shape: optional, about: 'PEM of the roots its tokens must chain to.' },
	TSA_POLICY: { shape: z.string().regex(/^\d+(\.\d+)+$/).optional(), about: 'Policy OID demanded of its tokens.' },
	SIGNING_SERVICE: { shape: z.enum(['built-in', 'csc']).default('built-in'), about: 'Who makes certificates in signers’ names at level 2, and signs with their keys: `built-in`, our own CA, on no trusted list; `csc`, a remote signing service over CSC API v2. Neither stands in for the other.' },
	CSC_NAME: { shape: z.string().min(1).max(100).optional(), about: 'That service, as marks and evidence name it.' },
	CSC_URL: { shape: url.optional(), about: 'Its API, `https://service.example/csc/v2`. A signer’s credential is looked up there by their e-mail address (`userID`), and has to be one that its client authorizes alone (auth mode `implicit`).' },
	CSC_AUTHORIZATION: { shape: z.enum(['oauth2', 'basic']).default('oauth2'), about: 'How we log in there: OAuth 2.0 client credentials, or `auth/login`.' },
	CSC_TOKEN_URL: { shape: url.optional(), about: 'Where it gives OAuth 2.0 tokens. Absent: `CSC_URL` and `/oauth2/token`.' },
	CSC_CLIENT_ID: { shape: optional, about: 'Our account there: client or user.' },
	CSC_CLIENT_SECRET: { shape: optional, about: 'Its secret or password.', secret: true },
	CSC_ANCHORS_FILE: { shape: optional, about: 'PEM of the roots that its certificates must chain to.' },
	CSC_LISTED: { shape: z.string().min(1).max(300).optional(), about: 'Where its CA stands on a trusted list: the list and its entry, shown with each signature. Only with it is the result called level 2. Absent: it stands on none.' },
	CLOCK_SOURCES: { shape: addresses, about: 'Outside clocks, by the Date of their answers: two or more HTTPS addresses of independent providers, spaces between. Our clock is compared with their median and an outside `TSA_URL` (a token every ten minutes then); over 6 s nothing is signed.' },
	EGRESS_ALLOW: { shape: words, about: 'Host names or addresses inside the network that addresses found in data may lead to, spaces between: the OCSP and CRL servers of an authority of your own. All other private and special addresses are refused.' },
	STORAGE_KEY_DIRECTORY: { shape: z.string().default(''), about: 'Storage key-encryption keys (web and worker).' },
	SIGNING_KEY_DIRECTORY: { shape: z.string().default(''), about: 'Signing keys and their key-encryption keys (worker only).' },
	OPERATOR_NAME: { shape: z.string().min(1).max(60).default('Probant'), about: 'Operator, as named in its certificates and messages.' },
	OPERATOR_MAIL: { shape: z.email().optional(), about: 'Address that signers’ reports of abuse are mailed to. Absent: they are kept, and `probant abuse list` shows them.' },
	OPERATOR_COUNTRY: { shape: z.string().regex(/^[A-Z]{2}$/).default('FR'), about: 'Its country.' },
	POLICY_OID: { shape: z.string().regex(/^\d+(\.\d+)+$/).default('1.3.6.1.4.1.99999.1.1'), about: 'Certificate and timestamp policy of this instance: take one of your own arc.' },
	PRIVATE_INSTANCE: { shape: flag.default(false), about: '`true`: the operator vouches for every client; none waits for verification, none needs credits.' },
	MAXIMUM_SIZE: { shape: size.default(5 * 2 ** 30), about: 'Largest deposit in bytes.' },
	IDENTITY_IMAGE_DAYS: { shape: days.default(2557), about: 'Days for which images of an identity document are kept after the decision. Seven years: the term for which a CA keeps its records (EN 319 411-1 §6.4.6).' },
	IDENTITY_REUSE_DAYS: { shape: days.default(90), about: 'Days for which an accepted identity counts, for the same client, name, address and number.' },
	RENEW_DAYS: { shape: days.default(365), about: 'Days before a certificate under a document’s last time-stamp ends at which the document, or its evidence record, gets a new one.' },
	RECORD_HASH: { shape: z.enum(recordHashes).default('SHA-256'), about: 'Hash of evidence records. Raise it (`SHA-384`, `SHA-512`) years before the one in use is given up: every record is then renewed under it by itself.' },
	WORKERS: { shape: z.coerce.number().int().min(1).max(16).default(1), about: 'Worker processes that `npm run up` and `npm start` run. One signs on one core: a second brings more signatures per second where there is a second core, and is there when the first is started again.' },
	SMS_PER_DAY: { shape: size.default(2000), about: 'Most SMS in a day (UTC) for the whole instance: a limit on what a day can cost. Above it no code is sent until the next day.' },
	FONTS: { shape: paths, about: 'Font files (TrueType, OpenType) for letters that DejaVu lacks, `:` between: Chinese, Devanagari … Marks and receipts name by its code point what no font has.' },
	COUNTRIES: {
		shape: z.string().regex(/^\s*[A-Z]{2}(\s+[A-Z]{2})*\s*$/, 'not codes of ISO 3166-1 with spaces between').default('FR GP MQ GF RE YT PM BL MF WF PF NC TF AT BE BG HR CY CZ DK EE FI DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO CH GB MC'),
		about: 'Countries whose numbers receive codes, ISO 3166-1, spaces between: France with its territories, EU, EEA, Switzerland, United Kingdom, Monaco.'
	}
} as const satisfies Record<string, { shape: z.ZodType; about: string; secret?: boolean }>;

export type SettingName = keyof typeof shapes;
export type Settings = { readonly [K in SettingName]: z.output<(typeof shapes)[K]['shape']> } & { readonly production: boolean };

/** Name, default and purpose of every setting, for the README. */
export const table = Object.entries(shapes).map(([name, { shape, about }]) => {
	const fallback = (shape as z.ZodType).safeParse(undefined);
	const standard = fallback.success && fallback.data !== undefined && fallback.data !== '' ? String(fallback.data) : '';
	return { name, standard, about };
});

const anchorSettings = ['ANCHOR_BUCKET', 'ANCHOR_ACCESS_KEY', 'ANCHOR_SECRET_KEY', 'ANCHOR_ENDPOINT', 'ANCHOR_REGION'] as const satisfies readonly SettingName[];

/** One of the anchor's settings needs the others: half of them would leave it where all else is. */
function anchorProblems(values: Readonly<Record<string, unknown>>): string[] {
	const set = anchorSettings.find((name) => values[name]);
	if (!set) return [];
	const lacking: string[] = ['ANCHOR_BUCKET', 'ANCHOR_ACCESS_KEY', 'ANCHOR_SECRET_KEY'].filter((name) => !values[name]);
	if (!values.ANCHOR_ENDPOINT && !values.S3_ENDPOINT) lacking.push('ANCHOR_ENDPOINT');
	return lacking.map((name) => `${name}: missing, ${set} is set`);
}

/** What each of these providers needs, its own first. */
const smsGroups = [['OVH_SMS_SERVICE', 'OVH_SMS_KEY', 'OVH_SMS_SECRET', 'OVH_SMS_CONSUMER'], ['TWILIO_SID', 'TWILIO_TOKEN', 'TWILIO_FROM']] as const satisfies readonly (readonly SettingName[])[];

/** One way for SMS, whole. */
function smsProblems(values: Readonly<Record<string, unknown>>, demanded: boolean): string[] {
	const begun = smsGroups.filter((group) => group.some((name) => values[name]));
	const ways = [...(values.SMS_URL ? ['SMS_URL'] : []), ...begun.map(([name]) => name)];
	if (ways.length > 1) return [`${ways[1]}: set beside ${ways[0]}; one way for SMS`];
	if (!ways.length && demanded) return ['SMS_URL: missing'];
	return begun.flatMap((group) => group.filter((name) => !values[name]).map((name) => `${name}: missing, ${group.find((n) => values[n])} is set`));
}

/** What reaches the remote signing service: the worker's. */
const cscAccess = ['CSC_URL', 'CSC_CLIENT_ID', 'CSC_CLIENT_SECRET', 'CSC_ANCHORS_FILE'] as const satisfies readonly SettingName[];

/** A remote signing service whole, over TLS, or none. */
function cscProblems(values: Readonly<Record<string, unknown>>, worker: boolean, production: boolean): string[] {
	if (values.SIGNING_SERVICE !== 'csc') return [...cscAccess, 'CSC_NAME', 'CSC_TOKEN_URL', 'CSC_LISTED'].filter((name) => values[name]).map((name) => `${name}: set, and SIGNING_SERVICE is not csc`);
	const lacking = ['CSC_NAME', ...(worker ? cscAccess : [])].filter((name) => !values[name]).map((name) => `${name}: missing, SIGNING_SERVICE is csc`);
	const open = (['CSC_URL', 'CSC_TOKEN_URL'] as const).filter((name) => {
		if (!values[name]) return false;
		const { protocol, hostname } = new URL(String(values[name]));
		return protocol !== 'https:' && (production || !['localhost', '127.0.0.1'].includes(hostname));
	});
	return [...lacking, ...open.map((name) => `${name}: must be https`)];
}

/** What production cannot do without. */
const demanded: readonly SettingName[] = [
	'DATABASE_URL',
	'DATABASE_URL_WORKER',
	'DATABASE_URL_OWNER',
	'DATABASE_URL_JOBS',
	'S3_ENDPOINT',
	'S3_BUCKET',
	'S3_ACCESS_KEY',
	'S3_SECRET_KEY',
	'SMTP_URL',
	'STORAGE_KEY_DIRECTORY',
	'SIGNING_KEY_DIRECTORY'
];

function dataDirectory(given: string): string {
	if (given) return given;
	return process.getuid?.() === 0 ? '/var/lib/probant' : join(process.cwd(), 'data');
}

/** What only the worker and the supervisor need: the web process neither gets nor demands it. */
export const workerOnly: readonly SettingName[] = ['DATABASE_URL_WORKER', 'DATABASE_URL_OWNER', 'DATABASE_URL_JOBS', 'SMTP_URL', 'SMS_URL', 'SMS_TOKEN', ...smsGroups.flat(), 'SIGNING_KEY_DIRECTORY', 'WITNESSES', 'CLOCK_SOURCES', 'EGRESS_ALLOW', ...cscAccess, 'CSC_AUTHORIZATION', 'CSC_TOKEN_URL', ...anchorSettings];

/** The environment of a web process: nothing of the worker's, by name or by file. */
export function webEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const withheld = new Set<string>(workerOnly.flatMap((name) => [name, `${name}_FILE`]));
	return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !withheld.has(entry[0])));
}

/** Reads the settings of a process. Throws BadSettings with every problem. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env, of: 'web' | 'all' = 'all'): Settings {
	const problems: string[] = [];
	const mode = env.NODE_ENV ?? 'development';
	if (!['production', 'development', 'test'].includes(mode)) problems.push(`NODE_ENV: ${mode}`);
	const production = mode === 'production';
	const values: Record<string, unknown> = {};
	for (const [name, { shape }] of Object.entries(shapes)) {
		let text = env[name] || undefined;
		const path = env[`${name}_FILE`];
		if (path && !name.endsWith('_FILE')) {
			try {
				text = readFileSync(path, 'utf8').trim();
			} catch {
				problems.push(`${name}_FILE: ${path} cannot be read`);
			}
		}
		const read = (shape as z.ZodType).safeParse(text);
		if (read.success) values[name] = read.data;
		else problems.push(`${name}: ${read.error.issues.map((i) => i.message).join(', ')}`);
	}
	problems.push(...anchorProblems(values), ...smsProblems(values, production && of === 'all'), ...cscProblems(values, of === 'all', production));
	if (production) {
		for (const name of demanded) if (!values[name] && !(of === 'web' && workerOnly.includes(name))) problems.push(`${name}: missing`);
		if (!String(values.ORIGIN).startsWith('https://')) problems.push('ORIGIN: must be https in production');
		if (values.TSA_URL && !values.TSA_ANCHORS_FILE) problems.push('TSA_ANCHORS_FILE: missing, TSA_URL is set');
	}
	if (problems.length) throw new BadSettings(problems);
	const data = dataDirectory(String(values.DATA_DIRECTORY));
	return {
		...values,
		ORIGIN: String(values.ORIGIN || `http://localhost:${String(values.PORT)}`).replace(/\/$/, ''),
		DATA_DIRECTORY: data,
		STORAGE_KEY_DIRECTORY: values.STORAGE_KEY_DIRECTORY || join(data, 'storage-key'),
		SIGNING_KEY_DIRECTORY: values.SIGNING_KEY_DIRECTORY || join(data, 'signing-key'),
		production
	} as unknown as Settings;
}
