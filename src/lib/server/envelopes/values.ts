// V of ARCHITECTURE §4.4: what the signer adds to the document. The code is bound to its hash, the appearance draws exactly it.

import { z } from 'zod';
import { kinds } from '../legal/kinds.ts';
import { capacityShape } from './capacity.ts';

/** Nothing a reader would see in another order, or not at all: control and bidirectional format characters are refused. */
const line = z
	.string()
	.trim()
	.min(1)
	.max(120)
	.regex(/^[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$/u, 'unreadable-characters');

/** As above, over several lines. */
const typed = /^(?:[^\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\n)*$/u;

/** A stroke: x and y in thousandths of the drawing's width and height, y down. */
const stroke = z
	.array(z.tuple([z.int().min(0).max(1000), z.int().min(0).max(1000)]))
	.min(1)
	.max(2000);

/** Version, a space, SHA-256. */
const said = /^[a-z0-9-]{1,40} [0-9a-f]{64}$/;

export const signerValues = z.strictObject({
	/** The name as the signer typed it. */
	name: line,
	/** The drawing, when the signer drew; null when the typed name stands for it. */
	drawing: z
		.array(stroke)
		.min(1)
		.max(200)
		.refine((strokes) => strokes.reduce((n, s) => n + s.length, 0) <= 6000, 'drawing-too-large')
		.nullable(),
	/** What was filled in, by field, exactly as typed; a ticked box is `Yes`. None and absent are the same. */
	fields: z.record(z.uuid(), z.string().max(500).regex(typed, 'unreadable-characters')).optional(),
	/** The legal texts shown and accepted before signing (SIGN-16), by kind: version, a space, SHA-256 of the words shown. */
	texts: z.partialRecord(z.enum(kinds), z.string().regex(said)).optional(),
	/** For whom they sign, when it is not for themselves (SIGN-13). */
	capacity: capacityShape.optional(),
	/** The recap a consumer confirmed (SIGN-18), said as a text is. */
	recap: z.string().regex(said).optional()
});

export type SignerValues = z.infer<typeof signerValues>;
