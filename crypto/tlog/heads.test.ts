import { describe, expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { hex } from '../bytes.ts';
import { writeBody, writeEntry, type Body } from './entry.ts';
import { chainFault, headsRoot, proveHead, verifyHead, type Head } from './heads.ts';
import { leafHash } from './merkle.ts';

function chain(safe: string | null, length: number, obj = 'o'): { entries: Uint8Array[]; head: Head } {
	const entries: Uint8Array[] = [];
	let prev: Uint8Array | null = null;
	for (let seq = 1; seq <= length; seq++) {
		const body: Body = { v: 1, t: '2026-11-23T12:00:00.000Z', op: 'document.open', safe, actor: 'a', via: 'web', obj: `${obj}${seq}`, res: 'ok', c: {} };
		const entry: Uint8Array = writeEntry(writeBody(body), { seq, prev });
		entries.push(entry);
		prev = leafHash(p, entry);
	}
	return { entries, head: { safe, seq: length, leaf: prev ?? new Uint8Array(32) } };
}

describe('LOG-3 a chain up to its head', () => {
	const { entries, head } = chain('s', 5);
	const other = chain('s', 5, 'other');

	test('is whole, of a safe and of none', () => {
		expect(chainFault(p, entries, head)).toBeNull();
		const none = chain(null, 3);
		expect(chainFault(p, none.entries, none.head)).toBeNull();
	});

	// Each is what one check alone sees.
	test.each<[string, readonly Uint8Array[], Head, object]>([
		['its last entries left out', entries.slice(0, 3), head, { reason: 'entry-missing', seq: 4 }],
		['all left out', [], head, { reason: 'entry-missing', seq: 1 }],
		['its first left out', entries.slice(1), head, { reason: 'entry-missing', seq: 1 }],
		['one left out', entries.toSpliced(2, 1), head, { reason: 'entry-missing', seq: 3 }],
		['one twice', entries.toSpliced(2, 0, entries[1]!), head, { reason: 'entry-missing', seq: 3 }],
		['one of another history', entries.with(2, other.entries[2]!), head, { reason: 'link-broken', seq: 3 }],
		['the last of another history', entries.with(4, writeEntry(writeBody({ v: 1, t: '2026-11-23T12:00:00.000Z', op: 'x', safe: 's', actor: 'a', via: 'web', obj: 'y', res: 'ok', c: {} }), { seq: 5, prev: leafHash(p, entries[3]!) })), head, { reason: 'head-differs', seq: 5 }],
		['an older head', entries, { ...head, seq: 4, leaf: leafHash(p, entries[3]!) }, { reason: 'head-differs', seq: 4 }],
		['another safe', entries, { ...head, safe: 't' }, { reason: 'other-safe', seq: 1 }],
		['one that is no entry', entries.with(1, Uint8Array.of(0x7b)), head, { reason: 'entry-malformed', seq: 2 }]
	])('with %s is found out', (_, given, at, fault) => {
		expect(chainFault(p, given, at)).toEqual(fault);
	});
});

test('LOG-3 a head that counts fewer entries than the chain has, or none, is not its end', () => {
	const { entries, head } = chain('s', 3);
	expect(chainFault(p, entries, { ...head, seq: 2 })).toEqual({ reason: 'head-differs', seq: 2 });
	expect(chainFault(p, [], { ...head, seq: 0 })).toEqual({ reason: 'head-differs', seq: 0 });
});

describe('LOG-3 the root of all heads', () => {
	const heads = Array.from({ length: 7 }, (_, i) => chain(i ? `safe-${i}` : null, i + 1).head);

	test('does not depend on the order they are read in, and changes with each field of each', async () => {
		const root = hex(await headsRoot(p, heads));
		expect(hex(await headsRoot(p, heads.toReversed()))).toBe(root);
		const changed = heads.flatMap((head, i) => [{ ...head, safe: `${head.safe}x` }, { ...head, seq: head.seq + 1 }, { ...head, leaf: new Uint8Array(32) }].map((h) => heads.with(i, h)));
		const roots = await Promise.all([...changed, heads.slice(1)].map((h) => headsRoot(p, h)));
		expect(new Set([root, ...roots.map(hex)]).size).toBe(changed.length + 2);
	});

	test('shows each head, and no other in its place', async () => {
		const root = await headsRoot(p, heads);
		for (const head of heads) {
			const proof = (await proveHead(p, heads, head.safe))!;
			expect(verifyHead(p, head, proof, root)).toBe(true);
			expect(verifyHead(p, { ...head, seq: head.seq - 1 }, proof, root)).toBe(false);
			expect(verifyHead(p, { ...head, safe: 'another' }, proof, root)).toBe(false);
			expect(verifyHead(p, head, { ...proof, index: (proof.index + 1) % 7 }, root)).toBe(false);
		}
		expect(await proveHead(p, heads, 'unknown')).toBeNull();
	});

	test('a safe with two heads is refused, and no heads have the root of nothing', async () => {
		await expect(headsRoot(p, [...heads, { ...heads[3]!, seq: 99 }])).rejects.toMatchObject({ reason: 'heads' });
		expect(hex(await headsRoot(p, []))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	});
});
