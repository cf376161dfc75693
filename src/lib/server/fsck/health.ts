// The parts outside, as the worker last found them: a clock that is wrong and an authority that fails stop signatures. What is only worth a look is told apart.

import type { WorkerContext } from '../context.ts';
import { healthOf, problems } from '../health.ts';
import { found, type Finding } from './finding.ts';

/** Findings; `remarks` gets what is no finding. */
export async function* health(ctx: WorkerContext, remarks: string[]): AsyncGenerator<Finding> {
	for (const { part, problem, remark, lookedAt } of await ctx.tx(healthOf)) {
		if (part === 'signing-service' && !ctx.settings.remote) continue; // of one that is not asked any more
		if (problem) yield found(problems[part], part, `${problem}; looked at ${lookedAt.toISOString()}`);
		if (remark) remarks.push(`${part}: ${remark}`);
	}
}
