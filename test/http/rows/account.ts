// One's own account: passkeys, password, sessions, step-up.

import { alone, everyone, members, membersAct, type Rows } from '../row.ts';

export const accountRows: Rows = {
	'GET /(app)/settings/account': members,
	'POST /(app)/settings/account?/add': { answers: membersAct(400), form: () => ({ answer: '{}', name: 'n' }) },
	'POST /(app)/settings/account?/remove': { answers: alone(200), form: (t) => ({ id: t.passkey }) },
	'POST /(app)/settings/account?/password': { answers: membersAct(400), form: () => ({ password: 'short' }) },
	'POST /(app)/settings/account?/password # renewed': { answers: membersAct(200), form: () => ({ password: 'vélo crépuscule tarmac' }) },
	'POST /(app)/settings/account?/number': { answers: membersAct(200), form: () => ({ number: '06 12 34 56 78' }) },
	'POST /(app)/settings/account?/number # none': { answers: membersAct(400), form: () => ({ number: '12' }) },
	'POST /(app)/settings/account?/end': { answers: alone(200), form: (t) => ({ id: t.session }) },
	'POST /(app)/settings/account/passkey': { answers: membersAct(200) },
	'GET /(app)/settings/step-up': members,
	'POST /(app)/settings/step-up?/password': { ...everyone(401), form: () => ({ password: 'wrong' }) },
	'POST /(app)/settings/step-up?/passkey': { ...everyone(401), form: () => ({ answer: '{}' }) },
	'POST /(app)/settings/step-up/passkey': { answers: membersAct(200) }
};
