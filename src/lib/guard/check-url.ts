// What a guarded request may ask for, as far as the text of the address says: scheme, port, and the form of the host.
import { isIP } from 'node:net';
import { closedAddress } from './addresses.ts';
import { GuardError } from './guard-error.ts';

/** `host`, `host:port`, `*.domain`, `[::1]:port`: a host that a person has allowed by hand. */
export type HostRule = string;

export interface UrlRules {
  /** These hosts may be anywhere, also on this machine. */
  allow: readonly HostRule[];
  /** Given: no other host may be asked. */
  only: readonly HostRule[] | null;
  ports: readonly number[];
}

export interface CheckedUrl {
  url: URL;
  /** Without brackets. */
  host: string;
  port: number;
  /** The person allowed this very host, so that its addresses are not checked. */
  allowed: boolean;
}

const refuse = (url: string, why: string, data: Record<string, unknown> = {}) =>
  new GuardError('address_refused', `${url} may not be fetched: ${why}.`, { url, ...data });

/** The host as it was written, before the URL parser made `2130706433` and `0x7f.1` into `127.0.0.1`. */
function writtenHost(text: string): string | null {
  const match = /^[a-z][a-z0-9+.-]*:[\\/]*([^/?#\\]*)/i.exec(text.trim());
  const authority = match?.[1]?.split('@').at(-1);
  return authority === undefined ? null : authority.replace(/:\d*$/, '');
}

/** Names that never mean the open internet (RFC 6761, 6762, 8375, and the names of cloud metadata). */
const closedNames =
  /(^|\.)(localhost|local|internal|localdomain|intranet|lan|home\.arpa|onion|invalid|test)$/;

export function checkUrl(text: string, rules: UrlRules): CheckedUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new GuardError(
      'address_refused',
      `${JSON.stringify(text)} is no web address.`,
      { url: text },
      cause,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse(text, `only http and https are fetched, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw refuse(`${url.protocol}//${url.host}`, 'an address must not carry a name and password');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const allowed = rules.allow.some((rule) => matchesRule(rule, host, port));
  const shown = `${url.protocol}//${url.host}`;
  if (rules.only !== null && !allowed && !rules.only.some((rule) => matchesRule(rule, host, port)))
    throw refuse(shown, `only these hosts may be asked: ${rules.only.join(', ') || 'none'}`, {
      only: rules.only,
    });
  if (allowed) return { url, host, port, allowed };
  if (!rules.ports.includes(port))
    throw refuse(shown, `the port ${port} is not one of ${rules.ports.join(', ')}`, { port });
  const written = writtenHost(text);
  if (isIP(host) === 4 && written !== null && written !== host)
    throw refuse(shown, `the host is written in another form than ${host}`, { host });
  if (isIP(host) !== 0) {
    const what = closedAddress(host);
    if (what !== null) throw refuse(shown, `${host} is ${what}`, { host });
  } else if (closedNames.test(host) || !host.includes('.'))
    throw refuse(shown, `${host} is a name of this machine or its network`, { host });
  return { url, host, port, allowed };
}

export function matchesRule(rule: HostRule, host: string, port: number): boolean {
  const parsed = /^(?:\[([^\]]+)\]|([^:[\]]+|[0-9a-f:]*:[0-9a-f:.]*))(?::(\d+))?$/i.exec(rule.trim());
  const name = (parsed?.[1] ?? parsed?.[2])?.toLowerCase().replace(/\.$/, '');
  if (name === undefined || (parsed?.[3] !== undefined && Number(parsed[3]) !== port)) return false;
  if (name.startsWith('*.')) return host.endsWith(name.slice(1)) && host.length > name.length - 1;
  return name === host.toLowerCase();
}
