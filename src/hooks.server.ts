// Every request: who asks, from where, in which language; what may not go on; what every answer carries. Logs name routes, never addresses or people.

import { randomUUID } from 'node:crypto';
import { redirect, type Cookies, type Handle, type HandleServerError, type RequestEvent } from '@sveltejs/kit';
import pino from 'pino';
import { maximumForm as maximumBulk } from '#lib/server/bulks/bulk.ts';
import { composeWeb, withActor, type Parts } from '#lib/server/context.ts';
import { DomainError } from '#lib/server/errors.ts';
import { maximumForm } from '#lib/server/documents/deposit-form.ts';
import { fromOurPages, limited, problem, securityHeaders, statusOf } from '#lib/server/http.ts';
import { sourceOf } from '#lib/server/identity/attempts.ts';
import { maximumImage } from '#lib/server/identity-check/image.ts';
import { refuseOrigin } from '#lib/server/identity/origin.ts';
import { embedCookie, embeddedIn, embeddingOrigin, knock } from '#lib/server/envelopes/embedding.ts';
import { refuseLocked } from '#lib/server/envelopes/hand-over.ts';
import { cookieName, find } from '#lib/server/identity/sessions.ts';

const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
const formLimit = 1 << 20;
/** Forms with files, by route: the files, and the form around them. */
const fileForms: Readonly<Record<string, number>> = { '/(public)/signing/[signer]/identity': maximumImage + (64 << 10), '/(public)/signing/[signer]/mandate': maximumImage + (64 << 10), '/(app)/safes/[safe]': maximumForm + (64 << 10), '/(app)/templates/[template]/bulk': maximumBulk };
/** What software posts, by route: it needs no cookie, and no form of a page can send its type. */
const machineTypes: Readonly<Record<string, readonly string[]>> = {
	'/(public)/pki/ocsp/[...request]': ['application/ocsp-request'],
	'/(public)/sms/[message]/[secret]': ['application/json'],
	'/(public)/mail/[message]/[secret]': ['application/json'],
	'/(public)/mail': ['message/rfc822', 'multipart/report']
};
const isMachine = ({ request, route }: RequestEvent) => machineTypes[route.id ?? '']?.includes(request.headers.get('content-type')?.split(';')[0] ?? '') ?? false;
/** Refusals of a request, by its locals: Kit hands its hooks copies of the event. */
const refusals = new WeakMap<App.Locals, DomainError>();

let composed: Promise<Parts> | undefined;
/** This process's parts, composed at the first request; a failure is tried again. */
const parts = (): Promise<Parts> => (composed ??= composeWeb().catch((error: unknown) => ((composed = undefined), Promise.reject(error))));

function language(cookies: Cookies, request: Request): 'fr' | 'en' {
	const chosen = cookies.get('locale');
	if (chosen === 'fr' || chosen === 'en') return chosen;
	const first = (request.headers.get('accept-language') ?? '').split(',').map((l) => l.trim().slice(0, 2).toLowerCase());
	return first.find((l) => l === 'fr' || l === 'en') === 'en' ? 'en' : 'fr';
}

async function identify(event: RequestEvent): Promise<void> {
	const { cookies, request, locals } = event;
	const asking = await parts();
	const nobody = withActor(asking, { person: null, client: null, via: 'web' });
	const secret = cookies.get(cookieName);
	const found = secret ? await find(nobody, secret) : null;
	const session = found?.handOver ? null : found;
	locals.locked = found?.handOver ? { session: found, ctx: withActor(asking, { person: found.person, client: found.client, via: 'web' }) } : null;
	locals.session = session;
	locals.ctx = session ? withActor(asking, { person: session.person, client: session.client, via: 'web' }) : nobody;
	locals.caller = { source: sourceOf(event.getClientAddress()), agent: (request.headers.get('user-agent') ?? '').slice(0, 300) };
	locals.locale = found?.locale ?? language(cookies, request);
}

/** What a locked session may ask for: the way to take the device back, and what belongs to the signer who has it. */
function isOpen({ route: { id }, params }: RequestEvent, handedTo: string | null): boolean {
	if (id?.startsWith('/(public)/signing/[signer]')) return params.signer === handedTo;
	return id === '/(public)/locked' || id === '/(public)/locked/passkey' || id === '/(public)/language' || id === '/(public)/logo/[digest]';
}

const isPage = ({ request }: RequestEvent) => request.method === 'GET' && (request.headers.get('accept')?.includes('text/html') ?? false);

/** Refuses what no route may see. Rights inside a client are the domain's. */
async function guard(event: RequestEvent): Promise<void> {
	const { request, locals, route, url } = event;
	if (!fromOurPages(request, locals.ctx.settings.origin) && !isMachine(event)) await refuseOrigin(locals.ctx, locals.caller.source);
	if (locals.locked && !isOpen(event, locals.locked.session.handedTo)) {
		const refusal = await refuseLocked(locals.locked.ctx, locals.locked.session, route.id);
		if (isPage(event)) redirect(303, '/locked');
		throw refusal;
	}
	if (route.id?.startsWith('/(operator)') && !locals.session?.operator) throw new DomainError('not-found', 'page');
	if (!route.id?.startsWith('/(app)') || locals.session) return;
	if (!isPage(event)) throw new DomainError('unauthenticated', 'session-ended');
	redirect(303, `/login?next=${encodeURIComponent(url.pathname)}`);
}

/** The one origin that may frame this answer (SIGN-6); null: none. By the URL that one exchanges; by the embedded session; by the URL it came from for a page that says why there is none. */
async function framer({ route: { id }, params, cookies, url, locals: { ctx } }: RequestEvent, status: number): Promise<string | null> {
	if (id === '/(public)/embed/[token]') return knock(ctx, params.token ?? '').then(({ origin }) => origin, (error: unknown) => (error instanceof DomainError ? null : Promise.reject(error as Error)));
	if (!id?.startsWith('/(public)/signing/[signer]')) return null;
	return (await embeddedIn(ctx, cookies.get(embedCookie) ?? null, params.signer ?? '')) ?? (status >= 400 ? embeddingOrigin(ctx, url.searchParams.get('embedded')) : null);
}

/** Lets that origin frame a page; X-Frame-Options, which knows no origins, still refuses where a browser does not know `frame-ancestors` (CSP 3 §6.4.2). */
async function letFrame(event: RequestEvent, response: Response): Promise<void> {
	const policy = response.headers.get('content-security-policy');
	const origin = policy?.includes("frame-ancestors 'none'") ? await framer(event, response.status) : null;
	if (policy && origin) response.headers.set('content-security-policy', policy.replace("frame-ancestors 'none'", `frame-ancestors ${origin}`));
}

function limitBody(event: RequestEvent): void {
	const upload = event.request.headers.get('content-type') === 'application/offset+octet-stream'; // tus
	const files = fileForms[event.route.id ?? ''];
	event.request = limited(event.request, upload ? event.locals.ctx.settings.maximumSize : (files ?? formLimit), files !== undefined);
}

export const handle: Handle = async ({ event, resolve }) => {
	const started = performance.now();
	event.locals.requestId = randomUUID();
	let response: Response;
	try {
		await identify(event);
		await guard(event);
		limitBody(event);
		const lang = event.locals.locale;
		response = await resolve(event, { transformPageChunk: ({ html }) => html.replace('%lang%', lang) });
		const refusal = refusals.get(event.locals);
		if (refusal && response.status === 500) response = new Response(response.body, { status: statusOf(refusal), headers: response.headers });
		// Ahead of the scripts, which Kit names there: on a slow line this is what is waited for.
		if (event.locals.first && response.headers.has('x-sveltekit-page')) response.headers.set('link', [`<${event.locals.first}>; rel="preload"; as="image"; fetchpriority="high"`, response.headers.get('link')].filter(Boolean).join(', '));
	} catch (refusal) {
		if (!(refusal instanceof DomainError)) throw refusal;
		response = problem(refusal);
	}
	for (const [name, value] of Object.entries(securityHeaders)) if (!response.headers.has(name)) response.headers.set(name, value);
	if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
	if (!response.headers.has('content-security-policy')) response.headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
	await letFrame(event, response);
	log.info({ id: event.locals.requestId, method: event.request.method, route: event.route.id, status: response.status, ms: Math.round(performance.now() - started) });
	return response;
};

export const handleError: HandleServerError = ({ error, event, status, message }) => {
	const { requestId } = event.locals;
	if (error instanceof DomainError) {
		refusals.set(event.locals, error);
		return { message: error.reason, reason: error.reason, requestId };
	}
	if (status !== 404) {
		const { name, code, stack } = error as Error & { code?: string };
		log.error({ id: requestId, route: event.route.id, name, code, at: stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8) });
	}
	return { message, requestId };
};
