// What reading an identity document gives, and who reads it: the worker's job is handed a reader, or none where the host has no sandbox for it.

import type { WorkerContext } from '../context.ts';

/** The machine-readable zone (ICAO 9303; `FR-ID`: the French card before 2021). Dates `2001-12-31`. */
export interface Mrz {
	readonly format: 'TD1' | 'TD2' | 'TD3' | 'FR-ID';
	readonly surname: string;
	readonly givenNames: string;
	readonly documentNumber: string;
	readonly issuer: string;
	readonly nationality: string;
	readonly birthDate: string;
	readonly sex: 'F' | 'M' | 'X';
	readonly expiryDate: string | null;
	readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

export interface Reading {
	readonly mrz: Mrz | null;
	readonly quality: readonly { readonly image: number; readonly sharpness: number; readonly glare: number; readonly ok: boolean; readonly reason: null | 'blurred' | 'glare' | 'dark' | 'small' }[];
}

interface Names {
	readonly surname: string;
	readonly givenNames: string;
}

export interface Reader {
	readonly readDocument: (ctx: WorkerContext, images: readonly Uint8Array[]) => Promise<Reading>;
	readonly compareNames: (declared: Names, mrz: Names) => { readonly agrees: boolean; readonly reasons: readonly string[] };
}
