// As much of Vitest as the tests of crypto/ use, in one process without a runner: a mutant takes milliseconds. It may be stricter than Vitest, never laxer: the tests pass first.

import { inspect } from 'node:util';

export interface RegisteredTest {
	readonly name: string;
	readonly run: () => unknown;
}

/** Every test registered so far. */
export const registered: RegisteredTest[] = [];
const path: string[] = [];
const pending: Promise<unknown>[] = [];

/** Waits for bodies of `describe` that are asynchronous. */
export async function settled(): Promise<void> {
	while (pending.length) await pending.pop();
}

type Body = (...args: never[]) => unknown;
const bodyOf = (...args: readonly unknown[]): Body => args.find((a) => typeof a === 'function') as Body;

function register(name: string, ...rest: readonly unknown[]): void {
	registered.push({ name: [...path, name].join(' > '), run: bodyOf(...rest) as () => unknown });
}
const each = (to: (name: string, ...rest: readonly unknown[]) => void) => (rows: readonly unknown[]) => (name: string, ...rest: readonly unknown[]) =>
	rows.forEach((row, i) => {
		const args = rows.every(Array.isArray) ? (row as unknown[]) : [row];
		to(`${name} #${i}`, () => (bodyOf(...rest) as (...all: unknown[]) => unknown)(...args));
	});
function suite(name: string, ...rest: readonly unknown[]): void {
	path.push(name);
	const body = (bodyOf(...rest) as () => unknown)();
	if (body instanceof Promise) pending.push(body);
	path.pop();
}

export const test = Object.assign(register, { each: each(register), skipIf: (skip: unknown) => (skip ? () => {} : register) });
/** No test is left out here: what cannot be run is told as a fault. */
export const TestRunner = { getCurrentTest: () => undefined };
export const describe = Object.assign(suite, { each: each(suite) });

/** What stands for any value that `holds`. */
class Any {
	readonly holds: (actual: unknown) => boolean;
	constructor(holds: (actual: unknown) => boolean) {
		this.holds = holds;
	}
}
const standIns = {
	objectContaining: (part: object) => new Any((actual) => same(actual, part, false)),
	arrayContaining: (parts: readonly unknown[]) => new Any((actual) => Array.isArray(actual) && parts.every((part) => actual.some((a) => same(a, part)))),
	any: (kind: unknown) => new Any((actual) => (kind === String ? typeof actual === 'string' : kind === Number ? typeof actual === 'number' : actual instanceof (kind as new () => unknown))),
	stringContaining: (part: string) => new Any((actual) => typeof actual === 'string' && actual.includes(part))
};

/** Deep equality; `exact` false: the wanted object may say less (toMatchObject). */
function same(actual: unknown, wanted: unknown, exact = true): boolean {
	if (wanted instanceof Any) return wanted.holds(actual);
	if (Object.is(actual, wanted)) return true;
	if (typeof actual !== 'object' || typeof wanted !== 'object' || !actual || !wanted) return false;
	if (Array.isArray(actual) !== Array.isArray(wanted)) return false;
	if (ArrayBuffer.isView(actual) || ArrayBuffer.isView(wanted)) return ArrayBuffer.isView(actual) && ArrayBuffer.isView(wanted) && Buffer.from(actual as Uint8Array).equals(Buffer.from(wanted as Uint8Array));
	if (actual instanceof Map || actual instanceof Set) return (wanted instanceof Map || wanted instanceof Set) && same([...actual], [...wanted], exact);
	if (Array.isArray(actual) && actual.length !== (wanted as unknown[]).length) return false;
	const keys = (o: object) => Object.keys(o).filter((key) => (o as Record<string, unknown>)[key] !== undefined);
	const asked = exact ? [...new Set([...keys(actual), ...keys(wanted)])] : Object.keys(wanted);
	return asked.every((key) => same((actual as Record<string, unknown>)[key], (wanted as Record<string, unknown>)[key], exact));
}

function threw(actual: unknown, wanted: unknown): boolean {
	const message = actual instanceof Error ? actual.message : String(actual);
	if (wanted === undefined) return true;
	if (typeof wanted === 'string') return message.includes(wanted);
	if (wanted instanceof RegExp) return wanted.test(message);
	return typeof wanted === 'function' ? actual instanceof wanted : same(actual, wanted);
}

const matchers: Readonly<Record<string, (actual: never, wanted: never) => boolean>> = {
	toBe: (a: unknown, b: unknown) => Object.is(a, b),
	toEqual: (a: unknown, b: unknown) => same(a, b),
	toMatchObject: (a: unknown, b: unknown) => same(a, b, false),
	toContain: (a: string | readonly unknown[], b: unknown) => (typeof a === 'string' ? a.includes(b as string) : [...a].includes(b)),
	toHaveLength: (a: { length: number }, n: number) => a.length === n,
	toMatch: (a: string, b: RegExp | string) => (typeof b === 'string' ? a.includes(b) : b.test(a)),
	toBeNull: (a: unknown) => a === null,
	toBeGreaterThan: (a: number, b: number) => a > b,
	toBeGreaterThanOrEqual: (a: number, b: number) => a >= b,
	toBeLessThan: (a: number, b: number) => a < b,
	toBeLessThanOrEqual: (a: number, b: number) => a <= b,
	toBeInstanceOf: (a: unknown, b: new () => unknown) => a instanceof b
};

const absent = Symbol('did not throw');
const caught = (run: () => unknown): unknown => {
	try {
		run();
		return absent;
	} catch (error) {
		return error;
	}
};

function assert(matcher: string, actual: unknown, wanted: unknown, negated: boolean, message?: string): void {
	const thrown = matcher === 'toThrow' ? (typeof actual === 'function' ? caught(actual as () => unknown) : actual) : absent;
	const holds = matcher === 'toThrow' ? thrown !== absent && threw(thrown, wanted) : matchers[matcher]!(actual as never, wanted as never);
	if (holds === negated) throw new Error(`${message ?? ''} ${negated ? 'not ' : ''}${matcher} ${inspect(wanted, { depth: 3 })}: ${inspect(actual, { depth: 3 })}`.slice(0, 1000));
}

const names = [...Object.keys(matchers), 'toThrow'];
const all = (to: (matcher: string, wanted: unknown) => unknown) => Object.fromEntries(names.map((name) => [name, (wanted: unknown) => to(name, wanted)]));

export const expect = Object.assign(
	(actual: unknown, message?: string) => ({
		...all((matcher, wanted) => assert(matcher, actual, wanted, false, message)),
		not: all((matcher, wanted) => assert(matcher, actual, wanted, true, message)),
		resolves: all(async (matcher, wanted) => assert(matcher, await actual, wanted, false, message)),
		rejects: all(async (matcher, wanted) => {
			const error = await Promise.resolve(actual).then(() => absent, (e: unknown) => e);
			if (error === absent) throw new Error(`${message ?? ''} did not reject`);
			assert(matcher, error, wanted, false, message);
		})
	}),
	standIns
);
