import { beforeEach, expect, test } from 'vitest';
import { utf8 } from '#crypto/bytes.ts';
import { createCscServer, type Mood } from '../../../../test/support/csc.ts';
import { csc } from './csc.ts';
import { cscConnection } from './csc-connection.ts';
import { SigningRefused, SigningUnavailable } from './signing-service.ts';

const anna = { surname: 'Eriksson', givenNames: 'Anna Maria', user: 'anna@test.example' };
const server = await createCscServer();
await server.enrol(anna);
await server.enrol({ surname: 'Autre', givenNames: 'Zoé', user: 'zoe@test.example' });
const fast = () => csc({ ...server.service, patience: 300 });
const asked = (person = anna) => ({ person, policy: '1.2.3', at: Date.now() });
const signed = async (service = fast()) => (await service.certify(asked())).signer.sign(utf8('attributes'));
beforeEach(() => {
	server.mood = 'honest';
	server.asked.length = server.signed.length = server.secrets.length = 0;
});

/** What it does wrong before anything is signed, what follows, and words that say what. */
const before: readonly (readonly [Mood, typeof SigningRefused | typeof SigningUnavailable, RegExp])[] = [
	['down', SigningUnavailable, /answered 503/],
	['cut', SigningUnavailable, /cannot be reached/],
	['slow', SigningUnavailable, /no answer within 0.3 s/],
	['html', SigningUnavailable, /no JSON/],
	['nonsense', SigningUnavailable, /not what CSC API v2 answers/],
	['huge', SigningUnavailable, /larger than 1 MiB/],
	['redirect', SigningUnavailable, /cannot be reached/],
	['account-refused', SigningUnavailable, /does not take our account: 401 invalid_client/],
	['tokens-refused', SigningUnavailable, /does not take its own token/],
	['wrong-person', SigningRefused, /does not name this signer/],
	['no-person', SigningRefused, /does not name this signer/],
	['untrusted', SigningRefused, /no chain to a trusted certificate/],
	['ended', SigningRefused, /expired/],
	['no-commitment', SigningRefused, /key-usage/],
	['revoked', SigningRefused, /certificate is revoked/],
	['disabled', SigningRefused, /key is disabled/],
	['asks-pin', SigningRefused, /a person would be asked/],
	['unknown-user', SigningRefused, /credentials\/list: 400 invalid_request/]
];
test.each(before)('SIGN-12 a service that is %s: no certificate, nothing signed, and it is said what is wrong', async (mood, kind, words) => {
	server.mood = mood;
	const error: unknown = await fast().certify(asked()).then(() => null, (e: unknown) => e);
	expect(error).toBeInstanceOf(kind);
	expect((error as Error).message).toMatch(words);
	expect(server.signed).toEqual([]);
	for (const said of [...server.secrets, server.service.clientSecret, 'Eriksson', 'Anna', anna.user]) expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(said);
});

test.each<[Mood, RegExp]>([['wrong-hash', /no signature of this hash/], ['wrong-key', /no signature of this hash/], ['sads-ended', /sad_expired/]])('SIGN-12 a service that is %s: its signature is refused', async (mood, words) => {
	const { signer } = await fast().certify(asked());
	server.mood = mood;
	await expect(signer.sign(utf8('attributes'))).rejects.toThrow(words);
});

test.each<Mood>(['down', 'slow', 'html', 'nonsense'])('SIGN-12 a service that is %s when it has to sign is unavailable', async (mood) => {
	const { signer } = await fast().certify(asked());
	server.mood = mood;
	await expect(signer.sign(utf8('attributes'))).rejects.toBeInstanceOf(SigningUnavailable);
});

test('SIGN-12 a token that is not taken any more is replaced once; a SAD that has ended is replaced once; one signature comes of it', async () => {
	const service = fast();
	await service.certify(asked());
	expect(server.asked.filter((method) => method === 'oauth2/token')).toHaveLength(1);
	server.mood = 'token-ended';
	const { signer } = await service.certify(asked());
	expect(server.asked.filter((method) => method === 'oauth2/token')).toHaveLength(2);
	server.mood = 'sad-ended';
	await signer.sign(utf8('attributes'));
	expect(server.asked.filter((method) => method === 'credentials/authorize')).toHaveLength(2);
	expect(server.signed).toHaveLength(1);
});

test('SIGN-12 a token past its end is not tried, and one is asked for again', async () => {
	let now = Date.now();
	const service = csc(server.service, cscConnection(server.service, () => now));
	await signed(service);
	now += 3_600_000;
	await signed(service);
	expect(server.asked.filter((method) => method === 'oauth2/token')).toHaveLength(2);
	expect(server.signed).toHaveLength(2);
});

test('SIGN-3 names are compared without case, marks and punctuation; given names may be the first ones alone, never others', async () => {
	const as = (surname: string, givenNames: string) => fast().certify(asked({ ...anna, surname, givenNames }));
	for (const [surname, given] of [['ERIKSSON', 'ANNA-MARIA'], ['eriksson', 'Anna Maria Élise']] as const) await expect(as(surname, given)).resolves.toBeDefined();
	for (const [surname, given] of [['Eriksson', 'Anna'], ['Eriksson', 'Maria Anna'], ['Erikson', 'Anna Maria'], ['Eriksson Berg', 'Anna Maria'], ['', '']] as const) await expect(as(surname, given), `${given} ${surname}`).rejects.toBeInstanceOf(SigningRefused);
});

test('SIGN-12 a service that lacks a method, or speaks another version, is said to be unavailable', async () => {
	const of = (info: object) => csc(server.service, { call: (_, __, shape) => Promise.resolve(shape.parse(info)) });
	await expect(of({ specs: '1.0.4.0', methods: ['credentials/list', 'credentials/info', 'credentials/authorize', 'signatures/signHash'] }).look()).rejects.toThrow(/CSC API 1.0.4.0/);
	await expect(of({ specs: '2.0.0.2', methods: ['credentials/list'] }).look()).rejects.toThrow(/without credentials\/info/);
});
