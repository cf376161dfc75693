// A page waits on server-sent events (WHATWG HTML §9.2): subscribe, read, stream; read again at every hint, rights checked each time.

import type { Context } from './context.ts';
import { DomainError } from './errors.ts';

/** Between heartbeats, in milliseconds; at each one the right to listen is checked too. */
const heartbeat = 15_000;

/**
 * What `read` answers, now and whenever it changed, as `data:` lines of JSON. `read` checks its asker's rights each time it is called;
 * its refusal is thrown before the stream has begun, and afterwards ends it with an event `end` of the reason.
 */
export async function follow(ctx: Pick<Context, 'database'>, id: string, read: () => Promise<unknown>): Promise<Response> {
	let hinted = false;
	let wake = () => {
		hinted = true;
	};
	const stop = await ctx.database.hints.hear(id, () => wake());
	let last: string;
	try {
		last = JSON.stringify(await read());
	} catch (error) {
		stop();
		throw error;
	}
	let open = true;
	const text = new TextEncoder();

	async function run(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
		const say = (line: string) => controller.enqueue(text.encode(line));
		say(`retry: 2000\ndata: ${last}\n\n`);
		while (open) {
			const beat = await woken();
			if (!open) return;
			const now = JSON.stringify(await read());
			if (now !== last) say(`data: ${(last = now)}\n\n`);
			else if (beat) say(':\n\n');
		}
	}
	/** Waits for a hint; true when it was the heartbeat that came. */
	function woken(): Promise<boolean> {
		return new Promise((done) => {
			const timer = setTimeout(() => done(true), heartbeat);
			wake = () => {
				clearTimeout(timer);
				wake = () => {
					hinted = true;
				};
				done(false);
			};
			if (hinted) {
				hinted = false;
				wake();
			}
		});
	}
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			run(controller)
				.catch((error: unknown) => {
					if (!open) return;
					// refused: the page is told why; anything else ends the stream, and the browser comes again
					if (error instanceof DomainError) controller.enqueue(text.encode(`event: end\ndata: ${JSON.stringify({ reason: error.reason })}\n\n`));
				})
				.finally(() => {
					stop();
					if (open) controller.close();
				});
		},
		cancel() {
			open = false;
			stop();
			wake();
		}
	});
	return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } });
}
