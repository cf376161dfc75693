// Deposits by a plain form, for browsers without JavaScript: each file goes the way of every upload, without its resuming.

import { DomainError } from '../errors.ts';
import type { Context } from '../context.ts';
import { deposit, type Deposited } from './deposit.ts';
import * as stage from './stage.ts';

/** Bytes of all files of a form together; larger ones need the page's own upload. */
export const maximumForm = 16 << 20;

/** Deposits a form's files, one after the other. The first refusal ends it, with the file's name in its details; those before it stay deposited. `invalid` / `no-file` without any. */
export async function depositForm(ctx: Context, safe: string, files: readonly File[]): Promise<Deposited[]> {
	const chosen = files.filter((file) => file.name || file.size); // browsers send an empty one where none was chosen
	if (!chosen.length) throw new DomainError('invalid', 'no-file');
	const made: Deposited[] = [];
	for (const file of chosen) {
		try {
			made.push(await depositFile(ctx, safe, file));
		} catch (error) {
			if (error instanceof DomainError) throw new DomainError(error.kind, error.reason, { ...error.details, file: file.name }, { cause: error });
			throw error;
		}
	}
	return made;
}

/** What was refused is given up: a form cannot go on with it. */
async function depositFile(ctx: Context, safe: string, file: File): Promise<Deposited> {
	const { id } = await stage.create(ctx, { safe, name: file.name, length: file.size });
	try {
		await stage.write(ctx, id, 0, file.stream());
		return await deposit(ctx, { stage: id });
	} catch (error) {
		await stage.remove(ctx, id);
		throw error;
	}
}
