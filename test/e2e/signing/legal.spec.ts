import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { contract } from '../../support/signing.ts';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function accessible(page: Page, name: string): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
	if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

test('SIGN-13 SIGN-16 SIGN-17 a client writes its own convention; a signer says for whom they sign, shows a mandate and accepts each text by itself on a phone', async ({ browser }) => {
	test.setTimeout(180_000);
	const page = await founder(browser, { email: 'ada@legal.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	const safe = page.url();
	await page.goto('/settings/organisation');
	await page.getByRole('link', { name: 'Textes juridiques' }).click();
	await expect(page.getByRole('listitem')).toHaveCount(6);
	await accessible(page, 'texts');
	await page.getByRole('link', { name: 'Lire et modifier : Acceptation de la forme électronique' }).click();
	await page.getByRole('textbox', { name: 'En anglais' }).fill('I accept the form.\n\nPaper is at the desk.');
	await page.getByRole('textbox', { name: 'En français' }).fill('x'.repeat(401));
	await page.getByRole('button', { name: 'Ajouter cette version' }).click();
	await expect(page.getByRole('alert')).toContainText('400');
	await expect(page.getByRole('textbox', { name: 'En anglais' })).toHaveValue('I accept the form.\n\nPaper is at the desk.'); // nothing typed is lost
	await page.getByRole('textbox', { name: 'En français' }).fill('J’accepte la forme électronique.\n\nLe papier est à l’accueil.');
	await page.getByRole('button', { name: 'Ajouter cette version' }).click();
	await expect(page.getByRole('status')).toBeVisible();
	await page.locator('summary', { hasText: 'Version 1' }).click();
	await expect(page.locator('summary', { hasText: 'fourni avec le produit' })).toBeVisible();
	await accessible(page, 'text');
	await page.setViewportSize({ width: 390, height: 844 });
	await accessible(page, 'text-phone');
	await page.setViewportSize({ width: 1280, height: 900 });

	await page.goto(safe);
	await page.setInputFiles('#files', { name: 'Bail.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await page.getByRole('link', { name: 'Bail.pdf' }).click();
	await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.locator('[name=email-1]').fill('zoe@legal.example');
	await page.locator('[name=number-1]').fill('06 12 34 56 71');
	await page.locator('[name=capacity-kind-1]').selectOption('asked');
	await page.locator('[name=mandate-1]').check();
	await accessible(page, 'new');
	await page.getByRole('button', { name: 'Préparer' }).click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await expect(page.getByText('En envoyant, vous confirmez que ce document n’est aucun de ces actes')).toBeVisible();
	await accessible(page, 'draft');
	await page.setViewportSize({ width: 390, height: 844 });
	await accessible(page, 'draft-phone');
	await page.getByRole('button', { name: 'Envoyer' }).click();

	const hand = await (await browser.newContext({ ...phone, baseURL: process.env.PROBANT_ORIGIN!, locale: 'fr-FR' })).newPage();
	hand.on('pageerror', (error) => problems.push(error.message));
	await hand.goto(await newest(page, /\/sign\/[\w-]{43}/, 'zoe@legal.example'));
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	const code = hand.getByRole('button', { name: /Recevoir le code/ });
	await hand.getByRole('checkbox', { name: /J’ai lu/ }).check();
	await hand.getByText('Lire la convention de preuve').click();
	await expect(hand.getByText(/n’établit aucune présomption irréfragable/)).toBeVisible();
	await hand.getByText('comment avoir le papier').click();
	await expect(hand.getByText('Le papier est à l’accueil.')).toBeVisible();
	await agreeToAll(hand);
	await expect(code).toBeDisabled(); // for whom?
	await hand.getByRole('radio', { name: 'Pour moi-même' }).check();
	await expect(code).toBeEnabled();
	await hand.getByRole('radio', { name: 'Pour une organisation' }).check();
	await hand.getByRole('textbox', { name: 'Organisation' }).fill('Dupont SARL');
	await hand.getByRole('textbox', { name: 'En qualité de' }).fill('gérante');
	await expect(code).toBeDisabled(); // without a mandate
	await hand.getByLabel('Le mandat qui vous y autorise').setInputFiles({ name: 'x.html', mimeType: 'text/html', buffer: Buffer.from('<p>') });
	await expect(hand.getByRole('alert')).toContainText('ni un PDF');
	await hand.getByLabel('Le mandat qui vous y autorise').setInputFiles({ name: 'pouvoir.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await expect(hand.getByText(/Mandat reçu.*– mandat\.pdf/)).toBeVisible();
	await hand.getByRole('checkbox', { name: /J’accepte la convention de preuve/ }).uncheck();
	await expect(code).toBeDisabled();
	await hand.getByRole('checkbox', { name: /J’accepte la convention de preuve/ }).check();
	await accessible(hand, 'signing');
	await code.click();
	await hand.getByRole('textbox', { name: 'Code reçu par SMS' }).fill((await newest(page, /\d{6} est votre code/, '+33612345671')).slice(0, 6));
	await hand.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(hand.getByText('C’est signé')).toBeVisible({ timeout: 30_000 });
	await page.reload();
	await page.getByRole('link', { name: 'Voir le mandat' }).click();
	await expect(page.getByRole('heading', { name: / – mandat\.pdf/ })).toBeVisible();
	expect(problems).toEqual([]);
});

test('SIGN-5 the sum of an acknowledgement of debt is placed from an amount, in the signer’s language', async ({ browser }) => {
	test.setTimeout(120_000);
	const page = await founder(browser, { email: 'ada@sums.example', locale: 'en-GB', organisation: 'Martin & Co', safe: 'Contracts' });
	await page.setInputFiles('#files', { name: 'Debt.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await page.getByRole('link', { name: 'Debt.pdf' }).click();
	await page.getByRole('link', { name: 'Send for signature', exact: true }).click();
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.locator('[name=email-1]').fill('zoe@sums.example');
	await page.locator('[name=number-1]').fill('06 12 34 56 72');
	await page.locator('[name=locale-1]').selectOption('fr');
	await page.getByRole('button', { name: 'Prepare' }).click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await page.getByRole('link', { name: 'Place the fields' }).click();
	await page.getByRole('button', { name: 'Mention', exact: true }).click();
	await page.getByText('Usual mentions').click();
	await page.getByRole('combobox', { name: 'Mention', exact: true }).selectOption('sum');
	const use = page.getByRole('button', { name: 'Use this mention' });
	await page.getByLabel('Amount in euros').fill('1.234');
	await expect(use).toBeDisabled(); // could be read in two ways
	await page.getByLabel('Amount in euros').fill('1,234.56');
	await use.click();
	await expect(page.getByLabel('Mention to copy')).toHaveValue(/^Bon pour la somme de mille deux cent trente-quatre euros et cinquante-six centimes \(1\s234,56\s€\)$/);
	await expect(page.locator('.kept')).toHaveText(/^Saved\s*$/);
	await accessible(page, 'sum');
});
