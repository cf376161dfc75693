// The tus protocol (1.0.0, creation and termination) over stage.ts: one server per request, bound to who asks.

import { DataStore, Server, Upload } from '@tus/server';
import type { Readable } from 'node:stream';
import { fromHex } from '#crypto/bytes.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import * as stage from './stage.ts';

/** What the library answers with when a store throws. */
interface TusError {
	readonly status_code: number;
	readonly body: string;
}

async function told<T>(statusOf: (error: DomainError) => number, act: () => Promise<T>): Promise<T> {
	try {
		return await act();
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
		throw { status_code: statusOf(error), body: JSON.stringify({ reason: error.reason, ...error.details }) } satisfies TusError;
	}
}

class StageStore extends DataStore {
	private readonly ctx: Context;
	private readonly statusOf: (error: DomainError) => number;
	constructor(ctx: Context, statusOf: (error: DomainError) => number) {
		super();
		this.ctx = ctx;
		this.statusOf = statusOf;
		this.extensions = ['creation', 'termination'];
	}
	override create(upload: Upload): Promise<Upload> {
		return told(this.statusOf, async () => {
			const { safe = '', name = '', sha256 } = upload.metadata ?? {};
			if (sha256 && !/^[0-9a-f]{64}$/.test(sha256)) throw new DomainError('invalid', 'sha256');
			const made = await stage.create(this.ctx, { safe: safe ?? '', name: name ?? '', length: upload.size ?? -1, ...(sha256 ? { sha256: fromHex(sha256) } : {}) });
			upload.id = made.id;
			return upload;
		});
	}
	override write(stream: Readable, id: string, offset: number): Promise<number> {
		return told(this.statusOf, () => stage.write(this.ctx, id, offset, stream));
	}
	override getUpload(id: string): Promise<Upload> {
		return told(this.statusOf, async () => {
			const { length, offset } = await stage.get(this.ctx, id);
			return new Upload({ id, size: length, offset });
		});
	}
	override remove(id: string): Promise<void> {
		return told(this.statusOf, () => stage.remove(this.ctx, id));
	}
}

/** Answers one request under `/upload`. `statusOf` is HTTP's table of the domain's errors. */
export function handleUpload(ctx: Context, request: Request, statusOf: (error: DomainError) => number): Promise<Response> {
	// no maxSize: the domain refuses, with its reason and an event
	const server = new Server({ path: '/upload', datastore: new StageStore(ctx, statusOf), allowedOrigins: [], relativeLocation: true, disableTerminationForFinishedUploads: true });
	return server.handleWeb(request);
}
