import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

test('SIGN-2 the signer says at which number the code reaches them, on a phone', async ({ browser }) => {
	const ada = await founder(browser, { email: 'ada@number.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Contrat', { x: 60, y: 760 });
	await ada.setInputFiles('#files', { name: 'Contrat.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await pdf.save()) });
	await ada.getByRole('link', { name: 'Contrat.pdf' }).click();
	await ada.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await ada.locator('[name=name-1]').fill('Zoë Müller');
	await ada.locator('[name=email-1]').fill('zoe@number.example');
	await ada.getByRole('button', { name: 'Préparer' }).click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await ada.getByRole('button', { name: /Envoyer/ }).click();
	const hand = await (await browser.newContext({ ...phone, locale: 'fr-FR' })).newPage();
	await hand.goto(await newest(ada, /\/sign\/[\w-]{43}/, 'zoe@number.example'));
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	await agreeToAll(hand);
	await expect(hand.getByRole('button', { name: 'Recevoir le code par SMS' })).toBeDisabled();
	await hand.getByLabel('Votre numéro de mobile').fill('01 42 68 53 00');
	await hand.getByRole('button', { name: 'Utiliser ce numéro' }).click();
	await expect(hand.getByRole('alert')).toContainText('mobile');
	await hand.getByLabel('Votre numéro de mobile').fill('06 98 76 54 32');
	const { violations } = await new AxeBuilder({ page: hand }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => v.id)).toEqual([]);
	await hand.getByRole('button', { name: 'Utiliser ce numéro' }).click();
	await expect(hand.getByRole('button', { name: 'Changer' })).toBeVisible();
	await hand.getByRole('button', { name: /Recevoir le code par SMS au .*32/ }).click();
	const code = /\d{6}/.exec(await newest(ada, /\d{6} est votre code/, '+33698765432'))![0];
	await hand.getByRole('textbox', { name: 'Code reçu par SMS' }).fill(code);
	await hand.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(hand.getByText('C’est signé')).toBeVisible({ timeout: 30_000 });
});
