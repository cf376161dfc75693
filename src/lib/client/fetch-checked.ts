// Bytes from the server that are used only when they are exactly the announced ones.

/** The bytes, or what was wrong: `load` when they did not arrive whole, `hash` when they are others. */
export async function fetchChecked(address: string, size: number, sha256: string, onProgress: (share: number) => void): Promise<Uint8Array | 'load' | 'hash'> {
	try {
		const response = await fetch(address);
		if (!response.ok || !response.body) return 'load';
		const bytes = new Uint8Array(size);
		let at = 0;
		for (let reader = response.body.getReader(), part = await reader.read(); !part.done; part = await reader.read()) {
			if (at + part.value.length > size) return 'hash';
			bytes.set(part.value, at);
			at += part.value.length;
			onProgress(at / size);
		}
		if (at !== size) return 'load';
		const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
		const hex = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
		return hex === sha256 ? bytes : 'hash';
	} catch {
		return 'load';
	}
}
