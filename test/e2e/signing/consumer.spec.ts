import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { contract } from '../../support/signing.ts';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function accessible(page: Page, name: string): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
	if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}
/** The same page as another device shows it. */
async function alsoOn(browser: Browser, page: Page, options: object, name: string): Promise<void> {
	const context = await browser.newContext({ ...options, storageState: await page.context().storageState() });
	const other = await context.newPage();
	await other.goto(page.url());
	await accessible(other, name);
	await context.close();
}

test('SIGN-18 a consumer reads the recap on a phone, goes back to correct, confirms, signs, and withdraws without JavaScript; the sender sees it and the document stays', async ({ browser }) => {
	test.setTimeout(240_000);
	const ada = await founder(browser, { email: 'ada@consumer.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	await ada.setInputFiles('#files', { name: 'Cuisine.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await ada.getByRole('link', { name: 'Cuisine.pdf' }).click();
	await ada.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await ada.locator('[name=name-1]').fill('Zoë Müller');
	await ada.locator('[name=email-1]').fill('zoe@consumer.example');
	await ada.locator('[name=number-1]').fill('06 98 76 54 61');
	await expect(ada.getByRole('group', { name: 'Contrat avec un consommateur' })).toBeHidden();
	await ada.getByRole('checkbox', { name: /Signe en consommateur/ }).first().check();
	await ada.locator('[name=contract-subject]').fill('Cuisine équipée, pose comprise');
	await ada.locator('[name=contract-price]').fill('beaucoup');
	await ada.locator('[name=runs-from]').selectOption('delivery');
	await ada.getByRole('button', { name: 'Préparer' }).click();
	await expect(ada.getByRole('alert')).toContainText('1 250,50');
	await expect(ada.locator('[name=contract-subject]')).toHaveValue('Cuisine équipée, pose comprise'); // nothing typed is lost
	await ada.locator('[name=contract-price]').fill('8 450,00');
	await ada.locator('[name=contract-price-note]').fill('acompte de 2 000 € à la commande');
	await accessible(ada, 'new');
	await ada.setViewportSize({ width: 390, height: 844 });
	await accessible(ada, 'new-phone');
	await ada.setViewportSize({ width: 1280, height: 900 });
	await ada.getByRole('button', { name: 'Préparer' }).click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await expect(ada.getByText('8 450,00 €')).toBeVisible();
	await accessible(ada, 'draft');
	await ada.getByRole('button', { name: 'Envoyer' }).click();

	const hand = await (await browser.newContext({ ...phone, locale: 'fr-FR' })).newPage();
	await hand.goto(await newest(ada, /\/sign\/[\w-]{43}/, 'zoe@consumer.example'));
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	await agreeToAll(hand);
	const recap = hand.getByRole('region', { name: 'Récapitulatif du contrat' });
	for (const said of ['Cuisine équipée, pose comprise', '8 450,00 €', 'Ateliers Martin', 'renoncer au contrat ici']) await expect(recap).toContainText(said);
	const code = hand.getByRole('button', { name: /Recevoir le code/ });
	await expect(code).toBeDisabled();
	await recap.getByRole('link', { name: 'Corriger ce que j’ai saisi' }).click();
	await expect(hand.locator('#agree')).toBeInViewport();
	await accessible(hand, 'recap-phone');
	await recap.getByRole('button', { name: 'Confirmer ce récapitulatif' }).click();
	await expect(recap.getByRole('status')).toContainText('récapitulatif confirmé');
	await accessible(hand, 'recap-confirmed-phone');
	await code.click();
	await hand.getByRole('textbox', { name: 'Code reçu par SMS' }).fill(/\d{6}/.exec(await newest(ada, /\d{6} est votre code pour signer/, '+33698765461'))![0]);
	await hand.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(hand.getByText('C’est signé')).toBeVisible({ timeout: 30_000 });

	const desk = { locale: 'fr-FR', viewport: { width: 1280, height: 900 } };
	const bare = await (await browser.newContext({ ...phone, locale: 'fr-FR', javaScriptEnabled: false })).newPage();
	await bare.goto(await newest(ada, /\/copy\/[\w-]{43}\/withdraw/, 'zoe@consumer.example'));
	await expect(bare).toHaveURL(/\/copy\/[\w-]{43}$/); // a code first
	await expect(bare.getByRole('region', { name: 'Renoncer au contrat ici' })).toContainText('Demandez d’abord un code');
	await alsoOn(browser, bare, { ...phone, locale: 'fr-FR' }, 'door-phone');
	await bare.getByRole('button', { name: 'Recevoir un code' }).click();
	await bare.getByRole('textbox', { name: 'Code reçu' }).fill(/\d{6}/.exec(await newest(ada, /\d{6} est votre code pour ouvrir/, '+33698765461'))![0]);
	await bare.getByRole('button', { name: 'Ouvrir', exact: true }).click();
	await expect(bare.getByText('Le jour de la livraison n’est pas encore enregistré ici.', { exact: false })).toBeVisible();
	await alsoOn(browser, bare, { ...phone, locale: 'fr-FR' }, 'open-phone');
	await alsoOn(browser, bare, desk, 'open');

	await ada.reload();
	await ada.locator('summary', { hasText: 'Livraison ou exécution' }).click();
	const today = await ada.locator('[name=deliveredOn]').getAttribute('max');
	await ada.locator('[name=deliveredOn]').fill(today!);
	await ada.getByRole('button', { name: 'Enregistrer ce jour' }).click();
	await expect(ada.getByText(/possible jusqu’au/)).toBeVisible();
	await bare.reload();
	await expect(bare.getByText(/Vous pouvez renoncer au contrat, sans motif, jusqu’au/)).toBeVisible();
	await bare.getByRole('link', { name: 'Renoncer au contrat ici' }).click();
	await expect(bare.getByRole('textbox', { name: 'Votre nom' })).toHaveValue('Zoë Müller');
	await alsoOn(browser, bare, { ...phone, locale: 'fr-FR' }, 'withdraw-phone');
	await alsoOn(browser, bare, desk, 'withdraw');
	await bare.getByRole('button', { name: 'Confirmer la rétractation' }).click();
	await expect(bare.getByRole('status')).toContainText('Vous avez renoncé au contrat le');
	await expect(async () => {
		await bare.reload();
		await expect(bare.getByRole('link', { name: 'Télécharger l’accusé de réception' })).toBeVisible({ timeout: 1000 });
	}).toPass({ timeout: 60_000 });
	const [download] = await Promise.all([bare.waitForEvent('download'), bare.getByRole('link', { name: 'Télécharger l’accusé de réception' }).click()]);
	expect(Buffer.concat(await Array.fromAsync(await download.createReadStream())).subarray(0, 5).toString()).toBe('%PDF-');
	await alsoOn(browser, bare, { ...phone, locale: 'fr-FR' }, 'withdrawn-phone');
	expect(await newest(ada, /Votre rétractation du contrat/, 'zoe@consumer.example')).toBeTruthy();
	expect(await newest(ada, /a renoncé au contrat/, 'ada@consumer.example')).toBeTruthy();

	await ada.reload();
	await expect(ada.getByText(/a renoncé au contrat le/)).toBeVisible();
	await expect(ada.getByText(/a signé/).first()).toBeVisible();
	await accessible(ada, 'withdrawn-envelope');
	await ada.setViewportSize({ width: 390, height: 844 });
	await accessible(ada, 'withdrawn-envelope-phone');
});

test('SIGN-18 the same in English, a service without a price, on a desktop', async ({ browser }) => {
	test.setTimeout(180_000);
	const ada = await founder(browser, { email: 'ada@consumer-en.example', locale: 'en-GB', organisation: 'Martin Works', safe: 'Contracts' });
	await ada.setInputFiles('#files', { name: 'Lesson.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await ada.getByRole('link', { name: 'Lesson.pdf' }).click();
	await ada.getByRole('link', { name: 'Send for signature', exact: true }).click();
	await ada.locator('[name=name-1]').fill('Joe Bloggs');
	await ada.locator('[name=email-1]').fill('joe@consumer-en.example');
	await ada.locator('[name=number-1]').fill('06 98 76 54 62');
	await ada.locator('[name=locale-1]').selectOption('en');
	await ada.getByRole('checkbox', { name: /Signs as a consumer/ }).first().check();
	await ada.locator('[name=contract-subject]').fill('A trial lesson');
	await ada.locator('[name=contract-pay]').selectOption('none');
	await accessible(ada, 'new-en');
	await ada.locator('main form button').first().click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await ada.locator('button[name=acts]').click();
	await expect(ada.getByText('Nothing to pay')).toBeVisible();
	const joe = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })).newPage();
	await joe.goto(await newest(ada, /\/sign\/[\w-]{43}/, 'joe@consumer-en.example'));
	await joe.getByRole('button', { name: 'Open the document' }).click();
	await expect(joe.getByText('Bytes received and checked here')).toBeVisible({ timeout: 20_000 });
	await agreeToAll(joe);
	await expect(joe.getByRole('region', { name: 'Recap of the contract' })).toContainText('for 14 days from the day everyone has signed');
	await joe.getByRole('button', { name: 'Confirm this recap' }).click();
	await expect(joe.getByRole('region', { name: 'Recap of the contract' }).getByRole('status')).toContainText('recap confirmed');
	await accessible(joe, 'recap-en');
	await joe.getByRole('button', { name: /Get the code by SMS/ }).click();
	await joe.getByRole('textbox', { name: 'Code received by SMS' }).fill(/\d{6}/.exec(await newest(ada, /\d{6} is your code to sign/, '+33698765462'))![0]);
	await joe.getByRole('button', { name: 'Sign', exact: true }).click();
	await expect(joe.getByText('It is signed')).toBeVisible({ timeout: 30_000 });
	await joe.goto((await newest(ada, /\/copy\/[\w-]{43}\/withdraw/, 'joe@consumer-en.example')).replace('/withdraw', ''));
	await joe.getByRole('button', { name: 'Get a code' }).click();
	await joe.getByRole('textbox', { name: 'Code received' }).fill(/\d{6}/.exec(await newest(ada, /\d{6} is your code to open/, '+33698765462'))![0]);
	await joe.getByRole('button', { name: 'Open', exact: true }).click();
	await joe.getByRole('link', { name: 'Withdraw from the contract here' }).click();
	await expect(joe.getByRole('button', { name: 'Confirm withdrawal' })).toBeVisible();
	await accessible(joe, 'withdraw-en');
	await joe.setViewportSize({ width: 390, height: 844 });
	await accessible(joe, 'withdraw-en-phone');
	await joe.getByRole('textbox', { name: 'E-mail address for the acknowledgement' }).fill('joe.private@consumer-en.example');
	await joe.getByRole('button', { name: 'Confirm withdrawal' }).click();
	await expect(joe.getByRole('status')).toContainText('You withdrew from the contract on');
	expect(await newest(ada, /Your withdrawal from the contract/, 'joe.private@consumer-en.example')).toBeTruthy();
	await accessible(joe, 'withdrawn-en-phone');
});
