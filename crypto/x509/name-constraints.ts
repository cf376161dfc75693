// Name constraints (RFC 5280 §4.2.1.10): directory names, mail addresses, DNS names, URIs and IP addresses. Another form in a constraint makes the path fail.

import { context, Fields, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import { fromLatin1 } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { readName, sameName, type Name } from './name.ts';

/** A GeneralName (§4.2.1.6) of a form that can be constrained. */
type GeneralName = { readonly form: 'mail' | 'dns' | 'uri'; readonly text: string } | { readonly form: 'directory'; readonly name: Name } | { readonly form: 'address'; readonly bytes: Uint8Array };

function generalName(node: Node): GeneralName | null {
	if (node.tag === context(1, false)) return { form: 'mail', text: fromLatin1(node.content) };
	if (node.tag === context(2, false)) return { form: 'dns', text: fromLatin1(node.content) };
	if (node.tag === context(6, false)) return { form: 'uri', text: fromLatin1(node.content) };
	if (node.tag === context(7, false)) return { form: 'address', bytes: node.content };
	return node.tag === context(4) && node.children[0] ? { form: 'directory', name: readName(node.children[0]) } : null;
}

/** The bases of GeneralSubtrees. Throws CryptoError `unsupported` on a form or a distance we do not do. */
function bases(subtrees: Node | null): GeneralName[] {
	return (subtrees?.children ?? []).map((subtree) => {
		const [base, ...distances] = subtree.children;
		const name = base && generalName(base);
		if (!name || distances.length) throw new CryptoError('unsupported', 'name-constraint', 'a constraint on another form of name');
		return name;
	});
}

/** Every name a certificate goes by: subject, mail addresses in it, alternative names. Forms without a constraint here are left out. */
function namesOf(certificate: Certificate): GeneralName[] {
	const { subject, extensions } = certificate;
	const alternative = extensions.find((e) => e.id === oid.subjectAltName);
	const mail = subject.rdns.flat().filter((a) => a.type === 'emailAddress');
	return [
		...(subject.rdns.length ? [{ form: 'directory', name: subject } as const] : []),
		...mail.map((a) => ({ form: 'mail', text: a.value }) as const),
		...(alternative ? read(alternative.value).children : []).flatMap((node) => generalName(node) ?? [])
	];
}

/** A leading dot: any host below; else that host alone. */
const hostWithin = (host: string, base: string): boolean => (base.startsWith('.') ? host.endsWith(base) : host === base);

/** An address, 4 or 16 octets, against a range: as many octets of address, then of mask (RFC 4632). Throws CryptoError `malformed` on a range of another length. */
function addressWithin(address: Uint8Array, range: Uint8Array): boolean {
	if (range.length !== 8 && range.length !== 32) throw new CryptoError('malformed', 'name-constraint', 'a range of IP addresses of another length');
	const n = range.length / 2;
	return address.length === n && address.every((octet, i) => ((octet ^ range[i]!) & range[n + i]!) === 0);
}

/** Whether the name lies in the subtree of a base of the same form. */
function within(name: GeneralName, base: GeneralName): boolean {
	if (name.form === 'directory') {
		if (base.form !== 'directory') return false;
		const depth = base.name.rdns.length;
		return sameName({ der: base.name.der, rdns: name.name.rdns.slice(0, depth) }, base.name);
	}
	if (name.form === 'address') return base.form === 'address' && addressWithin(name.bytes, base.bytes);
	if (base.form === 'address' || base.form !== name.form) return false;
	const [text, limit] = [name.text.toLowerCase(), base.text.toLowerCase()];
	switch (name.form) {
		case 'mail': {
			const at = name.text.lastIndexOf('@');
			if (!base.text.includes('@')) return hostWithin(text.slice(at + 1), limit);
			return (
				name.text.slice(0, at) === base.text.slice(0, base.text.lastIndexOf('@')) && text.slice(at) === limit.slice(limit.lastIndexOf('@'))
			);
		}
		case 'dns':
			return limit === '' || text === limit || text.endsWith(limit.startsWith('.') ? limit : `.${limit}`);
		case 'uri': {
			const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:[\]]+)/.exec(text)?.[1];
			if (host === undefined) throw new CryptoError('unsupported', 'name-constraint', 'a URI without a host name');
			return hostWithin(host, limit);
		}
	}
}

/** Why a certificate below `ca` breaks the CA's name constraints; null when it does not, or there are none. */
export function nameConstraintProblem(ca: Certificate, below: Certificate): string | null {
	const constraint = ca.extensions.find((e) => e.id === oid.nameConstraints);
	if (!constraint) return null;
	try {
		const f = new Fields(read(constraint.value), tag.sequence, 'NameConstraints');
		const permitted = bases(f.optional(context(0)));
		const excluded = bases(f.optional(context(1)));
		f.end();
		for (const name of namesOf(below)) {
			const same = (base: GeneralName) => base.form === name.form;
			if (excluded.filter(same).some((base) => within(name, base))) return `an excluded ${name.form} name`;
			const allowed = permitted.filter(same);
			if (allowed.length && !allowed.some((base) => within(name, base))) return `a ${name.form} name outside those permitted`;
		}
		return null;
	} catch (error) {
		if (!(error instanceof CryptoError)) throw error;
		return error.message;
	}
}
