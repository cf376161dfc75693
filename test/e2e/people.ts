// People of the browser tests: someone with an organisation and a safe, and what was sent to whom.

import { expect, type Browser, type Page } from '@playwright/test';

export const password = 'vélo crépuscule tarmac';
const origin = () => process.env.PROBANT_ORIGIN!;

/** The first match in what was sent to someone, once the worker has sent it. */
export async function newest(page: Page, pattern: RegExp, to: string): Promise<string> {
	const outbox = await page.context().newPage();
	let found: string | undefined;
	await expect(async () => {
		await outbox.goto(`${origin()}/outbox`);
		const texts = await outbox.locator('article', { has: outbox.locator('h2', { hasText: to }) }).allInnerTexts();
		found = texts.map((text) => pattern.exec(text)).find((match) => match)?.at(0);
		expect(found).toBeTruthy();
	}).toPass();
	await outbox.close();
	return found!.startsWith('/') ? `${origin()}${found}` : found!;
}

/** Ticks every box of a signer’s page: the consent, and each legal text by itself. */
export async function agreeToAll(page: Page): Promise<void> {
	for (const box of await page.locator('section:has(#agree) label > [type=checkbox]:not(.one *)').all()) await box.check();
}

/** A founder, signed in, on the page of their safe. Works by names of fields: any language. */
export async function founder(browser: Browser, { email, locale, organisation, safe }: { email: string; locale: string; organisation: string; safe: string }): Promise<Page> {
	const page = await (await browser.newContext({ baseURL: origin(), locale })).newPage();
	await page.goto('/register');
	await page.locator('[name=name]').fill('Ada Lovelace');
	await page.locator('[name=email]').fill(email);
	await page.locator('[name=password]').fill(password);
	await page.getByRole('checkbox').check();
	await page.locator('main form button').click();
	await expect(page.getByRole('status')).toBeVisible();
	await page.goto(await newest(page, /\/confirm\/[\w-]{43}/, email));
	await page.locator('main form button').click();
	await page.locator('[name=email]').fill(email);
	await page.locator('[name=password]').fill(password);
	await page.locator('main form button').first().click();
	await page.waitForURL('**/dashboard');
	await page.goto('/settings/organisation');
	await page.locator('form[action="?/found"] [name=name]').fill(organisation);
	await page.locator('[name=safe]').fill(safe);
	await page.locator('form[action="?/found"] button').click();
	await page.waitForURL('**/dashboard');
	await page.getByRole('link', { name: safe }).first().click();
	await page.waitForURL('**/safes/*');
	return page;
}
