// Which certificates a revocation list speaks of, and for which reasons (RFC 5280 §6.3.3 (b), (d); §4.2.1.13, §5.2.5).

import { context, Fields, namedBits, only, read, tag, type Node } from '../asn1/der.ts';
import { oid } from '../asn1/oid.ts';
import * as value from '../asn1/values.ts';
import { hex } from '../bytes.ts';
import type { Certificate } from './certificate.ts';
import type { CertificateList } from './crl.ts';
import { nameKey, readName, readRdn, type Name } from './name.ts';

/** Bits of ReasonFlags (§4.2.1.13), keyCompromise to aACompromise. */
export const allReasons = 0b1_1111_1110;

const reasonsOf = (node: Node | null, as: number): number => (node ? namedBits(node, as).reduce((set, on, i) => set | (on ? 1 << i : 0), 0) & allReasons : allReasons);

const directoryKey = (name: Name) => `directory ${nameKey(name)}`;

/** The same for GeneralNames that are the same. */
const generalNameKey = (node: Node): string => (node.tag === context(4) ? directoryKey(readName(only(node, 'directoryName'))) : hex(node.raw));

/** DistributionPointName; a relative one is completed by the list's issuer. */
function pointNames(node: Node, issuer: Name): string[] {
	const choice = only(node, 'distributionPoint');
	if (choice.tag === context(0)) return choice.children.map(generalNameKey);
	return [directoryKey({ der: issuer.der, rdns: [...issuer.rdns, readRdn(choice, context(1))] })];
}

interface DistributionPoint {
	readonly names: readonly string[] | null;
	readonly reasons: number;
	/** Null: the certificate's issuer. */
	readonly cRLIssuers: readonly string[] | null;
}

/** Where a certificate says its lists are, and last where none is said: its issuer's own. */
function distributionPoints(certificate: Certificate): DistributionPoint[] {
	const extension = certificate.extensions.find((e) => e.id === oid.cRLDistributionPoints);
	const stated = (extension ? read(extension.value).children : []).map((node): DistributionPoint => {
		const f = new Fields(node, tag.sequence, 'DistributionPoint');
		const [point, reasons, issuers] = [f.optional(context(0)), f.optional(context(1, false)), f.optional(context(2))];
		f.end();
		const named = issuers?.children.find((c) => c.tag === context(4));
		const issuer = named ? readName(only(named, 'cRLIssuer')) : certificate.issuer;
		return { names: point && pointNames(point, issuer), reasons: reasonsOf(reasons, context(1, false)), cRLIssuers: issuers && issuers.children.map(generalNameKey) };
	});
	return [...stated, { names: [directoryKey(certificate.issuer)], reasons: allReasons, cRLIssuers: null }];
}

interface Scope {
	readonly names: readonly string[] | null;
	readonly onlyUsers: boolean;
	readonly onlyAuthorities: boolean;
	readonly reasons: number;
	readonly indirect: boolean;
	readonly onlyAttributes: boolean;
}

/** IssuingDistributionPoint (§5.2.5). */
function readScope(der: Uint8Array, issuer: Name): Scope {
	const f = new Fields(read(der), tag.sequence, 'IssuingDistributionPoint');
	const flag = (n: number) => {
		const node = f.optional(context(n, false));
		return node !== null && value.boolean(node, context(n, false));
	};
	const point = f.optional(context(0));
	const [onlyUsers, onlyAuthorities] = [flag(1), flag(2)];
	const reasons = reasonsOf(f.optional(context(3, false)), context(3, false));
	const [indirect, onlyAttributes] = [flag(4), flag(5)];
	f.end();
	return { names: point && pointNames(point, issuer), onlyUsers, onlyAuthorities, reasons, indirect, onlyAttributes };
}

/** The reasons for which a list answers about a certificate, as bits; 0: it does not speak of it. Throws CryptoError on a malformed scope or distribution point. */
export function reasonsCovered(list: CertificateList, certificate: Certificate): number {
	const scope = list.scope && readScope(list.scope, list.issuer);
	const isCa = certificate.basicConstraints?.ca ?? false;
	if (scope && (scope.onlyAttributes || (scope.onlyUsers && isCa) || (scope.onlyAuthorities && !isCa))) return 0;
	const [by, issuer] = [directoryKey(list.issuer), directoryKey(certificate.issuer)];
	const matches = ({ names, cRLIssuers }: DistributionPoint) => {
		if (cRLIssuers ? !(cRLIssuers.includes(by) && scope?.indirect) : by !== issuer) return false;
		return !scope?.names || (names ?? cRLIssuers ?? []).some((name) => scope.names!.includes(name));
	};
	const reasons = distributionPoints(certificate).filter(matches).reduce((set, point) => set | point.reasons, 0);
	return reasons & (scope?.reasons ?? allReasons);
}
