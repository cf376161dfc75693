// Tests of everything below the routes; they need no Kit. The browser's are Playwright's (playwright.config.ts).
import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['crypto/**/*.test.ts', 'src/**/*.test.ts', 'test/**/*.test.ts'],
		globalSetup: 'test/support/postgres.ts',
		exclude: ['test/e2e/**', 'node_modules/**'],
		testTimeout: 60_000,
		hookTimeout: 120_000,
		maxWorkers: 3 // on two cores: many wait for processes of their own
	}
});
