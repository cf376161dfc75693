// The signer's reading: pages counted as they were seen, text beside them, zoom by buttons, fingers and wheel; and what it weighs.

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { measureFirstLoad } from '../../../src/cli/first-load.ts';
import { agreeToAll, founder, newest } from '../people.ts';

const origin = process.env.PROBANT_ORIGIN!;
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

async function pages(count: number): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	for (let i = 1; i <= count; i++) pdf.addPage(i === 2 ? [842, 595] : [595, 842]).drawText(`Article ${i} du contrat`, { x: 60, y: 500 });
	return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

/** A document of six pages at its signer's, on a phone; and its sender's page. */
async function reading(browser: import('@playwright/test').Browser): Promise<{ sender: Page; hand: Page; safe: string }> {
	const stamp = Date.now();
	const sender = await founder(browser, { email: `ada-${stamp}@reader.example`, locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const safe = new URL(sender.url()).pathname;
	await sender.setInputFiles('#files', { name: 'long.pdf', mimeType: 'application/pdf', buffer: await pages(6) });
	await sender.getByRole('link', { name: 'long.pdf' }).click();
	await sender.getByRole('link', { name: 'Faire signer', exact: true }).click();
	await sender.waitForURL('**/envelopes/new**');
	await sender.locator('[name=name-1]').fill('Zoë Müller');
	await sender.locator('[name=email-1]').fill(`zoe-${stamp}@reader.example`);
	await sender.locator('[name=number-1]').fill('06 12 34 59 01');
	await sender.getByRole('button', { name: 'Préparer' }).click();
	await sender.waitForURL(/envelopes\/[0-9a-f-]{36}/);
	await sender.getByRole('button', { name: /Envoyer/ }).click();
	const hand = await (await browser.newContext({ ...phone, baseURL: origin, locale: 'fr-FR' })).newPage();
	await hand.goto(await newest(sender, /\/sign\/[\w-]{43}/, `zoe-${stamp}`));
	await hand.getByRole('button', { name: 'Ouvrir le document' }).click();
	await expect(hand.getByText('Octets reçus et vérifiés ici')).toBeVisible({ timeout: 20_000 });
	return { sender, hand, safe };
}
const seen = async (page: Page) => Number(/: (\d) sur 6/.exec((await page.getByText('Pages que vous avez eues').innerText()).replaceAll('\u00a0', ' '))![1]);

test('SIGN-4 SIGN-11 a page counts once it was really in view; text and zoom are at hand', async ({ browser }) => {
	test.setTimeout(120_000);
	const { sender, hand, safe } = await reading(browser);
	const problems: string[] = [];
	hand.on('pageerror', (error) => problems.push(error.message));
	const sheets = hand.locator('figure canvas');
	await expect(sheets).toHaveCount(6);
	await sheets.nth(0).scrollIntoViewIfNeeded();
	await expect.poll(() => seen(hand)).toBeGreaterThanOrEqual(1);
	expect(await seen(hand)).toBeLessThanOrEqual(2);
	await expect(hand.locator('.where')).toHaveText(/Page [12] sur 6/);

	await hand.getByRole('checkbox').first().evaluate((box) => box.scrollIntoView({ block: 'end' })); // past pages nobody looked at
	await agreeToAll(hand);
	const before = await seen(hand);
	await sheets.nth(5).evaluate((canvas) => canvas.scrollIntoView({ block: 'center' }));
	await expect.poll(() => seen(hand)).toBeGreaterThan(before); // the last counts; those that flew by had as long
	const unread = await seen(hand);
	expect(unread).toBeLessThan(5);
	await sheets.nth(3).evaluate((canvas) => canvas.scrollIntoView({ block: 'center' }));
	await expect.poll(() => seen(hand)).toBeGreaterThan(unread);
	const count = await seen(hand);
	expect(count).toBeLessThan(6);

	await hand.getByRole('button', { name: 'Texte' }).click();
	await expect(hand.locator('figure .text').nth(3)).toContainText('Article 4 du contrat');
	const { violations } = await new AxeBuilder({ page: hand }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	await hand.getByRole('button', { name: 'Texte' }).click();

	const width = () => sheets.nth(3).evaluate((canvas) => canvas.getBoundingClientRect().width);
	const plain = await width();
	await hand.getByRole('button', { name: 'Agrandir' }).click();
	await expect(hand.locator('.percent')).toHaveText(/125/);
	expect(await width()).toBeCloseTo(plain * 1.25, 0);
	const touch = await hand.context().newCDPSession(hand);
	const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: 195 - apart, y: 420 }, { x: 195 + apart, y: 420 }] });
	await fingers('touchStart', 40);
	for (const apart of [50, 60, 70, 80]) await fingers('touchMove', apart);
	await fingers('touchEnd', 0);
	await expect.poll(() => width()).toBeGreaterThan(plain * 1.8);
	expect(await hand.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390); // the page itself stays

	const asking = hand.waitForRequest((request) => request.url().endsWith('?/code'));
	await hand.getByRole('button', { name: /Recevoir le code/ }).click();
	const told = Number(new URLSearchParams((await asking).postData() ?? '').get('pagesReached')); // what the page shows may have grown since
	expect(told).toBeGreaterThanOrEqual(count);
	expect(told).toBeLessThanOrEqual(await seen(hand));
	await expect(hand.getByRole('textbox', { name: 'Code reçu par SMS' })).toBeFocused();
	await sender.goto(`${safe}/log?op=signer.consent`);
	await expect(sender.getByText(`pages-reached: ${told}`)).toBeVisible();
	expect(problems).toEqual([]);
});

test('UX the signing page weighs at most 100 KB of JavaScript before the PDF viewer, 520 KB with it', () => {
	const { before, whole } = measureFirstLoad()!;
	expect(before).toBeLessThanOrEqual(100_000);
	expect(whole).toBeLessThanOrEqual(520_000);
	expect(whole).toBeGreaterThan(before + 300_000); // the viewer was counted
});
