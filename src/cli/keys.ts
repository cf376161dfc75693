// probant keys: what an instance's keys are, and their making, rotation, backup and restoration.

import { parseArgs } from 'node:util';
import { fromBase64 } from '#crypto/bytes.ts';
import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import { reasons, type Reason } from '#lib/server/certificates.ts';
import { readSettings } from '#lib/server/env.ts';
import { backup, confirmBackup, restore } from '#lib/server/keys/backup.ts';
import { makeKeys } from '#lib/server/keys/prepare.ts';
import { list } from '#lib/server/keys/ring.ts';
import { rotate } from '#lib/server/keys/rotate.ts';
import { openVault } from '#lib/server/keys/vault.ts';
import { databaseOf } from './database.ts';
import { Misuse } from './misuse.ts';
import { passphrase } from './passphrase.ts';
import { revokeCertificate } from './revoke-certificate.ts';
import { rotateLog } from './rotate-log.ts';
import { discard, rotateStorage } from './rotate-storage.ts';

export const usage = 'probant keys list | make | rotate NAME | revoke SERIAL [--reason WHY] | discard ID | backup FILE | confirm-backup FILE | restore FILE   [--passphrase-file FILE]';

const say = (line: string) => void process.stdout.write(`${line}\n`);

function parse(args: readonly string[]): { act: string; name: string; file: string | undefined; reason: Reason } {
	try {
		const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: { 'passphrase-file': { type: 'string' }, reason: { type: 'string', default: 'unspecified' } } });
		const [act = '', name = '', ...more] = positionals;
		const named = ['rotate', 'revoke', 'discard', 'backup', 'confirm-backup', 'restore'].includes(act);
		if ((!named && !['list', 'make'].includes(act)) || named !== Boolean(name) || more.length || !(values.reason in reasons)) throw new Misuse(usage);
		return { act, name, file: values['passphrase-file'], reason: values.reason as Reason };
	} catch (error) {
		throw error instanceof Misuse ? error : new Misuse(`${(error as Error).message}\n${usage}`, { cause: error });
	}
}

export async function run(args: readonly string[]): Promise<number> {
	const { act, name, file, reason } = parse(args);
	const settings = readSettings();
	const directories = { storage: settings.STORAGE_KEY_DIRECTORY, signing: settings.SIGNING_KEY_DIRECTORY };
	const instance = { operator: settings.OPERATOR_NAME, country: settings.OPERATOR_COUNTRY, origin: settings.ORIGIN, policy: settings.POLICY_OID };
	if (act === 'list') {
		for (const place of ['storage', 'signing'] as const) for (const id of (await openVault(directories[place])).ids) say(`${place}\t${id}`);
		for (const key of await list(directories.signing)) say(`${key.name}\t${key.generation}\t${key.spec}\t${key.made}${key.certificate ? `\t${serialNumberHex(readCertificate(fromBase64(key.certificate)))}` : ''}`);
	} else if (act === 'make') {
		const made = await makeKeys({ ...directories, instance }, Date.now());
		say(made.length ? `made: ${made.join(', ')}` : 'all keys are there');
	} else if (act === 'rotate' && name === 'log') {
		const database = await databaseOf(settings, 'worker');
		const line = await rotateLog({ ...settings, DATABASE_URL_WORKER: database.url }, instance, say).finally(database.stop);
		say(`${line}: signs alone now; back the keys up anew`);
	} else if (act === 'rotate' && name === 'storage') {
		say(`${await rotateStorage(settings, say)}: wraps everything; back the keys up anew. Earlier ones open backups of the database made before: 'probant keys discard ID' when those are gone`);
	} else if (act === 'revoke') {
		await revokeCertificate(settings, name, reason);
		say(`${name}: revoked (${reason}); lists and answers say so now. Where its key is in use, the worker has stopped: 'probant keys rotate' makes the next`);
	} else if (act === 'discard') {
		await discard(settings, name);
		say(`${name}: destroyed; back the keys up anew`);
	} else if (act === 'rotate') {
		say(`${await rotate(directories, instance, name, Date.now())}: back the keys up anew, then start web and worker again`);
	} else if (act === 'backup') {
		await backup(directories, name, await passphrase(file, true));
		say(`${name}: written; put it away from this machine, then 'probant keys confirm-backup' with it`);
	} else if (act === 'confirm-backup') {
		await confirmBackup(directories, name, await passphrase(file, false));
		say(`${name}: holds the keys in use`);
	} else {
		await restore(directories, name, await passphrase(file, false));
		say(`${name}: restored`);
	}
	return 0;
}
