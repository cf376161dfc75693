// A row of the matrix: what each kind of asker is answered by one route or act. Who they are, and what follows from their rights.

import type { Context } from '#lib/server/context.ts';
import type { Right } from '#lib/server/safes.ts';
import type { Site } from './site.ts';

/**
 * Of the client whose things are asked for: `owner`, who made them and administers it; `administrator`, without a right in that safe; `colleague`, likewise and no administrator;
 * `officer`, a registration officer; the others by what members of their role are given in the safe. `stranger` administers another client.
 */
export const askers = ['nobody', 'colleague', 'officer', 'reader', 'contributor', 'operator', 'auditor', 'administrator', 'owner', 'stranger'] as const;
export type Asker = (typeof askers)[number];
export type Answers = Readonly<Record<Asker, number>>;

/** Rights in the safe. */
export const held: Readonly<Partial<Record<Asker, readonly Right[]>>> = { reader: ['read'], contributor: ['deposit', 'read', 'send'], operator: ['deposit'], auditor: ['read', 'audit'] };

/** What the act is tried on, all of it the owner's. */
export interface Target {
	readonly site: Site;
	readonly ctx: Context;
	readonly client: string;
	readonly person: string;
	readonly session: string;
	readonly passkey: string;
	readonly invitation: string;
	/** A safe of theirs, in which the asker has the rights of their role. */
	readonly safe: () => Promise<string>;
	/** Of the asker; null for nobody. */
	readonly asker: string | null;
}
type Of<T> = (target: Target) => T | Promise<T>;
type Fields = Readonly<Record<string, string>>;
export interface Row {
	readonly answers: Answers;
	/** Values of the route's parameters, in order. */
	readonly params?: Of<readonly string[]>;
	/** How it is sent, where its act is `fallback`. */
	readonly method?: string;
	readonly headers?: Fields;
	readonly form?: Of<Fields>;
	/** A form with a file, by its field. */
	readonly file?: { readonly field: string; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
	/** Sent instead of a form. */
	readonly json?: Of<unknown>;
	/** The query. */
	readonly query?: Of<Fields>;
}
/** Several rows of one act are told apart by what stands behind a `#`. */
export type Rows = Readonly<Record<string, Row>>;

const each = (status: number, but: Partial<Answers> = {}): Answers => ({ ...(Object.fromEntries(askers.map((asker) => [asker, status])) as Answers), ...but });

/** The same for all, but for some. */
export const everyone = (status: number, but: Partial<Answers> = {}): Row => ({ answers: each(status, but) });
/** A page of the members' own. */
export const members: Row = { answers: each(200, { nobody: 303 }) };
/** An act of members. */
export const membersAct = (status: number, but: Partial<Answers> = {}): Answers => each(status, { nobody: 401, ...but });
/** An act of administrators: the owner's answer, the other administrator's, that of another client's. */
export const administrators = (owner: number, administrator: number, stranger: number): Answers => each(403, { nobody: 401, owner, administrator, stranger });
/** Of the owner alone: others are not told that it is there. */
export const alone = (status: number, nobody = 401): Answers => each(404, { nobody, owner: status });
/** What needs a right in the safe: without any right there, one is not told that it exists; without this one, it is refused. */
export function needs(right: Right | readonly Right[], status: number, nobody: number): Answers {
	const all = [right].flat();
	const of = (rights: readonly Right[]) => (all.every((r) => rights.includes(r)) ? status : 403);
	return each(404, { nobody, owner: status, ...(Object.fromEntries(Object.entries(held).map(([asker, rights]) => [asker, of(rights)])) as Partial<Answers>) });
}
export const page = (right: Right | readonly Right[], status = 200): Answers => needs(right, status, 303);
export const act = (right: Right | readonly Right[], status = 200): Answers => needs(right, status, 401);
export const nothing = '00000000-0000-4000-8000-000000000000';
