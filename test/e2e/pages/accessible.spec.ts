// Every page of the application, French and English, desktop and phone: no WCAG 2.2 AA fault, nothing wider than the screen, targets for a thumb.

import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { contract } from '../../support/signing.ts';
import { founder, newest } from '../people.ts';

const origin = process.env.PROBANT_ORIGIN!;
const sizes = { desktop: { viewport: { width: 1280, height: 900 } }, phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, zoomed: { viewport: { width: 640, height: 450 } }, sideways: { viewport: { width: 844, height: 390 }, isMobile: true, hasTouch: true } } as const;
const longName = 'Avenant n° 3 au contrat-cadre de maintenance des installations de chauffage de Saint-Maximin-la-Sainte-Baume (version définitive, relue).pdf';

test.describe.configure({ mode: 'parallel' }); // each worker has a client of its own

let state: Awaited<ReturnType<BrowserContext['storageState']>>;
let paths: Record<'mine' | 'anyone', string[]>;

test.beforeAll(async ({ browser }) => {
	test.setTimeout(120_000);
	const page = await founder(browser, { email: `ada-${Date.now()}-${test.info().workerIndex}@pages.example`, locale: 'fr-FR', organisation: 'Société d’exploitation des ateliers mécaniques Martin & Fils de Haute-Provence', safe: 'Contrats' });
	const safe = new URL(page.url()).pathname;
	const empty = `${safe}?q=nothing-is-called-so`;
	await page.setInputFiles('#files', { name: longName, mimeType: 'application/pdf', buffer: Buffer.from(await contract()) });
	await expect(page.getByRole('cell', { name: /horodaté/ })).toBeVisible({ timeout: 20_000 });
	await page.getByRole('link', { name: longName }).click();
	await page.waitForURL('**/documents/*');
	const document = new URL(page.url()).pathname;
	await page.goto(`${origin}/settings/members`);
	await page.locator('[name=email]').fill('une.personne.au.nom.vraiment.tres.long@une-tres-longue-adresse.pages.example');
	await page.locator('form[action="?/invite"] button').click();
	await expect(page.getByRole('status')).toBeVisible();
	const invitation = new URL(await newest(page, /\/invitation\/[\w-]{43}/, 'une.personne')).pathname;
	await page.goto(`${origin}/envelopes/new?document=${document.split('/').at(-1)!}`);
	await page.locator('[name=name-1]').fill('Une Personne');
	await page.locator('[name=email-1]').fill('signataire@pages.example');
	await page.locator('[name=number-1]').fill('06 12 34 57 92');
	await page.locator('main form button').first().click();
	await page.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	const draft = new URL(page.url()).pathname;
	await page.goto(`${origin}/templates`);
	await expect(page.getByText(/Aucun modèle/)).toBeVisible();
	await page.goto(origin + draft);
	await page.locator('summary', { hasText: 'Enregistrer comme modèle' }).click();
	await page.getByLabel('Rôle de Une Personne').fill('Locataire');
	await page.getByRole('button', { name: 'Enregistrer comme modèle' }).click();
	await page.waitForURL(/templates\/[0-9a-f-]{36}$/);
	const template = new URL(page.url()).pathname;
	await page.goto(`${origin}${template}/bulk`);
	const csv = 'Locataire (nom complet);Locataire (e-mail);Locataire (mobile)\r\nUne Personne;une.personne.au.nom.vraiment.tres.long@une-tres-longue-adresse;06\r\nBob;bob@pages.example;\r\n';
	await page.setInputFiles('[name=file]', { name: longName.replace('.pdf', '.csv'), mimeType: 'text/csv', buffer: Buffer.from(csv) });
	await page.locator('main form button').click();
	await page.waitForURL(/bulks\/[0-9a-f-]{36}$/);
	const bulk = new URL(page.url()).pathname;
	state = await page.context().storageState();
	const id = document.split('/').at(-1)!;
	paths = {
		mine: ['/dashboard', safe, empty, `${safe}/log`, `${safe}/log?document=${id}`, document, `/envelopes/new?document=${id}`, draft, `${draft}/fields`, '/envelopes', '/envelopes?state=expired', '/templates', template, `${template}/bulk`, '/bulks', bulk, '/settings/account', '/settings/step-up', '/settings/organisation', '/settings/embedding', `/minutes/new?safe=${safe.split('/').at(-1)!}`, `/minutes/new?kind=acceptance&safe=${safe.split('/').at(-1)!}`, '/settings/credits', '/settings/officers', '/settings/texts', '/settings/texts/privacy-notice', '/identity-checks', '/identity-checks?shelf=decided', '/settings/members', '/documents/00000000-0000-4000-8000-000000000000'],
		anyone: ['/', '/register', '/login', '/login?confirmed', '/forgotten', `/reset/${'x'.repeat(43)}`, `/confirm/${'x'.repeat(43)}`, invitation, `/setup/${'x'.repeat(43)}`, '/terms', '/log', '/pki', '/outbox', '/nowhere', `/sign/${'x'.repeat(43)}`, '/signing/00000000-0000-4000-8000-000000000000']
	};
	await page.context().close();
});

/** What a thumb or an eye would trip over, in words. */
async function faults(page: Page, where: string, full: boolean): Promise<string[]> {
	await page.evaluate(() => document.querySelectorAll('iframe').forEach((frame) => frame.remove())); // a mail as it is shown: axe waits for ever where no script may run (its own test: html.test.ts)
	const { violations } = full ? await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze() : { violations: [] };
	const wide = (await page.evaluate(() => document.documentElement.scrollWidth)) - page.viewportSize()!.width; // a phone's innerWidth grows with what is too wide
	const small = await page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('a, button, summary, select, input:not([type=hidden])')]
			.filter((e) => getComputedStyle(e).display !== 'inline' && !e.closest('label')?.querySelector('[type=checkbox]') && e.checkVisibility())
			.map((e) => (e.matches('[type=radio]') ? (e.closest('label') ?? e) : e)) // a tap on its words chooses it
			.map((e) => ({ said: e.textContent.trim() || e.getAttribute('name'), ...e.getBoundingClientRect().toJSON() as DOMRect }))
			.filter(({ width, height }) => width > 0 && (width < 43.5 || height < 43.5))
			.map(({ said, width, height }) => `${said} ${Math.round(width)}×${Math.round(height)}`)
	);
	return [...violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`), ...(wide > 0 ? [`${wide} px too wide`] : []), ...small.map((s) => `too small: ${s}`)].map((fault) => `${where}: ${fault}`);
}

async function visit(browser: Browser, locale: string, size: keyof typeof sizes, colorScheme: 'light' | 'dark'): Promise<string[]> {
	const found: string[] = [];
	for (const who of ['anyone', 'mine'] as const) {
		const context = await browser.newContext({ baseURL: origin, locale, colorScheme, ...sizes[size], ...(who === 'mine' ? { storageState: state } : {}) });
		const page = await context.newPage();
		page.on('pageerror', (error) => found.push(`${page.url()}: ${error.message}`));
		if (who === 'mine') {
			await page.goto('/dashboard');
			if ((await page.locator('html').getAttribute('lang')) !== locale.slice(0, 2)) await page.locator('button[name=locale]').click();
		}
		for (const path of paths[who]) {
			await page.goto(path);
			await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
			for (const summary of await page.locator('main summary').all()) await summary.click();
			found.push(...(await faults(page, path, size === 'phone' || size === 'desktop')));
		}
		await context.close();
	}
	return found;
}

for (const [locale, size, scheme] of [['fr-FR', 'phone', 'light'], ['en-GB', 'phone', 'dark'], ['fr-FR', 'desktop', 'dark'], ['en-GB', 'desktop', 'light'], ['fr-FR', 'zoomed', 'light'], ['fr-FR', 'sideways', 'light']] as const)
	test(`ACC-7 every page, ${locale}, ${size}, ${scheme}: no WCAG fault, nothing too wide, nothing too small`, async ({ browser }) => {
		test.setTimeout(240_000);
		expect(await visit(browser, locale, size, scheme)).toEqual([]);
	});

test('ACC-7 the keyboard reaches the content, the menu and its end', async ({ browser }) => {
	const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', storageState: state });
	const page = await context.newPage();
	await page.goto('/dashboard');
	await page.waitForLoadState('networkidle');
	await page.keyboard.press('Tab');
	await expect(page.locator('.skip')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.locator('#content')).toBeFocused();
	await page.locator('header summary').focus();
	await page.keyboard.press('Enter');
	await expect(page.locator('header details')).toHaveAttribute('open', '');
	await page.keyboard.press('Escape');
	await expect(page.locator('header details')).not.toHaveAttribute('open', '');
	await expect(page.locator('header summary')).toBeFocused();
	await context.close();
});

test('a page says that the network is gone, and that nothing is lost', async ({ browser }) => {
	const context = await browser.newContext({ baseURL: origin, locale: 'en-GB' });
	const page = await context.newPage();
	await page.goto('/login');
	await page.waitForLoadState('networkidle');
	await context.setOffline(true);
	await expect(page.getByText('You are offline')).toBeVisible();
	await context.setOffline(false);
	await expect(page.getByText('You are offline')).toBeHidden();
	await context.close();
});

test('SIGN-5 adding a signer keeps what was typed, and leaving a page with something typed asks', async ({ browser }) => {
	const context = await browser.newContext({ baseURL: origin, locale: 'fr-FR', storageState: state });
	const page = await context.newPage();
	await page.goto(paths.mine.find((path) => path.startsWith('/envelopes/new'))!);
	await page.waitForLoadState('networkidle');
	await page.locator('[name=name-1]').fill('Zoë Müller');
	await page.getByRole('button', { name: /^\+/ }).click();
	await page.locator('[name=name-2]').fill('Bob');
	await expect(page.locator('[name=name-1]')).toHaveValue('Zoë Müller');
	page.once('dialog', (dialog) => dialog.dismiss());
	await page.locator('.back a').click();
	await expect(page.locator('[name=name-2]')).toHaveValue('Bob');
	page.once('dialog', (dialog) => dialog.accept());
	await page.locator('.back a').click();
	await expect(page).toHaveURL(/\/documents\//);
	await context.close();
});

test('ACC-2 an idle session is announced, extended, and its end loses nothing typed', async ({ browser }) => {
	const context = await browser.newContext({ baseURL: origin, locale: 'fr-FR', storageState: state });
	const page = await context.newPage();
	await page.clock.install();
	await page.goto(paths.mine.find((path) => path.startsWith('/envelopes/new'))!);
	await page.waitForLoadState('networkidle');
	await page.locator('[name=name-1]').evaluate((field: HTMLInputElement) => {
		field.value = 'Zoë Müller';
		field.dispatchEvent(new Event('input', { bubbles: true }));
	});
	await page.clock.runFor('13:10');
	const dialog = page.getByRole('dialog', { name: 'Votre session se ferme dans deux minutes' });
	await expect(dialog).toBeVisible();
	expect(await faults(page, 'warned', true)).toEqual([]);
	await dialog.getByRole('button', { name: 'Rester connecté' }).click();
	await expect(dialog).toBeHidden();
	const cookies = await context.cookies();
	await context.clearCookies({ name: '__Host-session' }); // the server knows it no more
	await page.clock.runFor('15:10');
	const over = page.getByRole('dialog', { name: 'Votre session est fermée' });
	await expect(over).toBeVisible();
	expect(await faults(page, 'ended', true)).toEqual([]);
	await context.addCookies(cookies); // signed in again in another tab
	await over.getByRole('button', { name: 'Continuer ici' }).click();
	await expect(over).toBeHidden();
	await expect(page.locator('[name=name-1]')).toHaveValue('Zoë Müller');
	await context.close();
});
