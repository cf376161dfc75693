import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}
async function saved(page: Page, name: RegExp): Promise<Buffer> {
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).first().click()]);
	return Buffer.concat(await Array.fromAsync(await download.createReadStream()));
}

test('SIGN-19 SIGN-8 the signed document and the attestation are had again on a phone without JavaScript, with a fresh code; the sender sees both and sends them again', async ({ browser }) => {
	test.setTimeout(120_000);
	const ada = await founder(browser, { email: 'ada@copy.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Contrat', { x: 60, y: 760 });
	await ada.setInputFiles('#files', { name: 'Contrat.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await pdf.save()) });
	await ada.getByRole('link', { name: 'Contrat.pdf' }).click();
	await ada.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await ada.locator('[name=name-1]').fill('Zoë Müller');
	await ada.locator('[name=email-1]').fill('zoe@copy.example');
	await ada.locator('[name=number-1]').fill('06 98 76 54 41');
	await ada.locator('[name=locale-1]').selectOption('en');
	await ada.getByRole('button', { name: 'Préparer' }).click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await ada.getByRole('button', { name: /Envoyer/ }).click();
	const hand = await (await browser.newContext({ ...phone, locale: 'en-GB' })).newPage();
	await hand.goto(await newest(ada, /\/sign\/[\w-]{43}/, 'zoe@copy.example'));
	await hand.getByRole('button', { name: 'Open the document' }).click();
	await expect(hand.getByText('Bytes received and checked here')).toBeVisible({ timeout: 20_000 });
	await agreeToAll(hand);
	await hand.getByRole('button', { name: /Get the code by SMS at .*41/ }).click();
	await hand.getByRole('textbox', { name: 'Code received by SMS' }).fill(/\d{6}/.exec(await newest(ada, /\d{6} is your code to sign/, '+33698765441'))![0]);
	await hand.getByRole('button', { name: 'Sign', exact: true }).click();
	await expect(hand.getByText('It is signed')).toBeVisible({ timeout: 30_000 });

	const bare = await (await browser.newContext({ ...phone, locale: 'en-GB', javaScriptEnabled: false })).newPage();
	await bare.goto(await newest(ada, /\/copy\/[\w-]{43}/, 'zoe@copy.example'));
	await expect(bare.getByRole('heading', { name: 'Get a signed document again' })).toBeVisible();
	await expect(bare.getByText(/leaves this service/)).toBeVisible();
	await bare.getByRole('button', { name: 'Get a code' }).click();
	const code = /\d{6}/.exec(await newest(ada, /\d{6} is your code to open/, '+33698765441'))![0];
	await bare.getByRole('textbox', { name: 'Code received' }).fill(code === '111111' ? '222222' : '111111');
	await bare.getByRole('button', { name: 'Open', exact: true }).click();
	await expect(bare.getByRole('alert')).toContainText('4 tries are left');
	const door = await (await browser.newContext({ ...phone, locale: 'en-GB' })).newPage();
	await door.goto(bare.url());
	await accessible(door);
	await bare.getByRole('textbox', { name: 'Code received' }).fill(code);
	await bare.getByRole('button', { name: 'Open', exact: true }).click();
	await expect(bare.getByRole('heading', { name: 'Contrat' })).toBeVisible();
	for (const name of [/Download the signed document/, /Download my attestation/]) expect((await saved(bare, name)).subarray(0, 5).toString()).toBe('%PDF-');
	const seen = await (await browser.newContext({ ...phone, locale: 'en-GB', storageState: await bare.context().storageState() })).newPage();
	await seen.goto(bare.url());
	await expect(seen.getByRole('heading', { name: 'Contrat' })).toBeVisible();
	await accessible(seen);

	await ada.reload();
	await expect(ada.getByText('document signé parti')).toBeVisible();
	expect((await saved(ada, /Télécharger l’attestation/)).subarray(0, 5).toString()).toBe('%PDF-');
	await accessible(ada);
	await ada.getByRole('button', { name: 'Renvoyer le document signé' }).click();
	await expect(ada.getByRole('alert')).toHaveCount(0);
	await ada.getByRole('button', { name: 'Renvoyer le document signé' }).click();
	await expect(ada.getByRole('alert')).toContainText('par heure');
	await hand.reload();
	expect((await saved(hand, /Download my attestation/)).subarray(0, 5).toString()).toBe('%PDF-');
});
