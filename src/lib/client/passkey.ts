// Passkeys in the browser: asks the server for options, the authenticator for an answer, and puts it into a form.

import {
	browserSupportsWebAuthn,
	startAuthentication,
	startRegistration,
	type PublicKeyCredentialCreationOptionsJSON,
	type PublicKeyCredentialRequestOptionsJSON
} from '@simplewebauthn/browser';

export const supported = browserSupportsWebAuthn;

async function options<T>(path: string): Promise<T> {
	const response = await fetch(path, { method: 'POST' });
	if (!response.ok) throw new Error(((await response.json()) as { reason?: string }).reason ?? 'other');
	return (await response.json()) as T;
}

function submit(form: HTMLFormElement, answer: unknown): void {
	(form.elements.namedItem('answer') as HTMLInputElement).value = JSON.stringify(answer);
	form.requestSubmit();
}

/** Asks for a passkey's answer to a challenge of `path` and submits it with `form`, in its field `answer`. Throws when the person stops. */
export async function authenticate(path: string, form: HTMLFormElement): Promise<void> {
	submit(form, await startAuthentication({ optionsJSON: await options<PublicKeyCredentialRequestOptionsJSON>(path) }));
}

/** Makes a passkey and submits it with `form`, in its field `answer`. */
export async function create(path: string, form: HTMLFormElement): Promise<void> {
	submit(form, await startRegistration({ optionsJSON: await options<PublicKeyCredentialCreationOptionsJSON>(path) }));
}
