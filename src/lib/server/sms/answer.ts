// The answer of a provider's API: bounded, JSON, and an error that tells neither the text nor the number.

const longest = 64 << 10;

/** Asks within ten seconds, follows no redirection. Throws `PROVIDER answered STATUS` on anything but 2xx, and on what is no JSON. */
export async function answered(provider: string, url: string, init: RequestInit): Promise<unknown> {
	const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(10_000) });
	const text = (await response.text()).slice(0, longest);
	if (!response.ok) throw new Error(`${provider} answered ${response.status}`);
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new Error(`${provider} answered no JSON`);
	}
}
