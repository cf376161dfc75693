// Which addresses are anybody's: the public unicast ones. All that IANA's special-purpose registries set apart (RFC 6890) is not.

import { BlockList, isIPv4, isIPv6 } from 'node:net';

const special4: readonly (readonly [net: string, bits: number])[] = [
	['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.31.196.0', 24], ['192.52.193.0', 24],
	['192.88.99.0', 24], ['192.168.0.0', 16], ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4]
];

/** Inside 2000::/3, outside which nothing is public: among them what carries an IPv4 address (6to4, Teredo). */
const special6: readonly (readonly [net: string, bits: number])[] = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['2620:4f:8000::', 48], ['3fff::', 20]];

const refused4 = new BlockList();
for (const [net, bits] of special4) refused4.addSubnet(net, bits, 'ipv4');
const refused6 = new BlockList();
for (const [net, bits] of special6) refused6.addSubnet(net, bits, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address, as text, is public. IPv4 inside IPv6 (`::ffff:…`, `64:ff9b::…`) never is: who has a public IPv4 address says so. */
export function isPublic(address: string): boolean {
	if (isIPv4(address)) return !refused4.check(address, 'ipv4');
	if (!isIPv6(address) || address.includes('%')) return false;
	return global6.check(address, 'ipv6') && !refused6.check(address, 'ipv6');
}
