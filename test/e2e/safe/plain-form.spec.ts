// A safe in a browser without JavaScript: a file goes in by the form, on a phone too, and what is refused is said.

import { expect, test } from '@playwright/test';
import { founder } from '../people.ts';

test('SAFE-3 without JavaScript a file is deposited by the form, and a bad one says why', async ({ browser }) => {
	const scripted = await founder(browser, { email: 'ada@plain-form.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const signedIn = await scripted.context().storageState();
	await expect(scripted.getByRole('button', { name: 'Déposer' })).toHaveCount(0); // its own upload does that
	for (const viewport of [{ width: 1280, height: 900 }, { width: 375, height: 740 }]) {
		const context = await browser.newContext({ storageState: signedIn, javaScriptEnabled: false, locale: 'fr-FR', viewport });
		const page = await context.newPage();
		await page.goto(scripted.url());
		await page.locator('#files').setInputFiles({ name: `Été ${viewport.width}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 contrat') });
		await page.getByRole('button', { name: 'Déposer' }).click();
		await expect(page.getByRole('link', { name: `Été ${viewport.width}.pdf` })).toBeVisible();
		await page.locator('#files').setInputFiles({ name: 'vide.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) });
		await page.getByRole('button', { name: 'Déposer' }).click();
		for (const words of ['vide.pdf', 'Ce fichier est vide']) await expect(page.getByRole('alert')).toContainText(words);
		await page.screenshot({ path: test.info().outputPath(`plain-${viewport.width}.png`), fullPage: true });
		await context.close();
	}
	await scripted.context().close();
});
