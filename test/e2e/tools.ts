// Other people's programs, for what they say of our files.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** What a program says of a file, its name in the arguments being `a.pdf`; `made` reads a file that it wrote. */
export function said(program: string, args: readonly string[], pdf: Uint8Array, made?: string): string {
	const directory = mkdtempSync(join(tmpdir(), 'probant-e2e-tool-'));
	try {
		writeFileSync(join(directory, 'a.pdf'), pdf);
		const out = execFileSync(program, args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
		return made ? readFileSync(join(directory, made), 'utf8') : out;
	} finally {
		rmSync(directory, { recursive: true });
	}
}

/** For each signature of a PDF, in order: what pdfsig says of its value, and the name in its certificate. Document time-stamps (ETSI.RFC3161) are of no type it knows. Its exit status is about trust in our root, which it has never heard of. */
export const signatures = (pdf: Uint8Array): { valid: boolean; name: string }[] =>
	said('sh', ['-c', 'pdfsig a.pdf; true'], pdf)
		.split(/^Signature #/m)
		.slice(1)
		.filter((text) => !text.includes('Signature Type: unknown'))
		.map((text) => ({ valid: text.includes('Signature is Valid.'), name: /Signer Certificate Common Name: (.*)/.exec(text)?.[1] ?? '' }));

/** What a link of a page downloads. */
export async function saved(page: Page, selector: string): Promise<Buffer> {
	const [download] = await Promise.all([page.waitForEvent('download'), page.locator(selector).first().click()]);
	return Buffer.concat(await Array.fromAsync(await download.createReadStream()));
}
