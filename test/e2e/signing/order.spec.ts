// Several signers, one after the other, in English: nobody is asked before their turn, and each signs what the one before made of it.

import { expect, test } from '@playwright/test';
import { contract } from '../../support/signing.ts';
import { enter, founder, newest, prepareFor, readable, send, sign } from '../people.ts';
import { saved, signatures } from '../tools.ts';

const origin = process.env.PROBANT_ORIGIN!;
const people = [
	{ name: 'Ann Stone', email: 'ann@order.example', number: '+33612345871', locale: 'en' },
	{ name: 'Bob Łuczak', email: 'bob@order.example', number: '+33612345872', locale: 'en' },
	{ name: 'Cleo Ndiaye', email: 'cleo@order.example', number: '+33612345873', locale: 'en' }
] as const;

test('SIGN-5 SIGN-2 three sign in order, each in their turn, in English', async ({ browser }) => {
	test.setTimeout(240_000);
	const ada = await founder(browser, { email: 'ada@order.example', locale: 'en-GB', organisation: 'Martin Workshops', safe: 'Contracts' });
	await prepareFor(ada, 'Service agreement.pdf', await contract({ pages: 2 }), people);
	await send(ada);
	const envelope = ada.url();
	const seen: string[] = [];
	for (const [i, { name, email, number }] of people.entries()) {
		const card = ada.locator('ol.cards > li', { hasText: name });
		await newest(ada, /\/sign\/[\w-]{43}/, email);
		const outbox = await ada.context().newPage();
		await outbox.goto('/outbox');
		for (const later of people.slice(i + 1)) await expect(outbox.locator('article', { has: outbox.locator('h2', { hasText: later.email }) })).toHaveCount(0);
		await outbox.close();
		const hand = await (await browser.newContext({ baseURL: origin, locale: 'en-GB', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })).newPage();
		await enter(hand, ada, email);
		await expect(hand.getByText(`Signer ${i + 1} of 3`)).toBeVisible();
		await readable(hand);
		seen.push(await hand.locator('.hash').innerText());
		await sign(hand, ada, number);
		await expect(hand.getByText(/simple signature under the eIDAS regulation/)).toBeVisible();
		await expect(card.getByText(/has signed/)).toBeVisible({ timeout: 20_000 });
		await hand.context().close();
	}
	expect(new Set(seen).size).toBe(3); // each read the revision of the one before
	await ada.goto(envelope);
	await expect(ada.locator('dl dd').first()).toContainText('complete', { timeout: 40_000 });
	const found = signatures(await saved(ada, 'a[href$="/content"][download]'));
	expect(found.map(({ valid }) => valid)).toEqual([true, true, true]);
});
