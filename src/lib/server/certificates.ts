// The register of what our CA issued, and what is said of each: revocation, answers made ahead of time (RFC 5019), lists (RFC 5280 §5).

import { equal } from '#crypto/bytes.ts';
import { readCertificate, serialNumberHex, type Certificate } from '#crypto/x509/certificate.ts';
import { writeCrl } from '#crypto/x509/crl.ts';
import { writeOcspResponse, type CertStatus } from '#crypto/x509/ocsp.ts';
import { append } from './audit/append.ts';
import type { WorkerContext } from './context.ts';
import type { Tx } from './db/pool.ts';
import { together } from './db/together.ts';
import { DomainError } from './errors.ts';
import type { CertifiedSigner, SigningKeys } from './keys/signing-keys.ts';

type IssuerName = 'root' | 'ca';
type Certifying = Pick<WorkerContext, 'tx' | 'signing' | 'primitives'>;

const day = 86_400_000;
/** How long an answer or a list holds, milliseconds; each is made anew once half of it has gone. */
const life = 7 * day;

/** CRLReason (RFC 5280 §5.3.1), by its name. */
export const reasons = { unspecified: null, keyCompromise: 1, affiliationChanged: 3, superseded: 4, cessationOfOperation: 5 } as const;
export type Reason = keyof typeof reasons;

/** Takes certificates up; those that are known stay as they are. */
export async function register(tx: Tx, issued: readonly { readonly der: Uint8Array; readonly issuer: IssuerName }[]): Promise<void> {
	for (const { der, issuer } of issued) {
		const certificate = readCertificate(der);
		await tx`insert into certificate (serial, issuer, der, not_after) values (${serialNumberHex(certificate)}, ${issuer}, ${der}, ${new Date(certificate.notAfter)}) on conflict (serial) do nothing`;
	}
}

/** The certificates of the keys in use. */
export const inUse = ({ ca, serviceSeal, instanceSeal, tsa, ocsp }: SigningKeys): { der: Uint8Array; issuer: IssuerName }[] => [
	{ der: ca.certificate, issuer: 'root' },
	...[serviceSeal, instanceSeal, tsa, ocsp].map(({ certificate }) => ({ der: certificate, issuer: 'ca' as const }))
];

const serials = new WeakMap<SigningKeys, string[]>();

/** Of the keys in use, hexadecimal. */
export function serialsInUse(signing: SigningKeys): string[] {
	let known = serials.get(signing);
	if (!known) serials.set(signing, (known = inUse(signing).map(({ der }) => serialNumberHex(readCertificate(der)))));
	return known;
}

/** Serial numbers of the keys in use that were revoked: nothing may be signed by these. */
export async function revokedInUse({ tx, signing }: Certifying): Promise<string[]> {
	return tx((t) => revokedOf(t, serialsInUse(signing)));
}

/** One at a time: lists' numbers grow with their times, and no answer "good" is under way while a certificate is revoked. */
const alone = (tx: Tx) => tx`select pg_advisory_xact_lock(hashtextextended('certificates', 0))`;

/** Which of these serial numbers are revoked, and of those that a signature of this intent is kept of. Until the transaction ends no other one is. */
export async function revokedOf(tx: Tx, serials: readonly string[], intent: string | null = null): Promise<string[]> {
	const [, rows] = await together([
		tx`select pg_advisory_xact_lock_shared(hashtextextended('certificates', 0))`,
		tx<{ serial: string }[]>`
			select serial from certificate where revoked_at is not null and (serial = any(${[...serials]}) or serial in (select o.serial from one_time_certificate o where o.intent = ${intent} and o.kept_at is not null))`
	]);
	return rows.map(({ serial }) => serial);
}

/**
 * Revokes a certificate from now on and says so at once. From the beginning of this second: lists and answers tell whole seconds (RFC 5280 §5.1.2.6, §4.1.2.5),
 * the register keeps just what they tell, and downwards: nothing made with the key after its revocation may count as made before. What was made within that second, before it, counts as after it too. Throws DomainError `not-found`, `conflict` when it was revoked before.
 */
export async function revoke(ctx: Certifying, { serial, reason }: { readonly serial: string; readonly reason: Reason }): Promise<void> {
	await ctx.tx(async (tx) => {
		await alone(tx);
		const [known] = await tx<{ revoked: boolean }[]>`select revoked_at is not null as revoked from certificate where serial = ${serial} for update`;
		if (!known) throw new DomainError('not-found', 'certificate');
		if (known.revoked) throw new DomainError('conflict', 'revoked');
		await tx`update certificate set revoked_at = date_trunc('second', app.now()), reason = ${reasons[reason]} where serial = ${serial}`;
		await tx`update ocsp_answer set next_update = app.now() where serial = ${serial}`; // given out no more, and made anew
		await append(tx, { op: 'certificate.revoke', safe: null, obj: serial, values: { reason } });
	});
	await publishStatus(ctx);
}

interface Row {
	readonly serial: string;
	readonly issuer: IssuerName;
	readonly der: Uint8Array;
	readonly revokedAt: Date | null;
	readonly reason: number | null;
}

const statusOf = ({ revokedAt, reason }: Row): CertStatus => (revokedAt ? { status: 'revoked', at: revokedAt.getTime(), reason } : { status: 'good' });

type Answering = Pick<WorkerContext, 'signing' | 'primitives'>;

const named = ({ signer, certificate }: CertifiedSigner): { signer: CertifiedSigner['signer']; certificate: Certificate } => ({ signer, certificate: readCertificate(certificate) });

/** Who issued it and who answers for it: the root for its own, a CA's responder for that CA's. */
function answering({ root, ca, ocsp, former }: SigningKeys, row: Row): { issuer: CertifiedSigner; responder: CertifiedSigner } {
	if (row.issuer === 'root') return { issuer: root, responder: root };
	const { authorityKeyIdentifier: wanted } = readCertificate(row.der);
	const by = former.find((f) => wanted && equal(wanted, readCertificate(f.ca.certificate).subjectKeyIdentifier ?? new Uint8Array()));
	return by ? { issuer: by.ca, responder: by.ocsp } : { issuer: ca, responder: ocsp };
}

/** What is said of one certificate as of `at`, DER. */
function answerOf({ signing, primitives }: Answering, row: Row, at: number, hash: 'SHA-1' | 'SHA-256'): Promise<Uint8Array> {
	const by = answering(signing, row);
	const responder = named(by.responder);
	const about = { certificate: readCertificate(row.der), issuer: readCertificate(by.issuer.certificate) };
	return writeOcspResponse(primitives, responder, about, { status: statusOf(row), producedAt: at, thisUpdate: at, nextUpdate: at + life }, hash);
}

async function keepAnswers(ctx: Answering, tx: Tx, row: Row, at: number): Promise<void> {
	for (const hash of ['SHA-1', 'SHA-256'] as const) {
		const der = await answerOf(ctx, row, at, hash);
		await tx`
			insert into ocsp_answer (serial, hash, der, produced_at, next_update) values (${row.serial}, ${hash}, ${der}, ${new Date(at)}, ${new Date(at + life)})
			on conflict (serial, hash) do update set der = excluded.der, produced_at = excluded.produced_at, next_update = excluded.next_update`;
	}
}

const rowsOf = (tx: Tx, serials: readonly string[]) => tx<Row[]>`select serial, issuer, der, revoked_at as "revokedAt", reason from certificate where serial = any(${[...serials]}) order by serial`;

/** Answers for certificates just registered, in the transaction that registers them: a reader may ask at once. */
export async function answer(ctx: Answering, tx: Tx, serials: readonly string[]): Promise<void> {
	const [{ now }] = await tx<[{ now: Date }]>`select app.now() as now`;
	for (const row of await rowsOf(tx, serials)) await keepAnswers(ctx, tx, row, now.getTime());
}

/** What is said of these certificates as of `at` (milliseconds), DER OCSP responses. */
export async function statusAt(ctx: Answering, tx: Tx, serials: readonly string[], at: number): Promise<Uint8Array[]> {
	return Promise.all((await rowsOf(tx, serials)).map((row) => answerOf(ctx, row, at, 'SHA-1')));
}

/** What is said of every certificate of our keys, in use or followed by another, that has not ended: DER OCSP responses as of `at` (milliseconds). Those of signers are not among them. */
export const standing = (ctx: Certifying, at: number): Promise<Uint8Array[]> =>
	ctx.tx(async (tx) => {
		const rows = await tx<{ serial: string }[]>`select serial from certificate c where not_after > ${new Date(at)} and not exists (select from one_time_certificate o where o.serial = c.serial)`;
		return statusAt(ctx, tx, rows.map((r) => r.serial), at);
	});

/** Certificates whose answers are missing or half spent; ended ones are not answered for any more. */
const due = (tx: Tx, now: Date) => tx<Row[]>`
	select c.serial, c.issuer, c.der, c.revoked_at as "revokedAt", c.reason from certificate c
	where c.not_after > ${now} and (select count(*) from ocsp_answer a where a.serial = c.serial and a.next_update > ${new Date(now.getTime() + life / 2)}) < 2`;

/** Signs and keeps what is due: answers of each certificate, and both lists. */
export async function publishStatus({ tx: transaction, signing, primitives }: Certifying): Promise<void> {
	const issuers = { root: named(signing.root), ca: named(signing.ca) };
	await transaction(async (tx) => {
		await alone(tx);
		const [{ now }] = await tx<[{ now: Date }]>`select app.now() as now`;
		const at = now.getTime();
		for (const row of await due(tx, now)) await keepAnswers({ signing, primitives }, tx, row, at);
		for (const name of ['root', 'ca'] as const) {
			const rows = await tx<Row[]>`select serial, issuer, der, revoked_at as "revokedAt", reason from certificate where issuer = ${name} and revoked_at is not null order by revoked_at`;
			const own = rows.filter((row) => answering(signing, row).issuer === signing[name]);
			const revoked = own.map((row) => ({ serialNumber: BigInt(`0x${row.serial}`), at: row.revokedAt!.getTime(), reason: row.reason }));
			const [{ number }] = await tx<[{ number: string }]>`select nextval('crl_number') as number`;
			const list = await writeCrl(issuers[name], { number: BigInt(number), thisUpdate: at, nextUpdate: at + life, revoked });
			await tx`insert into published (name, value) values (${`${name}.crl`}, ${list}) on conflict (name) do update set value = excluded.value, at = app.now()`;
		}
	});
}
