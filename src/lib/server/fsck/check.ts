// fsck (LOG-8): everything computed again from rows, objects and the log, and in one line each what is wrong. Reads only, but for the sweep that is asked for.

import { append } from '../audit/append.ts';
import type { WorkerContext } from '../context.ts';
import { sweep } from '../documents/sweep.ts';
import { found, type Finding } from './finding.ts';
import { health } from './health.ts';
import { log, type LogCounts } from './log.ts';
import { orphans, rows, unfinished, type ObjectCounts } from './objects.ts';
import { preservation } from './preservation.ts';
import { signatures, type SignatureCounts } from './signatures.ts';
import { witnesses, type WitnessLine } from './witnesses.ts';

export interface Checked extends ObjectCounts, SignatureCounts, LogCounts {
	findings: number;
	readonly witnesses: WitnessLine[];
	/** What an operator should look at, though nothing is wrong. */
	readonly remarks: string[];
	/** Intents, uploads and objects that went. */
	swept: number;
}

/** Nobody can still be about to name an object of this age, milliseconds. */
const grace = 24 * 3600_000;

/** Tells an orphan, or removes it when it is old enough: only from an instance whose log and rows are whole, since after a restore its row may be what is missing. */
async function settle(ctx: WorkerContext, checked: Checked, removing: boolean): Promise<Finding[]> {
	const left: Finding[] = [];
	for await (const { key, version, storedAt } of orphans(ctx, checked)) {
		if (removing && storedAt.getTime() < Date.now() - grace) {
			await ctx.objects.remove(key, version);
			checked.swept++;
		} else left.push(found('object-orphan', key, `${version}, stored ${storedAt.toISOString()}`));
	}
	return left;
}

/**
 * Checks the whole instance and tells each finding as it comes; the act is an event.
 * @param options.sweep take overdue intents and uploads, and orphans a day old where nothing else is wrong
 */
export async function check(ctx: WorkerContext, tell: (finding: Finding) => void, options: { readonly sweep?: boolean } = {}): Promise<Checked> {
	const checked: Checked = { versions: 0, receipts: 0, signatures: 0, objects: 0, events: 0, checkpoints: 0, timestampsPending: 0, eventsPending: 0, findings: 0, witnesses: [], remarks: [], swept: 0 };
	const say = (finding: Finding) => {
		checked.findings++;
		tell(finding);
	};
	if (options.sweep) checked.swept += await sweep(ctx);
	for await (const finding of log(ctx, checked)) say(finding);
	for await (const finding of witnesses(ctx, checked.witnesses)) say(finding);
	for await (const finding of rows(ctx, checked)) say(finding);
	for await (const finding of signatures(ctx, checked)) say(finding);
	for await (const finding of preservation(ctx)) say(finding);
	for await (const finding of health(ctx, checked.remarks)) say(finding);
	for await (const finding of unfinished(ctx)) say(finding);
	for (const finding of await settle(ctx, checked, Boolean(options.sweep) && checked.findings === 0)) say(finding);
	const values = { act: 'fsck', findings: String(checked.findings), swept: String(checked.swept) };
	await ctx.tx((tx) => append(tx, { op: 'operator.act', safe: null, obj: 'instance', res: checked.findings ? 'error' : 'ok', values }));
	return checked;
}
