// A small world for the domain's tests: two clients with their people on a real database, a web context for each, a worker with real keys.

import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { withActor, type Context, type Parts, type WorkerContext } from '#lib/server/context.ts';
import { connect } from '#lib/server/db/pool.ts';
import { egress } from '#lib/server/egress/client.ts';
import { generateKey, nodePrimitives, nodeSigner, specAlgorithm } from '#lib/server/keys/primitives.ts';
import type { SigningKeys } from '#lib/server/keys/signing-keys.ts';
import type { StorageKey } from '#lib/server/keys/storage-key.ts';
import { bubblewrap } from '#lib/server/sandbox/bubblewrap.ts';
import { builtIn } from '#lib/server/signing-service/built-in.ts';
import { internalAuthority } from '#lib/server/tsa/internal.ts';
import { lengthPrefixed, utf8 } from '#crypto/bytes.ts';
import { createTestDatabase } from './database.ts';
import { createMemoryStore } from './memory-store.ts';
import { createPki, type Holder } from './pki.ts';

/** A storage key in memory: wraps like the real ones, AES-256-GCM bound to ids. */
function storageKey(): StorageKey {
	const key = randomBytes(32);
	const aad = (binding: readonly string[]) => lengthPrefixed(...binding.map(utf8));
	return {
		async wrap(bytes, binding) {
			const nonce = randomBytes(12);
			return Buffer.concat([nonce, await nodePrimitives.aesGcmSeal(key, nonce, aad(binding), bytes)]);
		},
		unwrap: (wrapped, binding) => nodePrimitives.aesGcmOpen(key, wrapped.subarray(0, 12), aad(binding), wrapped.subarray(12)),
		wrapperOf: () => 'test-1'
	};
}

async function signingKeys(): Promise<{ signing: SigningKeys; root: Uint8Array }> {
	const pki = await createPki('World');
	const certified = ({ signer, certificate, chain }: Holder) => ({ signer, certificate: certificate.der, chain });
	const { privateKey, spki } = generateKey('ed25519');
	const secret = randomBytes(32);
	const hmac = (message: Uint8Array) => new Uint8Array(createHmac('sha256', secret).update(message).digest());
	const signing = {
		serviceSeal: certified(await pki.issue('Service seal')),
		instanceSeal: certified(await pki.issue('Instance seal')),
		tsa: certified(await pki.issue('TSA', { extKeyUsage: { purposes: ['timeStamping'], critical: true } })),
		ocsp: certified(await pki.issue('OCSP', { extKeyUsage: { purposes: ['ocspSigning'], critical: false }, revocation: 'ocsp-nocheck' })),
		root: certified(pki.root),
		ca: certified(pki.ca),
		former: [],
		log: { name: 'test.example/log', publicKey: spki.slice(-32), signer: nodeSigner(privateKey, specAlgorithm.ed25519), earlier: [] },
		code: hmac,
		link: hmac
	};
	return { signing, root: pki.root.certificate.der };
}

export interface Person {
	readonly person: string;
	readonly client: string;
	/** Their web context. */
	readonly ctx: Context;
}

/** The world of one test file; gone with it. */
export async function createWorld() {
	const database = await createTestDatabase();
	const owner = database.connect('owner');
	const objects = createMemoryStore();
	const stageDirectory = mkdtempSync(join(tmpdir(), 'probant-stage-'));
	afterAll(() => rmSync(stageDirectory, { recursive: true, force: true }));
	const parts = (role: 'web' | 'worker'): Parts => ({
		database: connect(database.connect(role)),
		primitives: nodePrimitives,
		objects,
		storageKey: key,
		settings: { origin: 'https://safe.test', operator: 'Test', operatorMail: 'abuse@operator.test', policy: '1.3.6.1.4.1.99999.1.1', production: false, privateInstance: true, maximumSize: 64 << 20, countries: ['FR'], stageDirectory, fonts: [], identityImageDays: 2557, identityReuseDays: 90, renewDays: 365, recordHash: 'SHA-256', timestampAnchors: [], smsPerDay: 2000, remote: null, bounceToken: 'token of the operator’s mail server' }
	});
	const key = storageKey();
	const { signing, root } = await signingKeys();
	const refuse = () => Promise.reject(new Error('nothing is sent here'));
	const web = parts('web');
	const own = builtIn({ primitives: nodePrimitives, signing, origin: 'https://safe.test' });
	const workerParts = {
		...parts('worker'),
		signingService: own,
		builtIn: own,
		anchor: objects,
		witnesses: [],
		signing,
		tsa: internalAuthority({ primitives: nodePrimitives, tsa: signing.tsa, root, policy: '1.3.6.1.4.1.99999.1.1', now: Date.now }),
		mailer: { send: refuse },
		sms: { send: refuse },
		timeSources: [],
		sending: web.database,
		egress: egress(['127.0.0.1']),
		sandbox: await bubblewrap()
	} as unknown as Omit<WorkerContext, 'actor' | 'tx'>;
	const worker: WorkerContext = withActor(workerParts, { person: null, client: null, via: 'worker' });

	async function person(client: string, role: string): Promise<Person> {
		const id = crypto.randomUUID();
		await owner`insert into person (id, email, name) values (${id}, ${`${id}@test.example`}, 'Ada')`;
		await owner`insert into member (client, person, role) values (${client}, ${id}, ${role})`;
		return { person: id, client, ctx: withActor(web, { person: id, client, via: 'web' }) };
	}
	async function client(): Promise<string> {
		const id = crypto.randomUUID();
		await owner`insert into client (id, name) values (${id}, 'A client')`;
		return id;
	}
	return { database, owner, objects, web, worker, root, person, client, administrator: async () => person(await client(), 'administrator') };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
