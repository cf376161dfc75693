// Envelopes and templates, of who sends them.

import { actsVersion } from '#lib/server/legal/excluded-acts.ts';
import { act, members, nothing, page, type Row, type Rows, type Target } from '../row.ts';

const document = async (t: Target) => ({ document: (await t.site.put(t.ctx, await t.safe())).document });
const envelope = async (t: Target) => [await t.site.prepared(t.ctx, await t.safe())];
const waiting = async (t: Target) => [(await t.site.invited(t.ctx, await t.safe())).envelope];
const template = async (t: Target) => [await t.site.templated(t.ctx, await t.safe())];
const signer = (n: number, name: string) => ({ [`name-${n}`]: name, [`email-${n}`]: `${n}@test.example`, [`number-${n}`]: `06 12 34 56 7${n}`, [`locale-${n}`]: 'fr' });
const wishes = { title: 'T', note: '', days: '7', ...signer(1, 'Zoë') };
const on = (row: Row): Row => ({ params: envelope, ...row });

export const envelopeRows: Rows = {
	'GET /(app)/envelopes': members,
	'GET /(app)/envelopes/export': members,
	'GET /(app)/envelopes/new': { answers: page('send'), query: document },
	'POST /(app)/envelopes/new': { answers: act('send', 303), query: document, form: async (t) => ({ ...(await document(t)), ...wishes }) },
	'GET /(app)/envelopes/assemble': { answers: page('send'), query: document },
	'POST /(app)/envelopes/assemble': { answers: act(['send', 'deposit'], 400), query: document, form: async (t) => ({ ...(await document(t)), title: 'T' }) }, // one alone
	'GET /(app)/envelopes/[envelope]': on({ answers: page('send') }),
	'GET /(app)/envelopes/[envelope]/events': on({ answers: act('send'), headers: { accept: 'text/event-stream' } }),
	'GET /(app)/envelopes/[envelope]/fields': on({ answers: page('send') }),
	'POST /(app)/envelopes/[envelope]/fields?/save': on({ answers: act('send'), form: () => ({ placing: '{"revision":0,"fields":[]}' }) }),
	'GET /(app)/envelopes/[envelope]/preview': on({ answers: page('send') }),
	'POST /(app)/envelopes/[envelope]/preview': on({ answers: act('send', 404), form: () => ({ signer: 'none' }) }), // none of its signers
	'GET /(app)/envelopes/[envelope]/preview/mail': on({ answers: page('send', 404) }), // of nobody
	'POST /(app)/envelopes/[envelope]?/send': on({ answers: act('send'), form: () => ({ acts: actsVersion }) }),
	'POST /(app)/envelopes/[envelope]?/remind': on({ answers: act('send', 409) }),
	'POST /(app)/envelopes/[envelope]?/resend': on({ answers: act('send', 404), form: () => ({ message: 'none' }) }), // none of its messages
	'POST /(app)/envelopes/[envelope]?/remind # sent': { answers: act('send'), params: waiting },
	'POST /(app)/envelopes/[envelope]?/cancel': on({ answers: act('send') }),
	'POST /(app)/envelopes/[envelope]?/cancel # sent': { answers: act('send'), params: waiting },
	'POST /(app)/envelopes/[envelope]?/delivered': on({ answers: act('send', 404), form: () => ({ deliveredOn: '2026-11-30' }) }), // nobody is a consumer
	'POST /(app)/envelopes/[envelope]?/correct': on({ answers: act('send', 404), form: () => ({ signer: 'none', name: 'Zoë', email: 'zoe@test.example', number: '06 12 34 56 78', locale: 'fr' }) }), // none of its signers
	'POST /(app)/envelopes/[envelope]?/template': on({ answers: act('send', 303), form: () => ({ name: `T ${crypto.randomUUID()}`, template: '', 'role-1': 'Bailleur', 'role-2': 'Locataire' }) }),
	'GET /(app)/envelopes/[envelope]/attestations/[signer]': { answers: page('send', 404), params: async (t) => [...(await envelope(t)), nothing] }, // none is made
	'POST /(app)/envelopes/[envelope]?/again': on({ answers: act('send', 404), form: () => ({ signer: 'none' }) }), // none of its people
	'GET /(app)/templates': members,
	'GET /(app)/templates/[template]': { answers: page('send'), params: template },
	'POST /(app)/templates/[template]?/use': { answers: act('send', 303), params: template, form: () => ({ number: '1', ...wishes, ...signer(2, 'Bob') }) },
	'POST /(app)/templates/[template]?/retire': { answers: act('send', 303), params: template }
};
