// The client and its members.

import { administrators, members, membersAct, type Rows } from '../row.ts';

/** A page of administrators. */
const administratorsPage = { ...administrators(200, 200, 200), nobody: 303 };

export const clientRows: Rows = {
	'GET /(app)/settings/organisation': members,
	'POST /(app)/settings/organisation?/found': { answers: membersAct(303), form: () => ({ name: 'A', registrationNumber: '', safe: 'S' }) },
	'POST /(app)/settings/organisation?/choose': { answers: membersAct(303, { stranger: 403 }), form: (t) => ({ client: t.client }) },
	'POST /(app)/settings/organisation?/logo': { answers: membersAct(400) }, // no file
	'POST /(app)/settings/organisation?/removeLogo': { answers: administrators(200, 200, 200) },
	'POST /(app)/settings/organisation?/replyTo': { answers: administrators(200, 200, 200), form: () => ({ replyTo: 'contact@test.example' }) },
	'GET /(app)/settings/embedding': members,
	'POST /(app)/settings/embedding?/allow': { answers: administrators(200, 200, 200), form: () => ({ origin: 'https://shop.example' }) },
	'POST /(app)/settings/embedding?/forbid': { answers: administrators(404, 404, 404), form: () => ({ id: 'none' }) },
	'GET /(app)/settings/texts': { answers: administratorsPage },
	'GET /(app)/settings/texts/[kind]': { answers: administratorsPage, params: () => ['privacy-notice'] },
	'POST /(app)/settings/texts/[kind]': { answers: administrators(200, 200, 200), params: () => ['privacy-notice'], form: () => ({ fr: 'Vos données.', en: 'Your data.', over: 'default-2026-11-29' }) },
	'GET /(app)/settings/credits': members,
	'GET /(app)/settings/members': members,
	'POST /(app)/settings/members?/invite': { answers: administrators(200, 200, 200), form: () => ({ email: 'new@test.example', role: 'reader', locale: 'fr' }) },
	'POST /(app)/settings/members?/withdraw': { answers: administrators(200, 200, 404), form: (t) => ({ id: t.invitation }) },
	'POST /(app)/settings/members?/change': { answers: administrators(409, 200, 404), form: (t) => ({ person: t.person, role: 'reader' }) },
	'POST /(app)/settings/members?/deactivate': { answers: administrators(409, 200, 404), form: (t) => ({ id: t.person }) }
};
