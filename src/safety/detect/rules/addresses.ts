// Addresses of the net: e-mail, and IP addresses of version 4 and 6.
import { isIPv6 } from 'node:net';
import { type Rule, rule } from './rule.ts';

const email = rule(
  'email',
  'a name, an @ and a domain with an ending',
  /(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}_](?:(?:(?!\.\.)[\p{L}\p{N}\p{M}._%+'-]){0,62}[\p{L}\p{N}\p{M}_+-])?@(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.)+\p{L}{2,24}(?![\p{L}\p{N}@])/gu,
  () => ({ certain: true }),
);

const versionWord =
  /(version|release|v\.?|section|chapitre|chapter|§|art(icle)?|clause|paragraphe)s?\.?\s*$/i;

const ip4 = rule(
  'ip',
  'four numbers up to 255, or the groups of version 6',
  /(?<![\p{L}\p{N}.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\p{L}\p{N}]|\.\d)/gu,
  (text, { before }) => {
    // 0.0.0.0 and 127.0.0.1 are everybody's.
    if (/^(0|127)\./.test(text) || versionWord.test(before)) return null;
    // Small numbers alone may be those of a version or a paragraph.
    return { certain: text.split('.').some((part) => Number(part) > 31) };
  },
);

const ip6 = rule(
  'ip',
  'the groups of version 6',
  /(?<![\p{L}\p{N}:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\p{L}\p{N}:])/giu,
  (text) => (text.length >= 6 && text !== '::1' && isIPv6(text) ? { certain: true } : null),
);

export const addressRules: readonly Rule[] = [
  email,
  { ...ip4, find: (text) => [...ip4.find(text), ...ip6.find(text)] },
];
