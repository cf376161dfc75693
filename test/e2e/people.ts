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

export interface Participant {
	readonly name: string;
	readonly email: string;
	readonly number: string;
	readonly locale?: 'fr' | 'en';
	/** Of level 2: what their identity document says. */
	readonly identity?: { readonly surname: string; readonly givenNames: string; readonly birthDate: string };
}

/** From the page of a safe: deposits a PDF, and prepares it for these people, one after another. Leaves its sender on the draft’s page. */
export async function prepareFor(page: Page, file: string, pdf: Uint8Array, people: readonly Participant[]): Promise<void> {
	await page.setInputFiles('#files', { name: file, mimeType: 'application/pdf', buffer: Buffer.from(pdf) });
	await page.getByRole('link', { name: file }).click();
	await page.waitForURL('**/documents/*');
	await page.goto(`/envelopes/new?document=${new URL(page.url()).pathname.split('/').at(-1)!}`);
	await page.waitForLoadState('networkidle');
	for (const [i, one] of people.entries()) {
		const n = i + 1;
		if (i) await page.locator('button.more').click();
		await page.locator(`[name=name-${n}]`).fill(one.name);
		await page.locator(`[name=email-${n}]`).fill(one.email);
		await page.locator(`[name=number-${n}]`).fill(one.number);
		await page.locator(`[name=locale-${n}]`).selectOption(one.locale ?? 'fr');
		if (!one.identity) continue;
		await page.locator(`[name=level-${n}]`).check();
		await page.locator(`[name=surname-${n}]`).fill(one.identity.surname);
		await page.locator(`[name=given-names-${n}]`).fill(one.identity.givenNames);
		await page.locator(`[name=birth-date-${n}]`).fill(one.identity.birthDate);
	}
	await page.locator('main form button').first().click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
}

/** Sends the draft whose page this is. */
export async function send(page: Page): Promise<void> {
	await page.locator('form[action="?/send"] button').click();
	await expect(page.locator('form[action="?/remind"]')).toBeVisible();
}

/** Through the door, from the newest link mailed to an address. `outbox`: a page of whoever may look there. */
export async function enter(page: Page, outbox: Page, email: string): Promise<void> {
	await page.goto(await newest(outbox, /\/sign\/[\w-]{43}/, email));
	await page.locator('main form button:not([name=help])').click();
	await page.waitForURL('**/signing/**');
}

/** The exact bytes are here, checked, and on show. */
export const readable = (page: Page) => expect(page.locator('#agree ~ p [type=checkbox]:enabled').first()).toBeVisible({ timeout: 40_000 });

/** The newest code sent to a number. */
export const codeFor = async (outbox: Page, number: string): Promise<string> => /\d{6}/.exec(await newest(outbox, /\d{6} (est votre code|is your code)/, number))![0];

/** On the signing page: agrees to everything, and asks for the code. */
export async function askForCode(page: Page): Promise<void> {
	await readable(page);
	await agreeToAll(page);
	await page.locator('button.wide').click();
	await expect(page.locator('input.code')).toBeFocused();
}

/** On the signing page: agrees, gets the code at that number, and signs. */
export async function sign(page: Page, outbox: Page, number: string): Promise<void> {
	await askForCode(page);
	await page.locator('input.code').fill(await codeFor(outbox, number));
	await page.locator('form:has(input.code) button').first().click();
	await expect(page.getByText(/C’est signé|It is signed/)).toBeVisible({ timeout: 40_000 });
}
