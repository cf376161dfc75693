// A signer of level 2 from the link to the signature: camera and file, the officer's queue, back to the document, and a certificate in their name (SIGN-3, SIGN-20).

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { launchOptions } from '../../../src/cli/chromium.ts';
import { pngOf } from '../../support/pictures.ts';
import { contract } from '../../support/signing.ts';
import { founder, newest, sign } from '../people.ts';
import { saved, signatures } from '../tools.ts';

// Chromium's own camera: a moving test picture, allowed without asking.
const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
test.use({ launchOptions: launchOptions(camera) });

const origin = process.env.PROBANT_ORIGIN!;
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function accessible(page: Page, _name: string): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	const wide = (await page.evaluate(() => document.documentElement.scrollWidth)) - page.viewportSize()!.width;
	expect(wide, 'too wide').toBeLessThanOrEqual(0);
}

test('SIGN-3 from the link to a signature in the signer’s own name: camera, file, review, code, certificate', async ({ browser }) => {
	test.setTimeout(240_000);
	const mail = `identity-${Date.now()}@e2e.example`;
	const ada = await founder(browser, { email: `ada-${mail}`, locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	await ada.setInputFiles('#files', { name: 'bail.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await expect(ada.getByRole('cell', { name: /horodaté/ })).toBeVisible({ timeout: 20_000 });
	await ada.goto('/settings/officers');
	await accessible(ada, 'officers');
	await ada.getByRole('button', { name: 'Désigner : Ada Lovelace' }).click();
	await expect(ada.getByRole('button', { name: 'Retirer : Ada Lovelace' })).toBeVisible();
	await ada.goto('/identity-checks');
	await expect(ada.getByText('Personne n’attend.')).toBeVisible();

	await ada.goto('/dashboard');
	await ada.getByRole('link', { name: 'Contrats' }).first().click();
	await ada.getByRole('link', { name: 'bail.pdf' }).click();
	await ada.waitForURL('**/documents/*');
	await ada.goto(`/envelopes/new?document=${new URL(ada.url()).pathname.split('/').at(-1)!}`);
	await ada.waitForLoadState('networkidle');
	await ada.locator('[name=name-1]').fill('Zoë Müller');
	await ada.locator('[name=email-1]').fill(mail);
	await ada.locator('[name=number-1]').fill('06 12 34 57 93');
	await ada.locator('[name=level-1]').check();
	await accessible(ada, 'new-envelope');
	await ada.locator('[name=surname-1]').fill('Müller');
	await ada.locator('[name=given-names-1]').fill('Zoë');
	await ada.locator('[name=birth-date-1]').fill('1990-05-17');
	await ada.locator('main form button').first().click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	const envelope = ada.url();
	await ada.locator('form[action="?/send"] button').click();
	await expect(ada.getByText('identité à montrer')).toBeVisible();
	await accessible(ada, 'envelope');

	const zoe = await (await browser.newContext({ baseURL: origin, locale: 'fr-FR', ...phone })).newPage();
	await zoe.goto(await newest(ada, /\/sign\/[\w-]{43}/, mail));
	await zoe.getByRole('button', { name: 'Ouvrir le document' }).click();
	await zoe.waitForURL('**/identity');
	await accessible(zoe, 'begin');
	await zoe.getByRole('radio', { name: /Carte d’identité/ }).check();
	await zoe.getByRole('button', { name: 'Commencer' }).click();
	const front = zoe.getByRole('region', { name: 'Recto' });
	const back = zoe.getByRole('region', { name: 'Verso' });
	await expect(zoe.getByRole('button', { name: 'Envoyer au contrôle' })).toBeDisabled();
	await zoe.waitForLoadState('networkidle');
	await front.getByRole('button', { name: 'Ouvrir l’appareil photo' }).click();
	await expect(front.getByRole('button', { name: 'Prendre la photo' })).toBeEnabled();
	await accessible(zoe, 'camera');
	await front.getByRole('button', { name: 'Prendre la photo' }).click();
	await expect(front.getByRole('img', { name: 'Aperçu' })).toBeVisible();
	await accessible(zoe, 'preview');
	await front.getByRole('button', { name: 'Garder cette image' }).click();
	await expect(front.getByText('Reçue')).toBeVisible();
	await back.locator('input[type=file]').setInputFiles({ name: 'verso.png', mimeType: 'image/png', buffer: Buffer.from(pngOf(1200, 760)) });
	await expect(back.getByText('L’image est nette.')).toBeVisible();
	await back.getByRole('button', { name: 'Reprendre' }).click();
	await back.locator('input[type=file]').setInputFiles({ name: 'verso.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
	await expect(back.getByRole('alert')).toContainText('ne s’ouvre pas');
	await back.locator('input[type=file]').setInputFiles({ name: 'verso.png', mimeType: 'image/png', buffer: Buffer.from(pngOf(1200, 760)) });
	await back.getByRole('button', { name: 'Garder cette image' }).click();
	await expect(back.getByText('Reçue')).toBeVisible();
	await accessible(zoe, 'captured');
	await zoe.getByRole('button', { name: 'Envoyer au contrôle' }).click();
	await expect(zoe.getByRole('heading', { name: 'Merci : vous pouvez fermer cette page' })).toBeVisible();
	await zoe.goto(zoe.url().replace(/\/identity.*/, ''));
	await zoe.waitForURL('**/identity');
	await accessible(zoe, 'free');

	await ada.goto(new URL(await newest(ada, /\/identity-checks\/[0-9a-f-]{36}/, `ada-${mail}`)).pathname);
	await expect.poll(() => ada.locator('img').evaluateAll((all) => all.map((i) => (i as HTMLImageElement).naturalWidth > 0))).toEqual([true, true]);
	await accessible(ada, 'review');
	await ada.getByRole('button', { name: 'Accepter' }).click();
	await expect(ada.getByRole('alert')).toContainText('Donnez un motif');
	await ada.getByLabel('Motif').fill('Comparé à l’œil : même nom, titre valable');
	await ada.getByRole('button', { name: 'Accepter' }).click();
	await expect(ada.getByRole('status')).toContainText('Décision enregistrée');
	await expect(ada.locator('img')).toHaveCount(0);
	await ada.goto('/identity-checks?shelf=decided');
	await accessible(ada, 'decided');
	await expect(ada.getByText('identité acceptée')).toBeVisible();

	await expect(zoe.getByRole('heading', { name: 'Votre identité est acceptée' })).toBeVisible();
	await newest(ada, /Vous pouvez signer/, mail);
	await zoe.getByRole('link', { name: 'Lire et signer' }).click();
	await sign(zoe, ada, '+33612345793');
	await expect(zoe.getByText(/certificat à votre nom, utilisé une seule fois/)).toBeVisible();
	await accessible(zoe, 'signed');

	await ada.goto(envelope);
	await expect(ada.getByText('✓ terminée')).toBeVisible({ timeout: 40_000 });
	const [signature] = signatures(await saved(ada, 'a[href$="/content"][download]'));
	expect(signature).toEqual({ valid: true, name: 'Zoë Müller' });
});

test('SIGN-3 without a camera, or without permission, a photo is chosen instead', async ({ browser }) => {
	test.setTimeout(120_000);
	const mail = `nocamera-${Date.now()}@e2e.example`;
	const ada = await founder(browser, { email: `ada-${mail}`, locale: 'en-GB', organisation: 'Ateliers Martin', safe: 'Contracts' });
	await ada.setInputFiles('#files', { name: 'lease.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await ada.getByRole('link', { name: 'lease.pdf' }).click();
	await ada.waitForURL('**/documents/*');
	await ada.goto(`/envelopes/new?document=${new URL(ada.url()).pathname.split('/').at(-1)!}`);
	await ada.waitForLoadState('networkidle');
	await ada.locator('[name=name-1]').fill('Bob Stone');
	await ada.locator('[name=email-1]').fill(mail);
	await ada.locator('[name=number-1]').fill('06 12 34 57 94');
	await ada.locator('[name=level-1]').check();
	await ada.locator('[name=surname-1]').fill('Stone');
	await ada.locator('[name=given-names-1]').fill('Bob');
	await ada.locator('main form button').first().click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await ada.locator('form[action="?/send"] button').click();
	const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', viewport: { width: 844, height: 390 } });
	await context.addInitScript(() => {
		navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
	});
	const bob = await context.newPage();
	const arrived = await newest(ada, /\/sign\/[\w-]{43}/, mail);
	const door = await bob.goto(arrived);
	expect(door!.headers()['permissions-policy']).toContain('camera=()');
	await bob.locator('main form button:not([name=help])').click();
	await bob.waitForURL('**/identity');
	expect((await bob.reload())!.headers()['permissions-policy']).toContain('camera=(self)');
	await bob.locator('[name=document][value=passport]').check();
	await bob.locator('form[action="?/begin"] button').click();
	await bob.waitForLoadState('networkidle');
	await bob.locator('.side button').first().click();
	await expect(bob.locator('.side [role=status]')).toBeVisible();
	await bob.locator('input[type=file]').setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer: Buffer.from(pngOf(1200, 840)) });
	await accessible(bob, 'landscape');
	await bob.locator('.side button').first().click();
	await expect(bob.locator('form[action="?/submit"] button')).toBeEnabled();
});
