import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { contract } from '../../support/signing.ts';
import { founder, newest } from '../people.ts';

/** No WCAG fault and nothing too wide, on a desktop and a phone, in both languages. */
async function fine(page: Page, name: string): Promise<void> {
	for (const locale of ['en', 'fr']) {
		await page.goto(new URL(page.url()).pathname); // not a form sent again
		const other = page.locator(`button[name=locale][value=${locale}]`);
		if (await other.count()) await other.click();
		await expect(page.locator('html')).toHaveAttribute('lang', locale);
		for (const [size, viewport] of [['desktop', { width: 1280, height: 900 }], ['phone', { width: 390, height: 844 }]] as const) {
			await page.setViewportSize(viewport);
			const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
			expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
			expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
			if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${locale}-${size}.png`, fullPage: true });
		}
		await page.setViewportSize({ width: 1280, height: 900 });
	}
}

test('SIGN-6 a sender fills in the model, is shown the line that cannot be sent, mends it, confirms, and follows the envelopes', async ({ browser }) => {
	test.setTimeout(180_000);
	const page = await founder(browser, { email: 'ada@bulk.example', locale: 'fr-FR', organisation: 'Foncière Martin', safe: 'Baux' });
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await page.setInputFiles('#files', { name: 'Bail.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await page.getByRole('link', { name: 'Bail.pdf' }).click();
	await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.locator('[name=email-1]').fill('zoe@bulk.example');
	await page.getByRole('button', { name: 'Préparer' }).click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await page.locator('summary', { hasText: 'Enregistrer comme modèle' }).click();
	await page.getByLabel('Rôle de Zoë Müller').fill('Locataire');
	await page.getByRole('button', { name: 'Enregistrer comme modèle' }).click();
	await page.waitForURL(/templates\/[0-9a-f-]{36}$/);
	await page.getByRole('link', { name: 'Envoyer à partir d’un fichier' }).click();
	await page.waitForURL('**/bulk');
	await fine(page, 'bulk-new');

	const [model] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Télécharger le fichier modèle' }).click()]);
	const header = Buffer.concat(await Array.fromAsync(await model.createReadStream() as AsyncIterable<Buffer>)).toString('utf8');
	expect(header).toBe('\ufeffLocataire (nom complet);Locataire (e-mail);Locataire (mobile);Locataire (langue);Titre;Délai en jours;Votre référence\r\n');
	const hand = async (second: string) => {
		const text = `${header}Anaïs Durand;anais@bulk.example;06 12 34 58 11;fr;Bail du 3;;B-3\r\n${second}\r\nChloé Petit;chloe@bulk.example;;en;;12;B-5\r\n`;
		await page.setInputFiles('[name=file]', { name: 'baux.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
		await page.getByRole('button', { name: 'Contrôler le fichier' }).click();
		await page.waitForURL(/bulks\/[0-9a-f-]{36}$/);
	};
	await hand('Bruno;bruno(at)bulk.example;;;;;B-4');
	await expect(page.getByRole('status')).toContainText('Une ligne sur 3 ne peut pas partir');
	await expect(page.locator('#line-3')).toContainText('Cette adresse n’est pas valable.');
	await expect(page.getByRole('button', { name: /^Envoyer/ })).toHaveCount(0);
	await fine(page, 'bulk-wrong');
	const [errors] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Télécharger les erreurs (CSV)' }).click()]);
	expect(Buffer.concat(await Array.fromAsync(await errors.createReadStream() as AsyncIterable<Buffer>)).toString('utf8')).toContain('3;Bruno;Locataire (e-mail);bruno(at)bulk.example;');

	await page.getByRole('link', { name: 'Redéposer un fichier corrigé' }).click();
	await page.waitForURL('**/bulk');
	await hand('Bruno;bruno@bulk.example;;;;;B-4');
	await expect(page.getByRole('status')).toContainText('Les 3 lignes peuvent partir.');
	await expect(page.getByText('En envoyant, vous confirmez que ce document n’est aucun de ces actes')).toBeVisible();
	await fine(page, 'bulk-checked');
	await page.getByRole('button', { name: 'Envoyer 3 enveloppes' }).click();
	await expect(page.getByText('3 enveloppes envoyées sur 3')).toBeVisible({ timeout: 60_000 });
	await expect(page.getByText('terminé')).toBeVisible();
	await fine(page, 'bulk-sent');
	expect(await newest(page, /\/sign\/\S{43}/, 'bruno@bulk.example')).toContain('/sign/');

	await page.locator('#line-2').getByRole('link').click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await expect(page.getByRole('heading', { name: 'Bail du 3' })).toBeVisible();
	await expect(page.getByText('anais@bulk.example')).toBeVisible();
	await page.goto('/bulks');
	await expect(page.getByRole('row', { name: /baux\.csv/ })).toHaveCount(2); // the first one waits to be forgotten
	await fine(page, 'bulks');
	expect(problems).toEqual([]);
	await page.context().close();
});
