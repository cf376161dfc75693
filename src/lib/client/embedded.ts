// What an embedded page tells the page around it: the state alone, to the one origin it is for.

/** The signer has the document; has signed or approved; has declined; the envelope was closed by others. */
export type EmbeddedState = 'loaded' | 'signed' | 'declined' | 'closed';

export function tell(origin: string, state: EmbeddedState): void {
	if (window.parent !== window) window.parent.postMessage({ type: 'probant', state }, origin);
}
