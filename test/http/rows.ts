// The matrix: what each kind of asker is answered, route by route. `owner` is whose it is (and administers too), `stranger` administers another client. Add the rows of your routes here.

import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { noticeVersion } from '#lib/server/identity-check/capture.ts';

export const askers = ['nobody', 'reader', 'administrator', 'owner', 'stranger'] as const;
export type Asker = (typeof askers)[number];
type Answers = readonly [nobody: number, reader: number, administrator: number, owner: number, stranger: number];

/** What the act is tried on: of the client that reader and administrator belong to. */
export interface Target {
	readonly client: string;
	readonly person: string;
	readonly session: string;
	readonly passkey: string;
	readonly invitation: string;
	/** A document of theirs, in a safe nobody else has a right in. */
	readonly deposited: () => Promise<{ readonly safe: string; readonly document: string; readonly version: string }>;
	/** An envelope of theirs, ready to be sent. */
	readonly prepared: () => Promise<string>;
	/** A template of theirs. */
	readonly templated: () => Promise<string>;
	/** An upload of theirs, at its start. */
	readonly announced: () => Promise<string>;
}
export interface Row {
	readonly answers: Answers;
	/** Values of the route's parameters, in order. */
	readonly params?: (target: Target) => readonly string[] | Promise<readonly string[]>;
	/** How it is sent, where its act is `fallback`. */
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly form?: (target: Target) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
	/** The query. */
	readonly query?: (target: Target) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

export const everyone = (status: number): Row => ({ answers: [status, status, status, status, status] });
export const members: Row = { answers: [303, 200, 200, 200, 200] };
const safe = async (t: Target) => [(await t.deposited()).safe];
const document = async (t: Target) => [(await t.deposited()).document];
const version = async (t: Target) => [(await t.deposited()).version];
const owned = (status: number): Answers => [303, 404, 404, status, 404];
const act = (status: number): Answers => [401, 404, 404, status, 404];
const envelope = async (t: Target) => [await t.prepared()];
const template = async (t: Target) => [await t.templated()];
const nothing = () => ['00000000-0000-4000-8000-000000000000'];
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
	'GET /(public)/forgotten': everyone(200),
	'POST /(public)/forgotten': { ...everyone(200), form: (t) => ({ email: `${t.person}@test.example` }) },
	'GET /(public)/reset/[token]': { ...everyone(200), params: token },
	'POST /(public)/reset/[token]': { ...everyone(410), params: token, form: () => ({ password: 'vélo crépuscule tarmac' }) },
	'GET /(public)/confirm/[token]': { ...everyone(200), params: token },
	'POST /(public)/confirm/[token]': { ...everyone(410), params: token },
	'GET /(public)/invitation/[token]': { ...everyone(200), params: token },
	'POST /(public)/invitation/[token]': { answers: [401, 410, 410, 410, 410], params: token },
	'GET /(public)/setup/[token]': { ...everyone(200), params: token },
	'POST /(public)/setup/[token]': { ...everyone(400), params: token },
	'GET /(public)/outbox': everyone(200),
	'GET /(public)/terms': everyone(200),
	'GET /(public)/verify': everyone(200),
	'GET /(public)/log': everyone(200),
	'GET /(public)/pki': everyone(200),
	'GET /(public)/log/[...path]': { ...everyone(404), params: () => ['nothing'] },
	'GET /(public)/pki/[file]': { ...everyone(404), params: () => ['nothing'] },
	'GET /(public)/pki/ocsp/[...request]': { ...everyone(200), params: () => ['bm9uc2Vuc2U='] },
	'POST /(public)/pki/ocsp/[...request]': { ...everyone(200), params: () => ['x'] },
	'POST /(app)/session': { answers: [401, 204, 204, 204, 204] },
	'GET /(app)/dashboard': members,
	'GET /(app)/safes/[safe]': { answers: owned(200), params: safe },
	'GET /(app)/safes/[safe]/events': { answers: [401, 404, 404, 200, 404], params: safe, headers: { accept: 'text/event-stream' } },
	'GET /(app)/safes/[safe]/log': { answers: owned(200), params: safe },
	'GET /(app)/documents/[document]': { answers: owned(200), params: document },
	'GET /(app)/documents/[document]/events': { answers: [401, 404, 404, 200, 404], params: document, headers: { accept: 'text/event-stream' } },
	'POST /(app)/documents/[document]?/control': { answers: act(200), params: document },
	'POST /(app)/documents/[document]?/dispose': { answers: act(400), params: document, form: () => ({ confirmation: 'another name' }) },
	'GET /(app)/versions/[version]/content': { answers: owned(200), params: version },
	'GET /(app)/versions/[version]/receipt/[form]': { answers: owned(404), params: async (t) => [...(await version(t)), 'json'] },
	'POST /(app)/deposits': { answers: [401, 400, 400, 400, 400] },
	'fallback /(app)/upload/[...id]': { answers: act(200), method: 'HEAD', headers: { 'tus-resumable': '1.0.0' }, params: async (t) => [await t.announced()] },
	'GET /(app)/envelopes': members,
	'GET /(app)/envelopes/new': { answers: owned(200), query: async (t) => ({ document: (await t.deposited()).document }) },
	'POST /(app)/envelopes/new': {
		answers: act(303),
		form: async (t) => ({ document: (await t.deposited()).document, title: 'T', note: '', days: '7', 'name-1': 'Zoë', 'email-1': 'zoe@test.example', 'number-1': '06 12 34 56 78', 'locale-1': 'fr' })
	},
	'GET /(app)/envelopes/[envelope]': { answers: owned(200), params: envelope },
	'GET /(app)/envelopes/[envelope]/events': { answers: [401, 404, 404, 200, 404], params: envelope, headers: { accept: 'text/event-stream' } },
	'GET /(app)/envelopes/[envelope]/fields': { answers: owned(200), params: envelope },
	'POST /(app)/envelopes/[envelope]/fields?/save': { answers: act(200), params: envelope, form: () => ({ placing: '{"revision":0,"fields":[]}' }) },
	'POST /(app)/envelopes/[envelope]?/send': { answers: act(200), params: envelope },
	'POST /(app)/envelopes/[envelope]?/remind': { answers: act(409), params: envelope },
	'POST /(app)/envelopes/[envelope]?/cancel': { answers: act(200), params: envelope },
	'POST /(app)/envelopes/[envelope]?/correct': { answers: act(404), params: envelope, form: () => ({ signer: 'none', name: 'Zoë', email: 'zoe@test.example', number: '06 12 34 56 78', locale: 'fr' }) }, // none of its signers
	'POST /(app)/envelopes/[envelope]?/template': { answers: act(303), params: envelope, form: () => ({ name: `T ${crypto.randomUUID()}`, template: '', 'role-1': 'Bailleur', 'role-2': 'Locataire' }) },
	'GET /(app)/templates': members,
	'GET /(app)/templates/[template]': { answers: owned(200), params: template },
	'POST /(app)/templates/[template]?/use': {
		answers: act(303),
		params: template,
		form: () => ({ number: '1', title: 'T', note: '', days: '7', 'name-1': 'Zoë', 'email-1': 'zoe@test.example', 'number-1': '06 12 34 56 78', 'locale-1': 'fr', 'name-2': 'Bob', 'email-2': 'bob@test.example', 'number-2': '06 12 34 56 79', 'locale-2': 'fr' })
	},
	'POST /(app)/templates/[template]?/retire': { answers: act(303), params: template },
	'GET /(public)/sign/[token]': { ...everyone(200), params: token },
	'POST /(public)/sign/[token]': { ...everyone(410), params: token },
	'GET /(app)/settings/organisation': members,
	'POST /(app)/settings/organisation?/found': { answers: [401, 303, 303, 303, 303], form: () => ({ name: 'A', registrationNumber: '', safe: 'S' }) },
	'POST /(app)/settings/organisation?/choose': { answers: [401, 303, 303, 303, 403], form: (t) => ({ client: t.client }) },
	'GET /(app)/identity-checks': members,
	'GET /(app)/identity-checks/[check]': { answers: [303, 403, 403, 403, 403], params: nothing },
	'POST /(app)/identity-checks/[check]': { answers: [401, 403, 403, 403, 403], params: nothing, form: () => ({ verdict: 'accept', reason: '' }) },
	'GET /(app)/identity-checks/[check]/images/[image]': { answers: [303, 403, 403, 403, 403], params: () => [...nothing(), ...nothing()] },
	'GET /(app)/settings/officers': members,
	'POST /(app)/settings/officers?/appoint': { answers: [401, 403, 200, 200, 404], form: (t) => ({ person: t.person, registers: 'true' }) },
	'POST /(app)/settings/officers?/two': { answers: [401, 403, 200, 200, 200], form: () => ({ two: 'true' }) },
	'GET /(app)/settings/credits': members,
	'GET /(app)/settings/members': members,
	'POST /(app)/settings/members?/invite': { answers: [401, 403, 200, 200, 200], form: () => ({ email: 'new@test.example', role: 'reader', locale: 'fr' }) },
	'POST /(app)/settings/members?/withdraw': { answers: [401, 403, 200, 200, 404], form: (t) => ({ id: t.invitation }) },
	'POST /(app)/settings/members?/change': { answers: [401, 403, 200, 409, 404], form: (t) => ({ person: t.person, role: 'reader' }) },
	'POST /(app)/settings/members?/deactivate': { answers: [401, 403, 200, 409, 404], form: (t) => ({ id: t.person }) },
	'GET /(app)/settings/account': members,
	'POST /(app)/settings/account?/add': { answers: [401, 400, 400, 400, 400], form: () => ({ answer: '{}', name: 'n' }) },
	'POST /(app)/settings/account?/remove': { answers: [401, 404, 404, 200, 404], form: (t) => ({ id: t.passkey }) },
	'POST /(app)/settings/account?/password': { answers: [401, 400, 400, 400, 400], form: () => ({ password: 'short' }) },
	'POST /(app)/settings/account?/end': { answers: [401, 404, 404, 200, 404], form: (t) => ({ id: t.session }) },
	'POST /(app)/settings/account/passkey': { answers: [401, 200, 200, 200, 200] },
	'GET /(app)/settings/step-up': members,
	'POST /(app)/settings/step-up?/password': { ...everyone(401), form: () => ({ password: 'wrong' }) },
	'POST /(app)/settings/step-up?/passkey': { ...everyone(401), form: () => ({ answer: '{}' }) },
	'POST /(app)/settings/step-up/passkey': { answers: [401, 200, 200, 200, 200] }
};

/** Who may come to a signer's page: its signer by the link's session, the same envelope's other signer, one of another client's, its sender's administrator, nobody. */
export const comers = ['signer', 'fellow', 'foreigner', 'owner', 'nobody'] as const;
export type Comer = (typeof comers)[number];

const hers = (status: number) => [status, 401, 401, 401, 401] as const;

/** Routes of a signer: what each is answered, and the form that is sent. */
export const signing: Readonly<Record<string, { readonly answers: readonly number[]; readonly form?: Readonly<Record<string, string>> }>> = {
	'GET /(public)/signing/[signer]': { answers: hers(200) },
	'GET /(public)/signing/[signer]/content': { answers: hers(200) },
	'GET /(public)/signing/[signer]/events': { answers: hers(200) },
	'POST /(public)/signing/[signer]?/approve': { answers: hers(403), form: { sha256: '0'.repeat(64), pagesReached: '1' } }, // she is to sign
	'POST /(public)/signing/[signer]?/code': { answers: hers(409), form: { consent: consentVersion, pagesReached: '1', sha256: '0'.repeat(64), values: '{"name":"Zoë","drawing":null}' } }, // another document's hash
	'GET /(public)/signing/[signer]/identity': { answers: hers(303) }, // of level 1: nothing is asked
	'GET /(public)/signing/[signer]/identity/events': { answers: hers(200) },
	'POST /(public)/signing/[signer]/identity?/begin': { answers: hers(303), form: { document: 'card', notice: noticeVersion } },
	'POST /(public)/signing/[signer]/identity?/image': { answers: hers(303), form: { side: 'front' } },
	'POST /(public)/signing/[signer]/identity?/submit': { answers: hers(303) },
	'POST /(public)/signing/[signer]/identity?/reuse': { answers: hers(303) },
	'POST /(public)/signing/[signer]?/decline': { answers: hers(200), form: { reason: 'no' } },
	'POST /(public)/signing/[signer]?/sign': { answers: hers(410), form: { code: '000000' } } // none was asked for
};
