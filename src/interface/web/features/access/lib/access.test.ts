import { expect, test } from 'vitest';
import type { ApiKey } from '../../../../../contracts/access.ts';
import { parseAmount, writeAmount } from './amount.ts';
import { browserOf } from './browser-of.ts';
import { keySamples } from './key-samples.ts';
import { expiryAt, keyState } from './key-state.ts';

test.each([
  ['10', 'money', 10_000_000_000],
  ['0,05', 'money', 50_000_000],
  ['0.000000001', 'money', 1],
  ['0', 'money', null],
  ['ten', 'money', null],
  ['1 000 000', 'tokens', 1_000_000],
  ['1\u202f000', 'tokens', 1000],
  ['1,000,000', 'tokens', 1_000_000],
  ['1.5', 'tokens', null],
  ['-3', 'tokens', null],
] as const)('%s in %s', (text, unit, expected) => {
  expect(parseAmount(text, unit)).toBe(expected);
});

test('what is written is read again', () => {
  for (const comma of [true, false])
    expect(parseAmount(writeAmount(1_250_000_000, 'money', comma), 'money')).toBe(1_250_000_000);
});

test('a key is active until it is revoked or has ended', () => {
  const key: ApiKey = {
    id: 'k',
    name: 'Laptop',
    userId: 'u',
    prefix: 'atl_ab',
    models: null,
    apps: null,
    expiresAt: null,
    revokedAt: null,
    createdAt: 0,
    lastUsedAt: null,
  };
  expect(keyState(key, 100)).toBe('active');
  expect(keyState({ ...key, expiresAt: 100 }, 100)).toBe('expired');
  expect(keyState({ ...key, expiresAt: 100, revokedAt: 50 }, 20)).toBe('revoked');
  expect(expiryAt('never', 5)).toBeNull();
  expect(expiryAt('days30', 5)).toBe(5 + 30 * 86_400_000);
});

test('each snippet holds the address and the key', () => {
  const samples = keySamples('http://atelier.example:4242', 'atl_secret');
  expect(samples.map(({ label }) => label)).toEqual(['OpenAI SDK', 'Claude Code', 'Ollama', 'curl']);
  for (const { code } of samples) {
    expect(code).toContain('http://atelier.example:4242');
    expect(code).toContain('atl_secret');
  }
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36', 'Chrome, Linux'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14) AppleWebKit/605 Version/18 Safari/605', 'Safari, macOS'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140', 'Edge, Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604', 'Safari, iOS'],
  ['curl/8', ''],
])('%s', (userAgent, name) => {
  expect(browserOf(userAgent)).toBe(name);
});
