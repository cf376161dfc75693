import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { founder } from '../people.ts';

async function deed(title: string, pages: number): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	for (let i = 1; i <= pages; i++) pdf.addPage([595, 842]).drawText(`${title}, page ${i}`, { x: 60, y: 760 });
	return Buffer.from(await pdf.save());
}
async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}

test('SIGN-5 several documents are chosen, put in order and sent as one; what is chosen lives in the address', async ({ browser }) => {
	const page = await founder(browser, { email: 'ada@parts.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const files = [['Contrat.pdf', 2], ['Annexe 1.pdf', 1], ['Annexe 2.pdf', 3]] as const;
	for (const [name, pages] of files) await page.setInputFiles('#files', { name, mimeType: 'application/pdf', buffer: await deed(name, pages) });
	for (const [name] of files) await expect(page.getByRole('link', { name })).toBeVisible({ timeout: 20_000 });
	await page.getByRole('link', { name: 'Contrat.pdf' }).click();
	await page.getByRole('link', { name: 'Faire signer avec d’autres' }).click();
	await expect(page.getByRole('button', { name: 'Réunir et continuer' })).toBeDisabled();
	await page.getByRole('link', { name: 'Ajouter Annexe 2.pdf' }).click();
	await page.getByRole('link', { name: 'Ajouter Annexe 1.pdf' }).click();
	const chosen = page.locator('ol .name');
	await expect(chosen).toHaveText(['Contrat.pdf', 'Annexe 2.pdf', 'Annexe 1.pdf']);
	await page.getByRole('link', { name: 'Avancer Annexe 1.pdf' }).click();
	await expect(chosen).toHaveText(['Contrat.pdf', 'Annexe 1.pdf', 'Annexe 2.pdf']);
	await page.goBack();
	await expect(chosen).toHaveText(['Contrat.pdf', 'Annexe 2.pdf', 'Annexe 1.pdf']);
	await page.goForward();
	await page.setViewportSize({ width: 390, height: 844 });
	await accessible(page);
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.getByLabel('Nom de l’ensemble').fill('Contrat et annexes');
	await page.getByRole('button', { name: 'Réunir et continuer' }).click();
	await page.waitForURL('**/envelopes/new**');
	await page.getByRole('link', { name: '← Contrat et annexes.pdf' }).click();
	await expect(page.getByRole('heading', { name: 'Réuni à partir de' })).toBeVisible();
	await expect(page.locator('ol li')).toHaveText(['Contrat.pdf – pages 1 à 2', 'Annexe 1.pdf – page 3', 'Annexe 2.pdf – pages 4 à 6']);
	await accessible(page);
});
