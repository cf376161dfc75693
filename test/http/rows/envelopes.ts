// Envelopes and templates, of who sends them.

import { check } from '#lib/server/bulks/bulk.ts';
import { start } from '#lib/server/bulks/run.ts';
import { actsVersion } from '#lib/server/legal/excluded-acts.ts';
import { act, members, nothing, page, type Row, type Rows, type Target } from '../row.ts';

const document = async (t: Target) => ({ document: (await t.site.put(t.ctx, await t.safe())).document });
const envelope = async (t: Target) => [await t.site.prepared(t.ctx, await t.safe())];
const waiting = async (t: Target) => [(await t.site.invited(t.ctx, await t.safe())).envelope];
const embedding = async (t: Target) => {
	const { envelope, signer } = await t.site.invited(t.ctx, await t.safe());
	return [envelope, signer];
};
/** Of the last envelope that waits in person. */
let inPerson = '';
const handing = async (t: Target) => {
	const made = await t.site.inPerson(t.ctx, await t.safe());
	inPerson = made.signer;
	return [made.envelope];
};
const template = async (t: Target) => [await t.site.templated(t.ctx, await t.safe())];
const signer = (n: number, name: string) => ({ [`name-${n}`]: name, [`email-${n}`]: `${n}@test.example`, [`number-${n}`]: `06 12 34 56 7${n}`, [`locale-${n}`]: 'fr' });
const wishes = { title: 'T', note: '', days: '7', ...signer(1, 'Zoë') };
const csv = new TextEncoder().encode('Bailleur (nom complet);Bailleur (e-mail);Locataire (nom complet);Locataire (e-mail)\r\nZoë;zoe@test.example;Bob;bob@test.example\r\n');
const bulk = async (t: Target) => [await check(t.ctx, (await template(t))[0]!, { name: 'baux.csv', bytes: csv, locale: 'fr' })];
const started = async (t: Target) => {
	const [id = ''] = await bulk(t);
	await start(t.ctx, id, actsVersion);
	return [id];
};
const acts = () => ({ acts: actsVersion });
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
	'POST /(app)/envelopes/[envelope]?/answer': on({ answers: act('send', 404), form: () => ({ request: nothing, words: 'Oui.' }) }), // none was asked
	'POST /(app)/envelopes/[envelope]?/settle': on({ answers: act('send', 404), form: () => ({ request: nothing }) }),
	'POST /(app)/envelopes/[envelope]?/remind': on({ answers: act('send', 409) }),
	'POST /(app)/envelopes/[envelope]?/resend': on({ answers: act('send', 404), form: () => ({ message: 'none' }) }), // none of its messages
	'POST /(app)/envelopes/[envelope]?/remind # sent': { answers: act('send'), params: waiting },
	'POST /(app)/envelopes/[envelope]?/cancel': on({ answers: act('send') }),
	'POST /(app)/envelopes/[envelope]?/cancel # sent': { answers: act('send'), params: waiting },
	'POST /(app)/envelopes/[envelope]?/delivered': on({ answers: act('send', 404), form: () => ({ deliveredOn: '2026-11-30' }) }), // nobody is a consumer
	'POST /(app)/envelopes/[envelope]?/correct': on({ answers: act('send', 404), form: () => ({ signer: 'none', name: 'Zoë', email: 'zoe@test.example', number: '06 12 34 56 78', locale: 'fr' }) }), // none of its signers
	'GET /(app)/envelopes/[envelope]/embed/[signer]': { answers: page('send'), params: embedding },
	'POST /(app)/envelopes/[envelope]/embed/[signer]': { answers: act('send', 404), params: embedding, form: () => ({ origin: 'none' }) }, // no such origin
	'POST /(app)/envelopes/[envelope]?/hand': on({ answers: act('send', 404), form: () => ({ signer: 'none' }) }), // none of its signers
	'POST /(app)/envelopes/[envelope]?/hand # in person': { answers: act('send', 303), params: handing, form: () => ({ signer: inPerson }) },
	'POST /(app)/envelopes/[envelope]?/template': on({ answers: act('send', 303), form: () => ({ name: `T ${crypto.randomUUID()}`, template: '', 'role-1': 'Bailleur', 'role-2': 'Locataire' }) }),
	'GET /(app)/envelopes/[envelope]/attestations/[signer]': { answers: page('send', 404), params: async (t) => [...(await envelope(t)), nothing] }, // none is made
	'POST /(app)/envelopes/[envelope]?/again': on({ answers: act('send', 404), form: () => ({ signer: 'none' }) }), // none of its people
	'GET /(app)/minutes/new': { answers: page(['deposit', 'send']), query: async (t) => ({ safe: await t.safe() }) },
	'POST /(app)/minutes/new': { answers: act(['deposit', 'send'], 303), query: async (t) => ({ safe: await t.safe() }), form: () => ({ kind: 'acceptance', place: 'Lyon', date: '2026-11-30', works: 'W', 'name-1': 'Zoë', 'email-1': 'zoe@test.example', 'number-1': '', 'locale-1': 'fr', 'manner-1': 'digitised' }) },
	'GET /(app)/templates': members,
	'GET /(app)/templates/[template]': { answers: page('send'), params: template },
	'POST /(app)/templates/[template]?/use': { answers: act('send', 303), params: template, form: () => ({ number: '1', ...wishes, ...signer(2, 'Bob') }) },
	'POST /(app)/templates/[template]?/retire': { answers: act('send', 303), params: template },
	'GET /(app)/templates/[template]/bulk': { answers: page('send'), params: template },
	'GET /(app)/templates/[template]/bulk/model': { answers: page('send'), params: template },
	'POST /(app)/templates/[template]/bulk': { answers: act('send', 303), params: template, file: { field: 'file', name: 'baux.csv', bytes: csv } },
	'GET /(app)/bulks': members,
	'GET /(app)/bulks/[bulk]': { answers: page('send'), params: bulk },
	'GET /(app)/bulks/[bulk]/errors': { answers: page('send'), params: bulk },
	'GET /(app)/bulks/[bulk]/events': { answers: act('send'), params: bulk, headers: { accept: 'text/event-stream' } },
	'POST /(app)/bulks/[bulk]?/start': { answers: act('send'), params: bulk, form: acts },
	'POST /(app)/bulks/[bulk]?/forget': { answers: act('send', 303), params: bulk },
	'POST /(app)/bulks/[bulk]?/pause': { answers: act('send', 409), params: bulk }, // not started
	'POST /(app)/bulks/[bulk]?/pause # started': { answers: act('send'), params: started },
	'POST /(app)/bulks/[bulk]?/resume': { answers: act('send', 409), params: started, form: acts }, // not paused
	'POST /(app)/bulks/[bulk]?/retry': { answers: act('send', 409), params: started, form: acts }, // none has failed
	'POST /(app)/bulks/[bulk]?/cancel': { answers: act('send'), params: started }
};
