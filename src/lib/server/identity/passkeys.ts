// Passkeys (WebAuthn level 3): user verification required, exact origin and RP id, each challenge good once and for five minutes.

import {
	generateAuthenticationOptions,
	generateRegistrationOptions,
	verifyAuthenticationResponse,
	verifyRegistrationResponse,
	type AuthenticationResponseJSON,
	type AuthenticatorTransport,
	type PublicKeyCredentialCreationOptionsJSON,
	type PublicKeyCredentialRequestOptionsJSON,
	type RegistrationResponseJSON
} from '@simplewebauthn/server';
import { z } from 'zod';
import { utf8 } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { DomainError } from '../errors.ts';
import { count } from './attempts.ts';
import { refuse, type Caller } from './login.ts';
import { endOthers, requireStepUp, rotate, start, type Session } from './sessions.ts';

type Purpose = 'register' | 'login' | 'step-up';

export interface Passkey {
	readonly id: string;
	readonly name: string;
	readonly createdAt: Date;
	readonly usedAt: Date | null;
}

interface Stored {
	readonly person: string;
	readonly publicKey: Buffer;
	readonly counter: string;
	readonly transports: AuthenticatorTransport[];
}

const rpId = (ctx: Context) => new URL(ctx.settings.origin).hostname;

async function remember(ctx: Context, challenge: string, person: string | null, purpose: Purpose): Promise<void> {
	await ctx.tx((tx) => tx`select app.begin_webauthn(${challenge}, ${person}, ${purpose})`);
}

const outer = z.object({ id: z.string().max(2000), response: z.object({ clientDataJSON: z.string().max(10_000) }).loose() }).loose();
const inner = z.object({ challenge: z.string().max(200) }).loose();

/** A browser's answer and the challenge it answers, which is spent by this. Null: not an answer, or to no challenge of ours. */
async function spend<T extends { id: string }>(ctx: Context, text: string, purpose: Purpose): Promise<{ response: T; challenge: string; person: string | null } | null> {
	const parsed = json(text, outer);
	if (!parsed) return null;
	const data = json(bytesAsText(parsed.response.clientDataJSON), inner);
	if (!data) return null;
	const [row] = await ctx.tx((tx) => tx<{ person: string | null }[]>`select person from app.take_webauthn(${data.challenge}, ${purpose})`);
	return row ? { response: parsed as unknown as T, challenge: data.challenge, person: row.person } : null;
}

function json<T>(text: string, shape: z.ZodType<T>): T | null {
	try {
		return shape.safeParse(JSON.parse(text)).data ?? null;
	} catch (cause) {
		if (cause instanceof SyntaxError) return null;
		throw cause;
	}
}

function bytesAsText(base64url: string): string {
	return /^[A-Za-z0-9_-]*$/.test(base64url) ? Buffer.from(base64url, 'base64url').toString('utf8') : '';
}

/** The asker's passkeys, oldest first. */
export async function list(ctx: Context): Promise<Passkey[]> {
	return ctx.tx((tx) => tx<Passkey[]>`
		select id, name, created_at as "createdAt", used_at as "usedAt" from passkey where person = ${ctx.actor.person} order by created_at, id`);
}

/** What the browser needs to make a passkey. Needs a step-up. */
export async function registrationOptions(ctx: Context, session: Session): Promise<PublicKeyCredentialCreationOptionsJSON> {
	await requireStepUp(ctx, session);
	const known = await list(ctx);
	const options = await generateRegistrationOptions({
		rpName: 'Probant',
		rpID: rpId(ctx),
		userID: utf8(session.person),
		userName: session.email,
		userDisplayName: session.name,
		attestationType: 'none',
		excludeCredentials: known.map(({ id }) => ({ id })),
		authenticatorSelection: { residentKey: 'required', userVerification: 'required' }
	});
	await remember(ctx, options.challenge, session.person, 'register');
	return options;
}

/** Keeps a new passkey. `answer` is the browser's RegistrationResponseJSON. `invalid` `passkey-refused` for anything that does not verify. */
export async function add(ctx: Context, session: Session, answer: string, name: string): Promise<void> {
	await requireStepUp(ctx, session);
	const label = name.trim().slice(0, 100) || 'Passkey';
	const asked = await spend<RegistrationResponseJSON>(ctx, answer, 'register');
	if (!asked || asked.person !== session.person) throw new DomainError('invalid', 'passkey-refused');
	const { verified, registrationInfo } = await verifyRegistrationResponse({
		response: asked.response,
		expectedChallenge: asked.challenge,
		expectedOrigin: ctx.settings.origin,
		expectedRPID: rpId(ctx),
		requireUserVerification: true
	}).catch((cause: unknown) => {
		throw new DomainError('invalid', 'passkey-refused', {}, { cause });
	});
	if (!verified) throw new DomainError('invalid', 'passkey-refused');
	const { credential } = registrationInfo;
	await ctx.tx(async (tx) => {
		const made = await tx`
			insert into passkey (id, person, public_key, counter, transports, name)
			values (${credential.id}, ${session.person}, ${Buffer.from(credential.publicKey)}, ${credential.counter}, ${credential.transports ?? []}, ${label})
			on conflict do nothing`;
		if (!made.count) throw new DomainError('conflict', 'passkey-known');
		await append(tx, { op: 'person.change', safe: null, obj: session.person, values: { change: 'passkey added', passkey: credential.id } });
	});
}

/** Forgets a passkey and ends every other session. Needs a step-up. */
export async function remove(ctx: Context, session: Session, id: string): Promise<void> {
	await requireStepUp(ctx, session);
	await ctx.tx(async (tx) => {
		const gone = await tx`delete from passkey where id = ${id} and person = ${session.person}`;
		if (!gone.count) throw new DomainError('not-found', 'passkey');
		await append(tx, { op: 'person.change', safe: null, obj: session.person, values: { change: 'passkey removed', passkey: id } });
		await endOthers(tx, session);
	});
}

/** What the browser needs to answer with a passkey: of anyone for a login, of this person for a step-up. */
export async function authenticationOptions(ctx: Context, caller: Caller, session: Session | null): Promise<PublicKeyCredentialRequestOptionsJSON> {
	await count(ctx, 'passkey', caller.source);
	const known = session ? await list(ctx) : [];
	const options = await generateAuthenticationOptions({
		rpID: rpId(ctx),
		userVerification: 'required',
		allowCredentials: known.map(({ id }) => ({ id }))
	});
	await remember(ctx, options.challenge, session?.person ?? null, session ? 'step-up' : 'login');
	return options;
}

async function verify(ctx: Context, caller: Caller, answer: string, purpose: 'login' | 'step-up'): Promise<{ stored: Stored; id: string; counter: number; asked: string | null }> {
	await count(ctx, 'passkey', caller.source);
	const asked = await spend<AuthenticationResponseJSON>(ctx, answer, purpose);
	if (!asked) return refuse(ctx, caller, undefined, 'passkey-refused');
	const { response, challenge } = asked;
	const [stored] = await ctx.tx((tx) => tx<Stored[]>`select person, public_key as "publicKey", counter, transports from app.passkey_by_id(${response.id})`);
	if (!stored) return refuse(ctx, caller, undefined, 'passkey-refused');
	const result = await verifyAuthenticationResponse({
		response,
		expectedChallenge: challenge,
		expectedOrigin: ctx.settings.origin,
		expectedRPID: rpId(ctx),
		requireUserVerification: true,
		credential: { id: response.id, publicKey: new Uint8Array(stored.publicKey), counter: Number(stored.counter), transports: stored.transports }
	}).catch(() => null); // its message is about the answer, which is logged as refused just below
	const handle = response.response.userHandle;
	const owner = handle === undefined || bytesAsText(handle) === stored.person;
	if (!result?.verified || !owner) return refuse(ctx, caller, stored.person, 'passkey-refused');
	return { stored, id: response.id, counter: result.authenticationInfo.newCounter, asked: asked.person };
}

/** Starts a session by a passkey. Returns the cookie's secret. `unauthenticated` for anything that does not verify. */
export async function login(ctx: Context, caller: Caller, answer: string): Promise<string> {
	const { stored, id, counter } = await verify(ctx, caller, answer, 'login');
	return ctx.tx(async (tx) => {
		const secret = await start(ctx, tx, stored.person, { by: 'passkey', agent: caller.agent });
		await tx`update passkey set counter = ${counter}, used_at = app.now() where id = ${id}`;
		return secret;
	});
}

/** Proves oneself again by a passkey. Returns the new cookie's secret; what else is to happen is done in that transaction. */
export async function stepUp(ctx: Context, caller: Caller, session: Session, answer: string, also: (tx: Tx) => Promise<void> = async () => {}): Promise<string> {
	const { stored, id, counter, asked } = await verify(ctx, caller, answer, 'step-up');
	if (stored.person !== session.person || asked !== session.person) return refuse(ctx, caller, session.person, 'passkey-refused');
	return ctx.tx(async (tx) => {
		await tx`update passkey set counter = ${counter}, used_at = app.now() where id = ${id}`;
		await also(tx);
		return rotate(ctx, tx, session, 'passkey');
	});
}
