// Identity checks: the registration officers', whatever else one may do in the client.

import { administrators, everyone, members, membersAct, nothing, type Answers, type Rows, type Target } from '../row.ts';

const waiting = async (t: Target) => t.site.checked(t.ctx, await t.safe());
const check = async (t: Target) => [(await waiting(t)).check];
const image = async (t: Target) => Object.values(await waiting(t));
const officers = (status: number, nobody: number): Answers => everyone(403, { nobody, officer: status }).answers;

export const identityRows: Rows = {
	'GET /(app)/identity-checks': members,
	'GET /(app)/identity-checks/[check]': { answers: officers(200, 303), params: check },
	'GET /(app)/identity-checks/[check] # none': { answers: officers(404, 303), params: () => [nothing] },
	'POST /(app)/identity-checks/[check]': { answers: officers(200, 401), params: check, form: () => ({ verdict: 'accept', reason: '' }) },
	'GET /(app)/identity-checks/[check]/images/[image]': { answers: officers(200, 303), params: image },
	'GET /(app)/identity-checks/[check]/images/[image] # none': { answers: officers(404, 303), params: () => [nothing, nothing] },
	'GET /(app)/settings/officers': members,
	'POST /(app)/settings/officers?/appoint': { answers: administrators(200, 200, 404), form: (t) => ({ person: t.person, registers: 'true' }) },
	'POST /(app)/settings/officers?/two': { answers: administrators(200, 200, 200), form: () => ({ two: 'true' }) },
	'POST /(app)/session': { answers: membersAct(204) }
};
