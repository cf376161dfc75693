// Browser tests, on a whole instance of its own: embedded PostgreSQL, worker and web (test/e2e/start.ts). Two at a time; what is timed runs alone, after the others.
import { defineConfig } from '@playwright/test';
import { launchOptions } from './src/cli/chromium.ts';

const timed = 'signing/phone.spec.ts';

export default defineConfig({
	testDir: 'test/e2e',
	globalSetup: './test/e2e/start.ts',
	workers: 2,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	projects: [
		{ name: 'together', testIgnore: timed },
		{ name: 'alone', testMatch: timed, dependencies: ['together'], workers: 1 }
	],
	forbidOnly: Boolean(process.env.CI),
	reporter: 'list',
	use: {
		locale: 'en-GB',
		timezoneId: 'Europe/Paris',
		launchOptions: launchOptions()
	}
});
