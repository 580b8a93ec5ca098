// Model lists as servers really write them.
import { describe, expect, test } from 'vitest';
import { isEmbeddingName } from '../remote/listed-model.ts';
import { retryAfterSeconds } from '../remote/provider-errors.ts';
import { readModelList } from './model-list.ts';

describe('a list of models is read', () => {
  test.each<[string, unknown, [string, number | null][]]>([
    [
      'OpenAI',
      { object: 'list', data: [{ id: 'gpt', object: 'model', created: 1, owned_by: 'x' }] },
      [['gpt', null]],
    ],
    ['OpenRouter', { data: [{ id: 'a/b', name: 'B', context_length: 128_000 }] }, [['a/b', 128_000]]],
    ['vLLM', { data: [{ id: 'm', max_model_len: 8192 }] }, [['m', 8192]]],
    [
      'llama-server, which sends both keys',
      { models: [{ name: 'm', model: 'm' }], data: [{ id: 'm', meta: { n_ctx_train: 32_768 } }] },
      [['m', 32_768]],
    ],
    ['Ollama’s own shape', { models: [{ name: 'llama:8b', model: 'llama:8b' }] }, [['llama:8b', null]]],
    ['a bare array', [{ id: 'm' }], [['m', null]]],
    [
      'names only',
      { data: ['m', 'n'] },
      [
        ['m', null],
        ['n', null],
      ],
    ],
    [
      'missing and odd fields',
      { data: [{}, null, 7, { id: '' }, { id: 5 }, { id: 'm', context_length: '8k' }] },
      [['m', null]],
    ],
    ['a name twice', { data: [{ id: 'm' }, { id: 'm' }] }, [['m', null]]],
    ['an empty list', { data: [] }, []],
  ])('%s', (_name, body, expected) => {
    expect(readModelList(body)?.map((model) => [model.name, model.contextLength])).toEqual(expected);
  });

  test.each([[null], ['text'], [{}], [{ data: 'x' }], [{ error: 'no' }]])('%j is no list', (body) => {
    expect(readModelList(body)).toBeNull();
  });
});

test.each([
  ['text-embedding-3-small', true],
  ['intfloat/multilingual-e5-small', true],
  ['BAAI/bge-m3', true],
  ['nomic-embed-text', true],
  ['qwen2.5-coder', false],
  ['gpt-e5000', false],
])('%s is an embedding model: %s', (name, expected) => {
  expect(isEmbeddingName(name)).toBe(expected);
});

test.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after-ms': '250' }, 0.25],
  [{ 'retry-after': new Date(1_700_000_010_000).toUTCString() }, 10],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
])('%j is to be waited for %s s', (headers, expected) => {
  expect(retryAfterSeconds(headers as Record<string, string>, 1_700_000_000_000)).toBe(expected);
});
