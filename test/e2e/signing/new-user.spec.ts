// As a new user would: a template, three people of two levels, phones, one who declines, a number that was wrong, and what is left in the end, looked at with other people's programs.

import { existsSync } from 'node:fs';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { missing, photograph, specimens } from '../../support/identity-document.ts';
import { contract } from '../../support/signing.ts';
import { codeFor, askForCode, enter, founder, newest, prepareFor, readable, send, sign } from '../people.ts';
import { said, saved, signatures } from '../tools.ts';

const origin = process.env.PROBANT_ORIGIN!;
const phone = async (browser: Browser): Promise<Page> => (await browser.newContext({ baseURL: origin, locale: 'fr-FR', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 })).newPage();
const zoe = { name: 'Zoë Müller', email: 'zoe@new-user.example', number: '+33612345881' };
const anna = { name: 'Anna Maria Eriksson', email: 'anna@new-user.example', number: '+33612345882', identity: { surname: 'Eriksson', givenNames: 'Anna Maria', birthDate: '1974-08-12' } };
const bob = { name: 'Bob Łuczak', email: 'bob@new-user.example', number: '+33612345883' };
const roles = ['Bailleur', 'Locataire', 'Garant'];

/** From the template's page: an envelope for the three, sent. */
async function useTemplate(ada: Page, template: string, bobsNumber = bob.number): Promise<string> {
	await ada.goto(template);
	for (const [i, { name, email, number }] of [zoe, anna, { ...bob, number: bobsNumber }].entries()) {
		await ada.locator(`[name=name-${i + 1}]`).fill(name);
		await ada.locator(`[name=email-${i + 1}]`).fill(email);
		await ada.locator(`[name=number-${i + 1}]`).fill(number);
	}
	await ada.locator('[name=surname-2]').fill(anna.identity.surname);
	await ada.locator('[name=given-names-2]').fill(anna.identity.givenNames);
	await ada.locator('[name=birth-date-2]').fill(anna.identity.birthDate);
	await ada.locator('form[action="?/use"] button').click();
	await ada.waitForURL(/envelopes\/[0-9a-f-]{36}$/);
	await send(ada);
	return ada.url();
}

/** Shows a passport from a file, and waits for the officer. */
async function identify(hand: Page, ada: Page): Promise<void> {
	await hand.locator('[name=document][value=passport]').check();
	await hand.locator('form[action="?/begin"] button').click();
	await hand.waitForLoadState('networkidle');
	await hand.locator('input[type=file]').setInputFiles({ name: 'passeport.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(photograph(specimens.TD3)) });
	await hand.getByRole('button', { name: 'Garder cette image' }).click();
	await hand.getByRole('button', { name: 'Envoyer au contrôle' }).click();
	await expect(hand.getByRole('heading', { name: 'Merci : vous pouvez fermer cette page' })).toBeVisible();
	await ada.goto(new URL(await newest(ada, /\/identity-checks\/[0-9a-f-]{36}/, 'ada@new-user.example')).pathname);
	await expect(ada.getByText('L898902C3').first()).toBeVisible(); // read from the zone
	await ada.getByLabel('Motif').fill('Spécimen : titre échu, comparé à l’œil');
	await ada.getByRole('button', { name: 'Accepter' }).click();
	await expect(ada.getByRole('status')).toContainText('Décision enregistrée');
	await expect(hand.getByRole('heading', { name: 'Votre identité est acceptée' })).toBeVisible();
	await hand.getByRole('link', { name: 'Lire et signer' }).click();
}

test('SIGN-5 SIGN-8 SIGN-3 as a new user: template, three people, two levels, phones; one declines, a number is corrected, and the result speaks for itself', async ({ browser }) => {
	test.skip(missing.length > 0 || !existsSync('/usr/bin/bwrap'), `no specimen can be drawn or read: ${missing.join(', ') || 'bubblewrap'}`);
	test.setTimeout(480_000);
	const ada = await founder(browser, { email: 'ada@new-user.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const safe = ada.url();
	await ada.goto('/settings/officers');
	await ada.getByRole('button', { name: 'Désigner : Ada Lovelace' }).click();
	await expect(ada.getByRole('button', { name: 'Retirer : Ada Lovelace' })).toBeVisible();
	await ada.goto(safe);
	await prepareFor(ada, 'Bail.pdf', await contract({ pages: 3 }), [zoe, anna, bob]);
	await ada.locator('summary', { hasText: 'Enregistrer comme modèle' }).click();
	for (const [i, role] of roles.entries()) await ada.locator(`[name=role-${i + 1}]`).fill(role);
	await ada.getByRole('button', { name: 'Enregistrer comme modèle' }).click();
	await ada.waitForURL(/templates\/[0-9a-f-]{36}$/);
	const template = ada.url();

	await useTemplate(ada, template);
	let hand = await phone(browser);
	await enter(hand, ada, zoe.email);
	await readable(hand);
	await hand.locator('summary', { hasText: 'Refuser de signer' }).click();
	await hand.getByLabel('Motif (facultatif)').fill('Le loyer n’est pas celui convenu');
	await hand.getByRole('button', { name: 'Refuser de signer' }).click();
	await expect(hand.getByText('Vous avez refusé de signer')).toBeVisible();
	await expect(ada.locator('dl dd').first()).toContainText('refusée');
	await expect(ada.getByText('Le loyer n’est pas celui convenu')).toBeVisible();
	await hand.context().close();

	const envelope = await useTemplate(ada, template, '+33612345889'); // not Bob's
	hand = await phone(browser);
	await enter(hand, ada, zoe.email);
	await sign(hand, ada, zoe.number);
	await hand.context().close();

	hand = await phone(browser);
	await enter(hand, ada, anna.email);
	await hand.waitForURL('**/identity');
	await identify(hand, ada);
	await sign(hand, ada, anna.number);
	await hand.context().close();

	hand = await phone(browser);
	await enter(hand, ada, bob.email);
	await askForCode(hand);
	expect(await codeFor(ada, '+33612345889')).toMatch(/^\d{6}$/); // gone to somebody else
	await ada.goto(envelope);
	const card = ada.locator('ol.cards > li', { hasText: bob.name });
	await card.locator('summary').click();
	await card.locator('[name=number]').fill(bob.number);
	await card.locator('form[action="?/correct"] button').click();
	await expect(card).toContainText(bob.number);
	await hand.reload();
	await expect(hand.getByRole('alert')).toContainText('Rouvrez le lien'); // with the number his link changed
	await expect(async () => enter(hand, ada, bob.email)).toPass();
	await sign(hand, ada, bob.number);
	await hand.context().close();

	await expect(ada.locator('dl dd').first()).toContainText('terminée', { timeout: 60_000 });
	const signed = await saved(ada, 'a[href$="/content"][download]');
	const found = signatures(signed);
	expect(found.map(({ valid }) => valid)).toEqual([true, true, true]);
	expect(found[1]!.name).toBe('Anna Maria Eriksson');
	expect(found[0]!.name).not.toContain('Müller'); // level 1: the service's seal, and no name of hers
	expect(said('sh', ['-c', 'mutool sign -v a.pdf 2>&1; true'], signed)).not.toMatch(/digest failure|repair|changed since/i);
	expect(said('mutool', ['info', 'a.pdf'], signed)).toContain('Pages: 3');

	await expect(ada.getByRole('link', { name: /dossier de preuve/i })).toBeVisible({ timeout: 60_000 });
	await ada.getByRole('link', { name: /dossier de preuve/i }).click();
	await ada.waitForURL('**/documents/*');
	const evidence = await saved(ada, 'a[href$="/content"]');
	expect(signatures(evidence).every(({ valid }) => valid)).toBe(true);
	const text = said('pdftotext', ['-layout', 'a.pdf', 'a.txt'], evidence, 'a.txt');
	expect(text.indexOf('Dossier de preuve')).toBeGreaterThan(-1);
	expect(text.indexOf('Dossier de preuve')).toBeLessThan(text.indexOf('Evidence file'));
	const pages = Number(/^Pages:\s+(\d+)/m.exec(said('pdfinfo', ['a.pdf'], evidence))![1]);
	const data = JSON.parse(said('pdfdetach', ['-saveall', 'a.pdf'], evidence, 'evidence.json')) as { envelope: { state: string }; signers: { name: string; level: number; state: string; identity: { certificate: string } | null; pagesReached: number }[]; log: { entries: unknown[] } };
	expect(data.envelope.state).toBe('completed');
	expect(data.signers.map(({ name, level, state }) => [name, level, state])).toEqual([[zoe.name, 1, 'signed'], [anna.name, 2, 'signed'], [bob.name, 1, 'signed']]);
	expect(data.signers[1]!.identity!.certificate).toMatch(/^[0-9a-f]+$/i);
	expect(data.log.entries.length).toBeGreaterThan(10);
	expect(pages, 'three signers, one of level 2').toBeLessThanOrEqual(4);
});
