// Settings: read once, every bad or missing one named together. Secrets may stand in files (NAME_FILE). README's table is made from `settings`.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseWitness } from '#crypto/tlog/cosignature.ts';
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
	ORIGIN: { shape: url.default('http://localhost:3000'), about: 'Public address, without a slash at its end. HTTPS in production.' },
	HOST: { shape: z.string().default('127.0.0.1'), about: 'Address the web process listens on.' },
	PORT: { shape: port.default(3000), about: 'Port the web process listens on.' },
	DATA_DIRECTORY: { shape: z.string().default(''), about: 'Where embedded parts keep their data. Default: `data` in the project, or `/var/lib/probant` as root.' },
	DATABASE_URL: { shape: url.optional(), about: 'PostgreSQL of the role `web`. Absent: embedded PostgreSQL (not in production).' },
	DATABASE_URL_WORKER: { shape: url.optional(), about: 'PostgreSQL of the role `worker`.' },
	DATABASE_URL_OWNER: { shape: url.optional(), about: 'PostgreSQL of the role `owner`: migrations.' },
	DATABASE_URL_JOBS: { shape: url.optional(), about: 'PostgreSQL of the role `jobs`: the queue.' },
	S3_ENDPOINT: { shape: url.optional(), about: 'S3-compatible storage. Absent: files under DATA_DIRECTORY (not in production).' },
	S3_REGION: { shape: z.string().default('us-east-1'), about: 'Its region.' },
	S3_BUCKET: { shape: optional, about: 'Bucket, with versioning; Object Lock is used where it has it.' },
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
	SMS_URL: { shape: url.optional(), about: 'Webhook that sends an SMS: POST {to, text, id}. Absent: outbox page (not in production).', secret: true },
	SMS_TOKEN: { shape: optional, about: 'Bearer token of that webhook.', secret: true },
	TSA_URL: { shape: url.optional(), about: 'RFC 3161 authority. Absent: our own, shown as internal.' },
	TSA_ANCHORS_FILE: { shape: optional, about: 'PEM of the roots its tokens must chain to.' },
	TSA_POLICY: { shape: z.string().regex(/^\d+(\.\d+)+$/).optional(), about: 'Policy OID demanded of its tokens.' },
	STORAGE_KEY_DIRECTORY: { shape: z.string().default(''), about: 'Storage key-encryption keys (web and worker).' },
	SIGNING_KEY_DIRECTORY: { shape: z.string().default(''), about: 'Signing keys and their key-encryption keys (worker only).' },
	OPERATOR_NAME: { shape: z.string().min(1).max(60).default('Probant'), about: 'Operator, as named in its certificates and messages.' },
	OPERATOR_COUNTRY: { shape: z.string().regex(/^[A-Z]{2}$/).default('FR'), about: 'Its country.' },
	POLICY_OID: { shape: z.string().regex(/^\d+(\.\d+)+$/).default('1.3.6.1.4.1.99999.1.1'), about: 'Certificate and timestamp policy of this instance: take one of your own arc.' },
	PRIVATE_INSTANCE: { shape: flag.default(false), about: '`true`: the operator vouches for every client; none waits for verification, none needs credits.' },
	MAXIMUM_SIZE: { shape: size.default(5 * 2 ** 30), about: 'Largest deposit in bytes.' },
	IDENTITY_IMAGE_DAYS: { shape: days.default(2557), about: 'Days for which images of an identity document are kept after the decision. Seven years: the term for which a CA keeps its records (EN 319 411-1 §6.4.6).' },
	IDENTITY_REUSE_DAYS: { shape: days.default(90), about: 'Days for which an accepted identity counts, for the same client, name, address and number.' },
	FONTS: { shape: paths, about: 'Font files (TrueType, OpenType) for letters that DejaVu lacks, `:` between: Chinese, Devanagari … Marks and receipts name by its code point what no font has.' },
	COUNTRIES: {
		shape: z.string().default('FR GP MQ GF RE YT PM BL MF WF PF NC AT BE BG HR CY CZ DK EE FI DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO CH GB MC'),
		about: 'Countries whose numbers receive codes, ISO 3166-1.'
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
	'SMS_URL',
	'STORAGE_KEY_DIRECTORY',
	'SIGNING_KEY_DIRECTORY'
];

function dataDirectory(given: string): string {
	if (given) return given;
	return process.getuid?.() === 0 ? '/var/lib/probant' : join(process.cwd(), 'data');
}

/** What only the worker and the supervisor need: the web process neither gets nor demands it. */
export const workerOnly: readonly SettingName[] = ['DATABASE_URL_WORKER', 'DATABASE_URL_OWNER', 'DATABASE_URL_JOBS', 'SMTP_URL', 'SMS_URL', 'SMS_TOKEN', 'SIGNING_KEY_DIRECTORY', 'WITNESSES', ...anchorSettings];

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
	problems.push(...anchorProblems(values));
	if (production) {
		for (const name of demanded) if (!values[name] && !(of === 'web' && workerOnly.includes(name))) problems.push(`${name}: missing`);
		if (!String(values.ORIGIN).startsWith('https://')) problems.push('ORIGIN: must be https in production');
		if (values.TSA_URL && !values.TSA_ANCHORS_FILE) problems.push('TSA_ANCHORS_FILE: missing, TSA_URL is set');
	}
	if (problems.length) throw new BadSettings(problems);
	const data = dataDirectory(String(values.DATA_DIRECTORY));
	return {
		...values,
		ORIGIN: String(values.ORIGIN).replace(/\/$/, ''),
		DATA_DIRECTORY: data,
		STORAGE_KEY_DIRECTORY: values.STORAGE_KEY_DIRECTORY || join(data, 'storage-key'),
		SIGNING_KEY_DIRECTORY: values.SIGNING_KEY_DIRECTORY || join(data, 'signing-key'),
		production
	} as unknown as Settings;
}
