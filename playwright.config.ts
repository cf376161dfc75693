// Browser tests, on a whole instance of its own: embedded PostgreSQL, worker and web (test/e2e/start.ts).
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const debian = '/usr/bin/chromium';

export default defineConfig({
	testDir: 'test/e2e',
	globalSetup: './test/e2e/start.ts',
	workers: 1,
	timeout: 60_000,
	forbidOnly: Boolean(process.env.CI),
	reporter: 'list',
	use: {
		locale: 'en-GB',
		timezoneId: 'Europe/Paris',
		launchOptions: { ...(existsSync(debian) ? { executablePath: debian } : {}), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }
	}
});
