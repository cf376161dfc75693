// A picture of page one of what is to be signed: a slow phone shows it, marked as a preview, while the exact bytes come (SIGN-11). Nobody consents to it.

import { openDocument } from '#crypto/pdf/document.ts';
import { pageView } from '#crypto/pdf/page.ts';
import { unwrapKey, wrapKey } from '#crypto/seal/wrap.ts';
import { append } from '../audit/append.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { bytesOf } from '../documents/read.ts';
import { DomainError } from '../errors.ts';
import * as safes from '../safes.ts';
import type { Limits, Sandbox } from '../sandbox/sandbox.ts';
import type { SignerContext } from './door.ts';
import { shownVersion } from './sign-here.ts';

/** Of the page as seen, in points. */
export interface FirstPage {
	readonly width: number;
	readonly height: number;
}

/** Pixels of its width, for a phone of 390 at twice the density, and of its height. */
const [across, down] = [780, 2400];
/** Bytes to stay below: a third of a second on slow 4G. */
const light = 60_000;
/** Width and quality, tried in turn until the picture is light; the last one is taken whatever it weighs, up to the limit of the output. */
const tries = `'${across} 20' '${across} 5' '620 5' '480 5'`;
const limits: Limits = { memory: 2 ** 31, cpu: 20, wall: 60, output: 200_000, scratch: 256 << 20, processes: 16 };

const script = (resolution: number): string => `
	gs -q -dSAFER -dBATCH -dNOPAUSE -sstdout=%stderr -dUseCropBox -dFirstPage=1 -dLastPage=1 -dTextAlphaBits=4 -dGraphicsAlphaBits=4 -sDEVICE=png16m -r${resolution.toFixed(3)} -sOutputFile=page.png input.pdf >&2 || exit 1
	for try in ${tries}; do
		set -- $try
		gm convert png:page.png +profile '*' -resize "$1x" -define webp:method=6 -quality "$2" webp:page.webp || exit 1
		[ "$(wc -c < page.webp)" -le ${light} ] && break
	done
	cat page.webp`;

/** Page one as WebP, by Ghostscript and GraphicsMagick in the sandbox; null where they are missing, or it cannot be drawn: then there is no preview, and the page says nothing of one. */
export async function drawFirstPage(sandbox: Sandbox | null, pdf: Uint8Array): Promise<(FirstPage & { readonly picture: Uint8Array }) | null> {
	if (!sandbox?.has('gs') || !sandbox.has('gm')) return null;
	const document = openDocument(pdf);
	const { width, height } = pageView(document, document.pages()[0]!.page);
	const resolution = Math.min((across * 72) / width, (down * 72) / height);
	const { status, stopped, output } = await sandbox.run({ program: 'sh', arguments: ['-c', script(resolution)], files: { 'input.pdf': pdf }, limits });
	const webp = output.length > 12 && Buffer.from(output.subarray(8, 12)).toString('latin1') === 'WEBP';
	return status === 0 && !stopped && webp ? { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)), picture: output } : null;
}

const binding = (client: string, version: string) => ['probant/first-page/v1', client, version];
const keyBinding = (client: string, safe: string, version: string) => ['probant/first-page-key/v1', client, safe, version];

/** The job: draws page one of the bytes that are to be signed now. Repeated, or for an envelope that is closed, it changes nothing. */
export async function makeFirstPage(ctx: WorkerContext, payload: { readonly envelope: string }): Promise<void> {
	const [row] = await ctx.tx(
		(tx) => tx<{ client: string; safe: string; version: string }[]>`
			select e.client, e.safe, v.id as version from envelope e join version v on v.id = e.current_version
			where e.id = ${payload.envelope} and e.state = 'waiting' and v.wrapped_key is not null and not exists (select from first_page p where p.version = v.id)`
	);
	if (!row) return;
	const { client, safe, version } = row;
	const own = withActor(ctx, { ...ctx.actor, client });
	const drawn = await drawFirstPage(ctx.sandbox, await bytesOf(own, version));
	if (!drawn) return;
	const key = ctx.primitives.random(32);
	const picture = await wrapKey(ctx.primitives, key, drawn.picture, binding(client, version));
	await own.tx(async (tx) => {
		const wrapped = await wrapKey(ctx.primitives, await safes.safeKey(own, tx, { id: safe, client }), key, keyBinding(client, safe, version));
		// Of one that is being disposed of, nothing new is kept.
		const kept = await tx`select from version where id = ${version} and wrapped_key is not null for share`;
		if (kept.count) await tx`insert into first_page (version, client, safe, picture, wrapped_key, width, height) values (${version}, ${client}, ${safe}, ${picture}, ${wrapped}, ${drawn.width}, ${drawn.height}) on conflict do nothing`;
	});
}

/**
 * The picture of page one of what the signer is to read, logged before it is served. `gone` / `envelope-closed` when nothing is to be signed any more, `not-found` / `first-page` where none was made.
 * @param sha256 of the bytes that were announced, hexadecimal
 */
export async function firstPage(ctx: SignerContext, sha256: string): Promise<Uint8Array> {
	const { client, safe, version, picture, wrapped } = await ctx.tx(async (tx) => {
		const open = await tx`select from envelope where id = ${ctx.envelope} and state = 'waiting'`;
		if (!open.count) throw new DomainError('gone', 'envelope-closed');
		const [row] = await tx<{ client: string; safe: string; version: string; picture: Uint8Array; wrapped: Uint8Array }[]>`select client, safe, version, picture, wrapped_key as wrapped from first_page where version = ${await shownVersion(tx, ctx.envelope, sha256)}`;
		if (!row) throw new DomainError('not-found', 'first-page');
		await append(tx, { op: 'signer.preview', safe: ctx.safe, obj: ctx.envelope, actor: ctx.signer });
		return row;
	});
	const safeKey = await ctx.tx((tx) => safes.safeKey(ctx, tx, { id: safe, client }));
	const key = await unwrapKey(ctx.primitives, safeKey, wrapped, keyBinding(client, safe, version));
	return unwrapKey(ctx.primitives, key, picture, binding(client, version));
}
