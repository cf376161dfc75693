import type { RequestHandler } from './$types';

/** Nothing but a request: it keeps the session alive (hooks), or is refused when that has ended. */
export const POST: RequestHandler = () => new Response(null, { status: 204 });
