import { expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';

const origin = process.env.PROBANT_ORIGIN!;
const password = 'vélo crépuscule tarmac';

const person = (browser: Browser, javaScriptEnabled = true): Promise<BrowserContext> => browser.newContext({ baseURL: origin, javaScriptEnabled });

/** The newest link of that kind mailed to an address, once the worker has sent it. */
async function mailed(page: Page, to: string, kind: 'confirm' | 'invitation' | 'reset'): Promise<string> {
	const link = page.locator('article', { hasText: to }).locator(`a[href*="/${kind}/"]`).first();
	await expect(async () => {
		await page.goto('/outbox');
		await expect(link).toBeVisible({ timeout: 500 });
	}).toPass();
	return (await link.getAttribute('href'))!;
}

async function register(page: Page, name: string, email: string): Promise<void> {
	await page.goto('/register');
	await page.getByLabel('Name').fill(name);
	await page.getByLabel('E-mail address').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('checkbox').check();
	await page.getByRole('button', { name: 'Create an account' }).click();
	await expect(page.getByText('Look at your e-mail')).toBeVisible();
	const link = await mailed(page, email, 'confirm');
	await page.goto(link);
	await page.goto(link); // looking twice changes nothing
	await page.getByRole('button', { name: 'Confirm my address' }).click();
	await expect(page.getByText('Your address is confirmed')).toBeVisible();
}

async function signIn(page: Page, email: string): Promise<void> {
	await page.getByLabel('E-mail address').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('ACC-1 ACC-2 register, confirm, sign in, add a passkey and use it, found an organisation, invite', async ({ browser }) => {
	const context = await person(browser);
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	await cdp.send('WebAuthn.enable');
	const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const;
	const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });

	await register(page, 'Ada', 'ada@e2e.example');
	await signIn(page, 'ada@e2e.example');
	await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();

	await page.goto('/settings/account');
	await page.getByRole('button', { name: 'Add a passkey' }).click();
	await expect(page.getByRole('status')).toHaveText('Saved.');
	await page.getByText('Ada', { exact: true }).first().click();
	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.goto('/dashboard');
	await expect(page).toHaveURL(/\/login\?next=/);
	await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
	await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
	await expect(page.getByRole('alert')).toBeVisible(); // not without verifying the person
	await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
	await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
	await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();

	await page.goto('/settings/organisation');
	await page.getByLabel('Name of the organisation').fill('Ateliers Martin');
	await page.getByLabel('SIREN').fill('732 829 320');
	await page.getByRole('button', { name: 'Create an organisation' }).click();
	await expect(page.getByRole('link', { name: 'Documents' })).toBeVisible();

	await page.goto('/settings/members');
	await page.getByLabel('E-mail address').fill('zoe@e2e.example');
	await page.getByRole('button', { name: 'Invite' }).click();
	await expect(page.getByText('zoe@e2e.example')).toBeVisible();
	const invitation = await mailed(page, 'zoe@e2e.example', 'invitation');

	const guest = await (await person(browser, false)).newPage(); // all of it without JavaScript
	await guest.goto(invitation);
	await expect(guest.getByText('Ateliers Martin')).toBeVisible();
	await register(guest, 'Zoé', 'zoe@e2e.example');
	await guest.goto(invitation);
	await guest.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
	await signIn(guest, 'zoe@e2e.example');
	await guest.getByRole('button', { name: 'Join' }).click();
	await expect(guest.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
	await expect(guest.getByText('Ateliers Martin')).toBeVisible();
});

test('ACC-2 a forgotten password is renewed through the mailbox, without JavaScript', async ({ browser }) => {
	const page = await (await person(browser, false)).newPage();
	await register(page, 'Eve', 'eve@e2e.example');
	await page.goto('/login');
	await page.getByRole('link', { name: 'Forgotten password?' }).click();
	await page.getByLabel('E-mail address').fill('eve@e2e.example');
	await page.getByRole('button', { name: 'Get a link' }).click();
	await expect(page.getByRole('status')).toContainText('If this address has an account');
	const link = await mailed(page, 'eve@e2e.example', 'reset');
	await page.goto(link);
	await page.getByLabel('New password').fill('girouette marmotte acajou');
	await page.getByRole('button', { name: 'Change the password' }).click();
	await expect(page.getByText('Your password is changed')).toBeVisible();
	await signIn(page, 'eve@e2e.example');
	await expect(page.getByText('Wrong address or password')).toBeVisible();
	await expect(page.getByLabel('E-mail address')).toHaveValue('eve@e2e.example'); // nothing typed is lost
	await page.getByLabel('Password', { exact: true }).fill('girouette marmotte acajou');
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
	await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
	await page.goto(link);
	await expect(page.getByText('This link was used')).toBeVisible();
});

test('UX what is typed before a slow page comes alive is kept', async ({ browser }) => {
	const page = await (await person(browser)).newPage();
	const { promise: arriving, resolve: arrive } = Promise.withResolvers<void>();
	await page.route('**/*.js', (route) => arriving.then(() => route.continue()));
	await page.goto('/login', { waitUntil: 'commit' });
	await page.getByLabel('E-mail address').fill('slow@e2e.example');
	await page.getByLabel('Password').fill(password);
	await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeDisabled();
	arrive();
	await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeEnabled();
	await expect(page.getByLabel('E-mail address')).toHaveValue('slow@e2e.example');
	await expect(page.getByLabel('Password')).toHaveValue(password);
});

test('the set-up link makes the operator, once', async ({ browser }) => {
	const page = await (await person(browser)).newPage();
	await page.goto(process.env.PROBANT_SETUP!);
	await page.getByLabel('Name').fill('Operator');
	await page.getByLabel('E-mail address').fill('operator@e2e.example');
	await page.getByLabel('Password').fill(password);
	await page.getByRole('checkbox').check();
	await page.getByRole('button', { name: 'Create an account' }).click();
	await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
	await page.goto(process.env.PROBANT_SETUP!);
	await expect(page.getByText('This link was used')).toBeVisible();
});

test('ACC-7 the language is chosen, kept, and said in the page', async ({ browser }) => {
	const page = await (await person(browser, false)).newPage();
	await page.goto('/login');
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await page.getByRole('button', { name: 'Français' }).click();
	await expect(page.getByRole('heading', { name: 'Se connecter' })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
});
