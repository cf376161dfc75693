// Which right opens a document of a kind.

import type { Right } from '../safes.ts';
import type { Kind } from './content.ts';

/** Evidence files are for those who may audit. */
export const rightFor = (kind: Kind): Right => (kind === 'evidence' ? 'audit' : 'read');
