// From where this server can be reached, as its configuration says: what the checks, the cookies and the warnings need.
import { isLoopback, parseAddressList } from '../lib/address-list.ts';

export interface ReachConfig {
  host: string | null;
  port: number;
  publicUrls?: readonly string[];
  trustProxy?: readonly string[];
  tls?: { cert: string; key: string } | null;
}

export interface Reach {
  /** Other machines can connect, here or through a proxy. */
  beyondLoopback: boolean;
  /** Nothing is known to encrypt what other machines send. */
  insecure: boolean;
  /** It listens on addresses that other machines see. */
  listensBeyond: boolean;
  /** `https://atelier.example` */
  publicOrigins: readonly string[];
  /** Whether X-Forwarded-For and X-Forwarded-Proto of this peer count. */
  trusts(address: string): boolean;
}

export function reachOf({ host, publicUrls = [], trustProxy = [], tls = null }: ReachConfig): Reach {
  const listensBeyond = host !== null && !isLoopback(host);
  const beyondLoopback =
    listensBeyond || publicUrls.some((url) => !isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')));
  // Who names a proxy and addresses that are all https has said where the encryption ends.
  const behindTls =
    publicUrls.length > 0 &&
    publicUrls.every((url) => url.startsWith('https:')) &&
    (trustProxy.length > 0 || !listensBeyond);
  return {
    beyondLoopback,
    insecure: beyondLoopback && tls === null && !behindTls,
    listensBeyond,
    publicOrigins: publicUrls,
    trusts: parseAddressList(trustProxy) ?? (() => false),
  };
}
