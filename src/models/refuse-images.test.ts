import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import type { ModelInfo } from '../contracts/model.ts';
import { refuseImages } from './refuse-images.ts';

const model = (id: string, input: ModelInfo['input'], more: Partial<ModelInfo> = {}) =>
  ({ id, kind: 'chat', state: 'ready', input, ...more }) as ModelInfo;
const blind = model('local/small', ['text']);
const eye = model('remote/eye', ['text', 'image']);
const file = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } } as const;
const picture: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'See?' }, file] }];
const shown: LanguageModelV4Prompt = [
  {
    role: 'tool',
    content: [
      { type: 'tool-result', toolCallId: '1', toolName: 'look', output: { type: 'content', value: [file] } },
    ],
  },
];
const words: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
const check = (candidates: ModelInfo[], prompt: LanguageModelV4Prompt, list: ModelInfo[] = candidates) =>
  refuseImages({ list: async () => list }, candidates, prompt);

test('a model that sees is asked, itself or as a fallback, and words go to any', async () => {
  await check([eye], picture);
  await check([blind, eye], picture);
  await check([blind], words);
});

test.each([{ prompt: picture }, { prompt: shown }])(
  'a picture is refused with the name of a model that sees',
  async ({ prompt }) => {
    const gone = model('remote/gone', ['text', 'image'], { state: 'unreachable' });
    await expect(check([blind], prompt, [blind, gone, eye])).rejects.toMatchObject({
      code: 'unsupported_content',
      message: expect.stringMatching(/^local\/small reads only text .* remote\/eye\.$/),
      data: { exist: ['remote/eye'] },
    });
    await expect(check([blind], prompt, [blind, gone])).rejects.toMatchObject({
      message: expect.stringContaining('No model here reads images'),
    });
  },
);
