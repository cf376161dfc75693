import { expect, test } from 'vitest';
import { createPki } from '../../test/support/pki.ts';
import { oid } from '../asn1/oid.ts';
import * as write from '../asn1/write.ts';
import type { Certificate } from './certificate.ts';
import { nameConstraintProblem } from './name-constraints.ts';
import { writeName, type NameParts } from './name.ts';

const pki = await createPki();
const text = (n: number, value: string) => write.ia5String(value, 0x80 | n);
const address = (...octets: number[]) => write.tlv(0x87, Uint8Array.from(octets));
const v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const directory = (...parts: NameParts) => write.explicit(4, writeName(parts));

/** What a CA that permits or excludes a base says of a certificate with these names. */
async function problem(
	kind: 'permitted' | 'excluded',
	base: Uint8Array,
	subject: NameParts,
	...alternative: Uint8Array[]
): Promise<string | null> {
	const holder = await pki.issue('x', { subject });
	const value = write.sequence(write.implicit(kind === 'permitted' ? 0 : 1, write.sequence(write.sequence(base))));
	const ca: Certificate = { ...pki.ca.certificate, extensions: [{ id: oid.nameConstraints, critical: true, value }] };
	const leaf: Certificate = {
		...holder.certificate,
		extensions: [{ id: oid.subjectAltName, critical: false, value: write.sequence(...alternative) }]
	};
	return nameConstraintProblem(ca, leaf);
}

test('RFC 5280 §4.2.1.10: a name outside what is permitted, or inside what is excluded, is refused', async () => {
	const subject: NameParts = [
		['countryName', 'FR'],
		['organizationName', 'A'],
		['commonName', 'x']
	];
	const inside: [Uint8Array, Uint8Array[]][] = [
		[directory(['countryName', 'FR'], ['organizationName', 'a']), []],
		[text(1, 'mail.example'), [text(1, 'x@MAIL.example')]],
		[text(1, '.example'), [text(1, 'x@mail.example')]],
		[text(1, 'x@mail.example'), [text(1, 'x@mail.EXAMPLE')]],
		[text(2, 'example'), [text(2, 'a.b.example')]],
		[text(2, '.example'), [text(2, 'a.example')]],
		[address(10, 0, 0, 0, 255, 0, 0, 0), [address(10, 1, 2, 3)]],
		[address(10, 20, 0, 0, 255, 240, 0, 255), [address(10, 31, 7, 0)]],
		[address(...v6, ...v6.map(() => 255)), [address(...v6)]],
		[text(6, '.example'), [text(6, 'https://user@a.example:8443/path')]]
	];
	const outside: [Uint8Array, Uint8Array[]][] = [
		[directory(['countryName', 'FR'], ['organizationName', 'B']), []],
		[text(1, 'mail.example'), [text(1, 'x@sub.mail.example')]],
		[text(1, '.example'), [text(1, 'x@example')]],
		[text(1, 'x@mail.example'), [text(1, 'X@mail.example')]],
		[text(2, 'example'), [text(2, 'notexample')]],
		[text(2, '.example'), [text(2, 'example')]],
		[address(10, 0, 0, 0, 255, 0, 0, 0), [address(11, 1, 2, 3)]],
		[address(10, 20, 0, 0, 255, 240, 0, 255), [address(10, 32, 7, 0)]],
		[address(10, 20, 0, 0, 255, 240, 0, 255), [address(10, 31, 7, 1)]],
		[address(10, 0, 0, 0, 255, 0, 0, 0), [address(...v6)]],
		[text(6, '.example'), [text(6, 'https://example/a.example')]]
	];
	for (const [base, names] of inside) {
		expect(await problem('permitted', base, subject, ...names)).toBeNull();
		expect(await problem('excluded', base, subject, ...names)).toMatch(/excluded/);
	}
	for (const [base, names] of outside) {
		expect(await problem('permitted', base, subject, ...names)).toMatch(/outside/);
		expect(await problem('excluded', base, subject, ...names)).toBeNull();
	}
});

test('a mail address in the subject counts; a form nobody here understands fails the path', async () => {
	expect(await problem('permitted', text(1, 'a.example'), [['emailAddress', 'x@b.example']])).toMatch(/outside/);
	expect(await problem('permitted', text(8, 'x'), [['commonName', 'x']])).toMatch(/another form/);
	expect(await problem('permitted', text(2, 'example'), [['commonName', 'x']], write.explicit(0, write.oid('1.2.3'), write.explicit(0, write.nul())))).toBeNull(); // a form the constraint does not speak of
	expect(await problem('excluded', address(10, 0, 0, 0), [['commonName', 'x']], address(10, 0, 0, 1))).toMatch(/another length/);
	expect(await problem('permitted', text(6, 'a.example'), [['commonName', 'x']], text(6, 'urn:x'))).toMatch(/without a host/);
});
