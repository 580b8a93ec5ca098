import { expect, test } from 'vitest';
import type { ProviderKindInfo } from '../../../../../contracts/provider.ts';
import { emptyDraft, readDraft } from './provider-draft.ts';

const info = (part: Partial<ProviderKindInfo>): ProviderKindInfo => ({
  kind: 'openai',
  baseUrl: 'https://api.example.com/v1',
  needsKey: false,
  needsRegion: false,
  needsCommand: false,
  ...part,
});

test('a kind with an address of its own needs only its key, and takes its own name', () => {
  const kind = info({ needsKey: true });
  expect(readDraft(emptyDraft('openai'), kind, false)).toEqual({ ok: false, faults: ['key'] });
  expect(readDraft({ ...emptyDraft('openai'), key: ' sk-1 ' }, kind, false)).toEqual({
    ok: true,
    input: { kind: 'openai', name: 'OpenAI', apiKey: 'sk-1', models: [] },
  });
  expect(readDraft(emptyDraft('openai'), kind, true)).toMatchObject({ ok: true });
  expect(readDraft({ ...emptyDraft('openai'), dropKey: true }, kind, true)).toMatchObject({ ok: false });
});

test('without an address of its own one must be typed, and gives the name', () => {
  const kind = info({ kind: 'openai-compatible', baseUrl: null });
  const draft = emptyDraft('openai-compatible');
  expect(readDraft(draft, kind, false)).toEqual({ ok: false, faults: ['address_empty'] });
  expect(readDraft({ ...draft, address: 'ftp://x' }, kind, false)).toEqual({
    ok: false,
    faults: ['address_scheme'],
  });
  expect(readDraft({ ...draft, address: 'localhost:1234/v1/models' }, kind, false)).toMatchObject({
    input: { baseUrl: 'http://localhost:1234/v1', name: 'localhost:1234' },
  });
});

test('a region is asked for where there is no other address', () => {
  const kind = info({ kind: 'bedrock', needsRegion: true });
  const draft = { ...emptyDraft('bedrock'), models: 'a.model-1\n\n b.model-2 ' };
  expect(readDraft(draft, kind, false)).toEqual({ ok: false, faults: ['region'] });
  expect(readDraft({ ...draft, region: 'eu-west-3' }, kind, false)).toMatchObject({
    input: { region: 'eu-west-3', models: ['a.model-1', 'b.model-2'] },
  });
});

test('a server that Atelier starts has a program and a model in place of an address', () => {
  const kind = info({ kind: 'llama-server', baseUrl: null, needsCommand: true });
  const draft = emptyDraft('llama-server');
  expect(readDraft(draft, kind, false)).toEqual({ ok: false, faults: ['model'] });
  const typed = { ...draft, model: 'local/qwen', arguments: '--n-gpu-layers 99\n\n--flash-attn' };
  expect(readDraft(typed, kind, false)).toEqual({
    ok: true,
    input: {
      kind: 'llama-server',
      name: 'llama-server',
      llamaServer: {
        command: 'llama-server',
        model: 'local/qwen',
        projector: null,
        arguments: ['--n-gpu-layers 99', '--flash-attn'],
      },
    },
  });
});
