// probant sign: a PAdES baseline signature (EN 319 142-1 §6) by a key in a file. What was made is validated before it is written.

import { parseArgs } from 'node:util';
import { hex } from '#crypto/bytes.ts';
import { embedTimestamp, embeddedCms, signatureValue } from '#crypto/pades/embed.ts';
import { addDss } from '#crypto/pades/extend.ts';
import { addSignatureFields, signatureFields } from '#crypto/pades/fields.ts';
import { fileOf, prepare } from '#crypto/pades/prepare.ts';
import type { Level } from '#crypto/pades/report.ts';
import { roomFor, withRoom } from '#crypto/pades/room.ts';
import { sign } from '#crypto/pades/sign.ts';
import { openDocument } from '#crypto/pdf/document.ts';
import { preflight } from '#crypto/pdf/preflight.ts';
import { digest } from '#crypto/primitives.ts';
import type { Certificate } from '#crypto/x509/certificate.ts';
import { buildPath } from '#crypto/x509/path.ts';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { anchorsOf, checkMade } from './check-made.ts';
import { demandFiles, readInput, readTrust } from './input.ts';
import { Misuse } from './misuse.ts';
import { demandFree, writeOutput } from './output.ts';
import { Refused } from './refused.ts';
import { revocationData } from './revocation-data.ts';
import { readSigningKey, type CertifiedKey } from './signing-key.ts';
import { stampBy, stampDocument, usualToken, type Stamp } from './stamping.ts';

export const usage = 'probant sign IN OUT --key KEY --cert CHAIN --level B-B|B-T|B-LT|B-LTA [--tsa URL] [--trust PEM] [--field NAME] [--passphrase-file FILE] [--allow-host HOST] [--force]';

const levels: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA'];

interface Wishes {
	readonly level: Level;
	readonly by: CertifiedKey;
	/** Null: B-B. */
	readonly stamp: Stamp | null;
	readonly trust: ReturnType<typeof readTrust>;
	/** Hosts inside the network that a certificate may point to. */
	readonly allow: readonly string[];
}

/** The field to sign, made when the file has none to fill: an invisible one on the first page. Throws Refused and CryptoError: a file that is signed already gets no new field. */
function fieldIn(pdf: Uint8Array, name: string | undefined): { pdf: Uint8Array; field: string } {
	const [refusal] = preflight(pdf).refusals;
	if (refusal) throw new Refused(`it is not fit to be signed: ${refusal.reason}: ${refusal.detail}`);
	const fields = signatureFields(openDocument(pdf));
	const found = fields.find((f) => (name === undefined ? !f.signed : f.name === name));
	if (found?.signed) throw new Refused(`the field ${found.name} is signed already`);
	if (found) return { pdf, field: found.name };
	const field = name ?? `s${hex(p.random(8))}`;
	return { pdf: addSignatureFields(pdf, [{ name: field, page: 0, rect: [0, 0, 0, 0] }], p.random(16)), field };
}

/** B-B, or B-T with its time-stamp's path. */
async function signed(pdf: Uint8Array, field: string, { by, stamp }: Wishes): Promise<{ bytes: Uint8Array; stamped: readonly Certificate[] }> {
	const room = roomFor([by.certificate.der, ...by.chain], stamp ? usualToken : 0);
	return withRoom(room, async (contentsSize) => {
		const prepared = await sign(p, prepare(pdf, { field, signingTime: Date.now(), contentsSize, id: p.random(16) }), by);
		if (!stamp) return { bytes: fileOf(prepared), stamped: [] };
		const { token, path } = await stamp(digest(p, 'SHA-256', signatureValue(embeddedCms(prepared))));
		return { bytes: embedTimestamp(prepared, token), stamped: path };
	});
}

/** The file at its level. Throws Refused when what the level needs cannot be had. */
async function make(pdf: Uint8Array, field: string, wishes: Wishes): Promise<Uint8Array> {
	const { level, by, stamp, trust, allow } = wishes;
	const { bytes, stamped } = await signed(pdf, field, wishes);
	if (!stamp || level === 'B-B' || level === 'B-T') return bytes;
	const path = await buildPath(p, { leaf: by.certificate, intermediates: by.given, anchors: anchorsOf(trust), at: Date.now(), purpose: 'sign' });
	if (path.problems.length) throw new Refused(path.problems.map((found) => `${found.problem}: ${found.detail}`).join('; '));
	const lasting = addDss(bytes, await revocationData(allow, path.certificates, stamped), p.random(16));
	return level === 'B-LTA' ? (await stampDocument(lasting, stamp)).bytes : lasting;
}

function parse(argv: readonly string[]) {
	const text = { type: 'string' } as const;
	try {
		const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { key: text, cert: text, level: text, tsa: text, trust: { ...text, multiple: true }, field: text, 'passphrase-file': text, 'allow-host': { ...text, multiple: true }, force: { type: 'boolean' } } });
		const [input, output, ...more] = positionals;
		const level = levels.find((known) => known === values.level);
		if (!input || !output || more.length || !values.key || !values.cert || !level) throw new Misuse(usage);
		if (level !== 'B-B' && !values.tsa) throw new Misuse(`${level} needs a time-stamp: --tsa URL`);
		return { ...values, input, output, level, key: values.key, cert: values.cert, force: values.force ?? false };
	} catch (error) {
		throw error instanceof Misuse ? error : new Misuse(`${(error as Error).message}\n${usage}`, { cause: error });
	}
}

/** 0: signed, validated and written. Throws Misuse, and Refused or what the library throws: then nothing is written. Without --trust nobody's identity is judged, the signer's own included. */
export async function run(argv: readonly string[]): Promise<number> {
	const { input, output, level, key, cert, tsa, field: name, force, ...given } = parse(argv);
	demandFiles([input, key, cert]);
	demandFree(output, input, force);
	const trust = given.trust ? readTrust(given.trust) : 'embedded';
	const by = await readSigningKey(key, cert, given['passphrase-file']);
	const stamp = tsa === undefined || level === 'B-B' ? null : stampBy(tsa, anchorsOf(trust));
	const { pdf, field } = fieldIn(readInput(input), name);
	const bytes = await make(pdf, field, { level, by, stamp, trust, allow: given['allow-host'] ?? [] });
	const made = await checkMade(bytes, field, trust, level === 'B-LT' || level === 'B-LTA');
	if (made.level !== level) throw new Refused(`${made.level} was reached, not ${level}`);
	writeOutput(output, bytes, force);
	process.stdout.write(`${output}: ${made.level}, ${made.signer?.subject ?? ''}${trust === 'embedded' ? ' (without --trust: nobody’s identity was judged)' : ''}\n`);
	return 0;
}
