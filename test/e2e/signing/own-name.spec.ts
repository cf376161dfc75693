import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { contract } from '../../support/signing.ts';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { width: 390, height: 844 };

async function accessible(page: Page, name: string): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
	if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

for (const [locale, words] of Object.entries({
	'fr-FR': { refused: 'votre organisation doit avoir écrit sa propre procédure', draft: 'signe avec un certificat à son nom', send: 'Envoyer', checked: 'Octets reçus et vérifiés ici', code: /Recevoir le code/, label: 'Code reçu par SMS', said: /\d{6} est votre code/, consent: 'n’a regardé aucune pièce d’identité', sign: 'Signer', worth: 'Le demandeur la présente comme une signature électronique avancée' },
	'en-GB': { refused: 'your organisation must have written its own identification procedure', draft: 'signs with a certificate in their name', send: 'Send', checked: 'Bytes received and checked here', code: /Get the code/, label: 'Code received by SMS', said: /\d{6} is your code/, consent: 'looked at no identity document', sign: 'Sign', worth: 'The sender puts it forward as an advanced electronic signature' }
})) {
	test(`SIGN-2 SIGN-17 a sender has someone sign in their own name only after a procedure of their own, and the signer is told what it is worth (${locale})`, async ({ browser }) => {
		test.setTimeout(180_000);
		const short = locale.slice(0, 2);
		const page = await founder(browser, { email: `ada@own-${short}.example`, locale, organisation: 'Ateliers Martin', safe: 'Contrats' });
		const problems: string[] = [];
		page.on('pageerror', (error) => problems.push(error.message));
		await page.setInputFiles('#files', { name: 'Bail.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
		await page.getByRole('link', { name: 'Bail.pdf' }).click();
		await page.waitForURL(/documents\/[0-9a-f-]{36}$/);
		const document = page.url();
		const ask = async () => {
			await page.locator('a[href^="/envelopes/new"]').click();
			await page.waitForURL(/envelopes\/new/);
		};
		await ask();
		const fill = async () => {
			await page.locator('[name=name-1]').fill('Zoë Müller');
			await page.locator('[name=email-1]').fill(`zoe@own-${short}.example`);
			await page.locator('[name=locale-1]').selectOption(short);
			await page.locator('[name=advanced-1]').check();
			await page.locator('[name=number-1]').fill(short === 'fr' ? '06 12 34 56 81' : '06 12 34 56 82');
			await page.locator('[name=surname-1]').fill('Müller');
			await page.locator('[name=given-names-1]').fill('Zoë');
		};
		await fill();
		await accessible(page, `own-new-${short}`);
		await page.setViewportSize(phone);
		await accessible(page, `own-new-${short}-phone`);
		await page.locator('main form button:not([type=button])').last().click();
		await expect(page.getByRole('alert')).toContainText(words.refused);
		await expect(page.locator('[name=advanced-1]')).toBeChecked(); // nothing typed is lost
		await expect(page.locator('[name=surname-1]')).toHaveValue('Müller');
		await accessible(page, `own-refused-${short}-phone`);

		page.on('dialog', (dialog) => void dialog.accept());
		await page.goto('/settings/texts/identification-procedure');
		await page.locator('[name=fr]').fill('Nous voyons la personne en agence, avec sa pièce d’identité.');
		await page.locator('[name=en]').fill('We see the person in our office, with their identity document.');
		await page.locator('form', { has: page.locator('[name=fr]') }).getByRole('button').click();
		await expect(page.getByRole('status')).toBeVisible();

		await page.goto(document);
		await ask();
		await fill();
		await page.locator('main form button:not([type=button])').last().click();
		await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
		await expect(page.getByText(words.draft).first()).toBeVisible();
		await accessible(page, `own-draft-${short}-phone`);
		await page.setViewportSize({ width: 1280, height: 900 });
		await page.getByRole('button', { name: words.send, exact: true }).click();

		const hand = await (await browser.newContext({ viewport: phone, isMobile: true, hasTouch: true, baseURL: process.env.PROBANT_ORIGIN!, locale })).newPage();
		hand.on('pageerror', (error) => problems.push(error.message));
		await hand.goto(await newest(page, /\/sign\/[\w-]{43}/, `zoe@own-${short}.example`));
		await hand.locator('main form button').first().click();
		await expect(hand.getByText(words.checked)).toBeVisible({ timeout: 20_000 });
		await expect(hand.getByText(words.consent)).toBeVisible();
		await agreeToAll(hand);
		await accessible(hand, `own-sign-${short}-phone`);
		await hand.getByRole('button', { name: words.code }).click();
		const code = await newest(page, words.said, short === 'fr' ? '+33612345681' : '+33612345682');
		await hand.getByRole('textbox', { name: words.label }).fill(code.slice(0, 6));
		await hand.getByRole('button', { name: words.sign, exact: true }).click();
		await expect(hand.getByText(words.worth)).toBeVisible({ timeout: 30_000 });
		await accessible(hand, `own-done-${short}-phone`);
		expect(problems).toEqual([]);
	});
}
