// Each rule by which answers about a certificate become its status.

import { expect, test } from 'vitest';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import { allReasons } from './crl-scope.ts';
import { weigh, type Answer } from './revocation-verdict.ts';

const at = epoch + year / 2;
const { certificate } = await (await createPki()).issue('leaf');
const good: Answer = { status: { status: 'good' }, thisUpdate: at + 1000, nextUpdate: null, reasons: allReasons, archiveCutoff: null, since: at, until: Infinity };
const revoked = (since: number, reason: number | null = 1, thisUpdate = at + 1000): Answer => ({ ...good, thisUpdate, status: { status: 'revoked', at: since, reason } });
const verdict = (...answers: Answer[]) => weigh(answers, certificate, at, 'nobody said');
const status = (...answers: Answer[]) => verdict(...answers).status;
const hold = 6;

test('EN 319 102-1 §5.2.5: an answer is of the time asked for or later, or says that it holds until then', () => {
	expect(status({ ...good, thisUpdate: at })).toBe('good');
	expect(status({ ...good, thisUpdate: at - 1 })).toBe('unknown');
	expect(status({ ...good, thisUpdate: at - 1000, nextUpdate: at })).toBe('good');
	expect(status({ ...good, thisUpdate: at - 1000, nextUpdate: at - 1 })).toBe('unknown');
	expect(status({ ...good, thisUpdate: at, nextUpdate: at - 1 })).toBe('good');
});

test('RFC 5280 §3.3: it is of the certificate’s life, its last millisecond included, or says that it keeps ended ones', () => {
	const end = certificate.notAfter;
	expect(status({ ...good, thisUpdate: end })).toBe('good');
	expect(status({ ...good, thisUpdate: end + 1 })).toBe('unknown');
	expect(status({ ...good, thisUpdate: end + 1, archiveCutoff: end })).toBe('good');
	expect(status({ ...good, thisUpdate: end + 1, archiveCutoff: end + 1 })).toBe('unknown');
});

test('EN 319 102-1 §5.6.2.2: it is proven to exist by the time its signer could last be relied on', () => {
	expect(status({ ...good, since: at, until: at })).toBe('good');
	expect(verdict({ ...good, since: at + 1, until: at })).toMatchObject({ status: 'unknown', detail: expect.stringContaining('nothing proves') as string });
});

test('the first revocation counts, from its own time on, whatever the order of the answers', () => {
	for (const answers of [[revoked(at - 10), revoked(at - 20, 4)], [revoked(at - 20, 4), revoked(at - 10)]]) expect(verdict(...answers)).toMatchObject({ status: 'revoked', revokedAt: at - 20, reason: 4 });
	expect(verdict(revoked(at))).toMatchObject({ status: 'revoked', revokedAt: at });
	expect(verdict(revoked(at + 1))).toMatchObject({ status: 'good', revokedAt: at + 1 });
	expect(verdict(revoked(at + 5), revoked(at + 3, hold))).toMatchObject({ status: 'good', revokedAt: at + 3 });
	expect(verdict(revoked(at + 3), revoked(at + 5, hold))).toMatchObject({ status: 'good', revokedAt: at + 3 });
	expect(verdict(good)).toMatchObject({ status: 'good', revokedAt: null });
});

test('RFC 5280 §5.3.1: a hold is unknown from its time on, the first of several, until a later answer that counts lifts it', () => {
	for (const answers of [[revoked(at - 10, hold), revoked(at - 20, hold)], [revoked(at - 20, hold), revoked(at - 10, hold)]]) expect(verdict(...answers)).toMatchObject({ status: 'unknown', detail: `on hold since ${new Date(at - 20).toISOString()}`, revokedAt: at - 20 });
	expect(status(revoked(at, hold))).toBe('unknown');
	expect(status(revoked(at + 1, hold))).toBe('good');
	const held = revoked(at - 10, hold, at + 100);
	expect(status(held, { ...good, thisUpdate: at + 101 })).toBe('good');
	expect(status(held, { ...good, thisUpdate: at + 100 })).toBe('unknown');
	expect(status(held, { ...good, thisUpdate: at + 101, since: at + 1, until: at })).toBe('unknown');
	expect(status(held, { ...revoked(at + 500), thisUpdate: at + 101 })).toBe('unknown');
	for (const reasons of [0, allReasons & ~(1 << hold)]) expect(status(held, { ...good, thisUpdate: at + 101, reasons }), 'an answer for other reasons').toBe('unknown');
	expect(status(held, { ...good, thisUpdate: at + 101, reasons: 1 << hold })).toBe('good');
});

test('answers for some reasons are not answers for all', () => {
	expect(verdict({ ...good, reasons: 0b10 })).toMatchObject({ status: 'unknown', detail: 'answers for some reasons of revocation only' });
	expect(verdict({ ...good, status: { status: 'unknown' } })).toMatchObject({ status: 'unknown', detail: 'the responder does not know it' });
	expect(verdict()).toMatchObject({ status: 'unknown', detail: 'nobody said' });
});
