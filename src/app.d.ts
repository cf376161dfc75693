// What a request carries, and what an error shows.

import type { Context } from '#lib/server/context.ts';
import type { Caller } from '#lib/server/identity/login.ts';
import type { Session } from '#lib/server/identity/sessions.ts';

declare global {
	namespace App {
		interface Locals {
			/** The first argument of every domain verb: this process's parts and who asks. */
			ctx: Context;
			/** Null: nobody is signed in. */
			session: Session | null;
			/** Signed in, but the device is handed to a signer: nothing is theirs but the way to take it back. `session` is null then. */
			locked: { readonly session: Session; readonly ctx: Context } | null;
			/** Where the request comes from, for limits and the log. */
			caller: Caller;
			locale: 'fr' | 'en';
			requestId: string;
			/** Address of what a page shows first: fetched ahead of its scripts. */
			first?: string;
		}
		interface Error {
			message: string;
			/** The domain's reason, when it refused. */
			reason?: string;
			/** To find it in our logs. */
			requestId?: string;
		}
	}
}
