// The signing page inside another site's: framed by the one origin it was made for, by no other, once (SIGN-6).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { founder, newest } from '../people.ts';

const origin = process.env.PROBANT_ORIGIN!;
const shots = process.env.SHOTS;

/** Two sites over HTTPS on this machine: whatever page each is told to show. */
let framed = '';
const servers: Server[] = [];
const sites: string[] = [];
const directory = mkdtempSync(join(tmpdir(), 'probant-sites-'));

test.beforeAll(async () => {
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(directory, 'k.pem'), '-out', join(directory, 'c.pem')], { stdio: 'ignore' });
	const [key, cert] = [readFileSync(join(directory, 'k.pem')), readFileSync(join(directory, 'c.pem'))];
	for (let i = 0; i < 2; i++) {
		const server = createServer({ key, cert }, (_, response) => {
			response.setHeader('content-type', 'text/html; charset=utf-8');
			response.end(`<!doctype html><title>Shop</title><h1>Shop</h1><script>window.got = []; addEventListener('message', (e) => got.push([e.origin, e.data]));</script><iframe title="signature" allow="camera" style="width:100%;height:80vh;border:0" src="${framed}"></iframe>`);
		});
		await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
		servers.push(server);
		sites.push(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
	}
});
test.afterAll(() => {
	for (const server of servers) server.close();
	rmSync(directory, { recursive: true, force: true });
});

async function fits(page: Page, name: string): Promise<void> {
	for (const [size, viewport] of [['desktop', { width: 1280, height: 800 }], ['phone', { width: 390, height: 844 }]] as const) {
		await page.setViewportSize(viewport);
		expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} ${size}`).toBeLessThanOrEqual(viewport.width);
		if (shots) await page.screenshot({ path: `${shots}/${name}-${size}.png`, fullPage: true });
	}
}

/** An envelope that waits for one signer, its sender's page on it. */
async function waiting(browser: Browser, who: string, locale: string, number: string): Promise<Page> {
	const page = await founder(browser, { email: `${who}@embed.example`, locale, organisation: 'Librairie Martin', safe: 'Ventes' });
	await page.goto('/settings/embedding');
	await page.locator('[name=origin]').fill('http://shop.example');
	await page.locator('form[action="?/allow"] button').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await page.locator('[name=origin]').fill(sites[0]!);
	await page.locator('form[action="?/allow"] button').click();
	await expect(page.locator('main li', { hasText: sites[0]! })).toBeVisible();
	await fits(page, `embed-settings-${locale.slice(0, 2)}`);
	await page.goto('/dashboard');
	await page.getByRole('link', { name: 'Ventes' }).first().click();
	await page.waitForURL('**/safes/*');
	const pdf = await PDFDocument.create();
	pdf.addPage([595, 842]).drawText('Bon de commande', { x: 60, y: 760 });
	await page.setInputFiles('#files', { name: 'Bon.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await pdf.save({ useObjectStreams: false })) });
	await page.locator('main a', { hasText: 'Bon.pdf' }).first().click();
	await page.waitForURL('**/documents/*');
	await page.goto(`/envelopes/new?document=${page.url().split('/').at(-1)!}`);
	await page.waitForLoadState('networkidle');
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.locator('[name=email-1]').fill(`zoe-${who}@test.example`);
	await page.locator('[name=number-1]').fill(number);
	await page.locator('main form button').first().click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await page.locator('form[action="?/send"] button').click();
	await page.locator('a[href*="/embed/"]').click();
	await page.waitForURL('**/embed/*');
	return page;
}
async function url(page: Page): Promise<string> {
	const before = await page.locator('input[readonly]').inputValue({ timeout: 1 }).catch(() => '');
	await page.locator('main form button').last().click();
	await expect(page.locator('input[readonly]')).not.toHaveValue(before);
	return page.locator('input[readonly]').inputValue();
}

for (const [locale, t] of [
	['fr-FR', { open: 'Ouvrir le document', checked: 'Octets reçus et vérifiés ici', get: /Recevoir le code/, code: 'Code reçu par SMS', sign: 'Signer', done: 'C’est signé', dead: 'Ce lien ne fonctionne plus' }],
	['en-GB', { open: 'Open the document', checked: 'Bytes received and checked here', get: /Get the code/, code: 'Code received by SMS', sign: 'Sign', done: 'It is signed', dead: 'This link no longer works' }]
] as const)
	test(`SIGN-6 signed inside another site, ${locale}: framed by its origin alone, told the states and nothing else, once`, async ({ browser }) => {
		test.setTimeout(240_000);
		const who = locale.slice(0, 2);
		const number = locale === 'fr-FR' ? '+33612345911' : '+33612345912';
		const page = await waiting(browser, who, locale, number);
		await fits(page, `embed-make-${who}`);
		framed = await url(page);
		await fits(page, `embed-made-${who}`);

		const visitor = await browser.newContext({ locale, ignoreHTTPSErrors: true });
		const shop = await visitor.newPage();
		// Another site gets nothing to show: the browser refuses, before and after the exchange.
		const hostile = await visitor.newPage();
		const refused: string[] = [];
		hostile.on('console', (message) => refused.push(message.text()));
		await hostile.goto(sites[1]!);
		await expect.poll(() => refused.join(' ')).toMatch(/frame-ancestors/);
		await expect(hostile.frameLocator('iframe').getByRole('button', { name: t.open })).toHaveCount(0);

		await shop.goto(sites[0]!);
		const frame = shop.frameLocator('iframe');
		await frame.getByRole('button', { name: t.open }).click();
		await expect(frame.getByText(t.checked)).toBeVisible({ timeout: 30_000 });
		await fits(shop, `embed-shop-${who}`);
		const cookies = (await visitor.cookies()).filter((c) => c.name.startsWith('__Host-'));
		expect(cookies.map(({ name, sameSite, secure, httpOnly }) => ({ name, sameSite, secure, httpOnly }))).toEqual([{ name: '__Host-embed', sameSite: 'None', secure: true, httpOnly: true }]);
		expect((cookies[0] as { partitionKey?: string }).partitionKey).toContain('127.0.0.1');
		// The live session, framed by the hostile site: refused too. The same URL once more: dead.
		const signing = shop.frames().find((f) => f.url().includes('/signing/'))!.url();
		const replay = framed;
		framed = signing;
		refused.length = 0;
		await hostile.goto(sites[1]!);
		await expect.poll(() => refused.join(' ')).toMatch(/frame-ancestors/);
		framed = replay;
		const again = await visitor.newPage();
		await again.goto(sites[0]!);
		await expect(again.frameLocator('iframe').getByRole('heading', { name: t.dead })).toBeVisible();

		const own = shop.frames().find((f) => f.url().includes('/signing/'))!;
		for (const box of await own.locator('section:has(#agree) label > [type=checkbox]:not(.one *)').all()) await box.check();
		await frame.getByRole('button', { name: t.get }).click();
		const code = (await newest(page, /\b\d{6}\b/, number)).slice(0, 6);
		await frame.getByRole('textbox', { name: t.code }).fill(code);
		await frame.getByRole('button', { name: t.sign, exact: true }).click();
		await expect(frame.getByText(t.done)).toBeVisible({ timeout: 30_000 });
		await expect.poll(() => shop.evaluate(() => (window as unknown as { got: unknown[] }).got)).toEqual([[origin, { type: 'probant', state: 'loaded' }], [origin, { type: 'probant', state: 'signed' }]]);
		await fits(shop, `embed-signed-${who}`);
		await visitor.close();
	});

test('SIGN-6 a browser that keeps no cookie in a frame is told so, in words', async ({ browser }) => {
	test.setTimeout(120_000);
	const page = await waiting(browser, 'blocked', 'en-GB', '+33612345813');
	framed = await url(page);
	const visitor = await browser.newContext({ locale: 'en-GB', ignoreHTTPSErrors: true });
	const shop = await visitor.newPage();
	await shop.route('**/embed/*', async (route) => {
		if (route.request().method() !== 'POST') return route.continue();
		const answer = await route.fetch({ maxRedirects: 0 }); // what the site set is not kept, from before the browser hears the answer
		await visitor.clearCookies();
		const headers = Object.fromEntries(Object.entries(answer.headers()).filter(([name]) => name !== 'set-cookie'));
		await route.fulfill({ status: answer.status(), headers, body: '' });
	});
	await shop.goto(sites[0]!);
	await shop.frameLocator('iframe').getByRole('button', { name: 'Open the document' }).click();
	await expect(shop.frameLocator('iframe').getByRole('alert')).toContainText('blocks cookies');
});
