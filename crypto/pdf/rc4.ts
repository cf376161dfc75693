// RC4, to read old encrypted files (ISO 32000-1 §7.6.2). Nothing is written with it.

/** The data with the key's stream over it: encryption and decryption alike. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
	const s = Uint8Array.from({ length: 256 }, (_, i) => i);
	const swap = (i: number, j: number) => ([s[i], s[j]] = [s[j]!, s[i]!]);
	for (let i = 0, j = 0; i < 256; i++) {
		j = (j + s[i]! + key[i % key.length]!) & 255;
		swap(i, j);
	}
	let [i, j] = [0, 0];
	return data.map((byte) => {
		i = (i + 1) & 255;
		j = (j + s[i]!) & 255;
		swap(i, j);
		return byte ^ s[(s[i]! + s[j]!) & 255]!;
	});
}
