import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../../contracts/access.ts';
import frAccess from '../../../i18n/fr/access.json' with { type: 'json' };
import { createFormat } from '../../../lib/format.ts';
import { type AuditWriter, factsOf, targetWords } from './audit-words.ts';

const format = createFormat('fr');
const writer: AuditWriter = {
  word(key) {
    let at: unknown = frAccess;
    for (const part of key.split('.')) at = (at as Record<string, unknown> | undefined)?.[part];
    return typeof at === 'string' ? at : null;
  },
  nameOf: (id) => ({ user_1: 'Grâce Hopper', key_1: 'Portable' })[id] ?? null,
  fact: (label, value) => frAccess.audit.fact.replace('{{label}}', label).replace('{{value}}', () => value),
  dollars: format.dollars,
  number: format.number,
  percent: format.percent,
};
const said = (action: string, target: string, data: AuditEntry['data'] = {}) => {
  const entry: AuditEntry = { id: 'a', at: 0, userId: 'u', action, target, data };
  return [targetWords(entry, writer), ...factsOf(entry, writer)].map((text) =>
    text.replace(/[\u00a0\u202f]/g, ' '),
  );
};

test('a French reader is told names and words, not ids and codes', () => {
  const budget = {
    subject: 'key key_1',
    period: 'month',
    unit: 'money',
    amount: 60_000_000,
    action: 'refuse',
  };
  expect(said('budget.create', 'bud_1', budget)).toEqual([
    'Clé Portable',
    'période : par mois',
    'compté en : Argent',
    'montant : 0,06 $',
    'une fois dépensé : refuse',
  ]);
  expect(said('key.create', 'key_1', { name: 'Portable', userId: 'user_1', models: null })).toEqual([
    'Portable',
    'à : Grâce Hopper',
  ]);
  expect(said('role.change', 'user_1', { from: 'member', to: 'builder' })).toEqual([
    'Grâce Hopper',
    'de : Membre',
    'à : Concepteur',
  ]);
  expect(said('alias.share', 'default', { to: 'local/new', share: 0.1 })).toEqual([
    'default',
    'à : local/new',
    'part : 10 %',
  ]);
  expect(said('limit.remove', 'everyone')).toEqual(['Tout le monde']);
  expect(said('session.create', 'session_1', { address: '::1' })).toEqual(['', 'adresse : ::1']);
});

test('a price reads as rates, and what nobody has words for stays as it was written', () => {
  const price = JSON.stringify({ kind: 'tokens', input: 1e9, output: 2e9, cacheRead: null, source: 'x' });
  expect(said('price.set', 'far/model', { price })).toEqual([
    'far/model',
    'prix : entrée 1,00 $, sortie 2,00 $',
  ]);
  expect(said('price.set', 'far/model', { price: 'so much' })).toEqual(['far/model', 'prix : so much']);
  expect(said('tool.change', 'shell', { odd: { deep: 1 } })).toEqual(['shell', 'odd : {"deep":1}']);
});
