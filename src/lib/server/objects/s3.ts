// Objects in S3-compatible storage, versioned; Object Lock in COMPLIANCE mode where the bucket has it.

import { createHash } from 'node:crypto';
import { Client, type BucketItem } from 'minio';
import { ObjectStoreError, watched, type ObjectStore, type StoredObject } from './store.ts';

export interface S3Settings {
	readonly endpoint: string;
	readonly region: string;
	readonly bucket: string;
	readonly accessKey: string;
	readonly secretKey: string;
	/** Bytes of a part; at least 5 MiB (S3's own limit). */
	readonly partSize?: number;
}

const missing = ['NoSuchKey', 'NotFound', 'NoSuchVersion', 'NoSuchBucket'];
const locked = ['AccessDenied', 'InvalidRequest', 'ObjectLocked'];

function failed(error: unknown, what: string, otherwise: 'unavailable' | 'locked' = 'unavailable'): ObjectStoreError {
	if (error instanceof ObjectStoreError) return error;
	const { code = '', message = '' } = error as { code?: string; message?: string };
	if (missing.includes(code)) return new ObjectStoreError('not-found', what, { cause: error });
	if (code === 'PreconditionFailed') return new ObjectStoreError('exists', what, { cause: error });
	if (otherwise === 'locked' && locked.includes(code)) return new ObjectStoreError('locked', what, { cause: error });
	return new ObjectStoreError('unavailable', `${what}: ${code || message}`, { cause: error });
}

/** Passes bytes on; at the end refuses the whole when they are not the announced ones, before the upload is completed. */
async function* checked(body: AsyncIterable<Uint8Array>, size: number | undefined, sha256: Uint8Array | undefined): AsyncGenerator<Buffer> {
	const hash = createHash('sha256');
	let length = 0;
	for await (const part of body) {
		hash.update(part);
		length += part.length;
		yield Buffer.from(part.buffer, part.byteOffset, part.length);
	}
	if (size !== undefined && size !== length) throw new ObjectStoreError('checksum', `${length} bytes instead of ${size}`);
	if (sha256 && !hash.digest().equals(sha256)) throw new ObjectStoreError('checksum', 'other bytes than announced');
}

/** The bytes in parts of one size, the last one shorter; an empty source is one empty part. */
async function* parts(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<{ bytes: Buffer; last: boolean }> {
	let held: Buffer[] = [];
	let length = 0;
	for await (let rest of body) {
		while (length + rest.length > size) {
			yield { bytes: Buffer.concat([...held, rest.subarray(0, size - length)]), last: false };
			rest = rest.subarray(size - length);
			held = [];
			length = 0;
		}
		held.push(rest);
		length += rest.length;
	}
	yield { bytes: Buffer.concat(held), last: true };
}

/** The store of an existing bucket. Turns versioning on; asks whether Object Lock is there. */
export async function s3Store(settings: S3Settings): Promise<ObjectStore> {
	const url = new URL(settings.endpoint);
	const client = new Client({
		endPoint: url.hostname,
		port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
		useSSL: url.protocol === 'https:',
		accessKey: settings.accessKey,
		secretKey: settings.secretKey,
		region: settings.region,
		pathStyle: true
	});
	const partSize = settings.partSize ?? 16 << 20;
	const { bucket } = settings;
	try {
		await client.setBucketVersioning(bucket, { Status: 'Enabled' });
	} catch (error) {
		throw failed(error, `bucket ${bucket}`);
	}
	const lock = await (client.getObjectLockConfig(bucket) as unknown as Promise<unknown>).then(
		(config) => (config as { objectLockEnabled?: string } | undefined)?.objectLockEnabled === 'Enabled',
		() => false
	);
	const describe = async (key: string, version?: string): Promise<StoredObject> => {
		try {
			const s = await client.statObject(bucket, key, version ? { versionId: version } : {});
			return { key, version: s.versionId ?? version ?? 'null', size: s.size, storedAt: s.lastModified };
		} catch (error) {
			throw failed(error, key);
		}
	};

	const exists = (key: string): Promise<boolean> =>
		describe(key).then(
			() => true,
			(error: ObjectStoreError) => (error.code === 'not-found' ? false : Promise.reject(error))
		);

	/** One request up to a part's size, else a multipart upload, given up (and its parts with it) when the source fails. Answers the version. */
	async function upload(key: string, body: AsyncIterable<Buffer>, headers: Record<string, string>): Promise<string> {
		const etags: { part: number; etag: string }[] = [];
		let uploadId: string | null = null;
		try {
			for await (const { bytes, last } of parts(body, partSize)) {
				if (last && !uploadId) return (await client.putObject(bucket, key, bytes, bytes.length, headers)).versionId ?? 'null';
				uploadId ??= await client.initiateNewMultipartUpload(bucket, key, {});
				const part = etags.length + 1;
				const md5 = createHash('md5').update(bytes).digest('base64');
				const { etag } = await client.uploadPart({ bucketName: bucket, objectName: key, uploadID: uploadId, partNumber: part, headers: { 'Content-Length': bytes.length, 'Content-MD5': md5 } }, bytes);
				etags.push({ part, etag });
			}
			const done = await client.completeMultipartUpload(bucket, key, uploadId!, etags);
			return done.versionId ?? 'null';
		} catch (error) {
			if (uploadId) await client.abortMultipartUpload(bucket, key, uploadId).catch(() => {}); // a store's life-cycle rule clears what cannot be given up now; the first error is the one to tell
			throw error;
		}
	}

	/** Not every S3 makes If-None-Match atomic (Ceph does not): of several versions the first keeps the key, the others go. */
	async function firstOf(stored: StoredObject): Promise<StoredObject> {
		const all = (await Array.fromAsync(versionsOf(stored.key))).filter((o) => o.key === stored.key).sort((a, b) => a.storedAt.getTime() - b.storedAt.getTime() || (a.version < b.version ? -1 : 1));
		if (all[0]?.version === stored.version) return stored;
		await client.removeObject(bucket, stored.key, { versionId: stored.version });
		throw new ObjectStoreError('exists', stored.key);
	}

	async function* versionsOf(prefix: string): AsyncGenerator<StoredObject> {
		try {
			for await (const item of client.listObjects(bucket, prefix, true, { IncludeVersion: true }) as AsyncIterable<BucketItem & { versionId?: string; isDeleteMarker?: boolean }>) {
				if (item.name && !item.isDeleteMarker) yield { key: item.name, version: item.versionId ?? 'null', size: item.size, storedAt: item.lastModified ?? new Date(0) };
			}
		} catch (error) {
			throw failed(error, prefix);
		}
	}

	return {
		capabilities: { versions: true, lock, presign: true },
		async put(key, body, options = {}) {
			if (options.ifAbsent && (await exists(key))) throw new ObjectStoreError('exists', key);
			const source = watched(body);
			try {
				const version = await upload(key, checked(source.bytes, options.size, options.sha256), options.ifAbsent ? { 'If-None-Match': '*' } : {});
				const stored = await describe(key, version);
				return options.ifAbsent ? await firstOf(stored) : stored;
			} catch (error) {
				throw source.threw(error) ? error : failed(error, key);
			}
		},
		async *get(key, options = {}) {
			const version = options.version ? { versionId: options.version } : {};
			try {
				const { range } = options;
				yield* range ? await client.getPartialObject(bucket, key, range.start, range.end - range.start, version) : await client.getObject(bucket, key, version);
			} catch (error) {
				throw failed(error, key);
			}
		},
		stat: describe,
		list: versionsOf,
		async remove(key, version) {
			try {
				await client.removeObject(bucket, key, { versionId: version });
			} catch (error) {
				const refused = failed(error, key, 'locked');
				if (refused.code !== 'not-found') throw refused;
			}
		},
		async retain(key, version, until) {
			if (!lock) throw new ObjectStoreError('unsupported', `bucket ${bucket} has no Object Lock`);
			try {
				await client.putObjectRetention(bucket, key, { versionId: version, mode: 'COMPLIANCE', retainUntilDate: until.toISOString() });
			} catch (error) {
				throw failed(error, key, 'locked');
			}
		},
		async presign(key, version, seconds) {
			return client.presignedUrl('GET', bucket, key, seconds, { versionId: version });
		},
		async ping() {
			try {
				if (!(await client.bucketExists(bucket))) throw new ObjectStoreError('unavailable', `no bucket ${bucket}`);
			} catch (error) {
				throw failed(error, bucket);
			}
		}
	};
}
