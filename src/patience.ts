// How long a request may take to arrive. A body has its time, a form with files more; an upload may take as long as it likes while its bytes keep coming, for its own lease goes with them.

import type { IncomingMessage, ServerResponse } from 'node:http';

/** Milliseconds. */
export interface Patience {
	readonly body: number;
	/** Of a form with files. */
	readonly files: number;
	/** Between two looks at an upload, which must have brought bytes. */
	readonly idle: number;
}

export const standard: Patience = { body: 30_000, files: 300_000, idle: 30_000 };

/** Ends a request whose body has not come in time: 408 when nothing was answered yet, then the connection. Streams that we send are none of its business. */
export function limitTime(request: IncomingMessage, response: ServerResponse, patience: Patience = standard): void {
	const type = request.headers['content-type'] ?? '';
	const upload = type === 'application/offset+octet-stream'; // tus
	let received = request.socket.bytesRead;
	const cut = (): void => {
		if (request.complete) return;
		if (!response.headersSent) response.writeHead(408, { connection: 'close', 'content-type': 'text/plain' }).end('Request timeout');
		request.socket.destroySoon();
	};
	const look = (): void => {
		const now = request.socket.bytesRead;
		if (now === received) return cut();
		received = now;
		timer.refresh();
	};
	const timer = setTimeout(upload ? look : cut, upload ? patience.idle : type.startsWith('multipart/form-data') ? patience.files : patience.body);
	for (const over of ['close', 'error'] as const) response.once(over, () => clearTimeout(timer));
	request.once('end', () => clearTimeout(timer));
}
