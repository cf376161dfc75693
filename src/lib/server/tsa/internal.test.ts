import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { base64 } from '#crypto/bytes.ts';
import { exportKey, generateKey, nodeSigner, specAlgorithm } from '../keys/primitives.ts';
import { createPki } from '../../../../test/support/pki.ts';

test('SAFE-4 RFC 3161 §2.4.2: several processes with one key, one of them killed and begun again, give no serial number twice', async () => {
	const pki = await createPki();
	const { privateKey, spki } = generateKey('ecdsa-p256');
	const { certificate } = await pki.authority({ key: { signer: nodeSigner(privateKey, specAlgorithm['ecdsa-p256']), spki } });
	const args = [exportKey(privateKey), certificate.der, pki.ca.certificate.der].map(base64);
	const stamping = (count: number, killedAfter = Infinity) =>
		new Promise<string[]>((done, failed) => {
			const child = spawn(process.execPath, ['test/support/stamping-process.ts', String(count), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
			let said = '';
			child.stdout.on('data', (text: Buffer) => {
				said += text.toString();
				if (said.split('\n').length > killedAfter) child.kill('SIGKILL');
			});
			child.once('error', failed);
			child.once('close', () => done(said.split('\n').slice(0, -1)));
		});
	const killed = async () => [...(await stamping(1_000_000, 200)), ...(await stamping(500))];
	const all = (await Promise.all([stamping(1000), stamping(1000), stamping(1000), killed()])).flat();
	expect(all.length).toBeGreaterThanOrEqual(3700);
	expect(new Set(all).size).toBe(all.length);
	for (const serial of all) expect(serial.length).toBeGreaterThanOrEqual(32); // 128 random bits behind a leading one: no two alike without anything to remember
});
