import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { agreeToAll, founder, newest } from '../people.ts';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function lease(): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	for (let i = 1; i <= 2; i++) {
		const page = pdf.addPage([595, 842]);
		page.drawText(`Bail, page ${i}`, { x: 60, y: 760, size: 18 });
		page.drawText('Signature du locataire', { x: 60, y: 300 });
		if (i === 2) page.drawText('{{date:1}}', { x: 320, y: 300 });
	}
	return Buffer.from(await pdf.save({ useObjectStreams: false }));
}
async function accessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}
const boxOf = async (page: Page, name: RegExp) => (await page.getByRole('button', { name }).boundingBox())!;

test('SIGN-5 fields are placed by mouse, keys and text, filled in on a phone, and signed', async ({ browser }) => {
	test.setTimeout(180_000);
	const page = await founder(browser, { email: 'ada@fields.example', locale: 'fr-FR', organisation: 'Régie Martin', safe: 'Baux' });
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.setInputFiles('#files', { name: 'Bail.pdf', mimeType: 'application/pdf', buffer: await lease() });
	await page.getByRole('link', { name: 'Bail.pdf' }).click();
	await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await page.waitForURL('**/envelopes/new**');
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.locator('[name=email-1]').fill('zoe@fields.example');
	await page.locator('[name=number-1]').fill('06 12 34 57 91');
	await page.getByRole('button', { name: 'Préparer' }).click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await page.getByRole('link', { name: 'Placer les champs' }).click();
	const pages = page.locator('[data-page]');
	await expect(pages).toHaveCount(2);
	const saved = page.getByText('Enregistré', { exact: true });

	// by mouse, from the palette onto the page
	const [mention, sheet] = [(await page.getByRole('button', { name: 'Mention', exact: true }).boundingBox())!, (await pages.first().boundingBox())!];
	await page.mouse.move(mention.x + 10, mention.y + 10);
	await page.mouse.down();
	await page.mouse.move(sheet.x + 200, sheet.y + 250, { steps: 5 });
	await page.mouse.up();
	const placed = page.getByRole('button', { name: /^Mention, Zoë/ });
	await expect(placed).toHaveCount(1);
	const there = await boxOf(page, /^Mention, Zoë/);
	expect(Math.abs(there.x + there.width / 2 - sheet.x - 200)).toBeLessThan(4);
	await page.mouse.move(there.x + 20, there.y + there.height / 2);
	await page.mouse.down();
	await page.mouse.move(there.x + 80, there.y + there.height / 2 + 50, { steps: 5 });
	await page.mouse.up();
	expect(Math.round((await boxOf(page, /^Mention, Zoë/)).x - there.x)).toBe(60);

	// by keys: a box placed in view, moved, undone, and one made and deleted
	await page.getByRole('button', { name: 'Paraphe', exact: true }).focus();
	await page.keyboard.press('Enter');
	const initials = page.getByRole('button', { name: /^Paraphe, Zoë/ });
	await initials.focus();
	const before = await boxOf(page, /^Paraphe, Zoë/);
	await page.keyboard.press('Shift+ArrowRight');
	const moved = (await boxOf(page, /^Paraphe, Zoë/)).x - before.x;
	expect(moved).toBeGreaterThan(5);
	await page.keyboard.press('Control+z');
	expect((await boxOf(page, /^Paraphe, Zoë/)).x).toBeCloseTo(before.x, 0);
	await page.getByRole('button', { name: 'Reproduire sur toutes les pages' }).click();
	await expect(initials).toHaveCount(2);
	await page.getByRole('button', { name: 'Case à cocher', exact: true }).click();
	await page.getByRole('button', { name: /^Case à cocher, Zoë/ }).focus();
	await page.keyboard.press('Delete');
	await expect(page.getByRole('button', { name: /^Case à cocher, Zoë/ })).toHaveCount(0);
	await page.keyboard.press('Control+z');
	await expect(page.getByRole('button', { name: /^Case à cocher, Zoë/ })).toHaveCount(1);

	// by text
	await page.getByText('Placer d’après le texte').click();
	await page.getByLabel('Texte à chercher').fill('signature du LOCATAIRE');
	await page.getByRole('button', { name: /Placer à chaque occurrence/ }).click();
	await expect(page.getByText('Un champ placé.')).toBeVisible();
	await page.getByRole('button', { name: /Lire les repères/ }).click();
	await expect(page.getByRole('button', { name: /^Date, Zoë/ })).toHaveCount(1);
	await expect(saved).toBeVisible();
	await accessible(page);
	if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/editor-1280.png` });
	await page.reload();
	await expect(initials).toHaveCount(2);
	await page.setViewportSize({ width: 390, height: 844 });
	await expect(page.locator('[data-page]')).toHaveCount(2);
	await accessible(page);
	if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/editor-390.png`, fullPage: true });
	await page.setViewportSize({ width: 1280, height: 800 });

	// by finger
	const thumb = await (await browser.newContext({ ...phone, baseURL: process.env.PROBANT_ORIGIN!, locale: 'fr-FR', storageState: await page.context().storageState() })).newPage();
	thumb.on('pageerror', (error) => problems.push(error.message));
	await thumb.goto(page.url());
	const touched = thumb.getByRole('button', { name: /^Mention, Zoë/ });
	await thumb.waitForLoadState('networkidle');
	await touched.evaluate((e) => e.scrollIntoView({ block: 'center' }));
	const from = (await touched.boundingBox())!;
	expect(await thumb.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.closest('button')?.getAttribute('aria-label'), [from.x + from.width / 2, from.y + from.height / 2])).toMatch(/^Mention, Zoë/);
	const cdp = await thumb.context().newCDPSession(thumb);
	const at = (dx: number) => [{ x: from.x + from.width / 2 + dx, y: from.y + from.height / 2 }];
	await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
	for (const dx of [10, 25, 40]) await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(dx) });
	await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
	await expect.poll(async () => Math.abs((await touched.boundingBox())!.x - from.x - 40)).toBeLessThan(4);
	await expect(thumb.locator('.kept')).toHaveText(/^Enregistré\s*$/);
	await accessible(thumb);
	if (process.env.SHOTS) await thumb.screenshot({ path: `${process.env.SHOTS}/editor-thumb.png` });
	await thumb.close();

	await page.getByRole('link', { name: 'Retour à l’enveloppe' }).click();
	await page.getByRole('button', { name: /Envoyer/ }).click();
	const hand = await (await browser.newContext({ ...phone, baseURL: process.env.PROBANT_ORIGIN!, locale: 'fr-FR' })).newPage();
	hand.on('pageerror', (error) => problems.push(error.message));
	await hand.goto(await newest(page, /\/sign\/[\w-]{43}/, 'zoe@fields.example'));
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	await expect(hand.getByRole('button', { name: 'Signature', exact: true })).toBeVisible();
	await expect(hand.getByLabel('Vos initiales, portées à 2 endroits')).toHaveValue('ZM');
	await expect(hand.getByRole('textbox', { name: 'Date' })).toHaveValue(/^\d\d\/\d\d\/\d{4}$/);
	await agreeToAll(hand);
	await hand.getByRole('button', { name: /Recevoir le code/ }).click();
	await expect(hand.getByRole('alert')).toContainText('champ obligatoire');
	const words = hand.getByRole('textbox', { name: 'Mention' });
	await expect(words).toBeFocused();
	await words.fill('bon pour désaccord');
	await expect(hand.getByText('Ce n’est pas encore la mention demandée.')).toBeVisible();
	await words.fill('BON pour  accord');
	await expect(hand.getByText('C’est bien la mention demandée.')).toBeVisible();
	await accessible(hand);
	if (process.env.SHOTS) await hand.screenshot({ path: `${process.env.SHOTS}/signer-390.png`, fullPage: true });
	await hand.getByRole('button', { name: /Recevoir le code/ }).click();
	const code = /\d{6}/.exec(await newest(page, /\d{6} est votre code/, '+33612345791'))![0];
	await hand.getByRole('textbox', { name: 'Code reçu par SMS' }).fill(code);
	await hand.getByRole('button', { name: 'Signer', exact: true }).click();
	await expect(hand.getByText('C’est signé')).toBeVisible({ timeout: 30_000 });
	await expect(page.getByText('✓ terminée')).toBeVisible({ timeout: 30_000 });
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Télécharger/ }).first().click()]);
	const signed = Buffer.concat(await Array.fromAsync(await download.createReadStream()));
	if (process.env.SHOTS) (await import('node:fs')).writeFileSync(`${process.env.SHOTS}/signed.pdf`, signed);
	await page.goto('/verify');
	await page.waitForLoadState('networkidle');
	await page.locator('input[type=file]').first().setInputFiles({ name: 'signed.pdf', mimeType: 'application/pdf', buffer: signed });
	await expect(page.getByText('TOTAL-PASSED').first()).toBeVisible({ timeout: 20_000 });
	expect(problems).toEqual([]);
});
