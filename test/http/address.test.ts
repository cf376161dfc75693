// Behind a reverse proxy: who asks is whom the proxy says, and nobody says it themselves.

import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { startWeb } from '../support/web.ts';

const database = await createTestDatabase();
const { origin } = await startWeb(database.url('web'), { ADDRESS_HEADER: 'X-Forwarded-For', XFF_DEPTH: '1' });

let askers = 0;
/** The status of asking for a new password, as it comes through the proxy. */
const asked = async (forwarded?: string): Promise<number> =>
	(await fetch(`${origin}/forgotten`, { method: 'POST', headers: { origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...(forwarded ? { 'x-forwarded-for': forwarded } : {}) }, body: `email=${++askers}@test.example`, redirect: 'manual' })).status;

test('ACC-2 limits are of the address that the proxy adds; what the asker wrote before it counts for nothing', async () => {
	for (let i = 0; i < 20; i++) expect(await asked(`198.51.100.${i}, 203.0.113.1`)).toBe(200);
	expect(await asked('198.51.100.99, 203.0.113.1')).toBe(429);
	expect(await asked('203.0.113.1, 203.0.113.2')).toBe(200);
});

test('ACC-2 nothing is answered to who came by another way', async () => {
	expect(await asked()).toBe(500);
});
