// Safes and what is in them: deposited, read, controlled, disposed of, copied, followed.

import { act, alone, members, membersAct, nothing, page, type Rows, type Target } from '../row.ts';

const safe = async (t: Target) => [await t.safe()];
const deposited = async (t: Target) => t.site.put(t.ctx, await t.safe());
const document = async (t: Target) => [(await deposited(t)).document];
const version = async (t: Target) => [(await deposited(t)).version];
const copy = async (t: Target) => [await t.site.copied(t.ctx, await t.safe())];
const events = { accept: 'text/event-stream' };
async function receipted(t: Target): Promise<string> {
	const { version } = await deposited(t);
	await t.site.receipted(version);
	return version;
}

export const documentRows: Rows = {
	'GET /(app)/dashboard': members,
	'POST /(app)/dashboard?/link': { answers: membersAct(404), form: () => ({ signer: nothing }) }, // nobody asks them
	'GET /(app)/safes/[safe]': { answers: page('read'), params: safe },
	'POST /(app)/safes/[safe]?/deposit': { answers: act('deposit', 303), params: safe, file: { field: 'files', name: 'a.pdf', bytes: new Uint8Array([1]) } },
	'GET /(app)/safes/[safe]/events': { answers: act('read'), params: safe, headers: events },
	'GET /(app)/safes/[safe]/log': { answers: page('audit'), params: safe },
	'GET /(app)/documents/[document]': { answers: page('read'), params: document },
	'GET /(app)/documents/[document]/events': { answers: act('read'), params: document, headers: events },
	'POST /(app)/documents/[document]?/control': { answers: act('read'), params: document },
	'POST /(app)/documents/[document]?/dispose': { answers: act('dispose', 400), params: document, form: () => ({ confirmation: 'another name' }) },
	'POST /(app)/documents/[document]?/dispose # confirmed': { answers: act('dispose', 303), params: document, form: () => ({ confirmation: 'theirs.pdf' }) },
	'POST /(app)/documents/[document]?/convert': { answers: act(['send', 'deposit'], 303), params: document },
	'GET /(app)/copies/[copy]': { answers: page('send'), params: copy },
	'POST /(app)/copies/[copy]?/approve': { answers: act('send', 303), params: copy },
	'POST /(app)/copies/[copy]?/refuse': { answers: act('send'), params: copy },
	'GET /(app)/versions/[version]/content': { answers: page('read'), params: version },
	'GET /(app)/versions/[version]/receipt/[form]': { answers: alone(404, 303), params: async (t) => [...(await version(t)), 'json'] }, // not made yet
	'GET /(app)/versions/[version]/receipt/[form] # JSON': { answers: page('read'), params: async (t) => [await receipted(t), 'json'] },
	'GET /(app)/versions/[version]/receipt/[form] # evidence record': { answers: page('read'), params: async (t) => [await receipted(t), 'ers'] },
	'GET /(app)/versions/[version]/receipt/[form] # PDF': { answers: page('read'), params: async (t) => [await receipted(t), 'pdf'] },
	'GET /(app)/versions/[version]/receipt/[form] # another form': { answers: alone(404, 303), params: async (t) => [await receipted(t), 'html'] },
	'POST /(app)/deposits': { answers: alone(201), json: async (t) => ({ stage: await t.site.staged(t.ctx, await t.safe()) }) }, // an upload is its sender’s
	'fallback /(app)/upload/[...id]': { answers: alone(200), method: 'HEAD', headers: { 'tus-resumable': '1.0.0' }, params: async (t) => [await t.site.staged(t.ctx, await t.safe())] }
};
