// The signing page on a slow phone: from the start of the navigation until the picture of page one is painted. A real browser, slowed down, nothing in its cache.

import { createHash, randomBytes } from 'node:crypto';
import type { CDPSession, Page } from '@playwright/test';
import { makeFirstPage } from '#lib/server/envelopes/first-page.ts';
import { webProcess } from './bench-deposits.ts';
import type { Bench } from './bench-instance.ts';
import { envelopeOf } from './bench-signatures.ts';
import { chromium, launchOptions } from './chromium.ts';
import { firstLoad } from './first-load.ts';
import { quantile } from './measure.ts';

const [runs, bar] = [5, 2000];

/** Such a line, 150 ms there and back; as Chromium’s developer tools have it. */
export const line = (kilobits: number, offline = false) => ({ offline, latency: 150, downloadThroughput: kilobits * 125, uploadThroughput: kilobits * 60 });

/** The page on such a line, with its processor slowed so many times. */
export async function slow(page: Page, kilobits: number, processor = 1): Promise<CDPSession> {
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('Network.enable');
	await cdp.send('Network.emulateNetworkConditions', line(kilobits));
	await cdp.send('Emulation.setCPUThrottlingRate', { rate: processor });
	return cdp;
}

/** Milliseconds from the start of the navigation until the picture of page one was painted, as the browser says. */
export const painted = (page: Page): Promise<number> =>
	page.evaluate(
		() =>
			new Promise<number>((found) => {
				new PerformanceObserver((list) => {
					const entry = list.getEntries().find((e) => 'url' in e && String(e.url).includes('/first-page'));
					if (entry) found(entry.startTime);
				}).observe({ type: 'largest-contentful-paint', buffered: true });
			})
	);

/** Lines for people, and whether the bar is missed; null where it cannot be measured here. */
export async function benchPage(bench: Bench): Promise<{ readonly lines: readonly string[]; readonly missed: boolean }> {
	if (!chromium) return { lines: ['page one of the signing page: not measured, Chromium is not there'], missed: false };
	const envelope = await envelopeOf(bench, { signers: 1, pages: 5, lines: 40 });
	await makeFirstPage(bench.worker, { envelope });
	const [drawn] = await bench.owner<{ size: number }[]>`select octet_length(p.picture) as size from first_page p join envelope e on e.current_version = p.version where e.id = ${envelope}`;
	if (!drawn) return { lines: ['page one of the signing page: no picture of it here (no sandbox, Ghostscript or GraphicsMagick)'], missed: false };
	const secret = randomBytes(32).toString('base64url');
	const [signer] = await bench.owner<{ id: string; client: string }[]>`update signer set state = 'opened' where envelope = ${envelope} returning id, client`;
	await bench.owner`insert into signing_session (hash, client, signer) values (${createHash('sha256').update(secret).digest()}, ${signer!.client}, ${signer!.id})`;
	const web = await webProcess(bench);
	const { chromium: engine } = await import('@playwright/test');
	const browser = await engine.launch(launchOptions());
	try {
		const took: number[] = [];
		for (let i = 0; i < runs; i++) {
			const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
			await context.addCookies([{ name: '__Host-signing', value: secret, url: web.origin.replace(/^http:/, 'https:') }]);
			const page = await context.newPage();
			await slow(page, 1600, 4);
			await page.goto(`${web.origin}/signing/${signer!.id}`, { waitUntil: 'commit' });
			took.push(await painted(page));
			await context.close();
		}
		const median = quantile(took, 0.5);
		return {
			lines: [
				...firstLoad(),
				`page one of the signing page on slow 4G (1.6 Mbit/s, 150 ms, processor slowed four times, no cache): painted after ${median.toFixed(0)} ms, median of ${runs} (${median < bar ? 'under' : 'OVER'} the bar of ${bar} ms; longest ${Math.max(...took).toFixed(0)} ms; its picture ${(drawn.size / 1000).toFixed(1)} KB)`
			],
			missed: median >= bar
		};
	} finally {
		await browser.close();
		await web.stop();
	}
}
