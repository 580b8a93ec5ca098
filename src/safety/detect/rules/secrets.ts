// Secrets that people paste into prompts: keys that their makers gave a prefix, tokens of a known form, private keys.
import { type Rule, rule } from './rule.ts';

const forms: readonly RegExp[] = [
  // OpenAI, Anthropic and their like
  /sk-(?:proj-|ant-[a-z0-9]+-|or-v1-|svcacct-)?[A-Za-z0-9_-]{20,200}/,
  // GitHub, GitLab
  /gh[pousr]_[A-Za-z0-9]{36,255}/,
  /github_pat_[A-Za-z0-9_]{50,255}/,
  /glpat-[A-Za-z0-9_-]{20,64}/,
  // Amazon, Google
  /(?:AKIA|ASIA)[A-Z0-9]{16}/,
  /AIza[A-Za-z0-9_-]{35}/,
  // Slack, Stripe, Hugging Face, npm, SendGrid, Groq
  /xox[abprs]-[A-Za-z0-9-]{10,200}/,
  /[rsp]k_(?:live|test)_[A-Za-z0-9]{16,200}/,
  /hf_[A-Za-z]{30,50}/,
  /npm_[A-Za-z0-9]{36}/,
  /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/,
  /gsk_[A-Za-z0-9]{40,64}/,
  // Atelier's own
  /atl_[A-Za-z0-9_-]{20,100}/,
  // JSON Web Tokens: two JSON objects and a signature in base 64
  /eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}/,
  /-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----[\s\S]{20,8000}?-----END (?:[A-Z]+ ){0,2}PRIVATE KEY-----/,
];

/** What a manual writes in the place of a key. */
const placeholder =
  /^(.*?)(x{6,}|\.{3}|\*{4,}|your[-_]?(api[-_]?)?key|example|placeholder|1234567890abcdef)/i;

export const secretRule: Rule = rule(
  'secret',
  'API keys by the prefixes of their makers, JSON Web Tokens, private keys',
  new RegExp(`(?<![A-Za-z0-9_-])(?:${forms.map(({ source }) => source).join('|')})`, 'g'),
  (text) => (placeholder.test(text) ? null : { certain: true }),
);
