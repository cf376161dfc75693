// A passkey in software, for tests: answers challenges as WebAuthn level 3 §5.8, §6.1 and §8.7 say, and can be told to lie.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const url = (bytes: Buffer) => bytes.toString('base64url');

/** CBOR (RFC 8949) of what an attestation object needs: integers, bytes, text, maps. */
function cbor(value: number | string | Buffer | Map<number | string, unknown>): Buffer {
	const head = (major: number, n: number) => (n < 24 ? Buffer.from([(major << 5) | n]) : n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
	if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
	if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
	if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
	return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v as number)])]);
}

/** What an answer says; by default the truth. */
interface Said {
	readonly origin?: string;
	readonly rpId?: string;
	readonly verified?: boolean;
	readonly userHandle?: string;
}

/** One ES256 passkey for an origin. */
export function createAuthenticator(origin: string) {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const id = randomBytes(16);
	let counter = 0;
	const data = (said: Said, more = Buffer.alloc(0)) => {
		counter += 1;
		const count = Buffer.alloc(4);
		count.writeUInt32BE(counter);
		const flags = 0x01 | (said.verified === false ? 0 : 0x04) | (more.length ? 0x40 : 0);
		return Buffer.concat([sha256(said.rpId ?? new URL(origin).hostname), Buffer.from([flags]), count, more]);
	};
	const client = (type: string, challenge: string, said: Said) => Buffer.from(JSON.stringify({ type, challenge, origin: said.origin ?? origin, crossOrigin: false }));
	const outer = { id: url(id), rawId: url(id), type: 'public-key', clientExtensionResults: {} };
	return {
		create(challenge: string, said: Said = {}): string {
			const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
			const key = cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]));
			const authData = data(said, Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]));
			const attestationObject = url(cbor(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', authData]])));
			return JSON.stringify({ ...outer, response: { clientDataJSON: url(client('webauthn.create', challenge, said)), attestationObject, transports: ['internal'] } });
		},
		get(challenge: string, said: Said = {}): string {
			const authenticatorData = data(said);
			const clientData = client('webauthn.get', challenge, said);
			const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
			const handle = said.userHandle === undefined ? {} : { userHandle: url(Buffer.from(said.userHandle)) };
			return JSON.stringify({ ...outer, response: { clientDataJSON: url(clientData), authenticatorData: url(authenticatorData), signature: url(signature), ...handle } });
		}
	};
}
