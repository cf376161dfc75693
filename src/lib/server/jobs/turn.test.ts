import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTurns } from './turn.ts';

/** An act that ends when told to, and whether it has begun. */
function held() {
	let end!: (how?: Error) => void;
	const ended = new Promise<void>((ok, failed) => (end = (how) => (how ? failed(how) : ok())));
	const one = { begun: false, end: (how?: Error) => end(how), act: () => ((one.begun = true), ended) };
	return one;
}
const times = { longest: 5000, slice: 500, calmAfter: 250 };
/** Whatever could begin has begun. */
const settled = () => new Promise((done) => setImmediate(done));
const after = async (milliseconds: number) => {
	vi.advanceTimersByTime(milliseconds);
	await settled();
};
const begun = (all: readonly { readonly begun: boolean }[]) => all.map((one) => one.begun);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('what somebody waits for begins at once; one of the rest when the last of it ends, or failed, and all of it when nobody has come for a while', async () => {
	const turns = createTurns(times);
	const line = turns.line();
	const [one, two, ...rest] = [held(), held(), held(), held(), held()];
	const first = [turns.first(one.act), turns.first(two.act)];
	const later = rest.map((r) => line(r.act));
	await settled();
	expect(begun([one, two, ...rest])).toEqual([true, true, false, false, false]);
	one.end();
	await first[0];
	await settled();
	expect(begun(rest)).toEqual([false, false, false]);
	two.end(new Error('no signature'));
	await expect(first[1]).rejects.toThrow('no signature');
	await settled();
	expect(begun(rest)).toEqual([true, false, false]);
	rest[0]!.end(new Error('no proof'));
	await expect(later[0]).rejects.toThrow('no proof');
	await settled();
	expect(begun(rest)).toEqual([true, true, false]);
	await after(249);
	expect(begun(rest)).toEqual([true, true, false]);
	await after(1);
	expect(begun(rest)).toEqual([true, true, true]);
	for (const r of rest) r.end();
	await Promise.allSettled(later);
});

test('somebody who comes meanwhile puts it off: the rest goes on one at a time', async () => {
	const turns = createTurns(times);
	const line = turns.line();
	const [one, two, a, b] = [held(), held(), held(), held()];
	const first = turns.first(one.act);
	void line(a.act);
	void line(b.act);
	one.end();
	await first;
	await after(200);
	const second = turns.first(two.act);
	await settled();
	two.end();
	await second;
	await after(200);
	expect(begun([a, b])).toEqual([true, false]);
	await after(50);
	expect(b.begun).toBe(true);
});

test('the rest begins at once where nobody waits, side by side, and holds nobody back', async () => {
	const turns = createTurns(times);
	const line = turns.line();
	const all = [held(), held(), held()];
	void line(all[0]!.act);
	void line(all[1]!.act);
	void turns.first(all[2]!.act);
	await settled();
	expect(begun(all)).toEqual([true, true, true]);
});

test('under a load that never ends one of the rest begins after a while, and another after as long; a line waits for no other', async () => {
	const turns = createTurns(times);
	const [proof, sandbox] = [turns.line(), turns.line()];
	const [one, a, b, c] = [held(), held(), held(), held()];
	void turns.first(one.act);
	void proof(a.act);
	void proof(b.act);
	await after(2000);
	void sandbox(c.act);
	await after(2999);
	expect(begun([a, b, c])).toEqual([false, false, false]);
	await after(1);
	expect(begun([a, b, c])).toEqual([true, false, false]);
	await after(2000);
	expect(begun([a, b, c])).toEqual([true, false, true]);
	await after(3000);
	expect(begun([a, b, c])).toEqual([true, true, true]);
});

test('under such a load a line goes on for a while once it may: what is short is not one in five seconds', async () => {
	const turns = createTurns(times);
	const line = turns.line();
	const [one, ...rest] = [held(), held(), held(), held(), held()];
	void turns.first(one.act);
	const later = rest.map((r) => line(r.act));
	await after(5000);
	for (const i of [0, 1]) {
		expect(begun(rest)).toEqual(rest.map((_, at) => at <= i));
		await after(200);
		rest[i]!.end();
		await later[i];
		await settled();
	}
	expect(begun(rest)).toEqual([true, true, true, false]);
	await after(200);
	rest[2]!.end();
	await later[2];
	await settled();
	expect(begun(rest)).toEqual([true, true, true, false]);
	await after(5000);
	expect(rest[3]!.begun).toBe(true);
});
