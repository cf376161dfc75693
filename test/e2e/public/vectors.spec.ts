// The same files judged by the page's own worker in Chromium and by Node: one report. Each file has a fresh worker, as a visitor would.

import { expect, test, type Page } from '@playwright/test';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { verifyReceipt } from '#crypto/bundle/receipt.ts';
import { base64 } from '#crypto/bytes.ts';
import { validate } from '#crypto/pades/validate.ts';
import type { Request, Verdict } from '#lib/client/verify-worker.ts';
import { nodePrimitives as p, specAlgorithm, type KeySpec } from '#lib/server/keys/primitives.ts';
import * as material from '../../fuzz/material.ts';
import { foreign, foreignKinds } from '../../support/foreign.ts';
import { createPki, epoch, year } from '../../support/pki.ts';
import { answers, contract, signField, stamped, withDss, withFields } from '../../support/signing.ts';

const origin = process.env.PROBANT_ORIGIN!;
const corpora = '../shared/corpora';
const there = existsSync(corpora);
const skipped = !there ? ' (skipped: no corpora folder)' : process.platform === 'linux' ? '' : ' (skipped: Linux only, asks /proc)';

type Asked = Pick<Request, 'kind' | 'at'> & { bytes: Uint8Array; anchors: readonly Uint8Array[]; ocsp: readonly Uint8Array[]; logs: readonly string[] };
interface Judged {
	readonly verdict: Verdict;
	readonly ms: number;
}

/** Hands files to the worker that /verify starts, as that page does. */
async function judging(page: Page): Promise<(asked: Asked) => Promise<Judged>> {
	const started = page.waitForEvent('worker');
	await page.goto(`${origin}/verify`);
	const url = (await started).url();
	let body = Buffer.alloc(0);
	await page.route('**/vector', (route) => route.fulfill({ body, contentType: 'application/octet-stream' }));
	return async ({ bytes, anchors, ocsp, ...more }) => {
		body = Buffer.from(bytes);
		const request = { ...more, id: 1, original: null, anchors: anchors.map(base64), ocsp: ocsp.map(base64) };
		return page.evaluate(
			async ({ url, request }) => {
				const bytes = new Uint8Array(await (await fetch('/vector')).arrayBuffer());
				const worker = new Worker(url, { type: 'module' });
				const ask = (message: unknown) =>
					new Promise<{ verdict: Verdict; failure?: string }>((resolve, reject) => {
						worker.onmessage = ({ data }) => resolve(data);
						worker.onerror = ({ message }) => reject(new Error(message));
						worker.postMessage(message);
					});
				await ask({ ...request, kind: 'receipt', bytes: new Uint8Array() }); // its code is there
				const from = performance.now();
				const { verdict, failure } = await ask({ ...request, bytes });
				const ms = performance.now() - from;
				worker.terminate();
				if (failure) throw new Error(failure);
				return { verdict, ms };
			},
			{ url, request }
		);
	};
}

/** What comes through structured cloning and JSON alike. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('SIGN-7 LOG-5 every algorithm and level, whole and with one bit changed: Chromium reports what Node reports', async ({ page }) => {
	test.setTimeout(180_000);
	const at = epoch + year / 2;
	const pki = await createPki();
	const authority = await pki.authority();
	const judge = await judging(page);
	const anchors = [pki.root.certificate.der];
	for (const [n, spec] of (Object.keys(specAlgorithm) as KeySpec[]).entries()) {
		const holder = await pki.issue(`Signer ${spec}`, { spec });
		const empty = withFields(await contract({ useObjectStreams: n % 2 === 1 }), ['a']);
		const ocsp = await answers(pki, [holder, authority], at + 1000);
		const basic = await signField(empty, 'a', holder, { at, authority: null });
		const timed = await signField(empty, 'a', holder, { at, authority });
		const lasting = withDss(timed, ocsp);
		const files = { 'B-B': basic, 'B-T': timed, 'B-LT': lasting, 'B-LTA': await stamped(lasting, authority, at + 2000) };
		for (const [level, whole] of Object.entries(files)) {
			const altered = whole.slice();
			altered[100 + n]! ^= 1;
			for (const [bytes, indication] of [[whole, 'TOTAL-PASSED'], [altered, 'TOTAL-FAILED']] as const) {
				const asked = { at: at + 86_400_000, anchors, ocsp };
				const { verdict } = await judge({ kind: 'pdf', bytes, logs: [], ...asked });
				const report = await validate(p, bytes, { trust: { anchors }, at: asked.at, revocation: ocsp });
				expect(report.indication, `${spec} ${level}`).toBe(indication);
				if (indication === 'TOTAL-PASSED') expect(report.signatures[0]!.level).toBe(level);
				expect(plain(verdict.report), `${spec} ${level}`).toEqual(plain(report));
			}
		}
	}
});

for (const kind of foreignKinds) {
	test(`LOG-5 ${kind}, sound and altered: Chromium reports what Node reports`, async ({ page }) => {
		const judge = await judging(page);
		const { pdf, altered, anchors, revocation, at } = await foreign(kind);
		for (const [bytes, indication] of [[pdf, 'TOTAL-PASSED'], [altered, 'TOTAL-FAILED']] as const) {
			const { verdict } = await judge({ kind: 'pdf', bytes, at, anchors, ocsp: revocation, logs: [] });
			const report = await validate(p, bytes, { trust: { anchors }, at, revocation });
			expect(report.indication).toBe(indication);
			expect(plain(verdict.report)).toEqual(plain(report));
		}
	});
}

test('SAFE-5 LOG-5 a receipt, whole and altered: Chromium reports what Node reports', async ({ page }) => {
	const judge = await judging(page);
	const trust = { anchors: [material.root.certificate.der], logs: [material.logVerifier] };
	const altered = material.receipt.map((b, i) => (i === material.receipt.length >> 1 ? b ^ 1 : b));
	for (const [bytes, indication] of [[material.receipt, 'TOTAL-PASSED'], [altered, 'TOTAL-FAILED']] as const) {
		const { verdict } = await judge({ kind: 'receipt', bytes, at: material.at, ocsp: [], ...trust });
		const report = await verifyReceipt(p, bytes, trust);
		expect(report.indication).toBe(indication);
		expect(plain(verdict.report)).toEqual(plain(report));
	}
});

test.describe('corpora', () => {
	test.skip(Boolean(skipped), skipped);
	test(`LOG-5 every file of the corpora in Chromium: Node’s report, each under 2 s, the page’s whole process under 256 MB${skipped}`, async ({ page, browser }) => {
		test.setTimeout(300_000);
		const judge = await judging(page);
		const session = await browser.newBrowserCDPSession();
		const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; id: number; cpuTime: number }[] };
		const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
		const highest = () => Math.max(...renderers.map((id) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1024));
		const files = readdirSync(corpora, { recursive: true, encoding: 'utf8' }).filter((f) => /^(attacks|parser|signed).*\.pdf$/.test(f));
		const [slow, large, other]: [string[], string[], string[]] = [[], [], []];
		for (const file of files) {
			const bytes = new Uint8Array(readFileSync(`${corpora}/${file}`));
			const asked = { at: Date.parse('2026-01-01T00:00:00Z') };
			for (const id of renderers) writeFileSync(`/proc/${id}/clear_refs`, '5');
			const { verdict, ms } = await judge({ kind: 'pdf', bytes, anchors: [], ocsp: [], logs: [], ...asked });
			const peak = highest();
			if (ms > 2000) slow.push(`${file}: ${ms.toFixed(0)} ms`);
			if (peak > 256) large.push(`${file}: ${peak.toFixed(0)} MB`);
			const report = await validate(p, bytes, { trust: { anchors: [] }, ...asked });
			if (JSON.stringify(verdict.report) !== JSON.stringify(report)) other.push(file);
		}
		expect(renderers).not.toEqual([]);
		expect(files.length).toBeGreaterThan(400);
		expect({ slow, large, other }).toEqual({ slow: [], large: [], other: [] });
	});
});
