import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { createPki, pemOf, type Holder, type Pki } from '../../support/pki.ts';
import { answers, contract, signField, withDss, withFields } from '../../support/signing.ts';

const origin = process.env.PROBANT_ORIGIN!;
const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;

let pki: Pki;
let signed: Uint8Array;
let holder: Holder;

test.beforeAll(async () => {
	pki = await createPki();
	holder = await pki.issue('Zoë Müller');
	const authority = await pki.authority();
	const at = Date.now() - 60_000;
	const pdf = await signField(withFields(await contract(), ['alpha']), 'alpha', holder, { at, authority });
	signed = withDss(pdf, await answers(pki, [holder, authority], at + 1000));
});

const pdfFile = (bytes: Uint8Array) => ({ name: 'contrat signé.pdf', mimeType: 'application/pdf', buffer: Buffer.from(bytes) });

/** The page, alive: its worker runs, so that the network can be cut. */
async function open(page: Page): Promise<void> {
	const worker = page.waitForEvent('worker');
	await page.goto(`${origin}/verify`);
	await worker;
	await page.waitForLoadState('networkidle');
}

test('LOG-5 a signed PDF is checked in the browser with the network off: unknown issuer, then trusted, then altered', async ({ browser }) => {
	const context = await browser.newContext({ locale: 'en-GB' });
	const page = await context.newPage();
	await open(page);
	await context.setOffline(true);
	const sent: string[] = [];
	page.on('request', (request) => sent.push(request.url()));
	const verdict = page.locator('[data-verdict]');

	await page.getByLabel('Choose files').setInputFiles(pdfFile(signed));
	await expect(verdict).toHaveAttribute('data-verdict', 'INDETERMINATE');
	await expect(verdict).toContainText('nothing here vouches for who issued the certificate');
	await expect(verdict).not.toContainText('changed');
	await expect(page.locator('[data-integrity]')).toHaveAttribute('data-integrity', 'intact');

	await page.getByLabel('Add trusted certificates').setInputFiles({ name: 'root.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(pemOf(pki.root.certificate.der)) });
	await expect(verdict).toHaveAttribute('data-verdict', 'TOTAL-PASSED');
	await expect(verdict).toContainText('Zoë Müller');
	await expect(verdict).toContainText('the certificate was valid at that time');
	await expect(page.locator('pre')).toContainText('openssl cms -verify');

	const altered = signed.slice();
	const at = Buffer.from(altered).indexOf('595 842');
	altered[at] = 0x36;
	await page.getByLabel('Choose files').setInputFiles(pdfFile(altered));
	await expect(verdict).toHaveAttribute('data-verdict', 'TOTAL-FAILED');
	await expect(verdict).toContainText('the bytes present are not those that were signed');
	await expect(page.locator('[data-integrity]')).toHaveAttribute('data-integrity', 'altered');
	expect(sent).toEqual([]);
	await context.close();
});

for (const locale of ['fr-FR', 'en-GB'] as const)
	for (const [size, viewport] of Object.entries(sizes))
		for (const colorScheme of ['light', 'dark'] as const)
			test(`ACC-7 landing and verification, ${locale}, ${size}, ${colorScheme}: no WCAG fault, nothing wider than the screen`, async ({ browser }) => {
				const context = await browser.newContext({ locale, viewport, colorScheme });
				const page = await context.newPage();
				for (const path of ['/', '/verify']) {
					if (path === '/') await page.goto(`${origin}/`);
					else {
						await open(page);
						await page.locator('input[type=file]').first().setInputFiles(pdfFile(signed));
						await expect(page.locator('[data-verdict]')).toBeVisible();
						for (const summary of await page.locator('summary').all()) await summary.click();
					}
					await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
					await page.screenshot({ path: `test-results/look/${path === '/' ? 'landing' : 'verify'}-${locale}-${size}-${colorScheme}.png`, fullPage: true });
					const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
					expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
					expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
				}
				await context.close();
			});
