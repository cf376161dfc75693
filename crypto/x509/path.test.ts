// What NIST PKITS (pkits.test.ts) does not ask of path building: which of several paths, how many tries, the words.

import { expect, test } from 'vitest';
import { nodePrimitives as p } from '#lib/server/keys/primitives.ts';
import { createPki, epoch, year } from '../../test/support/pki.ts';
import type { Primitives } from '../primitives.ts';
import type { Certificate } from './certificate.ts';
import { topmost } from './embedded.ts';
import type { Name } from './name.ts';
import { buildPath, type PathInput } from './path.ts';

const at = epoch + year / 2;
const pki = await createPki();
const [leaf, ca, root] = [(await pki.issue('leaf')).certificate, pki.ca.certificate, pki.root.certificate];

/** The same key and names under other bytes. */
let copies = 0;
const variant = (of: Certificate, change: Partial<Certificate> = {}): Certificate => ({ ...of, der: Uint8Array.of(++copies >> 8, copies & 255), ...change });
const nameOf = (text: string): Name => ({ der: new Uint8Array(), rdns: [[{ type: 'commonName', value: text }]] });

/** Primitives that count the signatures they are asked about; `answer` in the place of the true one. */
function counting(answer?: (spki: Uint8Array) => boolean): { primitives: Primitives; asked: () => number } {
	let count = 0;
	const verify: Primitives['verify'] = async (...args) => {
		count++;
		return answer ? answer(args[1]) : p.verify(...args);
	};
	return { primitives: { ...p, verify }, asked: () => count };
}

const build = (input: Partial<PathInput>, primitives: Primitives = p) => buildPath(primitives, { leaf, intermediates: [ca], anchors: [root], at, purpose: 'sign', ...input });
const details = async (input: Partial<PathInput>, primitives?: Primitives) => (await build(input, primitives)).problems.map((x) => `${x.problem}: ${x.detail}`);

test('a path without problems is found behind others, whatever their order, and ends the search', async () => {
	const expired = variant(ca, { notAfter: at - 1 });
	const deadEnd = variant(ca, { issuer: nameOf('nobody') });
	for (const intermediates of [[expired, ca], [ca, expired], [deadEnd, ca], [expired, deadEnd, ca]]) expect((await build({ intermediates })).certificates[1], String(intermediates.indexOf(ca))).toBe(ca);
	const { primitives, asked } = counting();
	await build({ intermediates: [ca, expired, deadEnd] }, primitives);
	expect(asked()).toBe(2);
});

test('of paths with problems the one with the fewest is told, the first of equals', async () => {
	const [one, other] = [variant(ca, { notAfter: at - 1 }), variant(ca, { notAfter: at - 1 })];
	const worse = variant(one, { keyUsage: ['cRLSign'] });
	for (const intermediates of [[one, worse], [worse, one], [one, other], [worse, one, other]]) expect((await build({ intermediates })).certificates[1]).toBe(one);
});

test('each problem names its certificate', async () => {
	const iso = (time: number) => new Date(time).toISOString();
	const late = Math.max(leaf.notAfter, ca.notAfter, root.notAfter) + 1;
	expect(await details({ at: late })).toEqual([`expired: certificate: until ${iso(leaf.notAfter)}`, `expired: intermediate 1: until ${iso(ca.notAfter)}`, `expired: anchor: until ${iso(root.notAfter)}`]);
	const never = counting(() => false).primitives;
	expect(await details({}, never)).toEqual(['signature: the certificate is not signed by the issuer it names']);
	const ofLeaf = counting((spki) => spki === ca.spki).primitives;
	expect(await details({}, ofLeaf)).toEqual(['signature: an intermediate is not signed by the issuer it names']);
	expect(await details({ leaf: variant(leaf, { issuer: nameOf('nobody') }) })).toEqual(['no-path: no chain to a trusted certificate']);
});

test('8 certificates make a path, 9 do not; CAs that certify each other are each taken once', async () => {
	const yes = counting(() => true);
	const link = (i: number) => variant(i ? ca : leaf, { subject: nameOf(`c${i}`), issuer: nameOf(`c${i + 1}`), authorityKeyIdentifier: null, subjectKeyIdentifier: null, ...(i ? { basicConstraints: { ca: true, pathLength: null } } : {}) });
	const chain = Array.from({ length: 9 }, (_, i) => link(i));
	const upTo = (length: number, ...more: Certificate[]) => build({ leaf: chain[0]!, intermediates: [...chain.slice(1, length - 1), ...more], anchors: [chain[length - 1]!] }, yes.primitives);
	expect((await upTo(8)).problems).toEqual([]);
	expect((await upTo(9)).problems).toMatchObject([{ problem: 'no-path' }]);
	expect((await upTo(9, variant(chain[1]!, { issuer: nameOf('c8') }))).certificates).toHaveLength(3);
	const ring = [variant(chain[1]!, { issuer: nameOf('x') }), variant(chain[1]!, { subject: nameOf('x'), issuer: nameOf('c1') })];
	const { primitives, asked } = counting(() => true);
	await build({ leaf: chain[0]!, intermediates: ring, anchors: [] }, primitives);
	expect(asked()).toBe(2);
});

test('64 signatures are tried, then the search ends without a path: certificates added to a file do not make a signature wrong', async () => {
	const right = variant(ca, { spki: ca.spki.slice() });
	const only = counting((spki) => spki === right.spki || spki === root.spki).primitives;
	const wrong = (n: number) => Array.from({ length: n }, () => variant(ca));
	expect((await build({ intermediates: [...wrong(62), right] }, only)).certificates).toHaveLength(3);
	expect(await details({ intermediates: wrong(64) }, only)).toEqual(['signature: the certificate is not signed by the issuer it names']);
	expect(await details({ intermediates: [...wrong(63), right] }, only)).toEqual(['no-path: too many candidate certificates']);
	expect(await details({ intermediates: [...wrong(64), right] }, only)).toEqual(['no-path: too many candidate certificates']);
});

test('an algorithm given up on a day holds for what existed on that day', async () => {
	const { primitives } = counting(() => true);
	const old = variant(leaf, { signatureAlgorithm: { scheme: 'ecdsa', hash: 'SHA-1' } });
	const end = Date.UTC(2009, 0, 1);
	const problems = (existed: number) => details({ leaf: old, existed: (c) => (c === old ? existed : at) }, primitives);
	expect([await problems(end), await problems(end + 1)]).toEqual([[], ['weak-algorithm: certificate: SHA-1']]);
});

test('usages: a CA signs no documents; one of several purposes is enough', async () => {
	const issuing = variant(ca, { keyUsage: ['keyCertSign', 'digitalSignature'] });
	expect(await details({ leaf: issuing, intermediates: [] })).toEqual(['key-usage: a CA signs certificates, not documents']);
	const { certificate } = await pki.issue('both', { extKeyUsage: { purposes: ['timeStamping', 'documentSigning'], critical: false } });
	expect(await details({ leaf: certificate })).toEqual([]);
});

test('trust in what is embedded ends at a self-issued certificate, at the first parent, after 8 certificates and 64 tries', async () => {
	const yes = counting(() => true).primitives;
	const link = (i: number) => variant(ca, { subject: nameOf(`c${i}`), issuer: nameOf(`c${i + 1}`) });
	const chain = Array.from({ length: 10 }, (_, i) => link(i));
	expect(await topmost(yes, chain[0]!, chain)).toBe(chain[7]);
	const unrelated = variant(root);
	expect(await topmost(yes, variant(leaf, { issuer: nameOf('c0') }), [unrelated, chain[0]!, variant(chain[0]!)])).toBe(chain[0]);
	expect(await topmost(yes, root, [variant(root)])).toBe(root);
	const self = variant(leaf, { subject: leaf.issuer });
	expect(await topmost(yes, self, [variant(ca)])).toBe(self);
	const right = variant(chain[0]!, { spki: Uint8Array.of(1) });
	const only = counting((spki) => spki === right.spki).primitives;
	const child = variant(leaf, { issuer: nameOf('c0') });
	const wrong = (n: number) => Array.from({ length: n }, () => variant(chain[0]!));
	expect([await topmost(only, child, [...wrong(63), right]), await topmost(only, child, [...wrong(64), right])]).toEqual([right, child]);
});
