import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { agreeToAll } from '../people.ts';

const origin = process.env.PROBANT_ORIGIN!;
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function contract(): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	for (let i = 1; i <= 3; i++) pdf.addPage([595, 842]).drawText(`Contrat de prestation, page ${i}`, { x: 60, y: 760 });
	return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

/** Someone with an organisation and a safe, signed in, in French. */
async function administrator(browser: Browser, email: string): Promise<Page> {
	const page = await (await browser.newContext({ baseURL: origin, locale: 'fr-FR' })).newPage();
	await page.goto('/register');
	await page.getByLabel('Nom').fill('Ada Lovelace');
	await page.getByLabel('Adresse e-mail').fill(email);
	await page.getByLabel('Mot de passe').fill('vélo crépuscule tarmac');
	await page.getByRole('checkbox').check();
	await page.getByRole('button', { name: 'Créer un compte' }).click();
	await page.goto(await inOutbox(page, new RegExp(`${origin}/confirm/[\\w-]{43}`), email));
	await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
	await page.getByLabel('Adresse e-mail').fill(email);
	await page.getByLabel('Mot de passe').fill('vélo crépuscule tarmac');
	await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
	await page.waitForURL('**/dashboard');
	await page.goto('/settings/organisation');
	await page.getByLabel('Nom de l’organisation').fill('Ateliers Martin');
	await page.getByLabel('Nom du premier coffre-fort').fill('Contrats');
	await page.getByRole('button', { name: 'Créer une organisation' }).click();
	await page.goto('/dashboard');
	await page.getByRole('link', { name: 'Contrats' }).first().click();
	await page.waitForURL('**/safes/*');
	return page;
}

/** The first match in what was sent to someone. */
async function inOutbox(page: Page, pattern: RegExp, to: string): Promise<string> {
	const outbox = await page.context().newPage();
	let found: string | undefined;
	await expect(async () => {
		await outbox.goto('/outbox');
		const texts = await outbox.locator('article', { hasText: to }).allInnerTexts();
		found = texts.map((t) => pattern.exec(t)).find((m) => m)?.at(0);
		expect(found).toBeTruthy();
	}).toPass();
	await outbox.close();
	return found!;
}

async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}

async function saved(page: Page, name: RegExp): Promise<Buffer> {
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).first().click()]);
	return Buffer.concat(await Array.fromAsync(await download.createReadStream()));
}

test('SAFE-3 SAFE-5 SIGN-2 SIGN-4 SIGN-9 LOG-5 a contract goes in, is signed on a phone, and its proof checks without us', async ({ browser }) => {
	test.setTimeout(180_000);
	const page = await administrator(browser, 'ada@contract.example');
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await accessible(page);

	await page.setInputFiles('#files', { name: 'Contrat « été ».pdf', mimeType: 'application/pdf', buffer: await contract() });
	await expect(page.getByRole('cell', { name: /horodaté/ })).toBeVisible({ timeout: 20_000 });
	await page.getByRole('link', { name: 'Contrat « été ».pdf' }).click();
	await expect(page.getByRole('link', { name: /Reçu \(JSON/ })).toBeVisible({ timeout: 20_000 });
	const receipt = await saved(page, /Reçu \(JSON/);
	await page.getByRole('button', { name: 'Contrôler l’intégrité' }).click();
	await expect(page.getByText('✓ intact')).toBeVisible();
	await accessible(page);

	await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await page.waitForURL('**/envelopes/new**');
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.locator('[name=email-1]').fill('zoe@contract.example');
	await page.locator('[name=number-1]').fill('01 42 68 53 00');
	await accessible(page);
	await page.getByRole('button', { name: 'Préparer' }).click();
	await expect(page.getByRole('alert')).toContainText('mobile');
	await expect(page.locator('[name=name-1]')).toHaveValue('Zoë Müller');
	await page.locator('[name=number-1]').fill('06 12 34 56 78');
	await page.getByRole('button', { name: 'Préparer' }).click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await page.getByRole('button', { name: /Envoyer/ }).click();
	await accessible(page);

	const link = await inOutbox(page, new RegExp(`${origin}/sign/[\\w-]{43}`), 'zoe@contract.example');
	const hand = await (await browser.newContext({ ...phone, baseURL: origin, locale: 'fr-FR' })).newPage();
	hand.on('pageerror', (error) => problems.push(error.message));
	await hand.goto(link);
	await accessible(hand);
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	await expect(hand.getByText('Page 3 sur 3')).toBeVisible();
	await expect(hand.getByRole('button', { name: /Recevoir le code/ })).toBeDisabled();
	await accessible(hand);
	await agreeToAll(hand);
	await hand.getByRole('button', { name: /Recevoir le code/ }).click();
	const code = /\d{6}/.exec(await inOutbox(page, /\d{6} est votre code/, '+33612345678'))![0];
	await hand.getByRole('textbox', { name: 'Code reçu par SMS' }).fill(code === '111111' ? '222222' : '111111');
	await hand.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(hand.getByText('Il reste 4 essais')).toBeVisible();
	await accessible(hand);
	await hand.getByRole('textbox', { name: 'Code reçu par SMS' }).fill(code);
	await hand.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(hand.getByText('C’est signé')).toBeVisible({ timeout: 30_000 });
	await expect(hand.getByText(/signature simple au sens du règlement eIDAS/)).toBeVisible();
	await accessible(hand);

	await expect(page.getByText('✓ terminée')).toBeVisible({ timeout: 30_000 });
	const signed = await saved(page, /Télécharger/);
	await page.goto('/verify');
	await page.waitForLoadState('networkidle');
	await page.context().setOffline(true);
	const input = page.locator('input[type=file]').first();
	await input.setInputFiles({ name: 'signed.pdf', mimeType: 'application/pdf', buffer: signed });
	await expect(page.getByText('TOTAL-PASSED').first()).toBeVisible({ timeout: 20_000 });
	await accessible(page);
	const altered = Buffer.from(signed);
	altered[300] = altered[300]! ^ 1;
	await input.setInputFiles({ name: 'altered.pdf', mimeType: 'application/pdf', buffer: altered });
	await expect(page.getByText('TOTAL-FAILED').first()).toBeVisible({ timeout: 20_000 });
	await input.setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: receipt });
	await expect(page.getByText('Ce reçu est authentique')).toBeVisible({ timeout: 20_000 });
	expect(problems).toEqual([]);
});

test('SIGN-6 a dead link and an ended session say what to do', async ({ browser }) => {
	const page = await (await browser.newContext({ ...phone, baseURL: origin, locale: 'en-GB' })).newPage();
	await page.goto(`/sign/${'x'.repeat(43)}`);
	await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
	await accessible(page);
	await page.goto('/signing/00000000-0000-4000-8000-000000000000');
	await expect(page.getByRole('alert')).toContainText('Open the link of the e-mail again');
});
