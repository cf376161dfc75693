// On the sender's tablet: hand-over, lock, a digitised signature and one with a code, and the device given back.

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { agreeToAll, founder, newest, password } from '../people.ts';

const origin = process.env.PROBANT_ORIGIN!;
const shots = process.env.SHOTS;
const sizes = { tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}
/** Nothing too wide, at each size; kept as pictures where a directory is named. */
async function fits(page: Page, name: string): Promise<void> {
	await accessible(page);
	for (const [size, viewport] of Object.entries(sizes)) {
		await page.setViewportSize(viewport);
		expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} ${size}`).toBeLessThanOrEqual(viewport.width);
		if (shots) await page.screenshot({ path: `${shots}/${name}-${size}.png`, fullPage: true });
	}
	await page.setViewportSize(sizes.tablet);
}
async function sheet(): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Bon de livraison', { x: 60, y: 760 });
	return Buffer.from(await pdf.save({ useObjectStreams: false }));
}
async function sent(page: Page, safe: string, people: readonly { name: string; email: string; number: string; manner: string }[], locale: string): Promise<string> {
	await page.goto(safe);
	await page.setInputFiles('#files', { name: `Bon ${crypto.randomUUID().slice(0, 6)}.pdf`, mimeType: 'application/pdf', buffer: await sheet() });
	await page.locator('main td a, main li a').filter({ hasText: /^Bon/ }).first().click();
	await page.waitForURL('**/documents/*');
	await page.goto(`/envelopes/new?document=${page.url().split('/').at(-1)!}`);
	await page.waitForLoadState('networkidle');
	for (const [i, p] of people.entries()) {
		if (i) await page.getByRole('button', { name: /^\+/ }).click();
		await page.locator(`[name=name-${i + 1}]`).fill(p.name);
		await page.locator(`[name=email-${i + 1}]`).fill(p.email);
		await page.locator(`[name=number-${i + 1}]`).fill(p.number);
		await page.locator(`[name=manner-${i + 1}]`).selectOption(p.manner);
	}
	await page.locator('[name=order][value=parallel]').check();
	await fits(page, `prepare-${locale}`);
	await page.locator('main form button').first().click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await page.locator('form[action="?/send"] button').click();
	await expect(page.locator('form[action="?/hand"]').first()).toBeVisible();
	const { pathname } = new URL(page.url());
	await page.goto(pathname);
	return pathname;
}
async function draw(page: Page): Promise<void> {
	const pad = page.locator('canvas[aria-label]').last();
	await pad.scrollIntoViewIfNeeded();
	const box = (await pad.boundingBox())!;
	await page.mouse.move(box.x + 40, box.y + 60);
	await page.mouse.down();
	for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + 40 + i * 18, box.y + 60 + (i % 2 ? 25 : -10));
	await page.mouse.up();
}

for (const [locale, t] of [
	['fr-FR', { checked: 'Octets reçus et vérifiés ici', class: /numérisée, sans code.*inférieure au niveau 1/, sign: 'Signer, sans code', done: 'C’est signé', back: 'Rendre l’appareil', locked: 'Cet appareil est remis pour signature', wrong: 'Ce mot de passe', get: /Recevoir le code/, code: 'Code reçu par SMS', signCode: 'Signer' }],
	['en-GB', { checked: 'Bytes received and checked here', class: /Digitised handwritten signature, no code: a class below level 1/, sign: 'Sign, without a code', done: 'It is signed', back: 'Give the device back', locked: 'This device was handed over for a signature', wrong: 'password', get: /Get the code/, code: 'Code received by SMS', signCode: 'Sign' }]
] as const) {
	test(`SIGN-6 SIGN-14 on the sender’s tablet, ${locale}: handed over and locked, signed without a code and with one, given back`, async ({ browser }) => {
		test.setTimeout(240_000);
		const mine = `tablet-${locale.slice(0, 2)}`;
		const page = await founder(browser, { email: `${mine}@pages.example`, locale, organisation: 'Ateliers Martin', safe: 'Chantiers' });
		await page.setViewportSize(sizes.tablet);
		const safe = new URL(page.url()).pathname;
		const number = locale === 'fr-FR' ? '+33612345801' : '+33612345802';
		const envelope = await sent(page, safe, [{ name: 'Zoë Müller', email: `zoe-${mine}@test.example`, number: '', manner: 'digitised' }, { name: 'Bob Łuczak', email: `bob-${mine}@test.example`, number, manner: 'in-person' }], locale.slice(0, 2));
		await expect(page.getByText(t.class).first()).toBeVisible();
		await fits(page, `envelope-${mine}`);
		const other = await page.context().newPage();
		await other.goto('/dashboard');
		await other.waitForLoadState('networkidle');

		await page.getByRole('button', { name: /Zoë/ }).click();
		await page.waitForURL('**/signing/*');
		const signing = new URL(page.url()).pathname;
		await expect(page.getByText(t.checked)).toBeVisible({ timeout: 20_000 });
		await expect(other.getByRole('heading', { name: t.locked })).toBeVisible(); // the other tab shows nothing of the sender's any more
		for (const path of [envelope, '/dashboard', '/settings/account', safe, '/']) {
			await other.goto(path);
			await expect(other.getByRole('heading', { name: t.locked })).toBeVisible();
		}
		expect(await other.evaluate((path) => fetch(`${path}/events`).then((r) => r.status), envelope)).toBe(403);
		await other.close();
		await page.bringToFront(); // a page behind another draws nothing, and axe waits for it to
		await page.goBack();
		await expect(page.getByRole('heading', { name: t.locked })).toBeVisible();
		await fits(page, `locked-${mine}`);
		await page.goto(signing);
		await expect(page.getByText(t.checked)).toBeVisible({ timeout: 20_000 });
		await agreeToAll(page);
		const button = page.locator('section:has(#agree) > button').last();
		await expect(button).toBeDisabled();
		await expect(async () => {
			await draw(page); // what takes the strokes comes with the pad’s own code
			await expect(page.getByRole('button', { name: t.sign })).toBeEnabled({ timeout: 1000 });
		}).toPass();
		await fits(page, `digitise-${mine}`);
		await page.getByRole('button', { name: t.sign }).click();
		await expect(page.getByText(t.done)).toBeVisible({ timeout: 30_000 });
		await expect(page.getByText(/inférieure au niveau 1|below level 1/).first()).toBeVisible();
		await fits(page, `digitised-${mine}`);
		await page.getByRole('link', { name: t.back }).click();
		await page.locator('[name=password]').fill('not the password');
		await page.locator('form[action="?/password"] button').click();
		await expect(page.getByRole('alert')).toBeVisible();
		await page.locator('[name=password]').fill(password);
		await page.locator('form[action="?/password"] button').click();
		await page.waitForURL(`**${envelope}`);
		await page.goto(signing);
		await expect(page.getByRole('alert')).toBeVisible(); // the signer's session ended with the lock
		await page.goto(envelope);

		await page.getByRole('button', { name: /Bob/ }).click();
		await expect(page.getByText(t.checked)).toBeVisible({ timeout: 20_000 });
		await agreeToAll(page);
		await draw(page);
		await page.getByRole('button', { name: t.get }).click();
		const phone = await (await browser.newContext({ baseURL: origin })).newPage(); // the outbox stands for the signer's own phone
		const code = (await newest(phone, /\b\d{6}\b/, number)).slice(0, 6);
		await page.getByRole('textbox', { name: t.code }).fill(code);
		await page.getByRole('button', { name: t.signCode, exact: true }).click();
		await expect(page.getByText(t.done)).toBeVisible({ timeout: 30_000 });
		await page.getByRole('link', { name: t.back }).click();
		await page.locator('[name=password]').fill(password);
		await page.locator('form[action="?/password"] button').click();
		await page.waitForURL(`**${envelope}`);
		await expect(page.locator('dl').getByText(/terminée|complete/)).toBeVisible({ timeout: 30_000 });
	});
}
