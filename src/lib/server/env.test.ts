import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BadSettings, readSettings, table } from './env.ts';

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

test('OPS-2 production demands its own parts and HTTPS', () => {
	const named = problems({ NODE_ENV: 'production' }).map((p) => p.split(':')[0]);
	for (const name of ['DATABASE_URL', 'DATABASE_URL_WORKER', 'S3_ENDPOINT', 'SMTP_URL', 'SMS_URL', 'SIGNING_KEY_DIRECTORY', 'ORIGIN']) expect(named).toContain(name);
});

test('the README names every setting', () => {
	const readme = readFileSync('README.md', 'utf8');
	for (const { name } of table) expect(readme, name).toContain(`| \`${name}\` |`);
	for (const { about } of table) expect(readme).toContain(about);
});
