// An HTTP proxy that stops one download after a known number of bytes, and breaks it when told to: a train in a tunnel, at a place the test knows.

import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CuttingProxy {
	/** For a browser context; loopback addresses go through it too. */
	readonly proxy: { readonly server: string; readonly bypass: string };
	/** The next answer to a matching request stops after so many bytes of its body, and waits. */
	arm(after: number): void;
	/** Breaks that answer, and every matching request from now on. */
	cut(): void;
	/** Everything passes again. */
	mend(): void;
	close(): void;
}

/** @param matching addresses whose answers may be cut; all others always pass */
export async function cuttingProxy(matching: RegExp): Promise<CuttingProxy> {
	let after = Infinity;
	let down = false;
	let stopped: ServerResponse | null = null;

	function answer(from: IncomingMessage, to: ServerResponse, most: number): void {
		to.writeHead(from.statusCode!, from.headers);
		let left = most;
		from.on('data', (part: Buffer) => {
			if (left <= 0) return;
			to.write(part.subarray(0, left));
			left -= part.length;
			if (left > 0) return;
			from.pause(); // destroyed with `to`
			stopped = to;
		});
		from.on('end', () => to.end());
	}

	const server = createServer((asked, to) => {
		const mayBeCut = matching.test(asked.url!);
		if (mayBeCut && down) return void asked.socket.destroy();
		const most = mayBeCut ? after : Infinity;
		if (mayBeCut) after = Infinity;
		const on = request(asked.url!, { method: asked.method!, headers: asked.headers }, (from) => answer(from, to, most));
		on.on('error', () => to.destroy());
		to.on('close', () => on.destroy());
		asked.pipe(on);
	});
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	return {
		proxy: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bypass: '<-loopback>' },
		arm: (bytes) => void (after = bytes),
		cut() {
			down = true;
			stopped!.destroy();
		},
		mend: () => void (down = false),
		close() {
			server.closeAllConnections();
			server.close();
		}
	};
}
