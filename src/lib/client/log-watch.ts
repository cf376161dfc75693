// One look at the log per page load: what this browser remembers against what the server serves now.

import { checkLog, LogUnreachable, type LogVerdict } from './log-memory.ts';
import { webPrimitives } from './primitives.ts';

async function fetchLog(path: string): Promise<Uint8Array | null> {
	const response = await fetch(`/log/${path}`).catch((cause: unknown) => {
		throw new LogUnreachable('no answer', { cause });
	});
	if (response.status === 404) return null;
	if (!response.ok) throw new LogUnreachable(String(response.status));
	return new Uint8Array(await response.arrayBuffer());
}

let looked: Promise<LogVerdict> | null = null;

/** The verdict on the log of now; the same for everything on a page. */
export const lookAtLog = (): Promise<LogVerdict> => (looked ??= checkLog(webPrimitives, fetchLog, localStorage));
