import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { AtelierError } from '../../../contracts/errors.ts';
import { en } from '../i18n/en/index.ts';
import { fr } from '../i18n/fr/index.ts';
import { errorText } from './error-text.ts';

const english = i18next.createInstance();
const french = i18next.createInstance();
beforeAll(async () => {
  const common = { fallbackLng: false as const, interpolation: { escapeValue: false } };
  await english.init({ ...common, lng: 'en', resources: { en } });
  await french.init({ ...common, lng: 'fr', resources: { fr } });
});

const overflow = new AtelierError('context_overflow', 'The prompt has 41203 tokens.', {
  data: { promptTokens: 41_203, contextLength: 32_768 },
});

test('both numbers stand in the sentence, as the language writes them', () => {
  expect(errorText(english, overflow).detail).toContain('41,203 tokens');
  expect(errorText(french, overflow).detail).toContain('41\u202f203 jetons');
  expect(errorText(french, overflow).technical).toBe('The prompt has 41203 tokens.');
});

test('without the numbers there is a sentence without holes', () => {
  const bare = errorText(english, new AtelierError('context_overflow', 'Too long.'));
  expect(bare.detail).not.toContain('{{');
  expect(bare.detail).not.toBe('');
});

test('a stored error body and a foreign error have words too', () => {
  const stored = {
    code: 'provider_unreachable',
    message: 'm',
    data: { host: 'x:9' },
    retryable: true,
  };
  expect(errorText(english, stored).detail).toContain('x:9');
  expect(errorText(english, new TypeError('boom'))).toMatchObject({
    title: 'Something broke in Atelier',
    technical: 'boom',
  });
});

test('a server that is gone is not called a defect', () => {
  const gone = new AtelierError('interrupted', 'x', { data: { offline: true } });
  expect(errorText(french, gone).title).toBe('Atelier ne répond pas');
});

test('a spent budget says how much of what, in its own unit, and when it starts anew', () => {
  const data = { unit: 'money', amount: 60_000_000, spent: 58_000_000, resetsAt: Date.UTC(2026, 11, 1) };
  const spent = new AtelierError('budget_exceeded', 'x', { data });
  expect(errorText(english, spent).detail).toContain('$0.058 of $0.06');
  expect(errorText(french, spent).detail).toMatch(/0,058\s\$ sont dépensés sur 0,06\s\$/);
  const tokens = new AtelierError('budget_exceeded', 'x', {
    data: { ...data, unit: 'tokens', amount: 9000, spent: 8999 },
  });
  expect(errorText(english, tokens).detail).toContain('8,999 of 9,000');
});

test('a price that a budget needs and nobody knows has its own words', () => {
  const unknown = new AtelierError('budget_exceeded', 'x', {
    data: { reason: 'unknown_price', model: 'up/new' },
  });
  expect(errorText(english, unknown).detail).toContain('price of up/new is unknown');
});

test('only a model that lies nowhere is told about .gguf files', () => {
  const address = new AtelierError('not_found', 'x', { data: { path: '/atelier/v1/nothing' } });
  expect(errorText(english, address).detail).not.toContain('.gguf');
  const file = new AtelierError('not_found', 'x', { data: { path: '/m.gguf', reason: 'model_file' } });
  expect(errorText(english, file).detail).toContain('Nothing lies at /m.gguf');
});
