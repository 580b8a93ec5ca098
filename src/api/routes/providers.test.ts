// The kinds of providers as a form needs them, and what a wrong form is told.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import { type ProviderKindInfo, providerKinds } from '../../contracts/provider.ts';

const path = '/atelier/v1/providers';
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

test('every kind says where it is and what it needs', async () => {
  const { kinds } = (await (await app.request(`${path}/kinds`)).json()) as { kinds: ProviderKindInfo[] };
  expect(kinds.map(({ kind }) => kind).sort()).toEqual([...providerKinds].sort());
  const of = (name: string) => kinds.find(({ kind }) => kind === name);
  expect(of('anthropic')).toEqual({
    kind: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    needsKey: true,
    needsRegion: false,
    needsCommand: false,
  });
  expect(of('bedrock')).toMatchObject({ baseUrl: expect.stringContaining('{region}'), needsRegion: true });
  expect(of('openai-compatible')).toMatchObject({ baseUrl: null, needsKey: false });
  expect(of('llama-server')).toMatchObject({ baseUrl: null, needsCommand: true });
});

test.each([
  ['an endpoint without an address', { kind: 'openai-compatible', name: 'x' }, 'Enter the address'],
  ['Bedrock without a region', { kind: 'bedrock', name: 'x', apiKey: 'k' }, 'Enter the region'],
  ['a llama-server without a program', { kind: 'llama-server', name: 'x' }, 'Enter the program'],
  [
    'a program for another kind',
    { kind: 'openai', name: 'x', llamaServer: { command: 'c', model: 'm' } },
    'belongs to the kind llama-server',
  ],
])('%s is refused in words', async (_name, input, words) => {
  for (const route of [path, `${path}/test`]) {
    const response = await app.send(route, input);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words);
  }
});
