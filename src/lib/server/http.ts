// What the domain's errors are over HTTP, and what every answer carries. One table.

import { fail, type ActionFailure } from '@sveltejs/kit';
import type { z } from 'zod';
import { DomainError, type DomainErrorKind } from './errors.ts';

/** RFC 9110 status of each kind. */
export const statuses: Readonly<Record<DomainErrorKind, number>> = {
	invalid: 400,
	unauthenticated: 401,
	forbidden: 403,
	'not-found': 404,
	conflict: 409,
	gone: 410,
	'too-large': 413,
	'too-many': 429,
	unavailable: 503
};

export const statusOf = (error: DomainError): number => statuses[error.kind];

/** A refusal as JSON: `{ reason, …details }`, with Retry-After (RFC 9110 §10.2.3) where a limit says when. */
export function problem(error: DomainError): Response {
	const retry = error.details.retryAfter;
	const headers = { 'cache-control': 'no-store', ...(retry === undefined ? {} : { 'retry-after': String(retry) }) };
	return Response.json({ reason: error.reason, ...error.details }, { status: statusOf(error), headers });
}

/** Headers of every answer; the page's CSP with its nonce is Kit's (svelte.config.js). */
export const securityHeaders: Readonly<Record<string, string>> = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'same-origin', // `no-referrer` makes browsers send `Origin: null` with our own forms; other sites get nothing either way
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
	'x-frame-options': 'DENY'
};

/** Whether a request may change something: safe methods (RFC 9110 §9.2.1) or sent by our own pages. */
export function fromOurPages(request: Request, origin: string): boolean {
	return ['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.headers.get('origin') === origin;
}

/**
 * The request with its body counted: reading past `limit` bytes fails with `too-large`, with or without Content-Length. A length that is declared fails at once,
 * unless `page`: then its reader is told, who has a page to say it on.
 */
export function limited(request: Request, limit: number, page = false): Request {
	const declared = Number(request.headers.get('content-length') ?? 0);
	if (declared > limit && !page) throw new DomainError('too-large', 'body-too-large', { limit });
	if (!request.body) return request;
	const reader = request.body.getReader();
	let seen = 0;
	const counted = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await reader.read();
			if (done) return controller.close();
			seen += value.length;
			// the source is left alone, not cancelled: cancelling it would end the connection before the answer
			if (seen > limit) controller.error(new DomainError('too-large', 'body-too-large', { limit }));
			else controller.enqueue(value);
		},
		cancel: (reason) => reader.cancel(reason)
	});
	return new Request(request, { body: counted, duplex: 'half' } as RequestInit);
}

/** A form action's work: a refusal of the domain becomes `fail(status, { reason, … })`, shown on the page; anything else is thrown on. */
export async function attempt<T>(act: () => Promise<T>): Promise<T | ActionFailure<{ reason: string }>> {
	try {
		return await act();
	} catch (refusal) {
		if (refusal instanceof DomainError) return fail(statusOf(refusal), { reason: refusal.reason, ...refusal.details });
		throw refusal;
	}
}

/** A form's fields in a shape. Throws `invalid` `field-<name>` for the first that is wrong; files are no fields. */
export async function fields<T>(request: Request, shape: z.ZodType<T>): Promise<T> {
	const form = await request.formData();
	const read = shape.safeParse(Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')));
	if (read.success) return read.data;
	throw new DomainError('invalid', `field-${String(read.error.issues[0]?.path[0] ?? 'form')}`);
}

/** A path of our own to go back to; anything else is the dashboard. */
export function ownPath(path: string | null): string {
	return path && /^\/[A-Za-z0-9_-][A-Za-z0-9_/.-]*$/.test(path) ? path : '/dashboard';
}
