import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { founder } from '../people.ts';
import { docxOf, zipOf } from '../../support/office.ts';

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
}

test('SAFE-21 a Word document is made a copy that can be signed, read, and approved; one that cannot be says why', async ({ browser }) => {
	test.skip(!existsSync('/usr/bin/soffice'), 'LibreOffice is not installed');
	const page = await founder(browser, { email: 'ada@copies.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
	await page.setInputFiles('#files', [
		{ name: 'Contrat.docx', mimeType: type, buffer: Buffer.from(docxOf('Contrat de prestation')) },
		{ name: 'Archive.zip', mimeType: 'application/zip', buffer: Buffer.from(zipOf({ 'a.txt': 'a' })) }
	]);
	const safe = page.url();
	await page.getByRole('link', { name: 'Contrat.docx' }).click();
	await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await expect(page.getByRole('alert')).toContainText('ce n’est pas un PDF');
	await accessible(page);
	await page.getByRole('button', { name: 'Faire une copie à plat' }).click();
	await expect(page.getByText('Relisez chaque page')).toBeVisible({ timeout: 60_000 });
	await expect(page.getByText('Page 1 sur 1').first()).toBeAttached({ timeout: 20_000 });
	await accessible(page);
	await page.setViewportSize({ width: 390, height: 844 });
	await accessible(page);
	await page.getByRole('button', { name: 'Elle est fidèle : la faire signer' }).click();
	await page.waitForURL('**/envelopes/new**');
	await expect(page.getByRole('button', { name: 'Préparer' })).toBeVisible();

	await page.goto(safe);
	await page.getByRole('link', { name: 'Archive.zip' }).click();
	await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await page.getByRole('button', { name: 'Faire une copie à plat' }).click();
	await expect(page.getByRole('alert')).toContainText('ni un document de texte', { timeout: 60_000 });
	await expect(page.getByText('Rien n’est perdu')).toBeVisible();
	await accessible(page);
});
