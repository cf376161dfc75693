// Debian's Chromium, for the browser tests and the bench of pages: the one without windows, which costs half as much, or the whole one.

import { existsSync } from 'node:fs';

/** Its path; absent: Playwright's own. */
export const chromium = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

/** How Playwright starts it: as root it has no sandbox. */
export const launchOptions = (args: readonly string[] = []): { executablePath?: string; args: string[] } => ({
	...(chromium ? { executablePath: chromium } : {}),
	args: [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
});
