import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BadSettings, readSettings, table, webEnvironment, workerOnly } from './env.ts';

const problems = (env: Record<string, string>): readonly string[] => {
	try {
		readSettings(env);
		return [];
	} catch (error) {
		if (error instanceof BadSettings) return error.problems;
		throw error;
	}
};

test('OPS-2 every bad setting is named at once', () => {
	expect(problems({ PORT: 'x', PRIVATE_INSTANCE: 'maybe', POLICY_OID: '1' }).map((p) => p.split(':')[0])).toEqual(['PORT', 'POLICY_OID', 'PRIVATE_INSTANCE']);
	expect(problems({ NODE_ENV: 'staging' })).toEqual(['NODE_ENV: staging']);
	expect(problems({ SMTP_URL_FILE: '/nowhere' })).toEqual(['SMTP_URL_FILE: /nowhere cannot be read']);
	expect(problems({})).toEqual([]);
});

test('OPS-1 without an address of its own it is where it listens', () => {
	expect(readSettings({}).ORIGIN).toBe('http://localhost:3000');
	expect(readSettings({ PORT: '3411' }).ORIGIN).toBe('http://localhost:3411');
	expect(readSettings({ PORT: '3411', ORIGIN: 'https://safe.example/' }).ORIGIN).toBe('https://safe.example');
});

test('OPS-2 production demands its own parts and HTTPS', () => {
	const named = problems({ NODE_ENV: 'production' }).map((p) => p.split(':')[0]);
	for (const name of ['DATABASE_URL', 'DATABASE_URL_WORKER', 'S3_ENDPOINT', 'SMTP_URL', 'SMS_URL', 'SIGNING_KEY_DIRECTORY', 'ORIGIN']) expect(named).toContain(name);
});

test('LOG-2 OPS-2 an anchor of its own has all it needs, or the start stops', () => {
	const own = { ANCHOR_BUCKET: 'log', ANCHOR_ACCESS_KEY: 'a', ANCHOR_SECRET_KEY: 's' };
	const s3 = { S3_ENDPOINT: 'https://s3.example' };
	expect(problems({ ...s3, ...own })).toEqual([]);
	expect(problems({ ...own, ANCHOR_ENDPOINT: 'https://elsewhere.example' })).toEqual([]);
	expect(problems(own)).toEqual(['ANCHOR_ENDPOINT: missing, ANCHOR_BUCKET is set']);
	for (const name of Object.keys(own)) expect(problems({ ...s3, ...own, [name]: '' })).toEqual([`${name}: missing, ${name === 'ANCHOR_BUCKET' ? 'ANCHOR_ACCESS_KEY' : 'ANCHOR_BUCKET'} is set`]);
	expect(problems({ ...s3, ANCHOR_REGION: 'x' })).toHaveLength(3);
});

test('LOG-2 OPS-2 witnesses are pairs of a verifier key and an address, or the start stops', () => {
	const line = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
	expect(readSettings({ WITNESSES: `${line} https://w1.example/\n${line}   https://w2.example/x` }).WITNESSES).toEqual([{ line, url: 'https://w1.example/' }, { line, url: 'https://w2.example/x' }]);
	expect(readSettings({}).WITNESSES).toEqual([]);
	for (const bad of [line, `https://w1.example ${line}`, `${line.replace('da77', 'da78')} https://w1.example`, `${line} w1`, `${line} https://w1.example x`]) expect(problems({ WITNESSES: bad }), bad).toEqual([expect.stringMatching(/^WITNESSES: /)]);
});

test('SIGN-12 OPS-2 a remote signing service has all it needs, over TLS, or the start stops', () => {
	const csc = { SIGNING_SERVICE: 'csc', CSC_NAME: 'Service', CSC_URL: 'https://csc.example/csc/v2', CSC_CLIENT_ID: 'a', CSC_CLIENT_SECRET: 's', CSC_ANCHORS_FILE: '/csc.pem' };
	expect(problems(csc)).toEqual([]);
	for (const name of ['CSC_NAME', 'CSC_URL', 'CSC_CLIENT_ID', 'CSC_CLIENT_SECRET', 'CSC_ANCHORS_FILE']) expect(problems({ ...csc, [name]: '' })).toEqual([`${name}: missing, SIGNING_SERVICE is csc`]);
	expect(problems({ ...csc, CSC_URL: 'http://csc.example/csc/v2' })).toEqual(['CSC_URL: must be https']);
	expect(problems({ ...csc, CSC_TOKEN_URL: 'http://127.0.0.1/token' })).toEqual([]);
	expect(problems({ ...csc, SIGNING_SERVICE: 'built-in' })).toHaveLength(5);
	expect(problems({ SIGNING_SERVICE: 'other', CSC_LISTED: 'x' })[0]).toMatch(/^SIGNING_SERVICE: /);
	const web = readSettings(webEnvironment({ ...csc, CSC_LISTED: 'FR, X' }), 'web');
	expect([web.SIGNING_SERVICE, web.CSC_NAME, web.CSC_LISTED, web.CSC_CLIENT_SECRET]).toEqual(['csc', 'Service', 'FR, X', undefined]);
});

test('the README names every setting', () => {
	const readme = readFileSync('README.md', 'utf8');
	for (const { name } of table) expect(readme, name).toContain(`| \`${name}\` |`);
	for (const { about } of table) expect(readme).toContain(about);
});

test('the web process gets and demands nothing of the worker’s', () => {
	const all = Object.fromEntries(['DATABASE_URL', ...workerOnly].flatMap((name) => [[name, 'x'], [`${name}_FILE`, '/x']]));
	expect(Object.keys(webEnvironment(all)).sort()).toEqual(['DATABASE_URL', 'DATABASE_URL_FILE']);
	const web = { NODE_ENV: 'production', ORIGIN: 'https://safe.example', DATABASE_URL: 'postgres://x/y', S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'b', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 's', STORAGE_KEY_DIRECTORY: '/keys' };
	expect(readSettings(web, 'web').production).toBe(true);
	expect(() => readSettings(web)).toThrow(/SMTP_URL: missing/);
});

test('SIGN-21 codes go to the EU, the EEA, Switzerland, the United Kingdom, Monaco and every French territory unless the instance says otherwise; nonsense stops the start', () => {
	const listed = new Set(readSettings({}).COUNTRIES.split(' '));
	const french = 'FR GP MQ GF RE YT PM BL MF WF PF NC TF'.split(' ');
	const union = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');
	expect([...listed].sort()).toEqual([...new Set([...french, ...union, 'IS', 'LI', 'NO', 'CH', 'GB', 'MC'])].sort());
	expect(readSettings({ COUNTRIES: 'FR CA' }).COUNTRIES).toBe('FR CA');
	for (const wrong of ['France', 'fr', 'FR,BE']) expect(problems({ COUNTRIES: wrong })).toEqual(['COUNTRIES: not codes of ISO 3166-1 with spaces between']);
});
