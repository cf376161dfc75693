import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
/** Where PROBANT_SHOTS says, for people to look at. */
const shot = async (page: Page, name: string) => process.env.PROBANT_SHOTS && page.screenshot({ path: `${process.env.PROBANT_SHOTS}/${name}.png`, fullPage: true });
async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}

test('SIGN-6 a group made with the keyboard: one of two signs on a phone, the other’s open page and link say so', async ({ browser }) => {
	const ada = await founder(browser, { email: 'ada@group.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Contrat', { x: 60, y: 760 });
	await ada.setInputFiles('#files', { name: 'Contrat.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await pdf.save()) });
	await ada.getByRole('link', { name: 'Contrat.pdf' }).click();
	await ada.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await ada.locator('button.more').click();
	for (const [n, name] of [[1, 'Anne Roy'], [2, 'Béa Sy']] as const) {
		await ada.locator(`[name=name-${n}]`).fill(name);
		await ada.locator(`[name=email-${n}]`).fill(`${n}@group.example`);
		await ada.locator(`[name=number-${n}]`).fill(`06 12 34 59 7${n}`);
	}
	await ada.locator('[name=instead-2]').focus();
	await ada.keyboard.press('Space');
	await expect(ada.locator('[name=instead-2]')).toBeChecked();
	await accessible(ada);
	await shot(ada, 'group-new-fr');
	await ada.getByRole('button', { name: 'Préparer' }).click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await expect(ada.getByText('Groupe : une seule personne suffit parmi Anne Roy, Béa Sy').first()).toBeVisible();
	await ada.getByRole('button', { name: /Envoyer/ }).click();

	const [first, second] = await Promise.all([0, 1].map(async () => (await browser.newContext({ ...phone, locale: 'fr-FR' })).newPage())) as [Page, Page];
	const links = [await newest(ada, /\/sign\/[\w-]{43}/, '1@group.example'), await newest(ada, /\/sign\/[\w-]{43}/, '2@group.example')] as const;
	for (const [i, page] of [first, second].entries()) {
		await page.goto(links[i]!);
		await page.getByRole('button', { name: 'Ouvrir le document' }).click();
		await expect(page.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	}
	await expect(second.getByText('Une seule signature suffit pour votre groupe : la vôtre, ou celle de Anne Roy.')).toBeVisible();
	await accessible(second);
	await shot(second, 'group-signer-fr-phone');
	await agreeToAll(second);
	await second.getByRole('button', { name: /Recevoir le code par SMS/ }).click();
	await second.getByRole('textbox', { name: 'Code reçu par SMS' }).fill(/\d{6}/.exec(await newest(ada, /\d{6} est votre code/, '+33612345972'))![0]);
	await second.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(second.getByText('C’est signé')).toBeVisible({ timeout: 30_000 });
	await expect(first.getByText('Une autre personne de votre groupe l’a déjà fait')).toBeVisible({ timeout: 20_000 });
	await shot(first, 'group-spared-fr-phone');
	const late = await (await browser.newContext({ ...phone, locale: 'fr-FR' })).newPage();
	await late.goto(links[0]);
	await expect(late.getByRole('heading', { name: /Une autre personne de votre groupe/ })).toBeVisible();
	await accessible(late);
	await ada.reload();
	await expect(ada.getByText('un autre du groupe l’a fait')).toBeVisible();
	await accessible(ada);
	await shot(ada, 'group-envelope-fr');
	await ada.setViewportSize(phone.viewport);
	await shot(ada, 'group-envelope-fr-phone');
});
