// Who reads an identity document for the worker's job: handed to it, or none where the host has no sandbox for it.

import type { compareNames } from './compare.ts';
import type { readDocument } from './reading.ts';

export interface Reader {
	readonly readDocument: typeof readDocument;
	readonly compareNames: typeof compareNames;
}
