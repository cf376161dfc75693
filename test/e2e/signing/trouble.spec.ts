// What goes wrong at the last step, in a browser: codes too late or used, a button pressed twice, a tab closed, a time-stamp authority that is down; and an upload that pauses.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import postgres from 'postgres';
import { readRequest } from '#crypto/tsp/request.ts';
import { granted, makeToken } from '#crypto/tsp/response.ts';
import { startEmbedded } from '#lib/server/db/embedded.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { createPki, pemOf } from '../../support/pki.ts';
import { contract } from '../../support/signing.ts';
import { askForCode, codeFor, enter, founder, prepareFor, readable, send, sign } from '../people.ts';
import { instance } from '../start.ts';

const origin = process.env.PROBANT_ORIGIN!;
let ada: Page;
let safe: string;
let people = 0;

test.beforeAll(async ({ browser }) => {
	ada = await founder(browser, { email: 'ada@trouble.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	safe = ada.url();
});

async function signer(from = ada, at = safe): Promise<{ email: string; number: string }> {
	const one = { name: 'Zoë Müller', email: `zoe-${++people}@trouble.example`, number: `+3361234590${people}` };
	await from.goto(at);
	await prepareFor(from, `Contrat ${people}.pdf`, await contract(), [one]);
	await send(from);
	return one;
}
const phone = async (browser: Browser, baseURL = origin): Promise<Page> => (await browser.newContext({ baseURL, locale: 'fr-FR', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })).newPage();
const code = (page: Page) => page.locator('input.code');
const press = (page: Page) => page.getByRole('button', { name: 'Signer', exact: true });

/** Its ten minutes are over: the row says so, as the clock would. */
async function expire(email: string): Promise<void> {
	const server = await startEmbedded(join(process.env.PROBANT_DATA!, 'postgres')); // the one that runs
	const sql = postgres(server.url('postgres', 'probant'), { max: 1 });
	const { count } = await sql`update challenge c set expires_at = app.now() - interval '1 second' from signer s where s.id = c.signer and s.email = ${email} and c.ended_at is null`;
	await sql.end();
	expect(count).toBe(1);
}

test('SIGN-4 an expired code and a replaced one are refused with what to do; the next one signs', async ({ browser }) => {
	test.setTimeout(180_000);
	const { email, number } = await signer();
	const page = await phone(browser);
	await enter(page, ada, email);
	await askForCode(page);
	const first = await codeFor(ada, number);
	await expire(email);
	await code(page).fill(first);
	await press(page).click();
	await expect(page.getByRole('alert').or(page.locator('[aria-live=assertive]')).filter({ hasText: /n’est plus valable|a expiré|nouveau/ }).first()).toBeVisible();

	await page.getByRole('textbox', { name: /Votre nom/ }).fill('Zoé Muller'); // other values, another code
	await page.locator('button.wide').click();
	await expect(code(page)).toBeFocused();
	await expect.poll(() => codeFor(ada, number)).not.toBe(first);
	const second = await codeFor(ada, number);
	await code(page).fill(first);
	await press(page).click();
	await expect(page.getByText('Il reste 4 essais')).toBeVisible();
	await code(page).fill(second);
	await press(page).click();
	await expect(page.getByText('C’est signé')).toBeVisible({ timeout: 40_000 });
	await page.context().close();
});

test('SIGN-4 a second click, and the same code in another tab, sign once', async ({ browser }) => {
	test.setTimeout(180_000);
	const { email, number } = await signer();
	const page = await phone(browser);
	await enter(page, ada, email);
	await askForCode(page);
	const right = await codeFor(ada, number);
	const posts: string[] = [];
	page.on('request', (r) => r.method() === 'POST' && r.url().includes('?/sign') && posts.push(r.url()));
	await code(page).fill(right);
	await press(page).dblclick();
	await expect(page.getByText('C’est signé')).toBeVisible({ timeout: 40_000 });
	expect(posts).toHaveLength(1);
	// Replayed from outside the page, with the session’s own cookie.
	const replay = await page.context().request.post(`${page.url()}?/sign`, { form: { code: right }, headers: { origin, 'x-sveltekit-action': 'true' } });
	expect(await replay.text()).toMatch(/already-signed|envelope-closed/);
	await expect(ada.locator('dl dd').first()).toContainText('terminée', { timeout: 40_000 });
	await page.context().close();
});

test('SIGN-11 a tab closed with the code under way: the link brings it all back, and the same person signs', async ({ browser }) => {
	test.setTimeout(180_000);
	const { email, number } = await signer();
	const page = await phone(browser);
	await enter(page, ada, email);
	await askForCode(page);
	const address = page.url();
	const context = page.context();
	await page.close();
	const back = await context.newPage();
	await back.goto(address); // the session is still good
	await readable(back);
	await back.close();
	await context.close();
	const other = await phone(browser);
	await enter(other, ada, email); // and so is the link
	await sign(other, ada, number);
	await other.context().close();
});

/** A time-stamp authority that can be switched off. */
async function authority(): Promise<{ url: string; pem: string; server: Server; down: boolean }> {
	const pki = await createPki('Outside');
	const own = await pki.authority();
	let serial = 0n;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			if (tsa.down) return void response.writeHead(503).end();
			void makeToken(nodePrimitives, own, readRequest(Buffer.concat(chunks)), { genTime: Date.now(), serialNumber: ++serial, accuracy: null }).then((token) => response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(granted(token)));
		});
	});
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	const tsa = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, pem: pemOf(pki.root.certificate.der), server, down: false };
	return tsa;
}

test('SIGN-12 a time-stamp authority that is down: the phone says that the signature waits for it, and goes on when it is back', async ({ browser }) => {
	test.setTimeout(300_000);
	const tsa = await authority();
	const directory = mkdtempSync(join(tmpdir(), 'probant-e2e-tsa-'));
	writeFileSync(join(directory, 'root.pem'), tsa.pem);
	const own = await instance({ TSA_URL: tsa.url, TSA_ANCHORS_FILE: join(directory, 'root.pem') });
	const before = { PROBANT_ORIGIN: process.env.PROBANT_ORIGIN, PROBANT_DATA: process.env.PROBANT_DATA };
	Object.assign(process.env, { PROBANT_ORIGIN: own.origin, PROBANT_DATA: own.data });
	try {
		const sender = await founder(browser, { email: 'eve@trouble.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
		const { email, number } = await signer(sender, sender.url());
		const page = await phone(browser, own.origin);
		await enter(page, sender, email);
		await askForCode(page);
		const right = await codeFor(sender, number);
		tsa.down = true;
		await code(page).fill(right);
		await press(page).click();
		await expect(page.getByText('L’horodatage est encore attendu')).toBeVisible({ timeout: 40_000 });
		await expect(page.getByText('C’est signé')).toBeHidden();
		await expect(sender.getByText('horodatage attendu').or(sender.getByText(/horodatage/)).first()).toBeVisible();
		tsa.down = false;
		await expect(page.getByText('C’est signé')).toBeVisible({ timeout: 90_000 });
		await page.context().close();
		await sender.context().close();
	} finally {
		Object.assign(process.env, before);
		await own.stop();
		tsa.server.close();
		rmSync(directory, { recursive: true });
	}
});

test('SAFE-3 an upload pauses, and goes on where it stood', async () => {
	test.setTimeout(120_000);
	await ada.goto(safe);
	await ada.waitForLoadState('networkidle');
	const cdp = await ada.context().newCDPSession(ada);
	await cdp.send('Network.enable');
	await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: 1_500_000 });
	const offsets: number[] = [];
	ada.on('request', (r) => r.method() === 'PATCH' && offsets.push(Number(r.headers()['upload-offset'])));
	await ada.setInputFiles('#files', { name: 'Plan.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(9_000_000, 'plan') });
	const bar = ada.getByRole('progressbar', { name: 'Plan.bin' });
	await expect(ada.getByRole('button', { name: 'Suspendre Plan.bin' })).toBeVisible(); // hashed, and on its way
	await expect.poll(() => bar.evaluate((b: HTMLProgressElement) => b.value)).toBeGreaterThan(0.4);
	await ada.getByRole('button', { name: 'Suspendre Plan.bin' }).click();
	await expect(ada.getByRole('button', { name: 'Reprendre Plan.bin' })).toBeVisible();
	const [sent] = offsets;
	expect([sent, offsets.length]).toEqual([0, 1]);
	await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
	await ada.getByRole('button', { name: 'Reprendre Plan.bin' }).click();
	await expect(ada.getByRole('listitem').filter({ hasText: 'Plan.bin' }).getByText(/scellé/)).toBeVisible({ timeout: 40_000 });
	expect(offsets).toHaveLength(2);
	expect(offsets[1]).toBeGreaterThan(0); // of what was kept, nothing was sent again
	await cdp.detach();
});
