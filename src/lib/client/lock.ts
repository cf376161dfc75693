// The other tabs of a browser whose session was just locked: what they show goes too.

const channel = 'session-lock';

/** Tells every other tab that the session of this browser is locked. */
export function announceLock(): void {
	const tabs = new BroadcastChannel(channel);
	tabs.postMessage('locked');
	tabs.close();
}

/** Goes where the server says that it is locked, once another tab has said so. Returns how to stop. */
export function leaveWhenLocked(): () => void {
	const tabs = new BroadcastChannel(channel);
	tabs.onmessage = () => location.replace('/locked');
	return () => tabs.close();
}
