// What a person sees when something is wrong with a file, in their language; that it left an event, and lost nothing.

import { expect, test, type Page } from '@playwright/test';
import { PDFDocument } from 'pdf-lib';
import { founder } from '../people.ts';

const minimal = (catalog: string, trailer: string, startxref?: number): Buffer => {
	let pdf = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
	const offsets: number[] = [];
	for (const body of [`<</Type/Catalog/Pages 2 0 R${catalog}>>`, '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>']) {
		offsets.push(pdf.length);
		pdf += `${offsets.length} 0 obj\n${body}\nendobj\n`;
	}
	const at = pdf.length;
	pdf += `xref\n0 4\n0000000000 65535 f \n${offsets.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size 4/Root 1 0 R${trailer}>>\nstartxref\n${startxref ?? at}\n%%EOF\n`;
	return Buffer.from(pdf, 'latin1');
};
async function withScript(): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	pdf.addPage();
	pdf.addJavaScript('greet', 'app.alert("Bonjour")');
	return Buffer.from(await pdf.save());
}
/** Puts files with any name and any pretended size into the page's field. */
const choose = (page: Page, files: readonly { name: string; text: string; size?: number }[]) =>
	page.locator('#files').evaluate((input: HTMLInputElement, given) => {
		const transfer = new DataTransfer();
		for (const { name, text } of given) transfer.items.add(new File([text], name));
		input.files = transfer.files;
		given.forEach(({ size }, i) => size && Object.defineProperty(input.files![i]!, 'size', { value: size }));
		input.dispatchEvent(new Event('change', { bubbles: true }));
	}, files);

test('SAFE-3 SAFE-7 LOG-1 files that cannot be deposited: each says why in French, each is an event, what is good goes on', async ({ browser }) => {
	const page = await founder(browser, { email: 'ada@bad-input.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const safe = page.url();
	const said = (name: string | RegExp, sentence: string) => expect(page.getByRole('listitem').filter({ hasText: name }).getByRole('alert')).toContainText(sentence, { timeout: 20_000 });
	await choose(page, [
		{ name: 'vide.pdf', text: '' },
		{ name: '..\\chemin.pdf', text: 'x' },
		{ name: 'fdp.\u202etartnoc', text: 'x' },
		{ name: 'deux\r\nlignes.pdf', text: 'x' },
		{ name: `${'n'.repeat(300)}.pdf`, text: 'x' },
		{ name: 'cinq-gigaoctets.bin', text: 'x', size: 5 * 2 ** 30 + 1 }
	]);
	await said('vide.pdf', 'Ce fichier est vide');
	await said('chemin.pdf', 'Un nom de fichier ne peut contenir');
	await said('tartnoc', 'marques invisibles');
	await said(/deux\s+lignes/, 'caractères de commande');
	await said('nnn', 'dépasse 255 caractères');
	await said('cinq-gigaoctets.bin', 'dépasse la taille permise');

	// another hash than the bytes': announced by a caller that errs
	await page.route('**/upload', (route) => {
		const metadata = route.request().headers()['upload-metadata']!.replace(/sha256 [^,]+/, `sha256 ${Buffer.from('0'.repeat(64)).toString('base64')}`);
		return route.continue({ headers: { ...route.request().headers(), 'upload-metadata': metadata } });
	});
	await choose(page, [{ name: 'autre-empreinte.txt', text: 'x' }]);
	await said('autre-empreinte.txt', 'n’est pas celui qui a été annoncé');
	await page.unroute('**/upload');

	// a line that is cut once
	let cut = 0;
	await page.route('**/upload/*', (route) => (route.request().method() === 'PATCH' && cut++ === 0 ? route.abort('connectionreset') : route.continue()));
	await choose(page, [{ name: 'coupé.txt', text: 'Bonjour' }]);
	await expect(page.getByRole('link', { name: 'coupé.txt' })).toBeVisible({ timeout: 20_000 });
	expect(cut).toBeGreaterThan(1);

	await page.goto(`${safe}/log?op=document.deposit`);
	for (const reason of ['empty-file', 'name-path', 'name-direction', 'name-control', 'name-long', 'file-too-large', 'hash-mismatch']) await expect(page.getByText(`reason: ${reason}`), reason).toBeVisible();
});

test('SIGN-4 LOG-1 PDFs that cannot be signed: each says why, in French and in English, and is an event', async ({ browser }) => {
	const page = await founder(browser, { email: 'ada@bad-pdf.example', locale: 'fr-FR', organisation: 'Ateliers Martin', safe: 'Contrats' });
	const safe = page.url();
	const files: [name: string, buffer: Buffer, french: string, english: string][] = [
		['script.pdf', await withScript(), 'il contient du JavaScript', 'it contains JavaScript'],
		['xfa.pdf', minimal('/AcroForm<</Fields[]/XFA(x)>>', ''), 'c’est un formulaire XFA', 'it is an XFA form'],
		['encrypted.pdf', minimal('', '/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -4>>/ID[(x)(x)]'), 'il est chiffré', 'it is encrypted'],
		['broken.pdf', minimal('', '', 7), 'sa structure est abîmée', 'its structure is damaged']
	];
	const asked: [string, string][] = [];
	for (const [name, buffer, french, english] of files) {
		await page.goto(safe);
		await page.setInputFiles('#files', { name, mimeType: 'application/pdf', buffer });
		await page.getByRole('link', { name }).click({ timeout: 20_000 });
		await page.getByRole('link', { name: 'Faire signer', exact: true }).click();
		await expect(page.getByRole('alert'), name).toContainText(french);
		await expect(page.getByRole('button', { name: 'Préparer' })).toHaveCount(0);
		asked.push([page.url(), english]);
	}
	await page.request.post('/language', { form: { locale: 'en' }, headers: { origin: new URL(safe).origin } });
	for (const [address, english] of asked) {
		await page.goto(address);
		await expect(page.getByRole('alert'), address).toContainText(english);
	}
	await page.goto(`${safe}/log?op=envelope.prepare`);
	for (const reason of ['javascript', 'xfa', 'encrypted', 'damaged']) await expect(page.getByText(`reason: ${reason}`).first(), reason).toBeVisible();
});
