// SHA-256 of a file, read a few megabytes at a time: memory stays flat whatever its size.

import { sha256 } from '@noble/hashes/sha2.js';

const piece = 4 * 1024 * 1024;

onmessage = async ({ data: file }: MessageEvent<File>) => {
	const hash = sha256.create();
	for (let at = 0; at < file.size; at += piece) {
		hash.update(new Uint8Array(await file.slice(at, at + piece).arrayBuffer()));
		postMessage({ progress: Math.min(1, (at + piece) / file.size) });
	}
	postMessage({ digest: hash.digest() });
};
