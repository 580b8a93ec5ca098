// IP addresses and networks as a person writes them: `10.0.0.5`, `10.0.0.0/8`, `::1`, `fd00::/8`.
import { BlockList, isIP } from 'node:net';

/** @returns whether an address is in the list, or null when an entry is neither an address nor a network */
export function parseAddressList(entries: readonly string[]): ((address: string) => boolean) | null {
  const list = new BlockList();
  for (const entry of entries) {
    const [net = '', bits, ...more] = entry.split('/');
    const family = isIP(net);
    if (family === 0 || more.length > 0) return null;
    const most = family === 4 ? 32 : 128;
    if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)) return null;
    list.addSubnet(net, bits === undefined ? most : Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** `::ffff:10.0.0.5` is the IPv4 address that it holds. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}
