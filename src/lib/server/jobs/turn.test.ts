import { expect, test } from 'vitest';
import { createTurns } from './turn.ts';

/** An act that ends when told to, and whether it has begun. */
function held() {
	let end!: (how?: Error) => void;
	const ended = new Promise<void>((ok, failed) => (end = (how) => (how ? failed(how) : ok())));
	const one = { begun: false, end: (how?: Error) => end(how), act: () => ((one.begun = true), ended) };
	return one;
}
const never = 1_000_000;
/** Whatever could begin has begun. */
const settled = () => new Promise((done) => setImmediate(done));

test('what somebody waits for begins at once; the rest when the last of it ends, or failed', async () => {
	const turns = createTurns(never);
	const [one, two, rest, another] = [held(), held(), held(), held()];
	const first = [turns.first(one.act), turns.first(two.act)];
	const later = [turns.later(rest.act), turns.later(another.act)];
	await settled();
	expect([one.begun, two.begun, rest.begun, another.begun]).toEqual([true, true, false, false]);
	one.end();
	await first[0];
	await settled();
	expect(rest.begun).toBe(false);
	two.end(new Error('no signature'));
	await expect(first[1]).rejects.toThrow('no signature');
	await settled();
	expect([rest.begun, another.begun]).toEqual([true, true]);
	rest.end();
	another.end();
	await Promise.all(later);
});

test('the rest begins at once where nobody waits, and holds nobody back', async () => {
	const turns = createTurns(never);
	const [rest, one] = [held(), held()];
	void turns.later(rest.act);
	void turns.first(one.act);
	await settled();
	expect([rest.begun, one.begun]).toEqual([true, true]);
});

test('under a load that never ends the rest begins all the same', async () => {
	const turns = createTurns(20);
	const [one, rest] = [held(), held()];
	void turns.first(one.act);
	void turns.later(rest.act);
	await expect.poll(() => rest.begun).toBe(true);
});
