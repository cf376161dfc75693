import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}
/** Where SHOTS says, for people to look at. */
const shot = async (page: Page, name: string) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });

/** A contract prepared for two people who share an address; the sender confirms it and sends. */
async function shared(page: Page, locale: 'fr' | 'en', email: string): Promise<void> {
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Contrat', { x: 60, y: 760 });
	await page.setInputFiles('#files', { name: 'Contrat.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await pdf.save()) });
	await page.getByRole('link', { name: 'Contrat.pdf' }).click();
	await page.locator('a[href^="/envelopes/new"]').click();
	for (const [n, name] of [[1, 'Zoë Müller'], [2, 'Bob Łuczak']] as const) {
		if (n > 1) await page.locator('button.more').click();
		await page.locator(`[name=name-${n}]`).fill(name);
		await page.locator(`[name=email-${n}]`).fill(email);
		await page.locator(`[name=number-${n}]`).fill(`06 12 34 59 6${n}`);
		await page.locator(`[name=locale-${n}]`).selectOption(locale);
	}
	await page.locator('main form button:not([type])').click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await expect(page.getByText(email).first()).toBeVisible();
	await accessible(page);
	await shot(page, `sharing-${locale}`);
	await page.locator('[name=sharing]').check();
	await page.locator('form[action="?/send"] button').click();
	await expect(page.locator('form[action="?/remind"]')).toBeVisible();
}

test('SIGN-21 on a phone a signer asks for paper and a question, stops reminders, reports abuse; the sender sees and answers', async ({ browser }) => {
	const ada = await founder(browser, { email: 'ada@help.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	await shared(ada, 'fr', 'couple@help.example');
	const envelope = ada.url();
	const hand = await (await browser.newContext({ ...phone, locale: 'fr-FR' })).newPage();
	await hand.goto(await newest(ada, /\/sign\/[\w-]{43}/, 'couple@help.example'));
	await shot(hand, 'door-fr');
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	await hand.getByLabel('Votre nom, tel qu’il figurera').fill('Zoë M.');
	await hand.getByText('Besoin d’aide ?').click();
	await hand.getByText('Demander une version papier').click();
	await hand.getByLabel('Un mot, une adresse postale').fill('12 rue des Lilas, Lyon');
	await hand.getByRole('button', { name: 'Demander le papier' }).click();
	await expect(hand.getByRole('status')).toContainText('l’expéditeur est prévenu');
	await expect(hand.getByText('12 rue des Lilas, Lyon')).toBeVisible();
	await hand.getByText('Poser une question à l’expéditeur').click();
	await hand.getByLabel('Votre question').fill('Le loyer est-il révisable ?');
	await hand.getByRole('button', { name: 'Envoyer la question' }).click();
	await expect(hand.getByRole('status')).toContainText('Question envoyée');
	await hand.getByText('Rappels par e-mail').click();
	await hand.getByLabel('Ne plus recevoir de rappel pour ce document').check();
	await hand.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(hand.getByRole('status')).toContainText('enregistré');
	await hand.getByText('Signaler un abus').click();
	await accessible(hand);
	await shot(hand, 'help-fr-phone');
	await hand.getByLabel('On me harcèle de demandes').check();
	await hand.getByRole('button', { name: 'Signaler à l’exploitant' }).click();
	await expect(hand.getByRole('status')).toContainText('transmis à l’exploitant');
	await expect(hand.getByLabel('Votre nom, tel qu’il figurera')).toHaveValue('Zoë M.'); // nothing typed is lost

	await ada.goto('/dashboard');
	await expect(ada.getByRole('link', { name: /Zoë Müller demande « .* » sur papier/ })).toBeVisible();
	await shot(ada, 'dashboard-fr');
	await ada.getByRole('link', { name: /Zoë Müller pose une question/ }).click();
	await expect(ada.getByText('ne veut plus de rappels')).toBeVisible();
	const question = ada.locator('li', { hasText: 'Le loyer est-il révisable ?' });
	await question.getByLabel('Votre réponse').fill('Oui, chaque année.');
	await question.getByRole('button', { name: 'Répondre et classer' }).click();
	await expect(question.getByText('répondue le')).toBeVisible();
	await accessible(ada);
	await shot(ada, 'requests-fr');
	await ada.setViewportSize(phone.viewport);
	await shot(ada, 'requests-fr-phone');
	expect(new URL(ada.url()).pathname).toBe(new URL(envelope).pathname);
	await newest(ada, /Oui, chaque année\./, 'couple@help.example');
});

test('SIGN-21 without JavaScript every act of the menu works from the link’s door, in English', async ({ browser }) => {
	const ada = await founder(browser, { email: 'ada@plainhelp.example', locale: 'en-GB', organisation: 'Martin', safe: 'Contracts' });
	await shared(ada, 'en', 'plain@help.example');
	const link = await newest(ada, /\/sign\/[\w-]{43}/, 'plain@help.example');
	const plain = await (await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false })).newPage();
	await plain.goto(link);
	await plain.getByRole('button', { name: 'Need help?' }).click();
	await plain.getByText('Ask for a paper version').click();
	await plain.getByRole('button', { name: 'Ask for paper' }).click();
	await expect(plain.getByRole('status')).toContainText('the sender is told');
	await plain.getByText('Reminders by e-mail').click();
	await plain.getByLabel(/No more reminders from Martin/).check();
	await plain.getByRole('button', { name: 'Save' }).click();
	await expect(plain.getByRole('status')).toContainText('Saved');
	await plain.getByText('Ask the sender a question').click();
	await plain.getByLabel('Your question').fill('May I come by?');
	await plain.getByRole('button', { name: 'Send the question' }).click();
	await expect(plain.getByText('May I come by?')).toBeVisible();
	await plain.getByText('Report abuse').click();
	await plain.getByLabel('I do not know this sender').check();
	await plain.getByRole('button', { name: 'Report to the operator' }).click();
	await expect(plain.getByRole('status')).toContainText('The sender is not told');
	await shot(plain, 'help-en');
});
