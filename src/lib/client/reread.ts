// Reading a page's data again, without getting in the way of someone who is just leaving it.

import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';

/** Reads again what depends on `dependency`, after a navigation under way: Kit's own `invalidate` would cancel it, and with it the person's click. */
export async function reread(dependency: `probant:${string}`): Promise<void> {
	await navigating.complete?.catch(() => {}); // given up: we are still here, and read
	await invalidate(dependency);
}
