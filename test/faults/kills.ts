// Which process is killed at which step. `npm run kills`: each of the three at every step. Otherwise, as in CI, a fixed short form that the tests' names tell.

import type { Victim } from './instance.ts';
import type { Moment } from './postgres-proxy.ts';

const whole = process.env.KILLS === 'every';

/** The kills at these steps, and what a group of tests of them is called. In the short form the one whose step it is, and PostgreSQL at some. */
export function killsAt<S extends { readonly moment: Moment }>(steps: Readonly<Record<string, S>>, some: readonly string[]): { readonly name: string; readonly kills: readonly (S & { readonly step: string; readonly victim: Victim })[] } {
	const victims = (step: string, { moment }: S): Victim[] => (whole ? ['web', 'worker', 'postgres'] : [moment.role as Victim, ...(some.includes(step) ? ['postgres' as const] : [])]);
	return {
		name: whole ? 'web, worker and PostgreSQL at every step' : `at every step the one whose it is, PostgreSQL at: ${some.join('; ')}`,
		kills: Object.entries(steps).flatMap(([step, at]) => victims(step, at).map((victim) => ({ ...at, step, victim })))
	};
}
