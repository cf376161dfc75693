// The content security policy: what static files come with, and the one style attribute that is allowed.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createWorld } from '../support/world.ts';
import { startWeb } from '../support/web.ts';

const world = await createWorld();
const { origin } = await startWeb(world.database.url('web'));

test('a static file runs nothing but this site’s own code, whatever it is opened as', async () => {
	const script = readdirSync('build/client/_app/immutable/workers').find((name) => name.endsWith('.js'))!;
	for (const path of ['/favicon.svg', `/_app/immutable/workers/${script}`]) {
		const { headers, status } = await fetch(origin + path);
		expect(status, path).toBe(200);
		expect(headers.get('content-security-policy')).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'");
		expect(headers.get('x-content-type-options')).toBe('nosniff');
	}
});

test('the one style attribute allowed is that of Kit’s route announcer', () => {
	const style = /style="(position: absolute[^"]*)"/.exec(readFileSync('.svelte-kit/generated/root.svelte', 'utf8'))![1]!;
	expect(readFileSync('svelte.config.js', 'utf8')).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
});
