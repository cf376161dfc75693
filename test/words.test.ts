// Words that promise more than there is: nothing says "qualified", "verified identity" or "presumed reliable", but to say that it is not so, or of a timestamp whose provider's token says it.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assign } from '#lib/server/audit/sequence.ts';
import { publish } from '#lib/server/audit/checkpoint.ts';
import * as read from '#lib/server/documents/read.ts';
import { evidence } from '#lib/server/envelopes/evidence.ts';
import { receipt, receiptOf } from '#lib/server/evidence/receipt.ts';
import { timestamp } from '#lib/server/evidence/timestamp.ts';
import * as here from '#lib/server/envelopes/sign-here.ts';
import { bob, createEnvelopes, zoe } from './support/envelopes.ts';
import { run } from './support/openssl.ts';
import { createWorld } from './support/world.ts';

const promising = /qualifi(é|ed)|présum|présompt|presum|identités? (est |sont )?vérifiée|(verified|certified) identit|identit(y|ies) (is |are |was |were )?(verified|certified)|certifi(é|ée|ed) NF|NF Z42|L\.? ?103|coffre-fort numérique|digital safe|valeur probante|probative value|inviolable|tamper-proof|(détruire|destroy) (le |the |votre |your )?(papier|paper)|papier peut être détruit|paper (can|may) be destroyed/i;

/** What may be said with those words: each says that it is not so, but for the last two, of a timestamp that a trusted list says is qualified (tsa/authority.ts). */
const allowed: readonly RegExp[] = [
	/n’est (pas|jamais) présumée fiable/g,
	/sans présomption de fiabilité/gi,
	/(never|not) presumed reliable/gi,
	/ne donne à la signature ni la qualité de signature qualifiée, ni la présomption de fiabilité/g,
	/makes the signature neither a qualified signature nor one presumed reliable/g,
	/n’établit aucune présomption irréfragable/g,
	/establishes no irrebuttable presumption/g,
	/Le certificat n’est pas qualifié/g,
	/The certificate is not qualified/g,
	/qualified: 'qualifi(é|ed)( \/ qualified)?'/g,
	/(\| |kind: )'qualified'/g
];
const without = (text: string) => allowed.reduce((left, phrase) => left.replace(phrase, ''), text);
/** What stands around a word that promises, for a person to judge. */
const promises = (text: string): string[] => [...without(text).matchAll(new RegExp(`.{0,80}(?:${promising.source}).{0,80}`, 'gi'))].map((m) => m[0]);

/** Source without what only its readers see. */
const said = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '').replace(/(^|\s)\/\/ .*$/gm, '$1');

test('SIGN-2 the rule catches what it forbids, and lets through what says the contrary', () => {
	for (const wrong of ['une signature qualifiée', 'A qualified signature', 'signature présumée fiable', 'presumed reliable', 'presumption of reliability', 'identité vérifiée', 'verified identity', 'the identity was verified', 'certifié NF Z42-013', 'le papier peut être détruit', 'coffre-fort numérique']) expect(promises(`Ceci est ${wrong}.`), wrong).toHaveLength(1);
	for (const right of ['cette signature n’est pas présumée fiable', 'Never presumed reliable', 'sans présomption de fiabilité', 'identité déclarée', 'coffre-fort électronique']) expect(promises(right), right).toEqual([]);
});

test('SIGN-2 SIGN-3 no word of the product promises more than there is', () => {
	const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src'], { encoding: 'utf8' }).split('\n').filter((file) => /\.(ts|svelte|html)$/.test(file) && !file.endsWith('.test.ts'));
	expect(files.length).toBeGreaterThan(200);
	expect(files.flatMap((file) => promises(said(file)).map((words) => `${file}: ${words}`))).toEqual([]);
});

test('SIGN-2 SIGN-8 neither does a receipt, a signed document, an evidence file, nor a mail or SMS', async () => {
	const world = await createWorld();
	const { ada, worker, mails, texts, work, sent, enter, ask } = await createEnvelopes(world);
	const envelope = await sent([zoe, bob]);
	for (const who of [zoe, bob]) {
		const { ctx } = await enter(who.email);
		await here.attempt(ctx, await ask(ctx, who.name));
		await work();
	}
	const settle = async (): Promise<void> => {
		for (const { id } of await world.owner<{ id: string }[]>`select id from version v where not exists (select from timestamp_token t where t.version = v.id)`) await timestamp(worker, { version: id });
		while (await assign(worker));
		await publish(worker);
	};
	await settle();
	await evidence(worker, { envelope });
	await settle();
	const versions = await world.owner<{ id: string; number: number; kind: string }[]>`select v.id, v.number, d.kind from version v join document d on d.id = v.document where d.client = ${ada.client} order by v.created_at`;
	expect(versions.map(({ kind, number }) => `${kind} ${number}`)).toEqual(expect.arrayContaining(['document 1', 'document 3', 'evidence 1']));
	const pdfs = await Promise.all(versions.map(({ id }) => read.bytesOf(ada.ctx, id)));
	const [first] = versions;
	await receipt(worker, { version: first!.id });
	const pages = [...pdfs, await receiptOf(ada.ctx, first!.id, 'pdf')].map((pdf) => run('pdftotext', ['-layout', 'a.pdf', '-'], { 'a.pdf': pdf }).text.replace(/\s+/g, ' '));
	expect(pages.join(' ')).toContain('Attestation de dépôt');
	expect(pages.join(' ')).toContain('sans présomption de fiabilité');
	expect(mails.length).toBeGreaterThan(3);
	const letters = [...mails.flatMap((m) => [m.subject, m.text, m.html ?? '']), ...texts.map((t) => t.text)].map((t) => t.replace(/\s+/g, ' '));
	expect([...pages, ...letters].flatMap(promises)).toEqual([]);
});
