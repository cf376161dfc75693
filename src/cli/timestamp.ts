// probant timestamp: a document time-stamp (EN 319 142-1 §5.4.3) into a PDF, over the revocation data its signatures and earlier time-stamps lack; an RFC 3161 token beside any other file.

import { createHash } from 'node:crypto';
import { createReadStream, openSync, readSync, closeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { addDss } from '#crypto/pades/extend.ts';
import { nodePrimitives } from '#lib/server/keys/primitives.ts';
import { anchorsOf, checkMade } from './check-made.ts';
import { demandFiles, readInput, readTrust } from './input.ts';
import { Misuse } from './misuse.ts';
import { demandFree, writeOutput } from './output.ts';
import { Refused } from './refused.ts';
import { missingData } from './revocation-data.ts';
import { stampBy, stampDocument } from './stamping.ts';

export const usage = 'probant timestamp FILE [--tsa URL] [--out OUT] [--trust PEM] [--bare] [--allow-host HOST] [--force]   (PDF: FILE.stamped.pdf, else a token: FILE.tsr; without --tsa: the instance’s, TSA_URL)';

/** By its header in the first kilobyte (ISO 32000-1 annex H.3.4.1). */
function isPdf(path: string): boolean {
	const head = Buffer.alloc(1024);
	const file = openSync(path, 'r');
	try {
		return head.subarray(0, readSync(file, head)).includes('%PDF-');
	} finally {
		closeSync(file);
	}
}

async function sha256Of(path: string): Promise<Uint8Array> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
	return new Uint8Array(hash.digest());
}

function parse(argv: readonly string[]) {
	const text = { type: 'string' } as const;
	try {
		const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { tsa: text, out: text, trust: { ...text, multiple: true }, bare: { type: 'boolean' }, 'allow-host': { ...text, multiple: true }, force: { type: 'boolean' } } });
		const [file, ...more] = positionals;
		const tsa = values.tsa ?? process.env.TSA_URL;
		if (!file || more.length) throw new Misuse(usage);
		if (!tsa) throw new Misuse('no time-stamp authority: --tsa URL, or TSA_URL as the instance has it');
		return { ...values, file, tsa, bare: values.bare ?? false, force: values.force ?? false };
	} catch (error) {
		throw error instanceof Misuse ? error : new Misuse(`${(error as Error).message}\n${usage}`, { cause: error });
	}
}

/** The file with the revocation data it lacks: judged from later on, it needs them under the time-stamp. Throws Refused when they cannot be had. */
async function lasting(pdf: Uint8Array, trust: readonly Uint8Array[] | 'embedded', allow: readonly string[]): Promise<Uint8Array> {
	const data = await missingData(allow, pdf, trust).catch((error: unknown) => {
		throw error instanceof Refused ? new Refused(`${error.message} (--bare: without revocation data)`, { cause: error }) : error;
	});
	return data ? addDss(pdf, data, nodePrimitives.random(16)) : pdf;
}

/** 0: stamped, verified and written. Throws Misuse, Refused, TimestampUnavailable, TimestampRefused, CryptoError: then nothing is written. */
export async function run(argv: readonly string[]): Promise<number> {
	const { file, tsa, out, bare, force, ...given } = parse(argv);
	demandFiles([file]);
	const trust = given.trust ? readTrust(given.trust) : 'embedded';
	const stamp = stampBy(tsa, anchorsOf(trust));
	const pdf = isPdf(file);
	const output = out ?? (pdf ? `${file.replace(/\.pdf$/i, '')}.stamped.pdf` : `${file}.tsr`);
	demandFree(output, file, force);
	if (pdf) {
		const { bytes, field } = await stampDocument(bare ? readInput(file) : await lasting(readInput(file), trust, given['allow-host'] ?? []), stamp);
		await checkMade(bytes, field, trust, false);
		writeOutput(output, bytes, force);
	} else {
		const { token } = await stamp(await sha256Of(file));
		writeOutput(output, token, force);
	}
	process.stdout.write(`${output}: time-stamped${trust === 'embedded' ? ' (without --trust: the authority’s identity was not judged)' : ''}\n`);
	return 0;
}
