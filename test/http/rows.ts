// The matrix: what each kind of asker is answered, route by route. `stranger` administers another client. Add the rows of your routes here.

export const askers = ['nobody', 'reader', 'administrator', 'stranger'] as const;
export type Asker = (typeof askers)[number];
type Answers = readonly [nobody: number, reader: number, administrator: number, stranger: number];

/** What the act is tried on: of the client that reader and administrator belong to. */
export interface Target {
	readonly client: string;
	readonly person: string;
	readonly session: string;
	readonly passkey: string;
	readonly invitation: string;
}
export interface Row {
	readonly answers: Answers;
	/** Values of the route's parameters, in order. */
	readonly params?: (target: Target) => readonly string[];
	readonly form?: (target: Target) => Readonly<Record<string, string>>;
}

export const everyone = (status: number): Row => ({ answers: [status, status, status, status] });
export const members: Row = { answers: [303, 200, 200, 200] };
const token = () => ['x'.repeat(43)];

export const matrix: Readonly<Record<string, Row>> = {
	'GET /': everyone(200),
	'GET /(public)/register': everyone(200),
	'POST /(public)/register': everyone(400),
	'GET /(public)/login': everyone(200),
	'POST /(public)/login?/password': { ...everyone(401), form: (t) => ({ email: `${t.person}@test.example`, password: 'wrong' }) },
	'POST /(public)/login?/passkey': { ...everyone(401), form: () => ({ answer: '{}' }) },
	'POST /(public)/login/passkey': everyone(200),
	'POST /(public)/logout': everyone(303),
	'POST /(public)/language': { ...everyone(303), form: () => ({ locale: 'en' }) },
	'GET /(public)/confirm/[token]': { ...everyone(200), params: token },
	'POST /(public)/confirm/[token]': { ...everyone(410), params: token },
	'GET /(public)/invitation/[token]': { ...everyone(200), params: token },
	'POST /(public)/invitation/[token]': { answers: [401, 410, 410, 410], params: token },
	'GET /(public)/setup/[token]': { ...everyone(200), params: token },
	'POST /(public)/setup/[token]': { ...everyone(400), params: token },
	'GET /(public)/outbox': everyone(200),
	'GET /(public)/terms': everyone(200),
	'GET /(app)/dashboard': members,
	'GET /(app)/settings/organisation': members,
	'POST /(app)/settings/organisation?/found': { answers: [401, 303, 303, 303], form: () => ({ name: 'A', registrationNumber: '', safe: 'S' }) },
	'POST /(app)/settings/organisation?/choose': { answers: [401, 303, 303, 403], form: (t) => ({ client: t.client }) },
	'GET /(app)/settings/members': members,
	'POST /(app)/settings/members?/invite': { answers: [401, 403, 200, 200], form: () => ({ email: 'new@test.example', role: 'reader', locale: 'fr' }) },
	'POST /(app)/settings/members?/withdraw': { answers: [401, 403, 200, 404], form: (t) => ({ id: t.invitation }) },
	'POST /(app)/settings/members?/change': { answers: [401, 403, 200, 404], form: (t) => ({ person: t.person, role: 'reader' }) },
	'POST /(app)/settings/members?/deactivate': { answers: [401, 403, 200, 404], form: (t) => ({ id: t.person }) },
	'GET /(app)/settings/account': members,
	'POST /(app)/settings/account?/add': { answers: [401, 400, 400, 400], form: () => ({ answer: '{}', name: 'n' }) },
	'POST /(app)/settings/account?/remove': { answers: [401, 404, 404, 404], form: (t) => ({ id: t.passkey }) },
	'POST /(app)/settings/account?/password': { answers: [401, 400, 400, 400], form: () => ({ password: 'short' }) },
	'POST /(app)/settings/account?/end': { answers: [401, 404, 404, 404], form: (t) => ({ id: t.session }) },
	'POST /(app)/settings/account/passkey': { answers: [401, 200, 200, 200] },
	'GET /(app)/settings/step-up': members,
	'POST /(app)/settings/step-up?/password': { ...everyone(401), form: () => ({ password: 'wrong' }) },
	'POST /(app)/settings/step-up?/passkey': { ...everyone(401), form: () => ({ answer: '{}' }) },
	'POST /(app)/settings/step-up/passkey': { answers: [401, 200, 200, 200] }
};
