// Which IP addresses are the open internet. Ranges: IANA special-purpose registries for IPv4 and IPv6
// (https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry), and addresses at
// which clouds answer machines from within.
import { BlockList, isIP } from 'node:net';

const closed4: readonly (readonly [net: string, bits: number, what: string])[] = [
  ['0.0.0.0', 8, 'this network'],
  ['10.0.0.0', 8, 'a private network'],
  ['100.64.0.0', 10, 'a carrier network'],
  ['127.0.0.0', 8, 'this machine'],
  ['169.254.0.0', 16, 'link-local, where clouds keep their metadata'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.31.196.0', 24, 'reserved'],
  ['192.52.193.0', 24, 'reserved'],
  ['192.88.99.0', 24, '6to4 relays'],
  ['192.168.0.0', 16, 'a private network'],
  ['192.175.48.0', 24, 'reserved'],
  ['198.18.0.0', 15, 'benchmarks'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved or broadcast'],
  ['168.63.129.16', 32, 'the wire server of a cloud'],
];

/** Within 2000::/3; everything outside it (loopback, mapped IPv4, NAT64, unique local, multicast) is closed anyway. */
const closed6: readonly (readonly [net: string, bits: number, what: string])[] = [
  ['2001::', 23, 'Teredo or another protocol assignment'],
  ['2001:db8::', 32, 'documentation'],
  ['2002::', 16, '6to4, which holds an IPv4 address'],
  ['2620:4f:8000::', 48, 'reserved'],
  ['3fff::', 20, 'documentation'],
];

const outside6: readonly (readonly [net: string, bits: number, what: string])[] = [
  ['::', 128, 'this machine'],
  ['::1', 128, 'this machine'],
  ['::ffff:0:0', 96, 'an IPv4 address in IPv6'],
  ['64:ff9b::', 96, 'NAT64, which holds an IPv4 address'],
  ['64:ff9b:1::', 48, 'NAT64, which holds an IPv4 address'],
  ['fc00::', 7, 'a private network'],
  ['fe80::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
];

function blockOf(net: string, bits: number, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  list.addSubnet(net, bits, family);
  return list;
}

const ranges4 = closed4.map(([net, bits, what]) => ({ list: blockOf(net, bits, 'ipv4'), what }));
const ranges6 = [...closed6, ...outside6].map(([net, bits, what]) => ({
  list: blockOf(net, bits, 'ipv6'),
  what,
}));
const global6 = blockOf('2000::', 3, 'ipv6');

/** What the address is when it is not the open internet; null when it is. */
export function closedAddress(address: string): string | null {
  const family = isIP(address);
  if (family === 0) return 'no IP address';
  if (family === 4) return ranges4.find(({ list }) => list.check(address, 'ipv4'))?.what ?? null;
  if (address.includes('%')) return 'an address of one link';
  const found = ranges6.find(({ list }) => list.check(address, 'ipv6'));
  if (found !== undefined) return found.what;
  return global6.check(address, 'ipv6') ? null : 'outside the global range';
}
