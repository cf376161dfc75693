// A proxy in front of PostgreSQL that reads just enough of its protocol (3.0) to see which statement passes on which role's connection,
// and holds the line at a named moment: for a kill there, without a hook in the product.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { DatabaseRole } from '#lib/server/db/roles.ts';

/** `before`: the statement has not reached the server. `uncommitted`: its transaction's commit has not. `committed`: that is done, and the client has not heard. */
export interface Moment {
	readonly role: DatabaseRole;
	readonly statement: RegExp;
	readonly when: 'before' | 'uncommitted' | 'committed';
}

export interface PostgresProxy {
	readonly port: number;
	/** Acts once, at the first such moment, and lets nothing more through on that connection, unless it `passes`. Resolves then. */
	at(moment: Moment, act: () => void, passes?: boolean): Promise<void>;
	close(): Promise<void>;
}

/** Cuts a stream into messages: a type (none in the client's first), a length that counts itself, a body. */
function messages(typed: boolean): (chunk: Buffer) => { type: string; body: Buffer; whole: Buffer }[] {
	let rest = Buffer.alloc(0);
	return (chunk) => {
		rest = Buffer.concat([rest, chunk]);
		const found = [];
		for (;;) {
			const head = typed ? 1 : 0;
			if (rest.length < head + 4) return found;
			const end = head + rest.readUInt32BE(head);
			if (rest.length < end) return found;
			found.push({ type: typed ? String.fromCharCode(rest[0]!) : 'startup', body: rest.subarray(head + 4, end), whole: rest.subarray(0, end) });
			rest = rest.subarray(end);
			typed = true;
		}
	};
}

const words = (body: Buffer) => body.toString('latin1').split('\0');

/** What one connection is doing. */
class Line {
	role = '';
	/** The armed statement passed in the open transaction. */
	inside = false;
	/** That transaction's commit is on its way. */
	committing = false;
	held = false;
	private readonly statements = new Map<string, string>();

	/** The text a client's message runs; undefined for one that runs nothing. */
	runs(type: string, body: Buffer): string | undefined {
		if (type === 'startup') {
			const pairs = words(body.subarray(4));
			this.role = pairs[pairs.indexOf('user') + 1] ?? '';
		}
		const [first = '', second = ''] = words(body);
		if (type === 'P') this.statements.set(first, second);
		if (type === 'B') return this.statements.get(second);
		return type === 'Q' ? first : undefined;
	}
}

/** In front of the server on `target` of the loopback. */
export async function postgresProxy(target: number): Promise<PostgresProxy> {
	let armed: { moment: Moment; act: () => void; passes: boolean; done: () => void } | null = null;
	const sockets = new Set<Socket>();

	function fire(line: Line): void {
		const { act, passes, done } = armed!;
		armed = null;
		line.held = !passes;
		act();
		done();
	}
	/** Looks at what the client sends; the line may be held after it. */
	function outward(line: Line, type: string, body: Buffer): void {
		const text = line.runs(type, body);
		if (text === undefined || !armed || armed.moment.role !== line.role) return;
		const { statement, when } = armed.moment;
		if (/^\s*begin/i.test(text)) line.inside = line.committing = false;
		if (statement.test(text)) {
			if (when === 'before') return fire(line);
			line.inside = true;
		}
		if (!line.inside || !/^\s*commit/i.test(text)) return;
		if (when === 'uncommitted') fire(line);
		else line.committing = true;
	}
	function inward(line: Line, type: string, body: Buffer): void {
		if (armed?.moment.when === 'committed' && line.committing && type === 'C' && words(body)[0] === 'COMMIT') fire(line);
	}

	const server = createServer((client) => {
		const line = new Line();
		const behind = connect(target, '127.0.0.1');
		const pair = [client, behind] as const;
		const [ask, answer] = [messages(false), messages(true)];
		client.on('data', (chunk) => {
			for (const { type, body, whole } of ask(chunk)) {
				if (!line.held) outward(line, type, body);
				if (!line.held) behind.write(whole);
			}
		});
		behind.on('data', (chunk) => {
			for (const { type, body, whole } of answer(chunk)) {
				if (!line.held) inward(line, type, body);
				if (!line.held) client.write(whole);
			}
		});
		for (const socket of pair) {
			sockets.add(socket);
			socket.setNoDelay(true);
			socket.on('error', () => {}); // its end is what counts, and 'close' follows
			socket.on('close', () => {
				sockets.delete(socket);
				for (const other of pair) other.destroy();
			});
		}
	});
	await new Promise<void>((ok) => server.listen(0, '127.0.0.1', ok));
	return {
		port: (server.address() as AddressInfo).port,
		at: (moment, act, passes = false) => new Promise<void>((done) => (armed = { moment, act, passes, done })),
		close: async () => {
			const closed = new Promise((ok) => server.close(ok));
			for (const socket of sockets) socket.destroy();
			await closed;
		}
	};
}
