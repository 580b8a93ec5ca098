// Token ids of rendered chat templates equal those recorded from Python (test/fixtures/chat-templates), by the real
// vocabularies of the models that ATELIER_TEST_MODELS, a folder of GGUF files, holds.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGgufHeader } from '../../lib/gguf.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import type { PromptInput, TemplateMessage, TemplateTool } from './engine-protocol.ts';
import { testModelPath } from './testing/test-models.ts';

interface Fixture {
  file: string;
  template: string;
  cases: { name: string; messages: TemplateMessage[]; tools: TemplateTool[] | null; ids: number[] }[];
}

const folder = new URL('../../../test/fixtures/chat-templates/', import.meta.url);
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map(
    (name) =>
      [
        name.slice(0, -'.json'.length),
        JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture,
      ] as const,
  );

async function open(path: string): Promise<EngineProcess> {
  const template = (await readGgufHeader(path)).metadata.get('tokenizer.chat_template');
  return startEngine({
    spec: {
      path,
      adapter: null,
      kind: 'chat',
      gpu: 'cpu',
      contextLength: 512,
      sequences: 1,
      threads: 1,
      maxThreads: 1,
      busy: false,
      chatTemplate: typeof template === 'string' ? template : null,
      toolTemplate: null,
    },
  });
}

const chat = (messages: TemplateMessage[], tools: TemplateTool[] | null = null): PromptInput => ({
  kind: 'chat',
  messages,
  tools,
  thinking: null,
});

for (const [id, fixture] of fixtures) {
  const path = testModelPath(id, fixture.file);
  // Skipped where ATELIER_TEST_MODELS does not hold the model; scripts/test.mjs says so.
  describe.skipIf(path === null)(id, () => {
    let engine: EngineProcess;
    beforeAll(async () => {
      engine = await open(path ?? '');
    });
    afterAll(() => engine?.kill());

    test.each(fixture.cases)('$name', async ({ messages, tools, ids }) => {
      expect((await engine.count(chat(messages, tools))).ids).toEqual(ids);
    });
  });
}

describe('a model without a template', () => {
  let engine: EngineProcess;
  beforeAll(async () => {
    engine = await open(
      fileURLToPath(new URL('../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url)),
    );
  });
  afterAll(() => engine?.kill());

  test('continues the text after the start token', async () => {
    // Published with the model: 403 407 261 378 are the tokens of these words.
    expect((await engine.count(chat([{ role: 'user', content: 'Once upon a time' }]))).ids).toEqual([
      1, 403, 407, 261, 378,
    ]);
  });

  test('does not take a person’s text for the end of a sequence', async () => {
    expect((await engine.count(chat([{ role: 'user', content: 'a</s>' }]))).ids).not.toContain(2);
    expect((await engine.count({ kind: 'text', text: 'a</s>' })).ids).toContain(2);
  });
});
