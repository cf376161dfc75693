// Acceptance minutes on the sender's tablet: typed, handed over, decided with reservations, signed without a code (SIGN-14).

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { agreeToAll, founder } from '../people.ts';

const shots = process.env.SHOTS;
const sizes = { tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

async function fits(page: Page, name: string): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
	for (const [size, viewport] of Object.entries(sizes)) {
		await page.setViewportSize(viewport);
		expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} ${size}`).toBeLessThanOrEqual(viewport.width);
		if (shots) await page.screenshot({ path: `${shots}/${name}-${size}.png`, fullPage: true });
	}
	await page.setViewportSize(sizes.tablet);
}

for (const [locale, t] of [
	['fr-FR', { checked: 'Octets reçus et vérifiés ici', hand: /Remettre/, reserve: 'J’accepte, avec réserves', first: 'Réserve 1', deadline: 'À lever au plus tard le', sign: 'Signer, sans code', lacking: /au moins une réserve/, done: 'C’est signé' }],
	['en-GB', { checked: 'Bytes received and checked here', hand: /Hand the device/, reserve: 'I accept, with reservations', first: 'Reservation 1', deadline: 'To be lifted by', sign: 'Sign, without a code', lacking: /at least one reservation/, done: 'It is signed' }]
] as const)
	test(`SIGN-14 acceptance minutes, ${locale}: typed on the tablet, accepted with reservations, signed`, async ({ browser }) => {
		test.setTimeout(180_000);
		const who = locale.slice(0, 2);
		const page = await founder(browser, { email: `minutes-${who}@pages.example`, locale, organisation: 'Bâti Martin', safe: 'Chantiers' });
		await page.setViewportSize(sizes.tablet);
		await page.locator('a[href^="/minutes/new"]').click();
		await page.waitForURL('**/minutes/new**');
		await page.waitForLoadState('networkidle');
		await page.locator('[name=kind][value=acceptance]').check();
		await page.locator('[name=place]').fill('12 rue des Lilas, Lyon');
		await page.locator('[name=present]').fill('Zoë Müller, Ada Lovelace');
		await page.locator('[name=works]').fill('Ravalement de la façade nord');
		await page.locator('[name=reservations]').fill('Joint à reprendre');
		await page.locator('[name=name-1]').fill('Zoë Müller');
		await page.locator('[name=email-1]').fill(`zoe-minutes-${who}@test.example`);
		await page.locator('[name=manner-1]').selectOption('digitised');
		await fits(page, `minutes-${who}`);
		await page.locator('main form button').last().click();
		await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
		await expect(page.locator('a[href$="/fields"]')).toHaveCount(0); // made with the minutes
		await page.locator('form[action="?/send"] button').click();
		await page.getByRole('button', { name: t.hand }).click();
		await expect(page.getByText(t.checked)).toBeVisible({ timeout: 20_000 });
		await agreeToAll(page);
		const pad = page.locator('canvas[aria-label]').last();
		await expect(async () => {
			await pad.scrollIntoViewIfNeeded();
			const box = (await pad.boundingBox())!;
			await page.mouse.move(box.x + 40, box.y + 60);
			await page.mouse.down();
			for (let i = 1; i <= 10; i++) await page.mouse.move(box.x + 40 + i * 18, box.y + 60 + (i % 2 ? 25 : -10));
			await page.mouse.up();
			await expect(page.getByRole('button', { name: t.sign })).toBeEnabled({ timeout: 1000 }); // what takes the strokes comes with the pad’s own code
		}).toPass();
		const decision = page.locator('section:has(#agree) fieldset').first();
		await decision.getByLabel(t.reserve).check();
		await page.getByRole('button', { name: t.sign }).click();
		await expect(page.getByRole('alert')).toContainText(t.lacking);
		await decision.getByLabel(t.first, { exact: true }).fill('Fissure sous la fenêtre');
		await decision.getByLabel(t.deadline).fill('15/01/2027');
		await fits(page, `decision-${who}`);
		await page.getByRole('button', { name: t.sign }).click();
		await expect(page.getByText(t.done)).toBeVisible({ timeout: 30_000 });
		await fits(page, `minutes-signed-${who}`);
	});
