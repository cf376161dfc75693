// People of the browser tests: someone with an organisation and a safe, and what was sent to whom.

import { join } from 'node:path';
import { expect, type Browser, type Page } from '@playwright/test';
import postgres from 'postgres';
import { create } from '#lib/server/clients.ts';
import { composeWeb, withActor, type Parts } from '#lib/server/context.ts';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import { readSettings } from '#lib/server/env.ts';
import { register } from '#lib/server/identity/register.ts';
import { cookieName, find, start } from '#lib/server/identity/sessions.ts';
import * as terms from '#lib/server/identity/terms.ts';

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

/** An instance that runs: as its web process has it, and its owner's connection. */
async function compose(data: string): Promise<{ parts: Parts; owner: postgres.Sql }> {
	const { url } = await startEmbedded(join(data, 'postgres'));
	const settings = readSettings({ NODE_ENV: 'test', ORIGIN: origin(), DATA_DIRECTORY: data, DATABASE_URL: url('web', 'probant'), PRIVATE_INSTANCE: 'true' });
	return { parts: await composeWeb(settings), owner: postgres(url('owner', 'probant'), { max: 1 }) };
}
/** By its directory: a test may have one of its own. */
const composed = new Map<string, ReturnType<typeof compose>>();

/**
 * A founder, signed in, on the page of their safe. They come as from an address of their own, below the pages of registration
 * (which join.spec goes through): one address registers twenty in a quarter of an hour.
 */
export async function founder(browser: Browser, { email, locale, organisation, safe }: { email: string; locale: string; organisation: string; safe: string }): Promise<Page> {
	const data = process.env.PROBANT_DATA!;
	if (!composed.has(data)) composed.set(data, compose(data));
	const { parts, owner } = await composed.get(data)!;
	const nobody = withActor(parts, { person: null, client: null, via: 'web' });
	await register(nobody, email, { email, name: 'Ada Lovelace', password, locale: locale.startsWith('fr') ? 'fr' : 'en', terms: terms.current.version });
	const [row] = await owner<[{ id: string }]>`update person set confirmed_at = app.now() where email = ${email} returning id`;
	const secret = await nobody.tx((tx) => start(nobody, tx, row.id, { by: 'password', agent: 'e2e' }));
	const session = (await find(nobody, secret))!;
	await create(withActor(nobody, { person: session.person, client: null, via: 'web' }), session, { name: organisation, registrationNumber: '', safe });
	const context = await browser.newContext({ baseURL: origin(), locale });
	await context.addCookies([{ name: cookieName, value: secret, url: origin().replace('http:', 'https:') /* which this browser trusts localhost like */, secure: true, httpOnly: true, sameSite: 'Lax' }]);
	const page = await context.newPage();
	await page.goto('/dashboard');
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
